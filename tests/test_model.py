"""What an answer must hold to exist at all."""

from __future__ import annotations

from dataclasses import FrozenInstanceError, replace

import pytest

from temsiqa.model import (
    Answer,
    Audience,
    Citation,
    Disclaimer,
    EvidenceLevel,
    Outcome,
    Provenance,
    Statement,
)

GENERAL = Disclaimer("This is no medical advice.")
CARRIED = Disclaimer("For research use only.", "notes/vendor.md")
CITATION = Citation(
    document="notes/vendor.md",
    start=10,
    end=35,
    quote="The half-life is 17 hours",
    section=("Kinetics",),
    lead=(),
    references=(),
    provenance=Provenance("A vendor note", EvidenceLevel.VENDOR_NOTE),
    disclaimers=(CARRIED,),
)
ANSWER = Answer(
    question="What is the half-life?",
    audience=Audience.STAFF,
    outcome=Outcome.ANSWERED,
    notice="",
    statements=(Statement("The half-life is 17 hours", (CITATION,)),),
    cautions=("Weak evidence only.",),
    related=(),
    disclaimers=(GENERAL, CARRIED),
    generation="abc",
    policy="1",
)


def test_an_answer_without_general_disclaimer_cannot_be_made() -> None:
    with pytest.raises(ValueError, match="general disclaimers"):
        replace(ANSWER, disclaimers=(CARRIED,))


def test_an_empty_general_disclaimer_is_none() -> None:
    with pytest.raises(ValueError, match="general disclaimers"):
        replace(ANSWER, disclaimers=(Disclaimer(" "), CARRIED))


def test_an_answer_that_cites_a_document_without_its_disclaimer_cannot_be_made() -> None:
    with pytest.raises(ValueError, match=r"notes/vendor\.md.*For research use only"):
        replace(ANSWER, disclaimers=(GENERAL,))


def test_related_passages_bring_their_disclaimers_too() -> None:
    with pytest.raises(ValueError, match="For research use only"):
        replace(ANSWER, outcome=Outcome.ABSTAINED, statements=(), related=(CITATION,), disclaimers=(GENERAL,))


def test_a_disclaimer_of_another_document_does_not_count() -> None:
    other = Disclaimer("For research use only.", "notes/other.md")
    with pytest.raises(ValueError, match=r"notes/vendor\.md"):
        replace(ANSWER, disclaimers=(GENERAL, other))


def test_a_statement_needs_a_citation() -> None:
    with pytest.raises(ValueError, match="at least one citation"):
        replace(ANSWER, statements=(Statement("Trust me", ()),))


def test_an_answered_question_needs_a_statement() -> None:
    with pytest.raises(ValueError, match="needs a statement"):
        replace(ANSWER, statements=())


def test_an_abstention_makes_no_statement() -> None:
    with pytest.raises(ValueError, match="makes no statement"):
        replace(ANSWER, outcome=Outcome.ABSTAINED)


def test_nothing_can_be_taken_from_an_answer_later() -> None:
    with pytest.raises(FrozenInstanceError):
        ANSWER.disclaimers = ()  # type: ignore[misc]


def test_text_is_notice_statements_and_cautions_without_disclaimers() -> None:
    answer = replace(ANSWER, outcome=Outcome.REFERRED, notice="Ask your team.")
    assert answer.text == "Ask your team.\n\nThe half-life is 17 hours\n\nWeak evidence only."


def test_citations_are_numbered_over_the_whole_answer() -> None:
    second = replace(CITATION, start=40, end=42, quote="so")
    answer = replace(ANSWER, statements=(Statement("a", (CITATION, second)), Statement("b", (CITATION,))))
    assert [c.start for c in answer.citations] == [10, 40, 10]


@pytest.mark.parametrize(
    ("outcome", "statements", "abstained"),
    [
        (Outcome.ANSWERED, ANSWER.statements, False),
        (Outcome.ABSTAINED, (), True),
        (Outcome.REFERRED, (), True),
        (Outcome.REFERRED, ANSWER.statements, False),
        (Outcome.CALL_TODAY, (), True),
        (Outcome.URGENT, (), False),
    ],
)
def test_abstained(outcome: Outcome, statements: tuple[Statement, ...], abstained: bool) -> None:
    assert replace(ANSWER, outcome=outcome, statements=statements).abstained is abstained
