"""Tables of a page: from ruled grids, and from rows between horizontal rules."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence

from temsiqa.documents.pdf.cells import PlacedCell, PlacedTable, Row, lines_of, placed
from temsiqa.documents.pdf.open_tables import between_rules, from_strips
from temsiqa.documents.pdf.page import Box, Page, Word

_SNAP = 3.0  # edges closer than this are one
_LONGEST_CELL = 60  # words on average: what holds more is text in a frame
_FEWEST_FILLED = 0.4
_YEAR = re.compile(r"(?:19|20)\d\d")
_VALUE = re.compile(r"[\s\d.,;:()%±<>≤≥=/*†‡–−+-]*(?:N[ADRE])?[a-z]?")


def split_tables(page: Page) -> tuple[list[PlacedTable], list[Word]]:
    """The tables of a page, and the words that stand in none of them."""
    tables: list[PlacedTable] = []
    rest = list(page.words)
    for grid in page.grids:
        table, outside = _from_grid(grid, rest)
        if table is not None and _is_table(table):
            tables.append(table)
            rest = outside
    free = [rule for rule in page.rules if not any(_frame(grid).holds(rule) for grid in page.grids)]
    for strips in between_rules(free, rest):
        table = from_strips(strips, page.rules)
        if table is not None and _is_table(table):
            tables.append(table)
            rest = [word for word in rest if not table.holds(word)]
    return tables, rest


def _is_table(table: PlacedTable) -> bool:
    """Whether it has rows, columns and short cells; a frame around running text has none of these."""
    cells = [cell for row in table.rows for cell in row]
    filled = [cell for cell in cells if cell.lines]
    is_filled = len(filled) >= max(3, _FEWEST_FILLED * len(cells))
    is_short = sum(len(cell.words) for cell in filled) <= _LONGEST_CELL * len(filled)
    return len(table.rows) > 1 and len(table.edges) > 1 and is_filled and is_short


def _from_grid(grid: Sequence[Box], words: Iterable[Word]) -> tuple[PlacedTable | None, list[Word]]:
    """The table of ruled cells, and the words outside of them."""
    across, down = _edges(cell.x0 for cell in grid), _edges(cell.top for cell in grid)
    if len(across) < 2 or len(down) < 2:
        return None, []
    spans = [(_reach(down, cell.top, cell.bottom), _reach(across, cell.x0, cell.x1)) for cell in grid]
    covering = {(row, column): n for n, (rows, columns) in enumerate(spans) for row in rows for column in columns}
    inside: dict[int, list[Word]] = {n: [] for n in range(len(grid))}
    outside: list[Word] = []
    for word in words:
        x, y = word.centre
        place = (bisect_right(down, y) - 1, bisect_right(across, x) - 1)
        number = covering.get(place, -1)
        (inside[number] if number >= 0 and grid[number].holds(word) else outside).append(word)

    def cells(row: int) -> Iterator[PlacedCell]:
        for column in range(len(across)):
            number = covering.get((row, column))
            if number is None:
                yield PlacedCell()
            elif (row, column) == (spans[number][0].start, spans[number][1].start):
                yield PlacedCell(lines_of(inside[number]), len(spans[number][0]), len(spans[number][1]))

    rows = tuple(tuple(cells(row)) for row in range(len(down)))
    return placed(_frame(grid), rows, across, _header_rows(rows)), outside


def _frame(grid: Sequence[Box]) -> Box:
    return Box(
        min(cell.x0 for cell in grid) - _SNAP,
        min(cell.top for cell in grid) - _SNAP,
        max(cell.x1 for cell in grid) + _SNAP,
        max(cell.bottom for cell in grid) + _SNAP,
    )


def _edges(values: Iterable[float]) -> list[float]:
    """Where cells begin; what lies within a line's width of another is the same edge."""
    edges: list[float] = []
    for value in sorted(values):
        if not edges or value - edges[-1] > _SNAP:
            edges.append(value)
    return edges


def _reach(edges: Sequence[float], start: float, end: float) -> range:
    """The numbers of the edges from ``start`` to before ``end``."""
    first = max(bisect_right(edges, start) - 1, 0)
    return range(first, max(bisect_right(edges, end - _SNAP), first + 1))


def _header_rows(rows: Sequence[Row]) -> int:
    """How many rows head the others: those set in bold, or else the first one and what its cells span.

    A first row that holds a value as the rows below do heads nothing.
    """
    bold = [all(line.is_bold for cell in row for line in cell.lines) for row in rows]
    if bold[0] and not all(bold):
        return bold.index(False)
    if any(map(_is_value, rows[0])) and any(_is_value(cell) for row in rows[1:] for cell in row):
        return 0
    width = sum(cell.columns for cell in rows[0])
    spanned = 2 if any(1 < cell.columns < width for cell in rows[0]) else 1
    return min(max(spanned, *(cell.rows for cell in rows[0])), len(rows) - 1)


def _is_value(cell: PlacedCell) -> bool:
    text = " ".join(line.text for line in cell.lines)
    return any(c.isdigit() for c in text) and bool(_VALUE.fullmatch(text)) and not _YEAR.fullmatch(text)
