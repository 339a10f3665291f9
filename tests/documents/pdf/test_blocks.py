from __future__ import annotations

from collections.abc import Iterable

from pdf_support import BOLD, ITALIC, set_line
from temsiqa.documents.pdf.blocks import parts
from temsiqa.documents.pdf.lines import Line
from temsiqa.documents.pdf.page import Box, Word
from temsiqa.documents.pdf.parts import Column, Kind

FULL = "Then a line that goes on to the right margin of the only column of it"


def found(lines: Iterable[Line], rules: Iterable[Box] = ()) -> list[tuple[Kind, str]]:
    column = Column(1, [*lines, set_line(72, 700, FULL), set_line(72, 712, FULL)], 10, 11.5, tuple(rules))
    return [(part.kind, part.text) for part in parts([column])][:-1]


def below(*lines: tuple[float, float, str], font: str = "Helvetica", size: float = 10) -> list[Line]:
    """Lines, each with where it begins and how far it is below the one before."""
    y, placed = 100.0, []
    for x, step, text in lines:
        y += step
        placed.append(set_line(72 + x, y, text, size, font))
    return placed


def test_paragraphs_are_parted_by_gaps() -> None:
    lines = below((0, 0, FULL), (0, 12, "ends here"), (0, 20, FULL), (0, 12, "and ends"))
    assert found(lines) == [(Kind.TEXT, f"{FULL} ends here"), (Kind.TEXT, f"{FULL} and ends")]


def test_paragraphs_are_parted_by_indents() -> None:
    lines = below((12, 0, FULL), (0, 12, "ends here."), (12, 12, FULL), (0, 12, "and ends."))
    assert [text for _, text in found(lines)] == [f"{FULL} ends here.", f"{FULL} and ends."]


def test_a_paragraph_of_one_line_is_one() -> None:
    lines = below((12, 0, f"{FULL}."), (12, 12, FULL), (0, 12, "ends."), (0, 12, FULL))
    assert [text for _, text in found(lines)][:2] == [f"{FULL}.", f"{FULL} ends."]


def test_an_underlined_heading_needs_no_gap_below_it() -> None:
    heading = "Otters inhabiting rivers, riversides, riverbanks, river mouths"
    lines = below((0, 0, heading), (0, 12, FULL), (0, 12, "and so on"))
    rule = Box(lines[0].x0, 99, lines[0].x1, 99.5)
    assert found(lines, [rule]) == [(Kind.HEADING, heading), (Kind.TEXT, f"{FULL} and so on")]


def test_paragraphs_are_parted_where_a_line_was_broken_on_purpose() -> None:
    lines = below((0, 0, "It ends here."), (0, 12, "This begins anew,"), (0, 12, "as does this."))
    assert [text for _, text in found(lines)] == ["It ends here.", "This begins anew, as does this."]


def test_items_hang() -> None:
    lines = below((0, 0, "\u2022 One item"), (8, 12, "goes on"), (0, 12, "\u2022 Another"), (0, 12, "1. A number"))
    assert found(lines) == [
        (Kind.ITEM, "\u2022 One item goes on"),
        (Kind.ITEM, "\u2022 Another"),
        (Kind.ITEM, "1. A number"),
    ]


def test_a_number_at_the_beginning_of_a_line_is_no_item() -> None:
    lines = below((0, 0, f"{FULL} see Table"), (0, 12, f"7. {FULL} and on"), (0, 12, "\u2013 it says"))
    assert [kind for kind, _ in found(lines)] == [Kind.TEXT]


def test_headings_are_large_or_bold_or_capitals_or_slanted() -> None:
    large = below((0, 0, "On otters in"), (0, 16, "rivers"), size=14)
    bold = below((0, 60, "2.1 Bold heading"), font=BOLD)
    capitals = below((0, 90, "ALL IN CAPITALS"))
    slanted = below((0, 120, "Specific otters"), font=ITALIC)
    underlined = below((0, 150, "Other otters"))
    rule = Box(underlined[0].x0, 250.5, underlined[0].x1, 251)
    lines = [*large, *bold, *capitals, *slanted, *underlined]
    assert found(lines, [rule]) == [
        (Kind.HEADING, "On otters in rivers"),
        (Kind.HEADING, "2.1 Bold heading"),
        (Kind.HEADING, "ALL IN CAPITALS"),
        (Kind.HEADING, "Specific otters"),
        (Kind.HEADING, "Other otters"),
    ]


def test_ornaments_do_not_belong_to_a_heading() -> None:
    assert found(below((0, 0, "------- DOSAGE -------"), font=BOLD)) == [(Kind.HEADING, "DOSAGE")]


def test_bold_text_is_no_heading() -> None:
    sentence = below((0, 0, "Tell your doctor about it."), font=BOLD)
    lead_in = below((0, 30, "Before you take it, tell your doctor if you:"), font=BOLD)
    dated = below((0, 60, "Revised: 10/2020"), font=BOLD)
    long = below((0, 90, FULL), (0, 12, FULL), (0, 12, FULL), font=BOLD)
    assert {kind for kind, _ in found([*sentence, *lead_in, *dated, *long])} == {Kind.TEXT}


def test_footnotes_are_told_by_size_and_mark() -> None:
    text = below((0, 0, FULL), (0, 12, FULL))
    mark = Word(72, 140, 75, 145, "1", 5)
    notes = [Line.of([mark, *set_line(75, 150, "Note one", 8).words]), set_line(72, 160, "goes on", 8)]
    small = [*notes, set_line(72, 170, "* Note two", 8)]
    column = Column(1, [*text, *small], 10, 11.5)
    assert [(p.kind, p.text) for p in parts([column])] == [
        (Kind.TEXT, f"{FULL} {FULL}"),
        (Kind.NOTE, "1Note one goes on"),
        (Kind.NOTE, "* Note two"),
    ]


def test_small_text_without_a_mark_is_no_footnote() -> None:
    column = Column(1, [*below((0, 0, FULL)), set_line(72, 140, "CV, coefficient of variation", 8)], 10, 11.5)
    assert [part.kind for part in parts([column])] == [Kind.TEXT, Kind.TEXT]


def test_entries_of_a_reference_list() -> None:
    heading = below((0, 0, "References"), font=BOLD)
    hanging = below(
        (0, 20, "Anna Otter. 2017. On"), (10, 12, "rivers."), (0, 12, "Ben Vole. 2018."), (10, 12, "On lakes.")
    )
    assert [text for kind, text in found([*heading, *hanging]) if kind is Kind.REFERENCE][:2] == [
        "Anna Otter. 2017. On rivers.",
        "Ben Vole. 2018. On lakes.",
    ]
    counted = below((0, 20, "1. Otter A. On rivers."), (0, 12, "2007. J Riv."), (0, 12, "2. Vole B."))
    assert [text for kind, text in found([*heading, *counted]) if kind is Kind.REFERENCE][:1] == [
        "1. Otter A. On rivers. 2007. J Riv."
    ]
