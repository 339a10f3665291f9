from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from temsiqa.retrieval.spelling import Speller

SPELLER = Speller(
    known=["temsirolimus", "tired", "dizzy", "pressure", "blood", "hepatotoxicity", "dose", "mg/kg"],
    ordinary=["weather", "does", "bloom", "pleasure"],
)


@pytest.mark.parametrize(
    ("typed", "mended"),
    [
        ("tierd", "tired"),  # two neighbours swapped
        ("dizy", "dizzy"),  # one letter missing
        ("tesmirolimus", "temsirolimus"),
        ("temsirolmus", "temsirolimus"),
        ("temsrolimis", "temsirolimus"),  # two slips in a long word
        ("hepatotoxisity", "hepatotoxicity"),
        ("blod", "blood"),
        ("presure", "pressure"),
        ("bloom", "bloom"),  # an ordinary word, one letter from a known one
        ("pleasure", "pleasure"),
        ("does", "does"),
        ("rosapulimus", "rosapulimus"),  # too far from anything
        ("dse", "dse"),  # too short to judge
        ("4t1x", "4t1x"),  # no plain word
        ("", ""),
    ],
)
def test_slips_are_mended_and_words_are_left_alone(typed: str, mended: str) -> None:
    assert SPELLER.mend(typed) == mended


def test_a_near_word_is_found_however_many_are_as_near() -> None:
    known = ["bore", "core", "fore", "gore", "lore", "more", "tone"]
    assert Speller(known, []).mend("tore") == "tone"


def test_an_ordinary_word_is_nearer_than_another() -> None:
    known = ["efecto", "effect"]
    assert Speller(known, ["effect"]).mend("efect") == "effect"
    assert Speller(known, ["efecto"]).mend("efect") == "efecto"


@pytest.mark.parametrize(
    ("typed", "meant"), [("hepato", "hepatotoxicity"), ("hepa", "hepa"), ("bloom", "bloom"), ("xhepato", "xhepato")]
)
def test_a_clipped_word_is_completed(typed: str, meant: str) -> None:
    assert SPELLER.complete(typed) == meant


@given(st.text(max_size=30))
def test_what_is_mended_is_known_or_unchanged(word: str) -> None:
    mended = SPELLER.mend(word)
    assert mended == word or SPELLER.is_right(mended)
    assert SPELLER.mend(mended) == mended
