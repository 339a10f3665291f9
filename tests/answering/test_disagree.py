"""All sides of a dispute are shown to whoever asks about it, and to nobody else."""

from __future__ import annotations

from pathlib import Path

import pytest

from support import HashEncoder, build_index
from temsiqa.answering.disagree import Disagreement, Disagreements
from temsiqa.answering.select import Selection
from temsiqa.answering.whereabouts import Whereabouts
from temsiqa.assistant import Assistant
from temsiqa.index.generation import Generation, load_current
from temsiqa.index.words import terms
from temsiqa.model import Outcome, Query
from temsiqa.safety.policy import load_policy

DOCUMENT = """---
title: Guide
evidence_level: label
references:
  - {marker: 1, text: A source}
---
# Guide

The US label approves temsirolimus for kidney cancer only [1]. The EU label approves temsirolimus for kidney cancer and
lymphoma. Temsirolimus keeps in the fridge. Temsirolimus keeps on the shelf. The fridge in the ward is white.
"""
DISPUTES = """
- id: approval
  topic: What temsirolimus is approved for
  sides:
    - {document: guide.md, sentence: "The US label approves temsirolimus for kidney cancer only."}
    - {document: guide.md, sentence: "The EU label approves temsirolimus for kidney cancer and lymphoma."}
  better: null
  why: Each holds in its region.
- id: storage
  topic: Where temsirolimus keeps
  sides:
    - {document: guide.md, sentence: "Temsirolimus keeps on the shelf."}
    - {document: guide.md, sentence: "Temsirolimus keeps in the fridge."}
  better: 2
  why: The fridge is safer.
- id: lost
  topic: What colour the fridge in the ward is
  sides:
    - {document: guide.md, sentence: "The fridge in the ward is white."}
    - {document: guide.md, sentence: "The fridge in the ward is black."}
  better: 1
  why: It is white.
"""
ENCODER = HashEncoder()


def of(generation: Generation) -> Disagreements:
    return Disagreements(generation, Whereabouts(generation))


@pytest.fixture(scope="module")
def generation(tmp_path_factory: pytest.TempPathFactory) -> Generation:
    return build(tmp_path_factory.mktemp("disputes"))


def build(folder: Path) -> Generation:
    (folder / "guide.md").write_text(DOCUMENT, encoding="utf-8")
    (folder / "disputes.yaml").write_text(DISPUTES, encoding="utf-8")
    build_index(folder / "index", folder, ENCODER)
    return load_current(folder / "index")


def selected(generation: Generation, *sentences: str) -> list[Selection]:
    whereabouts = Whereabouts(generation)
    numbers = [whereabouts.find("guide.md", sentence) for sentence in sentences]
    return [whereabouts.selection(number) for number in numbers if number is not None]


def on(generation: Generation, question: str, *sentences: str) -> Disagreement | None:
    asked = tuple(terms(question))
    query = Query(question, question, tuple(question.lower().split()), asked, asked)
    return of(generation).on(selected(generation, *sentences), query, ENCODER.encode([question])[0])


def quotes(generation: Generation, selections: tuple[Selection, ...]) -> list[str]:
    return [generation.documents[s.document].quote(s.sentences[0].span) for s in selections]


US = "The US label approves temsirolimus for kidney cancer only."
EU = "The EU label approves temsirolimus for kidney cancer and lymphoma."
SHELF, FRIDGE = "Temsirolimus keeps on the shelf.", "Temsirolimus keeps in the fridge."
APPROVAL = "label approves temsirolimus for kidney cancer and lymphoma"


def test_all_sides_come_in_the_order_of_the_file(generation: Generation) -> None:
    found = on(generation, APPROVAL, EU)
    assert found
    assert found.dispute.why == "Each holds in its region."
    assert quotes(generation, found.sides) == [US.replace("only.", "only [1]."), EU]


def test_the_better_supported_side_comes_first_and_the_rest_follows(generation: Generation) -> None:
    found = on(generation, "temsirolimus keeps shelf fridge", SHELF, "The fridge in the ward is white.")
    assert found
    assert quotes(generation, found.sides) == [FRIDGE, SHELF]
    assert quotes(generation, found.others) == ["The fridge in the ward is white."]


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        ("temsirolimus keeps shelf fridge", US),  # what was selected takes no side
        ("weather tomorrow in the mountains", SHELF),  # what was asked is something else
        ("fridge in the ward white", "The fridge in the ward is white."),  # the other side is gone
    ],
)
def test_no_dispute_is_shown_that_was_not_asked_about(generation: Generation, question: str, sentence: str) -> None:
    assert on(generation, question, sentence) is None


def test_nothing_selected_is_no_side(generation: Generation) -> None:
    assert on(generation, APPROVAL) is None


@pytest.mark.parametrize(
    ("addition", "shown"),
    [
        ("in the US", False),
        ("FDA", False),
        ("in Europe", False),
        ("in the UK", False),
        ("in the US and the EU", True),
        ("US versus elsewhere", True),
        ("do EU countries differ", True),
        ("tell us", True),
    ],
)
def test_a_question_on_one_region_is_answered_for_it(generation: Generation, addition: str, shown: bool) -> None:
    assert bool(on(generation, f"{APPROVAL} {addition}", EU)) is shown


def test_both_sides_are_stated_and_cited_and_the_reason_follows(generation: Generation) -> None:
    policy = load_policy()
    answer = Assistant(generation, ENCODER, policy).answer("Keeps temsirolimus on the shelf or in the fridge?")
    assert answer.outcome is Outcome.ANSWERED
    assert [statement.citations[0].quote for statement in answer.statements][:2] == [FRIDGE, SHELF]
    assert policy.message("disputed").format(why="The fridge is safer.") in answer.cautions


def test_a_corpus_without_disputes_has_none(tiny_assistant: Assistant) -> None:
    generation = tiny_assistant.generation
    any_question, any_vector = Query("q", "q", ("q",), ("q",), ("q",)), ENCODER.encode(["q"])[0]
    selections = [Whereabouts(generation).selection(0)]
    assert of(generation).on(selections, any_question, any_vector) is None


ON_A_DISPUTE = {
    "do the EU and US labels agree on lymphoma?": ("EU", "US"),
    "EMA v FDA on lymphoma, one line": ("EU", "US"),
    "which kidney cancer patients is it licensed for, Europe versus America": ("US", "EU", "Canad"),
    "is an allergy to sirolimus a contraindication?": ("caution", "contraindication", "anaphylaxis"),
    "how long after the last dose do I need contraception": ("3 months", "no period"),
    "when did the FDA approve temsirolimus, I see two dates": ("30 May 2007", "March 2007"),
    "which antioxidant does the concentrate contain": ("vitamin E", "BHA"),
    "can i breastfeed on torisel": ("not to breastfeed", "weighed"),
    "does temsirolimus increase mortality or prolong survival?": ("lived longer", "mortality"),
    "relative risk of fatal adverse events": ("2.20", "3.24"),
}
ON_NONE = (
    "how is temsirolimus given",
    "what dose in kidney cancer",
    "what are the common side effects",
    "does it raise cholesterol",
    "how should vials be stored",
    "why do they check my kidneys so often",
    "which vaccines are live and off limits",
    "saline bag size for step 2",
    "can my hands and feet go numb",
    "premed drug and dose?",
    "who is allowed to make up temsirolimus",
    "can i freeze sperm or eggs before i start, will it make me sterile",
    "grade 3/4 lymphopenia rate",
    "ANC threshold to hold",
    "tubing spec",
    "how much beer equals the booze in a 25 mg dose",
    "does it starve the tumour of blood supply",
    "rate when restarting after reaction?",
    "what will happen on the day of my first drip",
    "antidote for temsirolimus overdose?",
    "in the US label, is mantle cell lymphoma a listed use?",
)


@pytest.mark.model
@pytest.mark.parametrize(("question", "said"), ON_A_DISPUTE.items())
def test_sides_of_the_literature(assistant: Assistant, question: str, said: tuple[str, ...]) -> None:
    answer = assistant.answer(question)
    assert all(words in statement.text for words, statement in zip(said, answer.statements, strict=False))
    assert any(caution.startswith("Sources disagree here.") for caution in answer.cautions)
    assert len(answer.statements) <= 4


@pytest.mark.model
def test_an_answer_that_tells_both_sides_by_itself_needs_no_more(assistant: Assistant) -> None:
    answer = assistant.answer("can someone with severe liver failure and kidney cancer still get temsirolimus?")
    text = answer.text
    assert "In the US" in text
    assert "In the EU" in text


@pytest.mark.model
@pytest.mark.parametrize("question", ON_NONE)
def test_ordinary_questions_show_no_dispute(assistant: Assistant, question: str) -> None:
    assert all(step.disagreement is None for step in assistant.walk(question).steps)
