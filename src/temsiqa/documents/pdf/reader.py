"""PDF → outline: the text layer in reading order, with its tables, lists, notes and references, page by page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import chain

from temsiqa.documents.outline import Outline, Piece, ReferenceList
from temsiqa.documents.pdf.blocks import parts
from temsiqa.documents.pdf.captions import arranged
from temsiqa.documents.pdf.flow import Flow
from temsiqa.documents.pdf.furniture import without_furniture
from temsiqa.documents.pdf.glyphs import UNKNOWN
from temsiqa.documents.pdf.headings import levels, title_of, without_contents
from temsiqa.documents.pdf.layout import gutter_of, regions
from temsiqa.documents.pdf.lines import Line, lines, main_size
from temsiqa.documents.pdf.marks import entry_number
from temsiqa.documents.pdf.page import Box, Page, read_pages
from temsiqa.documents.pdf.parts import Column, Kind, Part
from temsiqa.documents.pdf.prose import Prose
from temsiqa.documents.pdf.references import told_apart
from temsiqa.documents.pdf.stated import stated
from temsiqa.documents.pdf.tables import split_tables
from temsiqa.errors import DocumentError

_LARGER = 1.15  # than the text: a heading
_HARDLY_SMALLER = 0.9  # than most of the document: text of a page that is not set in small print
_MOST_UNKNOWN = 0.2
_LARGEST_FIGURE = 0.5  # of the page: a larger picture is what was scanned, with its text over it
_FEWEST_WORDS = 6
_SAME_GUTTER = 12.0


def read_pdf(data: bytes, name: str) -> Iterator[Outline | DocumentError]:
    """The outline of a PDF, ``PAGE_BREAK`` and ``PageTurn`` where its pages turn.

    Raises ``DocumentError`` when it is damaged or encrypted, or holds no text that can be read.
    """
    read = read_pages(data, name)
    notes = tuple(_notes(read.pages, name))
    columns = list(_columns(read.pages))
    found = arranged(without_contents(list(parts(columns))))
    title = title_of(found)
    prose = Prose(chain.from_iterable(lines(page.words) for page in read.pages), _cited(found))
    pieces = Flow(prose, levels(found, title)).pieces(found, len(read.pages))
    first = [line.text for column in columns if column.page == 1 for line in column.lines]
    first += [line.text for line in lines(read.pages[0].words)]
    heading = prose.text(title.lines) if title else None
    yield Outline(tuple(_told_apart(pieces)), stated(read.info, first, heading, notes), curated=False)


def _notes(pages: Sequence[Page], name: str) -> Iterator[str]:
    """What of the file cannot be read. Raises ``DocumentError`` when that is all of it."""
    empty = [page.number for page in pages if not page.words]
    if len(empty) == len(pages):
        holds = "images only, no text" if any(page.pictures for page in pages) else "no text"
        raise DocumentError(f"{name}: holds {holds}; run text recognition (OCR) on it first")
    characters = sum(len(word.text) for page in pages for word in page.words)
    unknown = sum(word.text.count(UNKNOWN) for page in pages for word in page.words)
    if unknown > _MOST_UNKNOWN * characters:
        raise DocumentError(f"{name}: its fonts do not tell which letters they show; run text recognition (OCR) on it")
    if empty:
        numbers = ", ".join(map(str, empty))
        yield f"page {numbers} holds no text" if len(empty) == 1 else f"pages {numbers} hold no text"
    if unknown:
        yield f"{unknown} characters of which the file does not tell the meaning stand as {UNKNOWN}"


def _columns(pages: Sequence[Page]) -> Iterator[Column]:
    """The columns of all pages in reading order, without furniture and figures."""
    split = [split_tables(page) for page in pages]
    loose = [lines(words) for _, words in split]
    kept = without_furniture([(page.height, found) for page, found in zip(pages, loose, strict=True)])
    usual = _HARDLY_SMALLER * main_size(chain.from_iterable(kept))
    texts = [[line for line in found if not _is_in_figure(line, page)] for page, found in zip(pages, kept, strict=True)]
    boxes = [[*found, *tables] for found, (tables, _) in zip(texts, split, strict=True)]
    gutters = _gutters(boxes)
    for page, found, placed, gutter in zip(pages, texts, boxes, gutters, strict=True):
        size = main_size(found)
        for region in regions(placed, page.rules, gutter):
            kept_boxes = [box for box in region if not isinstance(box, Line) or any(map(str.isalnum, box.text))]
            yield Column(page.number, kept_boxes, size, _LARGER * max(size, usual), page.rules)


def _gutters(pages: Sequence[Sequence[Box]]) -> list[float | None]:
    """The gutter of each page; where none is found that of most pages, if most have one: a last page may be short."""
    found = [gutter_of(boxes) for boxes in pages]
    places = Counter(round(gutter / _SAME_GUTTER) for gutter in found if gutter is not None)
    place, count = places.most_common(1)[0] if places else (0, 0)
    if 2 * count < len(pages):
        return found
    usual = next(gutter for gutter in found if gutter is not None and round(gutter / _SAME_GUTTER) == place)
    return [usual if gutter is None else gutter for gutter in found]


def _is_in_figure(line: Line, page: Page) -> bool:
    """Whether it is one of the few words that stand in a picture."""
    largest = _LARGEST_FIGURE * page.width * page.height
    figures = (picture for picture in page.pictures if picture.width * picture.height <= largest)
    return len(line.text.split()) < _FEWEST_WORDS and any(figure.holds(line) for figure in figures)


def _cited(found: Sequence[Part]) -> set[str]:
    """The numbers of the reference list, which count from 1."""
    count = 0
    for part in found:
        count += part.kind is Kind.REFERENCE and entry_number(part.text) == count + 1
    return {str(number) for number in range(1, count + 1)}


def _told_apart(pieces: Sequence[Piece]) -> Iterator[Piece]:
    """``pieces`` with a marker of its own for each reference."""
    listed = told_apart([r for piece in pieces if isinstance(piece, ReferenceList) for r in piece.references])
    for piece in pieces:
        if isinstance(piece, ReferenceList):
            yield replace(piece, references=tuple(next(listed) for _ in piece.references))
        else:
            yield piece
