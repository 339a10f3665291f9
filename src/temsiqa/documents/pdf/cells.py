"""A table as it stands on a page: cells of lines, and how many rows and columns they span."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from temsiqa.documents.pdf.lines import Line, joined_rows, lines
from temsiqa.documents.pdf.page import Box, Word


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


def placed(place: Box, rows: Iterable[Row], edges: Iterable[float], headers: int) -> PlacedTable:
    """The table of these rows at ``place``."""
    return PlacedTable(place.x0, place.top, place.x1, place.bottom, tuple(rows), tuple(edges), headers)


def lines_of(words: Iterable[Word]) -> tuple[Line, ...]:
    """The lines of a cell, or the rows between two rules."""
    return tuple(line for line in joined_rows(lines(words)) if isinstance(line, Line))
