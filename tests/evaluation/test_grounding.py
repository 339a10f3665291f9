"""Faults of recorded answers: each kind is planted, and found."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluation_support import DOCUMENT, GENERAL, OWN, TEXT, OneDocument, citation, reply
from support import INFUSION_QUESTION
from temsiqa.assistant import Assistant
from temsiqa.evaluation.grounding import GenerationLibrary, faults
from temsiqa.evaluation.systems import Reply
from temsiqa.record import RecordedAnswer, RecordedStatement

QUOTE = "The infusion takes 30 to 60 minutes."
LIBRARY = OneDocument()


def messages(answer: RecordedAnswer) -> list[str]:
    return [fault.message for fault in faults(answer, LIBRARY)]


def test_a_sound_answer_has_no_fault() -> None:
    assert messages(reply(QUOTE)) == []
    assert messages(reply(notice="Nothing was found.", disclaimers=[GENERAL])) == []


def test_what_the_product_says_has_no_fault(tiny_assistant: Assistant) -> None:
    library = GenerationLibrary(tiny_assistant.generation, tiny_assistant.policy)
    for question in (INFUSION_QUESTION, "How do I bake bread?", "I cannot breathe"):
        answer = tiny_assistant.answer(question)
        assert faults(RecordedAnswer.of("q", (), answer), library) == ()


@given(st.integers(-len(TEXT), len(TEXT)).filter(bool))
def test_any_shift_of_an_offset_is_found(shift: int) -> None:
    (fault,) = faults(reply(QUOTE, citations=[citation(QUOTE, shift=shift)]), LIBRARY)
    assert fault.citation == 1
    assert "do not read" in fault.message


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"disclaimers": (GENERAL,)}, f"without its disclaimer {OWN!r}"),
        ({"disclaimers": (OWN,)}, "general disclaimer 'This is no medical"),
        ({"citations": [citation(QUOTE, document="elsewhere.md")]}, "'elsewhere.md' is not in this generation"),
        ({"citations": [citation("The infusion takes 30 to 90 minutes.")]}, "do not read"),
        ({"citations": []}, "names a citation that the record does not hold"),
    ],
)
def test_planted_faults_are_named(change: dict[str, Any], words: str) -> None:
    assert words in " ".join(messages(reply(QUOTE, **change)))


def test_contradictions_within_a_record_are_named() -> None:
    sound = reply(QUOTE)
    uncited = (RecordedStatement(text=QUOTE, citations=()),)
    for change, words in (
        ({"abstained": True}, "flagged as abstained=True with 1 statements"),
        ({"answer_text": "Take 75 mg."}, "the text of the answer is not"),
        ({"statements": uncited}, "statement 1 has no citation"),
        ({"triage": True}, "flagged as triage=True with outcome answered"),
    ):
        assert words in " ".join(messages(sound.model_copy(update=change)))


def test_leads_and_related_passages_are_looked_up_too() -> None:
    wrong = citation(QUOTE, shift=1)
    assert "related passage 1" in messages(reply(QUOTE).model_copy(update={"related": (wrong,)}))[0]
    led = citation(QUOTE).model_copy(update={"lead": (wrong,)})
    assert "citation 1: characters" in messages(reply(QUOTE, citations=[led]))[0]


def test_an_empty_quote_is_none() -> None:
    empty = citation(QUOTE).model_copy(update={"end": 0, "start": 0, "quote": ""})
    assert messages(reply(QUOTE, citations=[empty])) != []


def test_an_unknown_policy_still_asks_for_one_general_disclaimer() -> None:
    class Unknown(OneDocument):
        disclaimers = ()

    assert faults(reply(QUOTE), Unknown()) == ()
    assert [fault.message for fault in faults(reply(QUOTE, disclaimers=[OWN]), Unknown())] == ["no general disclaimer"]


def test_a_record_survives_its_file() -> None:
    answer = reply(QUOTE, probability=0.5, found=[DOCUMENT])
    assert Reply.model_validate_json(answer.model_dump_json()) == answer


def stating(text: str, **change: object) -> Reply:
    """A reply whose only statement says ``text`` and cites ``QUOTE``."""
    statements = (RecordedStatement(text=text, citations=(1,)),)
    return reply(QUOTE).model_copy(update={"statements": statements, "answer_text": text, **change})


@pytest.mark.parametrize("text", ["Take 75 mg by mouth.", "The infusion takes 60 minutes.", f"{QUOTE} Every day."])
def test_a_statement_that_its_citation_does_not_say_is_named(text: str) -> None:
    (message,) = messages(stating(text))
    assert "statement 1 says what its citations do not" in message


def test_a_statement_joins_and_names_what_it_quotes() -> None:
    half_life = "The half-life is 17 hours."
    led = citation(QUOTE).model_copy(update={"lead": (citation(half_life),)})
    for text in (f"{half_life} {QUOTE}", f"{half_life}\n• {QUOTE}", f"{QUOTE}; {half_life}"):
        assert messages(stating(text, citations=(led,))) == []
    sourced = citation(QUOTE, keys=["Smith 2007"])
    assert messages(stating(f"{QUOTE} ( cites for this: Smith 2007)", citations=(sourced,))) == []
    assert messages(stating(f"{QUOTE} ( cites for this: Jones 2008)", citations=(sourced,)))


def test_what_a_source_is_may_be_said(tiny_assistant: Assistant) -> None:
    answer = RecordedAnswer.of("q", (), tiny_assistant.answer("Who wrote the guide on giving temsirolimus?"))
    library = GenerationLibrary(tiny_assistant.generation, tiny_assistant.policy)
    assert faults(answer, library) == ()
    document = next(iter(tiny_assistant.generation.documents))
    source = library.source(document)
    assert source is not None
    assert source.description
