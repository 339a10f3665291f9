"""Words with boxes → lines: which words stand side by side, and what a line of them is like."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from operator import itemgetter

from temsiqa.documents.pdf.glyphs import BULLETS
from temsiqa.documents.pdf.page import Box, Word

# In parts of the font size: gaps as wide as a gutter part columns, those narrower than a blank none.
_GUTTER = 1.0
_BLANK = 0.15
_SAME_LINE = 0.5
_RAISED_SIZE = 0.85
_RAISED_BY = 0.2
_BUCKET = 20.0  # points: only lines about as far down are looked at


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
