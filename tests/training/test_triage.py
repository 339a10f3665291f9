"""How the triage classifier is trained: which messages, what is made of them, where the thresholds lie."""

from __future__ import annotations

import json
import random

import pytest

from temsiqa.model import Opinion
from temsiqa.safety.classifier import LEVELS
from training.triage import MESSAGES, RAISED, RAISED_TO_URGENT, WORDINGS, Judged, Labelled, chosen_thresholds
from training.triage_network import Message, varied

CALM, GRAVE = Message("what is the half life.", 0), Message("my tongue is swelling", 2)


def rows(path: str) -> list[dict[str, str]]:
    return [json.loads(line) for line in path.splitlines()]


def test_messages_differ_and_none_of_them_shaped_the_rules() -> None:
    texts = [row["text"] for row in rows(MESSAGES.read_text("utf-8"))]
    wordings = {row["text"] for row in rows(WORDINGS.read_text("utf-8"))}
    assert len(texts) == len(set(texts)) >= 1500
    assert wordings.isdisjoint(texts)
    assert {row["level"] for row in rows(MESSAGES.read_text("utf-8"))} == {*LEVELS, "personal_decision"}


def test_a_varied_message_has_the_graver_level_of_its_parts() -> None:
    found = list(varied([CALM, GRAVE] * 200, random.Random(1)))
    assert len(found) == 120
    for text, level in found:
        joined = ". " in text
        assert joined or level in (0, 2)
        if text in (CALM.text, GRAVE.text):
            assert level == (0 if text == CALM.text else 2)
        if text in (f"my tongue is swelling. {CALM.text}", "what is the half life. my tongue is swelling"):
            assert level == 2
    assert any(". " in text and level == 0 for text, level in found)
    assert any(text not in (CALM.text, GRAVE.text) and ". " not in text for text, _ in found)


def test_so_many_calm_messages_reach_the_thresholds_as_are_allowed() -> None:
    calm = [Judged(Labelled("a", "none"), Opinion(n / 1000, n / 500)) for n in range(500)]
    others = [
        Judged(Labelled("b", "emergency"), Opinion(1.0, 1.0)),
        Judged(Labelled("c", "none", is_question=True), Opinion(0.0, 0.0)),
    ] * 100
    urgent, call_today = chosen_thresholds([*others, *calm])
    assert sum(one.opinion.urgent >= urgent for one in calm) == pytest.approx(RAISED_TO_URGENT * 500, abs=1)
    assert sum(one.opinion.call_today >= call_today for one in calm) == pytest.approx(RAISED * 500, abs=1)
