from __future__ import annotations

import pytest

from pdf_support import set_line
from temsiqa.documents.canonical import PAGE_BREAK
from temsiqa.documents.pdf.lines import Line
from temsiqa.documents.pdf.page import Word
from temsiqa.documents.pdf.prose import Prose, is_finished, last_sentence_end, tidy


def prose(known: str = "nothing", cited: str = "") -> Prose:
    return Prose([set_line(0, 10, known)], cited.split())


@pytest.mark.parametrize(
    ("known", "line", "more", "text"),
    [
        ("facilitate", "to facili-", "tate it", "to facilitate it"),
        ("other words", "to facili-", "tate it", "to facilitate it"),
        ("dose-limiting", "it is dose-", "limiting so", "it is dose-limiting so"),
        ("other words", "concentration-", "dependent so", "concentration-dependent so"),
        ("MEDLINE here", "in MED-", "LINE and", "in MEDLINE and"),
        ("other words", "by Jimeno-", "Yepes et al.", "by Jimeno-Yepes et al."),
        ("other words", "GS-", "441524 is", "GS-441524 is"),
        ("other words", "a 10-", "day course", "a 10-day course"),
        ("other words", "pre-", "and postnatal", "pre- and postnatal"),
        ("other words", "from 10 -", "20 mg", "from 10 - 20 mg"),
        ("other words", "pages 84–", "91 of", "pages 84–91 of"),
        ("other words", "and/", "or this", "and/or this"),
        ("other words", "see http://", "otter.org/a. It", "see http://otter.org/a. It"),
        ("other words", "doi:10.1000/j.", "river.2007 now", "doi:10.1000/j.river.2007 now"),
        ("other words", "at www.otter.org.", "They swim", "at www.otter.org. They swim"),
        ("other words", "one line", "and another", "one line and another"),
    ],
)
def test_lines_are_joined(known: str, line: str, more: str, text: str) -> None:
    assert prose(known).joined(line, more) == (text, False)


def test_a_page_turns_at_a_blank() -> None:
    assert prose().joined("it ends", "and goes on", turns=True) == (f"it ends{PAGE_BREAK}and goes on", False)
    assert prose().joined("it infu-", "sion goes on", turns=True) == (f"it infusion{PAGE_BREAK}goes on", False)
    assert prose().joined("it infu-", "sion.", turns=True) == ("it infusion.", True)


def raised_line(*words: tuple[str, bool, bool]) -> Line:
    """Words, each with whether it is raised and whether a blank is before it."""
    placed, x = [], 0.0
    for text, is_raised, is_apart in words:
        x += 4 if is_apart else 0
        size, bottom = (6, 96) if is_raised else (10, 100)
        placed.append(Word(x, bottom - size, x + 5 * len(text), bottom, text, size))
        x += 5 * len(text)
    return Line.of(placed)


@pytest.mark.parametrize(
    ("words", "cited", "text"),
    [
        ([("grew", False, False), ("2", True, False)], "1 2 3", "grew[2]"),
        ([("grew.", False, False), ("1,2", True, False)], "1 2 3", "grew.[1,2]"),
        ([("grew", False, False), ("1–3", True, True)], "1 2 3", "grew [1–3]"),
        ([("grew", False, False), ("9", True, False)], "1 2 3", "grew⁹"),
        ([("grew", False, False), ("2", True, False)], "", "grew²"),
        ([("10", False, False), ("3", True, False)], "1 2 3", "10³"),
        ([("mg/m", False, False), ("2", True, False)], "1 2 3", "mg/m²"),
        ([("urine", False, False), ("a", True, False)], "1 2 3", "urineᵃ"),
    ],
)
def test_raised_figures_are_markers_of_a_numbered_list_only(
    words: list[tuple[str, bool, bool]], cited: str, text: str
) -> None:
    assert prose(cited=cited).line(raised_line(*words)) == text


@pytest.mark.parametrize("text", ["It ended.", "It ended.[3]", "It ended.” ", "for each:", "Did it?", "It ended.²"])
def test_a_sentence_is_finished(text: str) -> None:
    assert is_finished(text.strip())


@pytest.mark.parametrize("text", ["It ended", "by Otter et al.", "as in Fig.", "5 mg,", "e.g.", "1.5"])
def test_a_sentence_is_not_finished(text: str) -> None:
    assert not is_finished(text)


def test_the_last_sentence_of_a_page_can_be_cut_off() -> None:
    text = f"First one. Then{PAGE_BREAK}it went on. The last one goes"
    end = last_sentence_end(text)
    assert end is not None
    assert text[end:] == "The last one goes"
    assert last_sentence_end(f"First one.{PAGE_BREAK}It goes") is None


def test_page_breaks_are_kept() -> None:
    assert tidy(f" a  b {PAGE_BREAK} c\u200b ") == f"a b{PAGE_BREAK}c"
