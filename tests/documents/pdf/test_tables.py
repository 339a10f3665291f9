from __future__ import annotations

import pytest

from pdf_support import BOLD, Sheet, outline_of, pdf
from temsiqa.documents.outline import Paragraph, Table

ROWS = [["Reaction", "25 mg", "Placebo"], ["Rash", "47", "10"], ["Fever", "24", "3"]]


def tables_of(*sheets: Sheet) -> list[Table]:
    return [piece for piece in outline_of(pdf(sheets)).pieces if isinstance(piece, Table)]


def test_a_ruled_table_has_header_and_rows_and_its_words_stand_nowhere_else() -> None:
    sheet = Sheet().text(72, 90, "Text above it.")
    sheet.text(72, sheet.table(72, 100, [100, 80, 80], ROWS) + 30, "Text below it.")
    above, table, below = outline_of(pdf([sheet])).pieces
    assert (above, below) == (Paragraph("Text above it."), Paragraph("Text below it."))
    assert table == Table(("Reaction", "25 mg", "Placebo"), (("Rash", "47", "10"), ("Fever", "24", "3")))


def test_lines_of_a_cell_are_joined() -> None:
    sheet = Sheet()
    sheet.table(72, 100, [100, 80], [["Reac-\ntion", "25 mg\nn (%)"], ["Rash and\nfever", "47\n(20)"]])
    assert tables_of(sheet) == [Table(("Reaction", "25 mg n (%)"), (("Rash and fever", "47 (20)"),))]


def spanning() -> Sheet:
    """A table of 3 columns and 4 rows: a heading over two columns, a first cell over two rows."""
    sheet = Sheet()
    for y in (100, 120, 140, 180):
        sheet.rule(72, y, 312, y)
    sheet.rule(152, 160, 312, 160)
    for x in (72, 152, 312):
        sheet.rule(x, 100, x, 180)
    sheet.rule(232, 120, 232, 180)
    sheet.text(75, 114, "Dose", font=BOLD).text(155, 114, "Patients (%)", font=BOLD)
    sheet.text(155, 134, "All", font=BOLD).text(235, 134, "Grade 3", font=BOLD)
    sheet.text(75, 164, "25 mg").text(155, 154, "47").text(235, 154, "5").text(155, 174, "24").text(235, 174, "1")
    return sheet


def test_spanning_cells_are_repeated() -> None:
    header = ("Dose", "Patients (%) All", "Patients (%) Grade 3")
    assert tables_of(spanning()) == [Table(header, (("25 mg", "47", "5"), ("25 mg", "24", "1")))]


@pytest.mark.parametrize(
    ("rows", "bold", "header"),
    [
        (ROWS, 0, ("Reaction", "25 mg", "Placebo")),
        ([["Rash", "47", "10"], ["Fever", "24", "3"]], 0, ()),
        ([["Year", "2019", "2020"], ["Rash", "47", "10"]], 0, ("Year", "2019", "2020")),
        ([["Reaction", "25 mg"], ["All", "n"], ["Rash", "4"]], 2, ("Reaction All", "25 mg n")),
    ],
)
def test_what_heads_a_table(rows: list[list[str]], bold: int, header: tuple[str, ...]) -> None:
    sheet = Sheet()
    sheet.table(72, 100, [100, 80, 80][: len(rows[0])], rows, bold)
    assert [table.header for table in tables_of(sheet)] == [header]


def test_a_frame_around_text_is_no_table() -> None:
    sheet = Sheet()
    sheet.table(72, 100, [200], [["What is it?"], ["It is a medicine."]])
    words = "\n".join("a cell with far more words than a table has" for _ in range(8))
    sheet.table(72, 300, [230, 230], [[words, words], [words, words]], bold=0)
    assert tables_of(sheet) == []


def open_table(sheet: Sheet, y: float) -> None:
    """A table as papers have it: rules above and below and under its header, none between columns."""
    for rule in (y, y + 40, y + 120):
        sheet.rule(72, rule, 330, rule)
    sheet.text(175, y + 14, "Group A").text(270, y + 14, "Group B")
    sheet.text(72, y + 30, "Reaction").text(160, y + 30, "all").text(210, y + 30, "severe")
    sheet.text(255, y + 30, "all").text(300, y + 30, "severe")
    rows = [("Rash", "47", "5", "6", "0"), ("Stomatitis", "41", "3", "11", "0"), ("", "(20%)", "(1%)", "", "")]
    for n, row in enumerate([*rows, ("Fever and", "24", "1", "2", "1"), ("chills", "", "", "", "")]):
        for x, text in zip((72, 160, 210, 255, 300), row, strict=True):
            if text:
                sheet.text(x, y + 54 + 12 * n, text)


def test_a_table_without_upright_rules() -> None:
    sheet = Sheet().text(72, 90, "Table 1. Reactions in two groups.")
    open_table(sheet, 100)
    header = ("Reaction", "Group A all", "Group A severe", "Group B all", "Group B severe")
    rows = (
        ("Rash", "47", "5", "6", "0"),
        ("Stomatitis", "41 (20%)", "3 (1%)", "11", "0"),
        ("Fever and chills", "24", "1", "2", "1"),
    )
    assert tables_of(sheet) == [Table(header, rows)]


def test_text_between_rules_is_no_table() -> None:
    sheet = Sheet()
    for n in range(4):
        sheet.rule(72, 100 + 60 * n, 540, 100 + 60 * n)
        sheet.text(
            72, 120 + 60 * n, "A line of running text that goes from one end of the rule to the other end of it."
        )
    assert tables_of(sheet) == []
