"""Lines and tables of a page → columns in reading order: what stands beside what, and what crosses columns."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from temsiqa.documents.pdf.lines import Line, joined_rows
from temsiqa.documents.pdf.marks import has_label
from temsiqa.documents.pdf.page import Box

_SAME_LINE = 0.5  # of the height of the lower of two boxes: what they share when they stand side by side
_FEWEST_ROWS = 4
_FEWEST_BOXES = 8
_MOST_CROSSING = 0.1
_MOST_TRIED = 5
_NARROWEST_COLUMN = 0.22  # of what is cut into columns
_EMPTIEST_COLUMN = 0.45  # of its width that its lines fill, or it is a column of a table
_LONG_RULE = 0.6


def regions(boxes: Sequence[Box], rules: Sequence[Box] = (), gutter: float | None = None) -> Iterator[list[Box]]:
    """The columns of a page in reading order, each with its boxes from top to bottom, the parts of a line joined.

    What crosses the gutter between two columns (a title, a wide table, a long rule) parts what is above from what is
    below it: above it is read whole, both columns of it, before what is below. Without a ``gutter`` it is looked for.
    """
    if not boxes:
        return
    between = gutter_of(boxes) if gutter is None else gutter
    if between is None:
        yield joined_rows(boxes)
        return
    for band in _bands(boxes, rules, between):
        if band.is_columns:
            yield from regions(band.left(between), rules)
            yield from regions(band.right(between), rules)
        elif len(band.boxes) < len(boxes):
            yield from regions(band.boxes, rules)
        else:
            yield joined_rows(band.boxes)


@dataclass
class _Band:
    """Boxes from top to bottom that all stand on one side of a gutter, or none of which does by itself."""

    boxes: list[Box]
    is_columns: bool

    def left(self, gutter: float) -> list[Box]:
        return [box for box in self.boxes if box.x1 <= gutter + 1]

    def right(self, gutter: float) -> list[Box]:
        return [box for box in self.boxes if box.x1 > gutter + 1]


def gutter_of(boxes: Sequence[Box]) -> float | None:
    """Where a column ends and the next one begins; None where there are no two columns.

    It is looked for left of the boxes that begin after a gap: it runs through more gaps there than anywhere else. Few
    gaps are enough where hardly anything crosses them: the second column of a last page may be short.
    """
    if not boxes:
        return None
    left, right = min(box.x0 for box in boxes), max(box.x1 for box in boxes)
    margin = _NARROWEST_COLUMN * (right - left)
    gaps = [gap for gap in _gaps(boxes) if left + margin <= gap[1].x0 <= right - margin]
    support = Counter({x: _rows_at(x, gaps) for x in {after.x0 - 1 for _, after in gaps}})
    likely = (x for x, _ in support.most_common(_MOST_TRIED))
    return next((x for x in likely if _parts_columns(boxes, x, left, right)), None)


def _gaps(boxes: Sequence[Box]) -> list[tuple[Box, Box]]:
    """Each box with the next one beside it, seen from either of them."""
    pairs: dict[tuple[int, int], tuple[Box, Box]] = {}
    for box in boxes:
        beside = [other for other in boxes if other.shared_height(box) >= _SAME_LINE]
        before = max((other for other in beside if other.x1 <= box.x0), key=lambda other: other.x1, default=None)
        after = min((other for other in beside if other.x0 >= box.x1), key=lambda other: other.x0, default=None)
        if before is not None:
            pairs[id(before), id(box)] = before, box
        if after is not None:
            pairs[id(box), id(after)] = box, after
    return list(pairs.values())


def _rows_at(x: float, gaps: Sequence[tuple[Box, Box]]) -> int:
    """How many lines have a gap at ``x``, on the side that has more of them: a table may stand beside many lines."""
    around = [(id(before), id(after)) for before, after in gaps if before.x1 <= x <= after.x0]
    return max(len({before for before, _ in around}), len({after for _, after in around}))


def _parts_columns(boxes: Sequence[Box], gutter: float, left: float, right: float) -> bool:
    """Whether columns stand beside it: of several lines, which fill them, as those of a table without rules do not."""
    columns = [(band.left(gutter), band.right(gutter)) for band in _bands(boxes, (), gutter) if band.is_columns]
    crossing = sum(box.x0 < gutter - 1 and box.x1 > gutter + 1 for box in boxes)
    is_clear = len(boxes) >= _FEWEST_BOXES and crossing <= _MOST_CROSSING * len(boxes)
    if not columns or not (is_clear or any(max(map(len, sides)) >= _FEWEST_ROWS for sides in columns)):
        return False
    before = sorted((box.x1 - left) / (gutter - left) for sides in columns for box in sides[0])
    after = sorted((box.x1 - gutter) / (right - gutter) for sides in columns for box in sides[1])
    return all(fills[len(fills) // 2] >= _EMPTIEST_COLUMN for fills in (before, after))


def _bands(boxes: Sequence[Box], rules: Sequence[Box], gutter: float) -> list[_Band]:
    """From top to bottom what stands in columns, and what crosses them or has nothing beside it."""
    crossing = [box for box in boxes if box.x0 < gutter - 1 and box.x1 > gutter + 1]
    width = max(box.x1 for box in boxes) - min(box.x0 for box in boxes)
    long = [r.top for r in rules if r.width >= _LONG_RULE * width and r.x0 < gutter < r.x1]
    bands: list[_Band] = []
    end = 0.0
    for box in sorted(boxes, key=lambda box: (box.top, box.x0)):
        is_columns = not any(box is other or box.shared_height(other) >= _SAME_LINE for other in crossing)
        is_parted = any(end <= rule <= box.centre[1] for rule in long)
        if not bands or is_columns != bands[-1].is_columns or is_parted:
            bands.append(_Band([], is_columns))
        bands[-1].boxes.append(box)
        end = box.centre[1]
    return _without_one_sided(_with_captions(bands), gutter)


def _with_captions(bands: list[_Band]) -> list[_Band]:
    """A short caption above a wide table stands in one column as it seems, and belongs to the table."""
    for band, after in pairwise(bands):
        last = band.boxes[-1]
        if band.is_columns and not after.is_columns and isinstance(last, Line) and has_label(last):
            after.boxes.insert(0, band.boxes.pop())
    return [band for band in bands if band.boxes]


def _without_one_sided(bands: list[_Band], gutter: float) -> list[_Band]:
    """Short lines between long ones do not make a column."""
    joined: list[_Band] = []
    for band in bands:
        is_columns = band.is_columns and bool(band.left(gutter)) and bool(band.right(gutter))
        if joined and not is_columns and not joined[-1].is_columns:
            joined[-1].boxes += band.boxes
        else:
            joined.append(_Band(band.boxes, is_columns))
    return joined
