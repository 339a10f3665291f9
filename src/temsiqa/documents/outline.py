"""What a reader finds in a file, in reading order: pieces, and what the file says about itself.

Texts of pieces are cleaned and on one line each; ``canonical.PAGE_BREAK`` stands for the blank at which a page turns.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from temsiqa.documents.stated import Stated
from temsiqa.model import BlockKind, Reference


@dataclass(frozen=True, slots=True)
class Heading:
    """Opens a section of ``level`` 1 to 6. A first heading of level 1 is the title; one without words only closes."""

    level: int
    title: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text. A caption leads into the table or list that follows it; a byline stays one quotable whole."""

    text: str
    kind: BlockKind = BlockKind.PARAGRAPH


@dataclass(frozen=True, slots=True)
class Item:
    """One item of a list; ``parent`` is the position of the item that it hangs on, None at the top."""

    text: str
    parent: int | None = None


@dataclass(frozen=True, slots=True)
class ItemList:
    """A list, nested lists after the item they hang on; ``first`` is the number that it begins to count from."""

    items: tuple[Item, ...]
    first: int = 1


@dataclass(frozen=True, slots=True)
class Table:
    """A table whose spanning cells were repeated, so that all rows are as wide; ``header`` is empty if it has none."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Pair:
    """A question and its answer."""

    question: str
    answer: str


@dataclass(frozen=True, slots=True)
class ReferenceList:
    """The document's own reference list, where it stands in the text."""

    references: tuple[Reference, ...]


@dataclass(frozen=True, slots=True)
class PageTurn:
    """What follows stands on the next page. Between pieces only; inside a text it is ``PAGE_BREAK``."""


Piece = Heading | Paragraph | ItemList | Table | Pair | ReferenceList | PageTurn


@dataclass(frozen=True, slots=True)
class Outline:
    """One document of a file as its reader saw it.

    ``part`` names it inside a file that holds several, and is empty in others. A ``curated`` text holds literature
    only; in others sales matter, notices and bylines are sorted out.
    """

    pieces: Sequence[Piece]
    stated: Stated
    part: str = ""
    curated: bool = True
