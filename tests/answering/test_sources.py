from __future__ import annotations

from pathlib import Path

import pytest

from support import HashEncoder, build_index, outspoken
from temsiqa.answering.sources import asks_for_reference, without_asking_for_reference
from temsiqa.assistant import Assistant
from temsiqa.index.generation import load_current
from temsiqa.model import Outcome
from temsiqa.safety.policy import load_policy

LEAFLET = """---
title: Leaflet on the infusion
publisher: Wardside Trust
authors: [Ada Nurse]
date: "2024-05"
kind: leaflet
evidence_level: review
---
# Leaflet on the infusion

The infusion of temsirolimus takes half an hour [1].

## References

1. A trial of infusions
"""
GUIDE = """---
title: Guide to mouth care
kind: guideline
evidence_level: guideline
---
# Guide to mouth care

Rinse your mouth after every meal.
"""


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Assistant:
    folder = tmp_path_factory.mktemp("sources")
    (folder / "leaflet.md").write_text(LEAFLET, encoding="utf-8")
    (folder / "guide.md").write_text(GUIDE, encoding="utf-8")
    build_index(folder / "index", folder, HashEncoder())
    return Assistant(outspoken(load_current(folder / "index")), HashEncoder(), load_policy())


@pytest.mark.parametrize("question", ["who wrote the leaflet?", "when was the leaflet on the infusion published"])
def test_a_source_is_described_by_its_provenance(small: Assistant, question: str) -> None:
    answer = small.answer(question)
    assert answer.outcome is Outcome.ANSWERED
    (statement,) = answer.statements
    assert statement.text == (
        "Leaflet on the infusion. authors: Ada Nurse; publisher: Wardside Trust; date: 2024-05; kind: leaflet."
    )
    assert statement.citations[0].quote == "Leaflet on the infusion"


def test_what_a_file_does_not_say_is_not_invented(small: Assistant) -> None:
    (statement,) = small.answer("who published the guide to mouth care").statements
    assert "authors: not stated; publisher: not stated; date: not stated" in statement.text


@pytest.mark.parametrize(
    "question", ["who wrote the brochure on hair?", "when was it approved", "who makes temsirolimus"]
)
def test_no_source_is_guessed(small: Assistant, question: str) -> None:
    assert all(step.source is None for step in small.walk(question).steps)


def test_where_a_statement_comes_from_is_said_in_words(small: Assistant) -> None:
    answer = small.answer("which paper is that figure from?", ["how long does the infusion of temsirolimus take"])
    assert "cites for this: A trial of infusions" in answer.text


@pytest.mark.parametrize(
    ("question", "asked"),
    [
        ("which ref is that from", True),
        ("17.3 hours: whose figure is that?", True),
        ("where do the mouse data come from", True),
        ("what's the source for the half-life", True),
        ("where does the drug go in the body", False),
        ("where is it approved", False),
        ("which side effects are common", False),
    ],
)
def test_questions_for_references(question: str, asked: bool) -> None:
    assert asks_for_reference(question) is asked


@pytest.mark.parametrize("question", ["title of ref 1", "[1] is which article?", "number 1 in the reference list"])
def test_a_reference_is_found_by_its_number(small: Assistant, question: str) -> None:
    (statement,) = small.answer(question).statements
    assert statement.text == "A trial of infusions"
    assert statement.citations[0].document == "leaflet.md"


@pytest.mark.parametrize("question", ["what is reference 2?", "is 1 dose enough", "grade 1 rash"])
def test_other_numbers_name_no_reference(small: Assistant, question: str) -> None:
    assert all(step.numbered == () for step in small.walk(question).steps)


def test_where_many_lists_have_the_number_none_is_guessed(tmp_path: Path) -> None:
    for number in range(4):
        text = LEAFLET.replace("Wardside Trust", f"Publisher {number}x").replace("on the infusion", f"number {number}")
        (tmp_path / f"leaflet-{number}.md").write_text(text, encoding="utf-8")
    build_index(tmp_path / "index", tmp_path, HashEncoder())
    assistant = Assistant(outspoken(load_current(tmp_path / "index")), HashEncoder(), load_policy())
    assert assistant.walk("title of ref 1").steps[0].numbered == ()


def test_a_follow_up_on_the_source_means_what_was_asked_before() -> None:
    history = ("is it chemo", "how long is the infusion")
    assert without_asking_for_reference("which paper is that from", history) == (history[1], history[:1])
    assert without_asking_for_reference("how long is it", history) == ("how long is it", history)
    assert without_asking_for_reference("which paper is that from", ()) == ("which paper is that from", ())
