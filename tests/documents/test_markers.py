from __future__ import annotations

import pytest
from hypothesis import given

from document_support import SOUP
from temsiqa.documents.markers import MarkerFinder, markers_in, stops_after_markers, without_markers


@pytest.mark.parametrize(
    ("text", "markers"),
    [
        ("None here.", ()),
        ("It grows [7].", ("7",)),
        ("It grows [2] [1].", ("2", "1")),
        ("It grows.[1][5][6]", ("1", "5", "6")),
        ("It grows [2, 4-6; 9].", ("2", "4", "5", "6", "9")),
        ("It grows [4–6].", ("4", "5", "6")),
        ("Twice [1] and again [1].", ("1",)),
        ("A year [2024], a word [ref], a footnote [a1].", ()),
        ("Too wide a range [1-999].", ()),
        ("Backwards [6-4].", ()),
    ],
)
def test_markers_in(text: str, markers: tuple[str, ...]) -> None:
    assert markers_in(text) == markers


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("It grows [2] [1].", "It grows."),
        ("It grows.[1][2] It stops.[3]", "It grows. It stops."),
        ("[1] It grows [4-6], slowly.", "It grows, slowly."),
        ("3 hours | 9 hours [1] | none", "3 hours | 9 hours | none"),
        ("It grows[1]and stops.", "It grows and stops."),
        ("Their age was 58 years [32-81] here [2].", "Their age was 58 years [32-81] here."),  # a range, no marker
        ("It grows [9].", "It grows [9]."),  # not in the reference list
    ],
)
def test_without_markers(text: str, read: str) -> None:
    assert without_markers(text, {"1", "2", "3", "4", "5", "6"}) == read


@pytest.mark.parametrize(
    ("text", "moved"),
    [("It grows.[1][2] It", "It grows[1][2]. It"), ("Why? [3] So", "Why [3]? So"), ("It [1].", "It [1].")],
)
def test_a_stop_moves_behind_its_markers(text: str, moved: str) -> None:
    assert stops_after_markers(text) == moved


@given(SOUP)
def test_moving_stops_keeps_length_and_characters(text: str) -> None:
    assert sorted(stops_after_markers(text)) == sorted(text)


def test_author_year_markers_lead_to_their_entry() -> None:
    finder = MarkerFinder(["Smith and Jones, 2010", "Smith et al., 2010", "Bourdon et al., 2007a", "7"])
    assert finder.find("as shown (Smith et al., 2010; Bourdon et al., 2007a) [7]") == (
        "7",
        "Smith et al., 2010",
        "Bourdon et al., 2007a",
    )
    assert finder.find("Smith and Jones (2010) showed") == ("Smith and Jones, 2010",)
    assert finder.find("Smith & Jones 2010") == ("Smith and Jones, 2010",)
    assert finder.find("Smith, Jones and others, 2010; since 2010; Brown et al., 2010") == ()
    assert finder.find("Bourdon et al. (2006, 2007a)") == ("Bourdon et al., 2007a",)


def test_a_first_author_alone_leads_to_the_only_entry() -> None:
    assert MarkerFinder(["Smith and Jones, 2010"]).find("Smith et al., 2010") == ("Smith and Jones, 2010",)
