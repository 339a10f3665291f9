"""What a PDF is made of between lines and pieces: columns of a page, and the parts that lines belong to."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum, auto
from functools import cached_property

from temsiqa.documents.pdf.cells import PlacedTable
from temsiqa.documents.pdf.lines import Line
from temsiqa.documents.pdf.marks import Marker, has_note_mark
from temsiqa.documents.pdf.page import Box

_SMALLER = 0.95  # than the text: a footnote
_ORNAMENT = re.compile(r"^[-–—_=*\s]{4,}|[-–—_=*\s]{4,}$")


class Kind(Enum):
    """What a part is."""

    HEADING = auto()
    TEXT = auto()
    ITEM = auto()
    CAPTION = auto()
    NOTE = auto()
    TABLE = auto()
    REFERENCE = auto()


@dataclass(frozen=True)
class Column:
    """What is read of a page from top to bottom, with the rules of the page.

    ``size`` is the main size of the text of the page, ``large`` that of a heading.
    """

    page: int
    boxes: Sequence[Box]
    size: float
    large: float
    rules: Sequence[Box] = ()

    @cached_property
    def lines(self) -> list[Line]:
        """Its lines without its tables."""
        return [box for box in self.boxes if isinstance(box, Line)]

    @cached_property
    def left(self) -> float:
        """Where its lines begin."""
        return min((line.x0 for line in self.lines), default=0.0)

    @cached_property
    def right(self) -> float:
        """Where its lines end."""
        return max((line.x1 for line in self.lines), default=0.0)

    def underlines(self, line: Line) -> bool:
        """Whether a rule runs below all of ``line`` and no further."""
        return any(
            abs(rule.x0 - line.x0) <= line.size / 2
            and abs(rule.x1 - line.x1) <= line.size / 2
            and -line.size / 2 <= rule.top - line.base <= 2
            for rule in self.rules
        )

    def has_room(self, line: Line, after: Line) -> bool:
        """Whether the first word of ``after`` would have fitted behind ``line``, which was then broken on purpose."""
        word = after.words[0]
        return line.x1 + word.width + line.size < self.right

    @cached_property
    def notes(self) -> int:
        """The number of the box with which its footnotes begin: small lines at its end, the first one with a mark."""
        start = len(self.boxes)
        for number in range(len(self.boxes) - 1, -1, -1):
            box = self.boxes[number]
            if not isinstance(box, Line) or box.size >= _SMALLER * self.size:
                break
            if has_note_mark(box):
                start = number
        return start


@dataclass(frozen=True)
class Part:
    """Lines that belong together, or a table."""

    kind: Kind
    column: Column
    lines: tuple[Line, ...] = ()
    marker: Marker | None = None
    table: PlacedTable | None = None

    @cached_property
    def text(self) -> str:
        """Its words, by which it is told what it is."""
        return plain_heading(" ".join(line.text for line in self.lines))


def plain_heading(text: str) -> str:
    """A heading without the rows of dashes around it."""
    return _ORNAMENT.sub("", text).strip()


def is_capitals(text: str) -> bool:
    """Whether it is set in capital letters, a few of them at least."""
    return text.isupper() and sum(c.isalpha() for c in text) >= 4
