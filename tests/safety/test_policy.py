"""The policy file: complete, short, and refused with one line when it is wrong."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from temsiqa.errors import SettingsError
from temsiqa.model import Audience, Outcome
from temsiqa.safety.policy import DEFAULT_POLICY, Policy, load_policy


@pytest.fixture(scope="module")
def policy() -> Policy:
    return load_policy()


@pytest.fixture(scope="module")
def text() -> str:
    return DEFAULT_POLICY.read_text(encoding="utf-8")


def test_every_section_has_its_rules(policy: Policy) -> None:
    signs = {o: {r.sign for r in policy.rules if r.outcome is o} for o in Outcome}
    assert len(signs[Outcome.URGENT]) == 14
    assert len(signs[Outcome.CALL_TODAY]) >= 14
    assert len(signs[Outcome.REFERRED]) == 11
    assert all(r.sources and r.wordings for r in policy.rules)


def test_version_looks_like_a_date(policy: Policy) -> None:
    assert re.fullmatch(r"\d{4}-\d{2}-\d{2}.*", policy.version)


def test_disclaimers_say_what_they_must(policy: Policy) -> None:
    said = " ".join(policy.disclaimers).lower()
    for words in ("not medical advice", "qualified healthcare professional", "no clinical review",
                  "not an emergency service", "local emergency number"):  # fmt: skip
        assert words in said


@pytest.mark.parametrize("audience", Audience)
def test_messages_are_short_and_kept_to_their_task(policy: Policy, audience: Audience) -> None:
    for kind in policy.messages:
        assert len(policy.message(kind, audience).split()) <= 45, kind
    for kind in ("urgent", "self_harm"):
        urgent = policy.message(kind, audience).lower()
        assert "emergency" in urgent
        assert "immediately" in urgent
        assert "temsirolimus (torisel)" in urgent
        assert not re.search(r"\b(911|112|999)\b|\d+ ?mg|don't worry|probably|paracetamol", urgent)
    assert "today" in policy.message("call_today", audience)
    assert "contact" in policy.message("referred", audience).lower()


def test_self_harm_has_a_notice_of_its_own(policy: Policy) -> None:
    assert policy.notice_kind(Outcome.URGENT, ("self_harm",)) == "self_harm"
    assert "crisis line" in policy.message("self_harm")
    assert policy.notice_kind(Outcome.URGENT, ("fever",)) == "urgent"
    assert policy.notice_kind(Outcome.ANSWERED) == ""
    assert policy.message("urgent", Audience.STAFF) != policy.message("urgent", Audience.PATIENT)


def test_translations_name_the_drug_and_no_number(policy: Policy) -> None:
    assert set(policy.translations) == {"de", "fr", "es", "it", "pt", "pl"}
    for texts in policy.translations.values():
        assert "Torisel" in texts["urgent"]
        assert set(texts) == {*policy.messages, "general"}
        assert not any(c.isdigit() for kind, t in texts.items() if kind != "call_today" for c in t)  # 24-hour line


def test_policy_is_frozen(policy: Policy) -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        policy.version = "x"  # type: ignore[misc]
    with pytest.raises(TypeError):
        policy.messages["urgent"] = {}  # type: ignore[index]


Spoil = Callable[[dict[str, Any]], object]
SPOILT: dict[str, Spoil] = {
    "colour": lambda p: p.update(colour="red"),
    "messages": lambda p: p.pop("messages"),
    "version": lambda p: p.update(version=20261120),
    "no_such": lambda p: p["red_flags"][0]["wordings"].append("<no_such> + <airway>"),
    "given once": lambda p: p["red_flags"].append(p["red_flags"][0]),
    "must be there": lambda p: p["concepts"]["airway"].append(".. throat"),
    "no word": lambda p: p["concepts"]["airway"].append("thr(oat"),
    "fever_celsius": lambda p: p["readings"].update(fever_celsius="hot"),
    "'all'": lambda p: p["messages"].update(urgent={"patient": "x"}),
    "no text": lambda p: p["concepts"]["airway"].append(True),
    "wordings": lambda p: p["call_today"][0].pop("wordings"),
    "one of the messages": lambda p: p["red_flags"][0].update(message="loud"),
    "what_if": lambda p: p["red_flags"][0].update(what_if="maybe"),
    "typo_key": lambda p: p["red_flags"][0].update(typo_key="x"),
    "needed": lambda p: p["concepts"].pop("fever"),
}


@pytest.mark.parametrize("names", SPOILT)
def test_a_mistake_is_refused_in_one_line(names: str, text: str, tmp_path: Path) -> None:
    raw = yaml.safe_load(text)
    SPOILT[names](raw)
    file = tmp_path / "policy.yaml"
    file.write_text(yaml.safe_dump(raw, allow_unicode=True), encoding="utf-8")
    with pytest.raises(SettingsError) as caught:
        load_policy(file)
    message = str(caught.value)
    assert "\n" not in message
    assert message.startswith(str(file))
    assert names in message


def test_unreadable_files_are_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"cannot be read"):
        load_policy(tmp_path / "none.yaml")
    broken = tmp_path / "broken.yaml"
    broken.write_text("version: [", encoding="utf-8")
    with pytest.raises(SettingsError, match=r"not valid YAML"):
        load_policy(broken)
    binary = tmp_path / "binary.yaml"
    binary.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(SettingsError, match=r"cannot be read"):
        load_policy(binary)
