"""CSV and TSV: the first row names the fields, every other row is a record."""

from __future__ import annotations

import ast
import csv
import io
import json
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress

from temsiqa.evaluation.formats.record import Found, Mistake, Record, UnreadableError, at_line
from temsiqa.evaluation.testset import Item

_LISTS = frozenset(name for name, field in Item.model_fields.items() if field.default == () or field.default_factory)
_SEPARATOR, _WORDINGS = ";", "|"
_TROUBLE = (ValueError, SyntaxError, RecursionError, MemoryError)  # of the two parsers, for what is hostile


def read_table(text: str, name: str, delimiter: str) -> Found:
    """A record for each row that is not blank; empty cells are left out.

    A cell of a field that is a list holds JSON when it begins with ``[`` or ``{``; else its parts are separated by
    ``;``, in ``facts`` the wordings of a fact by ``|``. Raises ``UnreadableError`` for columns badly named.
    """
    rows = _rows(text, name, delimiter)
    line, header = next(rows, (1, []))
    if unclear := [column for column, count in Counter(header).items() if count > 1 or not column]:
        raise UnreadableError(at_line(name, line), f"column {unclear[0]!r} is unnamed or there twice; name each once")
    for line, cells in rows:
        where = at_line(name, line)
        if len(cells) > len(header):
            yield Mistake(where, "", f"{len(cells)} cells under {len(header)} columns; quote cells with {delimiter!r}")
            continue
        fields: dict[str, object] = {}
        for column, cell in zip(header, cells, strict=False):
            if not cell.strip():
                continue
            try:
                fields[column] = _listed(column, cell.strip()) if column in _LISTS else _cell(cell)
            except _TROUBLE:
                yield Mistake(
                    where, column, f"{cell[:40]!r} begins like JSON and is none; mend it, or quote it in a list"
                )
        yield Record(where, fields)


def _rows(text: str, name: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """The rows with something in them, and the lines where they begin. Raises ``UnreadableError``."""
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    begin = 1
    try:
        for cells in rows:
            if any(cell.strip() for cell in cells):
                yield begin, cells
            begin = rows.line_num + 1
    except csv.Error as error:
        raise UnreadableError(at_line(name, begin), f"no table ({error}); mend the quotes of that row") from error


def _listed(column: str, cell: str) -> object:
    if cell.startswith(("[", "{")):
        return json.loads(cell)
    parts = _parts(cell, _SEPARATOR)
    return [{"literal": _parts(part, _WORDINGS)} for part in parts] if column == "facts" else parts


def _parts(cell: str, separator: str) -> list[str]:
    return [part.strip() for part in cell.split(separator) if part.strip()]


def _cell(cell: str) -> object:
    """The cell as it stands, but lists that data frames write as Python or JSON would spell them."""
    if cell.startswith("["):
        for parse in (json.loads, ast.literal_eval):
            with suppress(*_TROUBLE):
                return parse(cell)
    return cell
