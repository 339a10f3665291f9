"""Running heads, running feet and page numbers: what stands at the same place of near pages, figures aside."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, takewhile

from temsiqa.documents.pdf.lines import Line, main_size

_ZONE = 0.11  # of the height of the page, from its upper and from its lower edge
_SAME_PLACE = 3.0
_NEAR = 2  # pages: left and right ones may differ
_MOST_BEYOND = 3  # rows between the edge and a running one that stand on one page only, such as a copyright notice
_LARGEST = 1.2  # of the main size: what is larger is the title of a slide or of a chapter
_NUMBER = re.compile(r"(?:page )?[-–—]? ?(?:\d{1,4}|[ivxl]{1,6}) ?[-–—]?(?: ?(?:of|/) ?\d{1,4})?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Edge:
    """A line near the upper or lower edge of a page, and how far from it."""

    line: Line
    page: int
    away: float

    @property
    def words(self) -> str:
        """What is the same on other pages."""
        return re.sub(r"\d+", "#", self.line.text.casefold())


def without_furniture(pages: Sequence[tuple[float, Sequence[Line]]]) -> list[list[Line]]:
    """The lines of each page, which comes with its height, without running heads, running feet and page number."""
    largest = _LARGEST * main_size(line for _, lines in pages for line in lines)
    heads, feet = [], []
    for number, (height, lines) in enumerate(pages):
        near = _ZONE * height
        heads += [_Edge(line, number, line.top) for line in lines if line.bottom <= near]
        feet += [_Edge(line, number, height - line.bottom) for line in lines if line.top >= height - near]
    gone = {id(line) for edges in (heads, feet) for line in _running(edges, largest)}
    return [[line for line in lines if id(line) not in gone] for _, lines in pages]


def _running(edges: Sequence[_Edge], largest: float) -> Iterator[Line]:
    """The rows of each page, from its edge inwards, up to the last one in sequence that runs through the pages."""
    same: dict[str, list[_Edge]] = defaultdict(list)
    for edge in edges:
        same[edge.words].append(edge)
    for _, page in groupby(edges, key=lambda edge: edge.page):
        rows = _rows(page)
        runs = [any(edge.line.size <= largest and _is_running(edge, same[edge.words]) for edge in row) for row in rows]
        runs[:1] = [runs[0] or _is_number(rows[0])]
        first = runs.index(True) if True in runs else len(rows)
        if first < len(rows) and first <= _MOST_BEYOND:
            last = first + len(list(takewhile(bool, runs[first:])))
            yield from (edge.line for row in rows[:last] for edge in row)


def _rows(page: Iterable[_Edge]) -> list[list[_Edge]]:
    """The lines of one page and edge, those at one height together, the outermost first."""
    rows: list[list[_Edge]] = []
    for edge in sorted(page, key=lambda edge: edge.away):
        if rows and edge.away - rows[-1][0].away <= _SAME_PLACE:
            rows[-1].append(edge)
        else:
            rows.append([edge])
    return rows


def _is_running(edge: _Edge, same: Iterable[_Edge]) -> bool:
    return any(map(str.isalnum, edge.line.text)) and any(
        0 < abs(other.page - edge.page) <= _NEAR and abs(other.away - edge.away) <= _SAME_PLACE for other in same
    )


def _is_number(row: Sequence[_Edge]) -> bool:
    return len(row) == 1 and bool(_NUMBER.fullmatch(row[0].line.text))
