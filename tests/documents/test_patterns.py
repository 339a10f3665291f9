from __future__ import annotations

import pytest

from temsiqa.documents.patterns import Pattern, Place


@pytest.mark.parametrize(
    ("wording", "text", "place"),
    [
        ("tablet", "the tablet is", (1, 2)),
        ("tablet*", "two tablets", (1, 2)),
        ("my|the tablet*", "crush the tablets now", (1, 3)),
        ("is .. tablet", "it is a big white tablet", (1, 6)),
        ("is .. tablet", "it is tablet", (1, 3)),
        ("mg/kg", "dose in mg/kg", (2, 3)),
        ("t-cell", "my t-cell lymphoma", (1, 2)),
        ("it's", "so it's here", (1, 2)),
    ],
)
def test_a_wording_is_found_where_it_stands(wording: str, text: str, place: tuple[int, int]) -> None:
    assert Pattern(wording).find(text.split()) == Place(*place)


@pytest.mark.parametrize(
    ("wording", "text"),
    [
        ("tablet", "the tablets"),
        ("tablet", "a notatablet"),
        ("is .. tablet", "is it not really a tablet"),
        ("the tablet", "tablet the"),
        ("a.c", "abc"),
    ],
)
def test_another_wording_is_not(wording: str, text: str) -> None:
    assert Pattern(wording).find(text.split()) is None


@pytest.mark.parametrize("wording", ["", ".. tablet", "the ..", "the|", "(the", "The", "*", "tab*let", "tablét"])
def test_a_wording_that_cannot_be_read_is_refused(wording: str) -> None:
    with pytest.raises(ValueError, match=r"mend the wording|remove the dots"):
        Pattern(wording)


def test_a_wording_names_its_words() -> None:
    assert Pattern("my|the .. tablet*").spelt == {"my", "the", "..", "tablet*"}
