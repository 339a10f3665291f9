from __future__ import annotations

import pytest

from pdf_support import BOLD, set_line
from temsiqa.documents.pdf.lines import Line
from temsiqa.documents.pdf.marks import (
    entry_number,
    has_label,
    has_note_mark,
    heading_depth,
    marker_of,
    without_entry_number,
    without_marker,
)
from temsiqa.documents.pdf.page import Word


@pytest.mark.parametrize(
    ("text", "marker", "number", "rest"),
    [
        ("\u2022 have fever", "\u2022", None, "have fever"),
        ("\u2022have fever", "\u2022", None, "have fever"),
        ("o rash", "o", None, "rash"),
        ("- rash", "-", None, "rash"),
        ("2. rash", "2.", 2, "rash"),
        ("(b) rash", "(b)", 2, "rash"),
    ],
)
def test_an_item_begins_with_a_marker(text: str, marker: str, number: int | None, rest: str) -> None:
    line = set_line(72, 100, text)
    found = marker_of(line)
    assert found is not None
    assert (found.text, found.number) == (marker, number)
    assert without_marker(line).text == rest


@pytest.mark.parametrize("text", ["rash", "\u2022", "2. ", "25 mg", "only", "2.1 Dose", "of 5."])
def test_other_lines_do_not(text: str) -> None:
    assert marker_of(set_line(72, 100, text)) is None


def test_a_letter_set_by_itself_is_no_bullet() -> None:
    line = Line.of([Word(0, 0, 5, 10, "o", 10), Word(5, 0, 12, 10, "ff-the-shelf", 10)])
    assert marker_of(line) is None


def test_markers_follow_one_another() -> None:
    one, two, three, bullet = (marker_of(set_line(0, 10, f"{m} x")) for m in ("1.", "2.", "3.", "\u2022"))
    assert one
    assert two
    assert three
    assert bullet
    assert two.follows(one)
    assert not three.follows(one)
    assert bullet.follows(bullet)
    assert not bullet.follows(one)


@pytest.mark.parametrize(("text", "depth"), [("2 Dose", 1), ("2.1. Dose", 2), ("25 mg", 1), ("Dose", 0), ("2007", 0)])
def test_headings_are_numbered(text: str, depth: int) -> None:
    assert heading_depth(text) == depth


@pytest.mark.parametrize("text", ["[7] Otter A.", "7. Otter A.", "7 Otter A."])
def test_entries_are_numbered(text: str) -> None:
    assert entry_number(text) == 7
    assert without_entry_number(text) == "Otter A."


def test_an_entry_without_a_number() -> None:
    assert entry_number("Otter A. 2007") is None
    assert entry_number("2007. Rivers") is None


@pytest.mark.parametrize("text", ["Table 1. Doses", "Figure 2: Doses", "Fig. 3 | Doses", "Table A1 \u2013 Doses"])
def test_captions_have_labels(text: str) -> None:
    assert has_label(set_line(0, 10, text))
    assert has_label(set_line(0, 10, "Table 6 Doses", font=BOLD))


@pytest.mark.parametrize("text", ["Table 2 shows the doses", "Tables are dull", "Figure it out"])
def test_sentences_on_tables_have_none(text: str) -> None:
    assert not has_label(set_line(0, 10, text))


def test_notes_begin_with_a_mark() -> None:
    raised = Line.of([Word(0, 0, 3, 5, "1", 5), *set_line(3, 10, "The note").words])
    assert has_note_mark(raised)
    assert has_note_mark(set_line(0, 10, "* The note"))
    assert not has_note_mark(set_line(0, 10, "1 The note"))
