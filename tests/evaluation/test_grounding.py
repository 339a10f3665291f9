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
