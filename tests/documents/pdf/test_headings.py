from __future__ import annotations

from pdf_support import BOLD, ITALIC, Sheet, document_of, outline_of, pdf
from temsiqa.documents.outline import Heading
from temsiqa.model import BlockKind


def headed(*headings: tuple[str, float, str]) -> Sheet:
    """Headings, each with its size and font, and some text below each."""
    sheet, y = Sheet(), 72.0
    for text, size, font in headings:
        y += 60
        sheet.text(72, y, text, size, font)
        sheet.lines(72, y + 20, ["Then there is some text of the usual size below it, which", "goes on for two lines."])
    return sheet


def levels(sheet: Sheet) -> list[tuple[int, str]]:
    return [(piece.level, piece.title) for piece in outline_of(pdf([sheet])).pieces if isinstance(piece, Heading)]


def test_numbers_tell_the_level() -> None:
    sheet = headed(("On otters", 20, BOLD), ("1 Rivers", 12, BOLD), ("1.1 Banks", 10, BOLD), ("1.1.1 Mud", 10, BOLD))
    assert levels(sheet) == [(1, "On otters"), (2, "1 Rivers"), (3, "1.1 Banks"), (4, "1.1.1 Mud")]


def test_headings_without_numbers_go_by_those_set_alike() -> None:
    sheet = headed(("1 RIVERS", 10, BOLD), ("1.1 Banks", 10, BOLD), ("Mud", 10, BOLD), ("REFERENCES", 10, BOLD))
    assert levels(sheet) == [(2, "1 RIVERS"), (3, "1.1 Banks"), (4, "Mud"), (2, "REFERENCES")]


def test_or_by_their_weight_without_leaving_out_a_level() -> None:
    sheet = headed(
        ("On otters", 20, BOLD), ("Rivers", 14, BOLD), ("Banks", 12, BOLD), ("Lakes", 14, BOLD), ("Mud", 10, BOLD)
    )
    assert levels(sheet) == [(1, "On otters"), (2, "Rivers"), (3, "Banks"), (2, "Lakes"), (3, "Mud")]


def test_siblings_stand_side_by_side_in_the_section_path() -> None:
    sheet = headed(("1.1 Banks", 10, BOLD), ("Mud", 10, ITALIC), ("Sand", 10, ITALIC))
    document = document_of(pdf([sheet]))
    paths = [block.section for block in document.blocks if block.kind is BlockKind.PARAGRAPH]
    assert paths == [("1.1 Banks",), ("1.1 Banks", "Mud"), ("1.1 Banks", "Sand")]


def test_contents_are_dropped() -> None:
    sheet = Sheet().text(72, 80, "CONTENTS", font=BOLD)
    sheet.lines(72, 100, ["1 Rivers and other running", "waters", "2 Lakes"], font=BOLD)
    more = headed(("1 Rivers and other running waters", 10, BOLD), ("2 Lakes", 10, BOLD))
    document = document_of(pdf([sheet, more]))
    headings = [document.quote(block.span) for block in document.blocks if block.kind is BlockKind.HEADING]
    assert headings == ["1 Rivers and other running waters", "2 Lakes"]


def test_lines_with_leaders_are_dropped() -> None:
    sheet = (
        Sheet().lines(72, 100, ["Rivers ............ 3", "Lakes . . . . . . . 4"]).text(72, 200, "Then there is text.")
    )
    assert [document_of(pdf([sheet])).text] == ["Then there is text."]
