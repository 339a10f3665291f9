from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from temsiqa.retrieval.parts import MOST_PARTS, parts


@pytest.mark.parametrize(
    "message",
    [
        "What is the half-life?",
        "half-life and clearance",
        "rash and mouth sores: what helps",
        "my mum started torisel last week. she is so tired. is that normal?",
        "i keep bruising. should i worry",
        "does it work with food and drink",
        "is it over 2.5 mg?",
    ],
)
def test_one_question_stays_whole(message: str) -> None:
    assert parts(message) == ((message, ""),)


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ("How is it given and how long does it take?", ["How is it given", "how long does it take?"]),
        ("is it chemo? will i lose my hair?", ["is it chemo?", "will i lose my hair?"]),
        ("what is the dose; when is it held", ["what is the dose", "when is it held"]),
        ("Hi. Dad had torisel. What is the dose? Also can he drive?", ["What is the dose?", "Also can he drive?"]),
    ],
)
def test_several_questions_are_told_apart(message: str, expected: list[str]) -> None:
    assert [question for question, _ in parts(message)] == expected


def test_each_knows_what_was_said_before_it() -> None:
    (_, first), (_, second) = parts("Her mouth is sore. is that normal? what can she do?")
    assert first == "Her mouth is sore."
    assert second == "Her mouth is sore. is that normal?"


@given(st.text(max_size=300))
def test_any_text_has_parts_and_they_are_its_own_words(message: str) -> None:
    found = parts(message)
    assert 1 <= len(found) <= MOST_PARTS
    assert all(question in message for question, _ in found)
