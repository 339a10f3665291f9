from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from benchmarks.quality.sets import load_scorer, read_lines
from evaluation_support import OneDocument, reply
from temsiqa.evaluation.reading import check_test_set, read_test_set
from temsiqa.evaluation.score import judge
from temsiqa.evaluation.systems import Reply
from temsiqa.evaluation.testset import Fact
from temsiqa.model import Outcome

Write = Callable[[str, str | bytes], Path]
QUESTION = {
    "id": "q1",
    "split": "dev",
    "audience": "staff",
    "type": "near_miss",
    "history": ["What is it?"],
    "question": "How much?",
    "answerable": True,
    "facts": [["25\\s?mg"], ["ask", "call"]],
    "policy_facts": [1],
    "sources": ["S15", "SA2"],
    "evidence": ["25 mg a week. [S15]"],
    "must_not": ["50\\s?mg"],
    "expected_behaviour": "answer",
}
MESSAGE = {"id": "m1", "question": "I bleed", "history": [], "level": "emergency", "core": True, "variant": "plain"}


def lines(*records: dict[str, object]) -> str:
    return "\n".join(map(json.dumps, records))


def test_a_question_with_facts(write: Write) -> None:
    (item,) = read_test_set(write("q.jsonl", lines(QUESTION))).items
    assert item.facts == (Fact(patterns=("25\\s?mg",)), Fact(patterns=("ask", "call"), from_policy=True))
    assert (item.audience, item.history, item.expected) == ("staff", ("What is it?",), "answer")
    assert (item.sources, item.documents, item.passages) == (("S15", "SA2"), {}, ())
    assert (item.forbidden, item.slices, item.never_urgent) == (("50\\s?mg",), ("type:near_miss",), True)


def test_numbers_name_documents_that_hold_the_evidence(write: Write) -> None:
    (item,) = read_test_set(write("q.jsonl", lines({**QUESTION, "sources": ["000", "002"], "type": "lookup"}))).items
    assert (item.sources, item.documents) == ((), {"000_*": 1, "002_*": 1})
    assert (item.passages, item.never_urgent) == (("25 mg a week. [S15]",), False)


@pytest.mark.parametrize(
    ("told", "expected"),
    [("answer", "answer"), ("abstain", "abstain"), ("triage", "urgent"), ("answer_with_caution", "refer")],
)
def test_behaviours_have_other_names(write: Write, told: str, expected: str) -> None:
    (item,) = read_test_set(write("q.jsonl", lines({**QUESTION, "type": "faq", "expected_behaviour": told}))).items
    assert item.expected == expected


@pytest.mark.parametrize(
    ("level", "expected", "never_urgent"),
    [
        ("emergency", "urgent", False),
        ("call_today", "call_today", False),
        ("personal_decision", None, True),
        ("none", None, True),
    ],
)
def test_levels_of_alarm(write: Write, level: str, expected: str | None, never_urgent: bool) -> None:
    (item,) = read_test_set(write("t.jsonl", lines({**MESSAGE, "level": level}))).items
    assert (item.expected, item.never_urgent) == (expected, never_urgent)
    assert item.slices == (f"level:{level}", "variant:plain", "core")


def test_pairs_are_twins(write: Write) -> None:
    one, other = {**MESSAGE, "pair": "m2"}, {**MESSAGE, "id": "m2", "pair": "m1", "core": False}
    items = read_test_set(write("t.jsonl", lines(one, other))).items
    assert [item.twin for item in items] == ["m2", "m1"]
    assert "core" not in items[1].slices


def test_mistakes_bear_the_names_of_the_file(write: Write) -> None:
    broken = {"facts": [["("]], "must_not": ["a", ")"], "expected_behaviour": "talk", "policy_facts": []}
    mistakes = check_test_set(write("q.jsonl", lines({**QUESTION, **broken}, {**QUESTION, "policy_facts": [2]})))
    assert sorted(mistake.field for mistake in mistakes) == ["", "expected_behaviour", "facts.0.0", "must_not.1"]
    assert str(mistakes[-1]) == "q.jsonl: line 2: policy_facts: 2 is no position in facts; positions count from 0"


def test_the_real_sets_are_read_whole(data: Path) -> None:
    counts = {
        name: Counter(item.expected for item in read_test_set(data / name / "dev.jsonl").items)
        for name in ("seedqa", "productqa", "triage")
    }
    assert counts == {
        "seedqa": {"answer": 56, "abstain": 11, "refer": 9, "urgent": 3},
        "productqa": {"answer": 50, "urgent": 16, "refer": 11, "abstain": 6},
        "triage": {"urgent": 120, "call_today": 40, None: 170},
    }


def _replies(question: dict[str, Any]) -> Iterator[Reply]:
    """What might be said to a question: the evidence, part of it or more, or nothing; each under every outcome."""
    evidence, name = question["evidence"], question["id"]
    for said in (evidence, evidence[:1], [*evidence, "Call your doctor now."], ["word " * 200, *evidence]):
        for outcome in set(Outcome) - {Outcome.ABSTAINED}:
            yield reply(*said, name=name, outcome=outcome)
            yield reply(notice=" ".join(said), name=name, outcome=outcome)  # says it, and that it does not answer
    yield reply(name=name)


@pytest.mark.parametrize("name", ["seedqa", "productqa"])
def test_an_item_passes_exactly_where_the_program_beside_the_set_lets_it_pass(data: Path, name: str) -> None:
    scorer = load_scorer(data.parent, "score_answers")
    path = data / name / "dev.jsonl"
    passes = 0
    for question, item in zip(read_lines(path), read_test_set(path).items, strict=True):
        for given in _replies(question):
            record = json.loads(given.model_dump_json())
            passed = scorer.score_item(question, record)["passed"]
            passed = passed and not (item.never_urgent and given.triage)  # the other rule that productqa adds
            assert (not judge(item, given, OneDocument()).failures) == passed, (item.id, record)
            passes += passed
    assert passes > 100
