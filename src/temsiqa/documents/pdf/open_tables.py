"""Tables as papers have them: rows between rules that run across, with nothing but gaps between the columns."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, pairwise

from temsiqa.documents.pdf.cells import PlacedCell, PlacedTable, Row, lines_of, placed
from temsiqa.documents.pdf.lines import Line
from temsiqa.documents.pdf.page import Box, Word

_SAME_EDGE = 3.0
_CELL_GAP = 0.6  # in parts of the font size
_REACH = 0.75  # of the distance of two columns: as far a heading stands from the middle of a column below it


@dataclass(frozen=True)
class Strip(Box):
    """What stands between two rules, line by line."""

    rows: tuple[Line, ...]


def between_rules(rules: Sequence[Box], words: Sequence[Word]) -> Iterator[list[Strip]]:
    """Strips that look like parts of one table: two or more on end between rules that begin and end at one place."""
    for _, group in groupby(sorted(rules, key=_extent), key=_extent):
        down = sorted(group, key=lambda rule: rule.top)
        strips = [_strip(above, below, words) for above, below in pairwise(down)]
        for is_tabular, table in groupby(strips, key=_is_tabular):
            found = list(table)
            if is_tabular and len(found) > 1:
                yield found


def _extent(rule: Box) -> tuple[int, int]:
    return round(rule.x0 / _SAME_EDGE), round(rule.x1 / _SAME_EDGE)


def _strip(above: Box, below: Box, words: Iterable[Word]) -> Strip:
    place = Box(above.x0 - _SAME_EDGE, above.top, above.x1 + _SAME_EDGE, below.bottom)
    inside = lines_of(word for word in words if place.holds(word))
    return Strip(above.x0, above.top, above.x1, below.bottom, inside)


def _is_tabular(strip: Strip) -> bool:
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


def from_strips(strips: Sequence[Strip], rules: Sequence[Box]) -> PlacedTable | None:
    """The table of which the first strip is the header."""
    body = [row for strip in strips[1:] for row in strip.rows]
    columns = _columns([*strips[0].rows[-1:], *body])
    if len(columns) < 2 or sum(len(_parts(row)) > 1 for row in body) <= len(body) / 2:
        return None
    heads = [_heading_row(row, columns, rules) for row in strips[0].rows[:-1]]
    heads += [_row(row, columns) for row in strips[0].rows[-1:]]
    rows = [row for strip in strips[1:] for row in _wrapped([_row(line, columns) for line in strip.rows])]
    place = Box(strips[0].x0, strips[0].top, strips[0].x1, strips[-1].bottom)
    return placed(place, (*heads, *rows), (column.x0 for column in columns), len(heads))


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
