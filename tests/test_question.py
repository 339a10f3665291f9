"""What was typed → what can be worked with."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from temsiqa.errors import QuestionError
from temsiqa.question import LONGEST_HISTORY, LONGEST_QUESTION, check_history, check_question

ANY_TEXT = st.text(st.characters(), max_size=200)
UNFIT = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


@pytest.mark.parametrize(
    ("typed", "checked"),
    [
        ("How is it given?", "How is it given?"),
        ("  How\tis it given?\n", "How is it given?"),
        ("first\r\nsecond\u2028third", "first\nsecond\nthird"),
        ("cafe\u0301", "café"),
        ("ha\x00lf\x1b[31m-life", "half[31m-life"),
        ("\u202ehalf\u202c\u200b-life\ufeff", "half-life"),
        ("half-life \ud800", "half-life \ufffd"),
        ("\udcff half-life", "\ufffd half-life"),
        ("半衰期", "半衰期"),
        ("نصف", "نصف"),
        ("5", "5"),
        ("[bold red]x[/] <b>", "[bold red]x[/] <b>"),
        ("x" * LONGEST_QUESTION, "x" * LONGEST_QUESTION),
    ],
    ids=lambda text: ascii(text[:20]),
)
def test_a_question_is_cleaned(typed: str, checked: str) -> None:
    assert check_question(typed) == checked


@pytest.mark.parametrize("typed", ["", " \t\n", "\x00", "\u202e", "???", "\ud800", "🤒", "\u0301"], ids=ascii)
def test_a_question_without_words_is_refused(typed: str) -> None:
    with pytest.raises(QuestionError, match=r"^the question is empty; type a question in words$"):
        check_question(typed)


def test_a_question_that_is_too_long_is_refused() -> None:
    with pytest.raises(QuestionError, match=r"^the question has 8001 characters, the most is 8000; ask in fewer"):
        check_question("x" * (LONGEST_QUESTION + 1))


@given(ANY_TEXT)
def test_any_text_is_cleaned_or_refused(typed: str) -> None:
    try:
        checked = check_question(typed)
    except QuestionError:
        return
    assert not UNFIT.search(checked)
    assert checked == checked.strip() == check_question(checked)
    assert unicodedata.is_normalized("NFC", checked)
    assert checked.encode()


@pytest.mark.parametrize(
    ("typed", "checked"),
    [
        ([], ()),
        (["first?", " ", "second?\x00"], ("first?", "second?")),
        (["", "\ud800", "?"], ()),
        (["x" * (LONGEST_QUESTION + 1)], ("x" * LONGEST_QUESTION,)),
        ([str(i) for i in range(LONGEST_HISTORY + 5)], tuple(str(i) for i in range(5, LONGEST_HISTORY + 5))),
    ],
    ids=["none", "cleaned", "no words", "too long", "too many"],
)
def test_history_keeps_the_last_questions_with_words(typed: list[str], checked: tuple[str, ...]) -> None:
    assert check_history(typed) == checked


@given(st.lists(ANY_TEXT, max_size=30))
def test_any_history_can_be_worked_with(typed: list[str]) -> None:
    assert all(check_question(question) for question in check_history(typed))
