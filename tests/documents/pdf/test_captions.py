from __future__ import annotations

import pytest

from pdf_support import Sheet, document_of, outline_of, pdf
from temsiqa.documents.outline import Table
from temsiqa.model import BlockKind

ROWS = [["Reaction", "25 mg", "Placebo"], ["Rash", "47", "10"], ["Fever", "24", "3"]]


def tables_of(*sheets: Sheet) -> list[Table]:
    return [piece for piece in outline_of(pdf(sheets)).pieces if isinstance(piece, Table)]


def test_a_caption_leads_into_its_table_whether_it_stands_above_or_below() -> None:
    sheet = Sheet().text(72, 90, "Table 1: Those above")
    end = sheet.table(72, 100, [100, 80, 80], ROWS)
    end = sheet.table(72, end + 40, [100, 80, 80], ROWS)
    sheet.text(72, end + 14, "Table 2: Those below")
    document = document_of(pdf([sheet]))
    assert [b.kind for b in document.blocks] == [BlockKind.CAPTION, BlockKind.TABLE] * 2
    leads = [document.quote(b.sentences[0].lead[0]) for b in document.blocks if b.kind is BlockKind.TABLE]
    assert leads == ["Table 1: Those above", "Table 2: Those below"]


@pytest.mark.parametrize("repeated", [True, False])
def test_a_table_that_goes_on_has_the_same_header(repeated: bool) -> None:
    first, second = Sheet(), Sheet()
    first.table(72, 600, [100, 80, 80], ROWS)
    more = [["Chills", "7", "1"], ["Cough", "5", "4"]]
    second.table(72, 72, [100, 80, 80], [ROWS[0], *more] if repeated else more, bold=int(repeated))
    one, two = tables_of(first, second)
    assert one.header == two.header == ("Reaction", "25 mg", "Placebo")
    assert two.rows == (("Chills", "7", "1"), ("Cough", "5", "4"))


def test_another_table_on_the_next_page_keeps_its_own() -> None:
    first, second = Sheet(), Sheet().text(72, 90, "Table 2: Other doses")
    first.table(72, 600, [100, 80, 80], ROWS)
    second.table(72, 100, [100, 80, 80], [["Reaction", "75 mg", "None"], ["Rash", "4", "1"]])
    assert tables_of(first, second)[1].header == ("Reaction", "75 mg", "None")
