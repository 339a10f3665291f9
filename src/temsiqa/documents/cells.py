"""Cells that span rows and columns → a table in which every row is as wide."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import takewhile

from temsiqa.documents.outline import Table

_MOST_CELLS = 200_000
_WIDEST_SPAN = 1000  # as in browsers


@dataclass
class Cell:
    """A cell as a file has it: its text, how many rows and columns it spans, and whether it heads others."""

    text: str
    rows: int = 1
    columns: int = 1
    heading: bool = False


@dataclass
class _Grid:
    """The cell at each row and column; ``begins`` are the columns at which a cell begins: a table has no others."""

    rows: list[dict[int, Cell]]
    begins: set[int]


def check_size(cells: int) -> None:
    """Raises ``ValueError`` when a table has more than 200,000 cells."""
    if cells > _MOST_CELLS:
        raise ValueError(f"a table of {cells:,} cells or more; at most {_MOST_CELLS:,} are read; cut it into several")


def as_table(rows: Sequence[Sequence[Cell]]) -> Table:
    """The table of ``rows``: a spanning cell is repeated wherever it reaches, a short row is filled with empty cells.

    The leading rows that hold headings only are its header, joined cell by cell. Spans end where the table ends. Raises
    ``ValueError`` when it has more than 200,000 cells.
    """
    grid = _grid(rows)
    columns = sorted(grid.begins)
    check_size(len(grid.rows) * len(columns))
    texts = [tuple(row[column].text if column in row else "" for column in columns) for row in grid.rows]
    heads = _header_rows(grid)
    header = tuple(_joined(column) for column in zip(*texts[:heads], strict=True))
    return Table(header, tuple(texts[heads:]))


def _grid(rows: Sequence[Sequence[Cell]]) -> _Grid:
    """Each cell at the first free column of its row, as browsers place it, and wherever else it reaches."""
    grid = _Grid([{} for _ in rows], set())
    size = 0
    for number, row in enumerate(rows):
        column = 0
        for cell in row:
            while column in grid.rows[number]:
                column += 1
            grid.begins.add(column)
            reach = range(column, column + min(max(cell.columns, 1), _WIDEST_SPAN))
            below = grid.rows[number : number + max(cell.rows, 1)]
            size += len(reach) * len(below)
            check_size(size)
            for covered in below:
                for place in reach:
                    covered.setdefault(place, cell)
    return grid


def _header_rows(grid: _Grid) -> int:
    """How many leading rows head the others; a heading over the full width heads what is below it, not the columns."""
    heads = len(list(takewhile(lambda row: _heads_columns(row, grid), grid.rows)))
    return heads if heads < len(grid.rows) else min(1, len(grid.rows) - 1) if heads else 0


def _heads_columns(row: dict[int, Cell], grid: _Grid) -> bool:
    told = {id(cell): cell for cell in row.values() if cell.text}
    is_subheading = len(told) == 1 and len(row) > 1 and row is not grid.rows[0]
    return bool(told) and not is_subheading and all(cell.heading for cell in told.values())


def _joined(texts: Sequence[str]) -> str:
    """Header cells that stand above one another; one that spans rows is said once."""
    return " ".join(dict.fromkeys(text for text in texts if text))
