"""Tables of a Word document → rows of cells."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from docx.oxml.ns import qn
from lxml.etree import _Element

from temsiqa.documents.cells import Cell

_OFF = frozenset({"0", "false", "off"})
_VAL = qn("w:val")
_FIRST_ROW = 0x20  # the bit of ``tblLook`` that sets the first row off


def rows_of(table: _Element, said_in: Callable[[_Element], str]) -> list[list[Cell]]:
    """The cells of each row, those merged downwards with the number of rows they span; ``said_in`` reads one.

    The rows that are repeated on each page are the header, else the first, unless the table says that it has none.
    """
    rows = [row for row in _inside(table, "w:tr") if row.find(f"{qn('w:trPr')}/{qn('w:del')}") is None]
    found: list[list[Cell]] = []
    merged: dict[int, Cell] = {}
    heads = _header_rows(table, rows)
    for number, row in enumerate(rows):
        column = _number(row, "w:trPr", "w:gridBefore", otherwise=0)
        found.append([Cell("", columns=column, heading=number < heads)] if column else [])
        for tc in _inside(row, "w:tc"):
            merge = tc.find(f"{qn('w:tcPr')}/{qn('w:vMerge')}")
            if merge is not None and merge.get(_VAL) != "restart" and column in merged:
                merged[column].rows += 1
            else:
                merged[column] = Cell(said_in(tc), columns=_span(tc), heading=number < heads)
                found[-1].append(merged[column])
            column += _span(tc)
    return found


def frames_text(rows: Sequence[Sequence[Cell]]) -> bool:
    """Whether a table is no more than a frame: one row, or one column with anything in it."""
    return len(rows) < 2 or max(sum(1 for cell in row if cell.text) for row in rows) < 2


def _header_rows(table: _Element, rows: Sequence[_Element]) -> int:
    repeated = 0
    while repeated < len(rows) and _is_on(rows[repeated].find(f"{qn('w:trPr')}/{qn('w:tblHeader')}")):
        repeated += 1
    look = table.find(f"{qn('w:tblPr')}/{qn('w:tblLook')}")
    has_none = look is not None and _has_no_first_row(look) and bool(rows) and not _is_bold(rows[0])
    return repeated or int(not has_none)


def _has_no_first_row(look: _Element) -> bool:
    stated, bits = look.get(qn("w:firstRow")), look.get(_VAL, "")
    if stated is not None:
        return stated in _OFF
    return bool(re.fullmatch("[0-9A-Fa-f]{4}", bits)) and not int(bits, 16) & _FIRST_ROW


def _is_bold(row: _Element) -> bool:
    """Whether all the words in a row are bold."""
    return all(
        _is_on(run.find(f"{qn('w:rPr')}/{qn('w:b')}")) for run in row.iter(qn("w:r")) if run.find(qn("w:t")) is not None
    )


def _inside(element: _Element, name: str) -> list[_Element]:
    """Rows of a table or cells of a row, also those in content controls; not those of tables inside."""
    wrappers = frozenset(map(qn, ("w:sdt", "w:sdtContent", "w:customXml", "w:ins")))
    found: list[_Element] = []
    waiting = list(reversed(element))
    while waiting:
        child = waiting.pop()
        if child.tag == qn(name):
            found.append(child)
        elif child.tag in wrappers:
            waiting += reversed(child)
    return found


def _span(cell: _Element) -> int:
    return max(_number(cell, "w:tcPr", "w:gridSpan", otherwise=1), 1)


def _number(element: _Element, *path: str, otherwise: int) -> int:
    found = element.find("/".join(map(qn, path)))
    said = found.get(_VAL, "") if found is not None else ""
    return int(said) if re.fullmatch(r"\d{1,6}", said, re.ASCII) else otherwise


def _is_on(mark: _Element | None) -> bool:
    return mark is not None and mark.get(_VAL, "on") not in _OFF
