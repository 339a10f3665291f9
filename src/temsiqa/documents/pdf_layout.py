"""Words with boxes → lines in reading order: which stand side by side, in which column, and what crosses columns."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from operator import itemgetter

from temsiqa.documents.pdf_glyphs import BULLETS
from temsiqa.documents.pdf_page import Box, Word

# In parts of the font size: gaps as wide as a gutter part columns, those narrower than a blank none.
_GUTTER = 1.0
_BLANK = 0.15
_SAME_LINE = 0.5
_RAISED_SIZE = 0.85
_RAISED_BY = 0.2
_BUCKET = 20.0  # points: only lines about as far down are looked at
_FEWEST_ROWS = 4
_MOST_TRIED = 5
_FEWEST_BOXES = 8
_MOST_CROSSING = 0.1
_NARROWEST_COLUMN = 0.22  # of what is cut into columns
_EMPTIEST_COLUMN = 0.45  # of its width that its lines fill, or it is a column of a table
_LONG_RULE = 0.6


@dataclass(frozen=True)
class Line(Box):
    """Words side by side, from left to right."""

    words: tuple[Word, ...]

    @staticmethod
    def of(words: Iterable[Word]) -> Line:
        """The line of ``words``, of which there is at least one."""
        row = sorted(words, key=lambda word: word.x0)
        return Line(row[0].x0, min(w.top for w in row), max(w.x1 for w in row), max(w.bottom for w in row), tuple(row))

    @cached_property
    def _main(self) -> tuple[float, float]:
        """Size and lower edge of most of its characters."""
        found = Counter[tuple[float, float]]()
        for word in self.words:
            found[word.size, round(word.bottom, 1)] += len(word.text)
        return max(found, key=lambda key: (found[key], key))

    @property
    def size(self) -> float:
        """The size that most of its characters are set in."""
        return self._main[0]

    @property
    def base(self) -> float:
        """Where the boxes of its main characters end; raised ones end above."""
        return self._main[1]

    @cached_property
    def text(self) -> str:
        """Its words, with a blank wherever there is a gap."""
        return "".join(chain.from_iterable(self.spaced()))

    def spaced(self) -> Iterator[tuple[str, str]]:
        """Each word with the blank before it, if there is one."""
        before: Word | None = None
        for word in self.words:
            gap = 0.0 if before is None else word.x0 - before.x1
            is_apart = before is not None and (word.parted or gap > _BLANK * min(word.size, before.size))
            yield " " if is_apart else "", word.text
            before = word

    def is_raised(self, word: Word) -> bool:
        """Whether it is set smaller and higher than the others."""
        return word.size < _RAISED_SIZE * self.size and word.bottom < self.base - _RAISED_BY * self.size

    @property
    def has_bullet(self) -> bool:
        """Whether it begins with a bullet and a gap after it."""
        first, second = self.words[0], self.words[1] if len(self.words) > 1 else None
        is_apart = second is None or second.parted or second.x0 - first.x1 > _BLANK * first.size
        return first.text in BULLETS and is_apart and not self.is_raised(first)

    @cached_property
    def is_bold(self) -> bool:
        """Whether all of it is bold; marks and bullets do not count."""
        told = self._told
        return bool(told) and all(word.bold for word in told)

    @cached_property
    def is_italic(self) -> bool:
        """Whether all of it is slanted; marks and bullets do not count."""
        told = self._told
        return bool(told) and all(word.italic for word in told)

    @property
    def _told(self) -> list[Word]:
        return [word for word in self.words if any(map(str.isalnum, word.text)) and not self.is_raised(word)]


def main_size(lines: Iterable[Line]) -> float:
    """The size in which most of the text is set, 0 if there is none."""
    sizes = Counter[float]()
    for line in lines:
        sizes[line.size] += len(line.text)
    return max(sizes, key=lambda size: (sizes[size], size), default=0.0)


def lines(words: Iterable[Word]) -> list[Line]:
    """Words of one line that no wide gap parts, put together; in no particular order."""
    beside: dict[int, list[_Run]] = defaultdict(list)
    runs: list[_Run] = []
    for word in sorted(words, key=lambda word: (word.x0, word.top)):
        row = round(word.centre[1] / _BUCKET)
        near = [run for bucket in (row - 1, row, row + 1) for run in beside.get(bucket, ()) if run.takes(word)]
        run = max(near, key=lambda run: run.tallest.shared_height(word), default=None)
        if run is None:
            run = _Run([], word, word.x1)
            runs.append(run)
            beside[row].append(run)
        run.add(word)
    return [Line.of(run.words) for run in runs]


@dataclass
class _Run:
    """A line that grows to the right; ``tallest`` is its largest word, beside which all others stand."""

    words: list[Word]
    tallest: Word
    end: float

    def takes(self, word: Word) -> bool:
        size = max(self.tallest.size, word.size)
        is_near = -min(self.tallest.size, word.size) < word.x0 - self.end <= _GUTTER * size
        return is_near and self.tallest.shared_height(word) >= _SAME_LINE

    def add(self, word: Word) -> None:
        self.words.append(word)
        self.end = max(self.end, word.x1)
        if word.size > self.tallest.size:
            self.tallest = word


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
    return _without_one_sided(bands, gutter)


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


def joined_rows(boxes: Sequence[Box]) -> list[Box]:
    """Lines that stand beside one another made one; a list set in columns keeps its items apart."""
    rows: list[list[Line]] = []
    for line in sorted((box for box in boxes if isinstance(box, Line)), key=lambda line: line.base):
        if rows and line.base - rows[-1][0].base <= _SAME_LINE * min(line.size, rows[-1][0].size):
            rows[-1].append(line)
        else:
            rows.append([line])
    placed = [(box.bottom, box) for box in boxes if not isinstance(box, Line)]
    placed += [(row[0].base, item) for row in rows for item in _items(row)]
    return [box for _, box in sorted(placed, key=itemgetter(0))]


def _items(row: Iterable[Line]) -> Iterator[Line]:
    """A row from left to right, cut before each bullet."""
    words: list[Word] = []
    for part in sorted(row, key=lambda part: part.x0):
        if words and part.has_bullet:
            yield Line.of(words)
            words = []
        words += part.words
    yield Line.of(words)
