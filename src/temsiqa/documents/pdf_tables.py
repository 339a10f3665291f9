"""Tables of a page: from ruled grids, and from rows between horizontal rules."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, pairwise

from temsiqa.documents.pdf_layout import Line, joined_rows, lines
from temsiqa.documents.pdf_page import Box, Page, Word

_SNAP = 3.0  # edges closer than this are one
_LONGEST_CELL = 60  # words on average: what holds more is text in a frame
_FEWEST_FILLED = 0.4
_CELL_GAP = 0.6  # in parts of the font size
_REACH = 0.75  # of the distance of two columns: as far a heading stands from the middle of a column below it
_YEAR = re.compile(r"(?:19|20)\d\d")
_VALUE = re.compile(r"[\s\d.,;:()%±<>≤≥=/*†‡–−+-]*(?:N[ADRE])?[a-z]?")


@dataclass(frozen=True)
class PlacedCell:
    """A cell: its lines from top to bottom, and how many rows and columns it spans."""

    lines: tuple[Line, ...] = ()
    rows: int = 1
    columns: int = 1

    @property
    def words(self) -> list[Word]:
        """All its words."""
        return [word for line in self.lines for word in line.words]


Row = tuple[PlacedCell, ...]


@dataclass(frozen=True)
class PlacedTable(Box):
    """A table where it stands. As in HTML a cell stands in the first of the rows and columns that it spans.

    ``edges`` are where its columns begin, ``headers`` how many of its rows head the others.
    """

    rows: tuple[Row, ...]
    edges: tuple[float, ...]
    headers: int


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
    for strips in _between_rules(free, rest):
        table = _from_strips(strips, page.rules)
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
                yield PlacedCell(_lines(inside[number]), len(spans[number][0]), len(spans[number][1]))

    rows = tuple(tuple(cells(row)) for row in range(len(down)))
    return _placed(_frame(grid), rows, across, _header_rows(rows)), outside


def _placed(place: Box, rows: Iterable[Row], edges: Iterable[float], headers: int) -> PlacedTable:
    return PlacedTable(place.x0, place.top, place.x1, place.bottom, tuple(rows), tuple(edges), headers)


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


def _lines(words: Iterable[Word]) -> tuple[Line, ...]:
    return tuple(line for line in joined_rows(lines(words)) if isinstance(line, Line))


def _header_rows(rows: Sequence[Row]) -> int:
    """How many rows head the others: those set in bold, or else the first one and what its cells span.

    A first row that holds a value as the rows below do heads nothing.
    """
    bold = [all(line.all_words("bold") for cell in row for line in cell.lines) for row in rows]
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


@dataclass(frozen=True)
class _Strip(Box):
    """What stands between two rules, line by line."""

    rows: tuple[Line, ...]


def _between_rules(rules: Sequence[Box], words: Sequence[Word]) -> Iterator[list[_Strip]]:
    """Strips that look like parts of one table: two or more on end between rules that begin and end at one place."""
    for _, group in groupby(sorted(rules, key=_extent), key=_extent):
        down = sorted(group, key=lambda rule: rule.top)
        strips = [_strip(above, below, words) for above, below in pairwise(down)]
        for is_tabular, table in groupby(strips, key=_is_tabular):
            found = list(table)
            if is_tabular and len(found) > 1:
                yield found


def _extent(rule: Box) -> tuple[int, int]:
    return round(rule.x0 / _SNAP), round(rule.x1 / _SNAP)


def _strip(above: Box, below: Box, words: Iterable[Word]) -> _Strip:
    place = Box(above.x0 - _SNAP, above.top, above.x1 + _SNAP, below.bottom)
    inside = _lines(word for word in words if place.holds(word))
    return _Strip(above.x0, above.top, above.x1, below.bottom, inside)


def _is_tabular(strip: _Strip) -> bool:
    """Whether most of its rows have gaps in them, or are short: text and captions fill their lines."""
    loose = [row for row in strip.rows if len(_parts(row)) > 1 or row.width < strip.width / 2]
    return len(loose) > len(strip.rows) / 2


def _parts(row: Line) -> list[Line]:
    """The cells of a row: its words, cut at each gap that is wider than a blank."""
    parts: list[list[Word]] = [[row.words[0]]]
    for word in row.words[1:]:
        gap = word.x0 - max(before.x1 for before in parts[-1])
        if gap > _CELL_GAP * row.size:
            parts.append([])
        parts[-1].append(word)
    return [Line.of(part) for part in parts]


def _from_strips(strips: Sequence[_Strip], rules: Sequence[Box]) -> PlacedTable | None:
    """The table of which the first strip is the header."""
    body = [row for strip in strips[1:] for row in strip.rows]
    columns = _columns([*strips[0].rows[-1:], *body])
    if len(columns) < 2 or sum(len(_parts(row)) > 1 for row in body) <= len(body) / 2:
        return None
    heads = [_heading_row(row, columns, rules) for row in strips[0].rows[:-1]]
    heads += [_row(row, columns) for row in strips[0].rows[-1:]]
    rows = [row for strip in strips[1:] for row in _wrapped([_row(line, columns) for line in strip.rows])]
    place = Box(strips[0].x0, strips[0].top, strips[0].x1, strips[-1].bottom)
    return _placed(place, (*heads, *rows), (column.x0 for column in columns), len(heads))


def _columns(rows: Sequence[Line]) -> list[Box]:
    """Where a column begins and ends: no row that has several cells has words across. Others may be subheadings."""
    parts = sorted((part for row in rows if len(_parts(row)) > 1 for part in _parts(row)), key=lambda part: part.x0)
    columns: list[Box] = []
    for part in parts:
        if columns and part.x0 <= columns[-1].x1 + 1:
            columns[-1] = replace(columns[-1], x1=max(part.x1, columns[-1].x1))
        else:
            columns.append(Box(part.x0, part.top, part.x1, part.bottom))
    return columns


def _row(line: Line, columns: Sequence[Box]) -> Row:
    """The cells of a line. What stands under no column belongs to the nearest one, a subheading to the first."""
    parts = _parts(line)
    if len(parts) == 1 and parts[0].x0 < columns[0].x1:
        return PlacedCell((line,)), *[PlacedCell()] * (len(columns) - 1)
    owners: list[Line | None] = [None] * len(columns)
    for part in parts:
        under = [n for n, column in enumerate(columns) if part.x0 < column.x1 and part.x1 > column.x0]
        for number in under or [min(range(len(columns)), key=lambda n: _distance(columns[n], part))]:
            owner = owners[number]
            owners[number] = part if owner is None else Line.of((*owner.words, *part.words))
    return _cells(owners)


def _heading_row(line: Line, columns: Sequence[Box], rules: Sequence[Box]) -> Row:
    """A line of headings that stand over several columns: over those that the rule below them spans, or near ones."""
    parts = _parts(line)
    reach = [next((rule for rule in rules if _underlines(rule, part)), part) for part in parts]
    pitch = (columns[-1].centre[0] - columns[0].centre[0]) / (len(columns) - 1)
    owners: list[Line | None] = []
    for column in columns:
        nearest = min(range(len(parts)), key=lambda n: _distance(reach[n], column))
        owners.append(parts[nearest] if _distance(reach[nearest], column) <= _REACH * pitch else None)
    if parts[0].x0 >= columns[0].x1:
        owners[0] = None
    return _cells(owners)


def _underlines(rule: Box, part: Line) -> bool:
    return -2 <= rule.top - part.base <= part.size and rule.x0 <= part.centre[0] <= rule.x1


def _distance(reach: Box, column: Box) -> float:
    """From the middle of ``column`` to ``reach``, across."""
    middle = column.centre[0]
    return max(reach.x0 - middle, middle - reach.x1, 0.0)


def _cells(owners: Sequence[Line | None]) -> Row:
    """One cell for each column; neighbours that the same words stand over are one that spans them."""
    cells: list[PlacedCell] = []
    for line, columns in groupby(owners):
        count = len(list(columns))
        cells += [PlacedCell((line,), columns=count)] if line else [PlacedCell()] * count
    return tuple(cells)


def _wrapped(rows: Iterable[Row]) -> Iterator[Row]:
    """Rows without a first cell, and first cells that go on in small letters, added to the row above."""
    whole: Row | None = None
    for row in rows:
        if whole is not None and len(row) == len(whole) and _goes_on(row):
            whole = tuple(replace(cell, lines=cell.lines + more.lines) for cell, more in zip(whole, row, strict=True))
            continue
        if whole is not None:
            yield whole
        whole = row
    if whole is not None:
        yield whole


def _goes_on(row: Row) -> bool:
    first = row[0].lines
    return not first or (first[0].text[:1].islower() and not any(cell.lines for cell in row[1:]))
