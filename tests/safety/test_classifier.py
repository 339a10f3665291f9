"""The triage classifier: it may raise what rules say and never lowers it, and is refused when it is damaged."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from temsiqa.errors import SettingsError
from temsiqa.model import Opinion, Outcome, Triage
from temsiqa.safety.classifier import DEFAULT_WEIGHTS, Thresholds, TriageClassifier, shipped_classifier
from temsiqa.safety.policy import DEFAULT_POLICY, Policy, load_policy
from temsiqa.safety.triage import CLASSIFIER, triage

EMERGENCY, FOR_TODAY, NOTHING = Opinion(0.9, 0.95), Opinion(0.2, 0.8), Opinion(0.1, 0.2)
HARMLESS = "what is the half life"
GOES_ON = "it's getting worse"


class Fixed(TriageClassifier):
    """A classifier without a network, of one opinion on every message but ``harmless`` ones."""

    def __init__(self, opinion: Opinion, harmless: frozenset[str] = frozenset()) -> None:
        self.thresholds = Thresholds(method="by hand", weights="none", urgent=0.5, call_today=0.6)
        self._opinion, self._harmless = opinion, harmless

    def judge(self, message: str) -> Opinion:
        """The opinion that was given."""
        return NOTHING if message in self._harmless else self._opinion


@pytest.fixture(scope="module")
def rules() -> Policy:
    return replace(load_policy(), classifier=None)


def seen(rules: Policy, opinion: Opinion, message: str, *history: str) -> Triage:
    return triage(message, history, replace(rules, classifier=Fixed(opinion)))


@pytest.mark.parametrize(
    ("opinion", "outcome"),
    [
        (EMERGENCY, Outcome.URGENT),
        (Opinion(0.5, 0.5), Outcome.URGENT),
        (FOR_TODAY, Outcome.CALL_TODAY),
        (Opinion(0.49, 0.6), Outcome.CALL_TODAY),
        (Opinion(0.49, 0.59), None),
    ],
)
def test_it_raises_what_no_rule_sees_from_its_thresholds_on(
    rules: Policy, opinion: Opinion, outcome: Outcome | None
) -> None:
    assert seen(rules, opinion, HARMLESS) == Triage(outcome, (CLASSIFIER,) if outcome else (), opinion)


@pytest.mark.parametrize(
    ("message", "outcome"),
    [
        ("my tongue is swelling", Outcome.URGENT),
        ("temp 37.9", Outcome.CALL_TODAY),
        ("should I stop the treatment", Outcome.REFERRED),
    ],
)
def test_it_never_lowers(rules: Policy, message: str, outcome: Outcome) -> None:
    alone = triage(message, (), rules)
    assert alone.outcome is outcome
    second = seen(rules, NOTHING, message)
    assert (second.outcome, second.rules) == (alone.outcome, alone.rules)


def test_a_raised_outcome_keeps_the_rules_that_fired(rules: Policy) -> None:
    raised = seen(rules, EMERGENCY, "temp 37.9")
    assert raised.outcome is Outcome.URGENT
    assert raised.rules == (*triage("temp 37.9", (), rules).rules, CLASSIFIER)
    assert rules.notice_kind(Outcome.URGENT, raised.rules) == "urgent"


def test_it_is_not_asked_where_rules_see_an_emergency(rules: Policy) -> None:
    assert seen(rules, EMERGENCY, "my tongue is swelling").opinion is None


def test_what_goes_on_is_as_grave_as_it_was(rules: Policy) -> None:
    only_before = replace(rules, classifier=Fixed(EMERGENCY, frozenset({GOES_ON})))
    assert triage(GOES_ON, ("a strange feeling",), only_before).outcome is Outcome.URGENT
    assert triage(HARMLESS, (), replace(rules, classifier=Fixed(EMERGENCY, frozenset({HARMLESS})))).outcome is None


def test_the_policy_switches_it_off(tmp_path: Path) -> None:
    file = tmp_path / "policy.yaml"
    file.write_text(DEFAULT_POLICY.read_text("utf-8").replace("classifier: true", "classifier: false"), "utf-8")
    assert load_policy(file).classifier is None
    assert load_policy().classifier is shipped_classifier()
    file.write_text(DEFAULT_POLICY.read_text("utf-8").replace("classifier: true", "classifier: perhaps"), "utf-8")
    with pytest.raises(SettingsError, match="classifier is true or false"):
        load_policy(file)


def test_probabilities_are_such_and_stay_the_same() -> None:
    classifier = shipped_classifier()
    for message in ("what is the half life", "my chest feels crushed and I am sweating", "?", "ł" * 500):
        opinion = classifier.judge(message)
        assert 0 <= opinion.urgent <= opinion.call_today + 1e-6 <= 1 + 1e-6
        assert classifier.judge(message) == opinion


def test_a_long_story_is_read_to_its_end() -> None:
    classifier = shipped_classifier()
    story = "We went to the seaside in spring and the weather was fine. " * 60
    calm = classifier.judge(story)
    grave = classifier.judge(f"{story} Now I have crushing chest pain, I am sweating and I cannot breathe.")
    assert calm.urgent < 0.1 < 0.5 < grave.urgent


@pytest.mark.parametrize("damage", ["truncated", "missing", "no thresholds", "others"])
def test_what_is_damaged_is_refused(tmp_path: Path, damage: str) -> None:
    weights = tmp_path / "classifier.onnx"
    for suffix in (".onnx", ".json"):
        shutil.copy(DEFAULT_WEIGHTS.with_suffix(suffix), weights.with_suffix(suffix))
    if damage == "truncated":
        weights.write_bytes(weights.read_bytes()[:1000])
    elif damage == "missing":
        weights.unlink()
    elif damage == "no thresholds":
        weights.with_suffix(".json").unlink()
    else:
        other = TriageClassifier(weights).thresholds.model_copy(update={"weights": "0" * 64})
        weights.with_suffix(".json").write_text(other.model_dump_json(), encoding="utf-8")
    with pytest.raises(SettingsError, match="install the package again"):
        TriageClassifier(weights)


@pytest.mark.parametrize(("message", "reads"), [("my chest hurts", True), ("فوائد القهوة", False), ("38.5", False)])
def test_it_is_not_asked_about_letters_that_it_never_saw(message: str, reads: bool) -> None:
    assert TriageClassifier.reads(message) is reads
