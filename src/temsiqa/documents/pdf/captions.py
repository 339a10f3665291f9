"""Tables among the parts of a PDF: each after its caption, and the next page's share of one with the same header."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from temsiqa.documents.pdf.cells import PlacedTable, Row
from temsiqa.documents.pdf.parts import Kind, Part

_OF_TABLE = re.compile(r"(?:suppl\w* )?table\b", re.IGNORECASE)
_CONTINUED = re.compile(r"\bcont(?:inued|d|\.)", re.IGNORECASE)
_SAME_EDGE = 6.0


def arranged(parts: Iterable[Part]) -> list[Part]:
    """``parts`` with captions before their tables, and headers on tables that go on."""
    return _with_headers(_captions_first(list(parts)))


def _captions_first(parts: list[Part]) -> list[Part]:
    """A caption that stands below its table is set before it, unless the table has one above it."""
    for number in range(1, len(parts)):
        table, caption = parts[number - 1 : number + 1]
        has_caption = number > 1 and _is_caption(parts[number - 2])
        if table.kind is Kind.TABLE and _is_caption(caption) and table.column is caption.column and not has_caption:
            parts[number - 1 : number + 1] = caption, table
    return parts


def _is_caption(part: Part) -> bool:
    return part.kind is Kind.CAPTION and bool(_OF_TABLE.match(part.text))


def _with_headers(parts: Iterable[Part]) -> list[Part]:
    """A table that goes on with the one before it, at the end of the page before, gets its header."""
    found: list[Part] = []
    last: PlacedTable | None = None
    page = 0
    for part in parts:
        table = part.table
        if table and last and part.column.page == page + 1 and _has_same_columns(table, last):
            table = _headed(table, last)
        found.append(replace(part, table=table))
        if part.kind is not Kind.NOTE and not (_is_caption(part) and _CONTINUED.search(part.text)):
            last, page = table, part.column.page
    return found


def _has_same_columns(table: PlacedTable, before: PlacedTable) -> bool:
    pairs = zip(table.edges, before.edges, strict=False)
    return len(table.edges) == len(before.edges) and all(abs(a - b) <= _SAME_EDGE for a, b in pairs)


def _headed(table: PlacedTable, before: PlacedTable) -> PlacedTable:
    """``table`` with the header of ``before``, which it may say itself."""
    header = before.rows[: before.headers]
    repeats = _words(table.rows[: before.headers]) == _words(header)
    return replace(table, rows=table.rows if repeats else (*header, *table.rows), headers=before.headers)


def _words(rows: Sequence[Row]) -> list[list[str]]:
    return [[word.text for word in cell.words] for row in rows for cell in row]
