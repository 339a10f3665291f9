"""PDF bytes → pages: words with boxes, rules, ruled grids and pictures as they stand on paper.

The one module that talks to pdfplumber. Lengths are points; places count from the top left corner of the page.
"""

from __future__ import annotations

import io
import logging
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

import pdfplumber
from pdfminer.pdfdocument import PDFPasswordIncorrect
from pdfplumber.page import Page as PlumberPage
from pdfplumber.utils.text import extract_words

from temsiqa.documents.canonical import clean, one_line
from temsiqa.documents.pdf.glyphs import resolved
from temsiqa.errors import DocumentError

_BOLD = re.compile(r"bold|black|heavy|demi|medi(?![a-z])|cmbx|[-,]bd", re.IGNORECASE)
_ITALIC = re.compile(r"ital|obli|slant|cmti|-it(?![a-z])", re.IGNORECASE)
_EDGES = itemgetter("x0", "top", "x1", "bottom")
_WIDEST_GAP_IN_WORD = 0.15  # in parts of the font size: TeX closes the blanks of a full line to 0.22
_SMALLEST_TEXT = 2.0
_ASIDE = 0.1  # of the font size: less than any letter is wide
_NEAR = 4.0
_THICKEST_RULE = 3.0
_SHORTEST_RULE = 10.0
_ACCENTS = dict(
    zip("´`¨ˆ˜˝ˇ¸˘¯˚˙˛", "\u0301\u0300\u0308\u0302\u0303\u030b\u030c\u0327\u0306\u0304\u030a\u0307\u0328", strict=True)
)
_MOST_EDGES = 10_000  # looking for tables among more, or among as many crossings, takes minutes: it is a drawing
_MOST_CROSSINGS = 4_000

# It tells of each odd font, which nobody who reads a folder of files can do anything about.
logging.getLogger("pdfminer").setLevel(logging.CRITICAL)


@dataclass(frozen=True, slots=True)
class Box:
    """A place on a page, in points from its top left corner."""

    x0: float
    top: float
    x1: float
    bottom: float

    @property
    def width(self) -> float:
        """From left to right."""
        return self.x1 - self.x0

    @property
    def height(self) -> float:
        """From top to bottom."""
        return self.bottom - self.top

    @property
    def centre(self) -> tuple[float, float]:
        """Its middle, across and down."""
        return (self.x0 + self.x1) / 2, (self.top + self.bottom) / 2

    def holds(self, other: Box) -> bool:
        """Whether the middle of ``other`` lies in it."""
        x, y = other.centre
        return self.x0 <= x <= self.x1 and self.top <= y <= self.bottom

    def shared_height(self, other: Box) -> float:
        """How much of the lower of the two stands beside the other: 0 nothing, 1 all of it."""
        lower = min(self.height, other.height)
        shared = min(self.bottom, other.bottom) - max(self.top, other.top)
        return shared / lower if lower > 0 else float(shared >= 0)


@dataclass(frozen=True, slots=True)
class Word(Box):
    """Characters of one font that stand close together; ``parted`` if there is a blank before it, however narrow."""

    text: str
    size: float
    bold: bool = False
    italic: bool = False
    parted: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """One page. ``rules`` are its horizontal lines, ``grids`` the cells of each of its ruled tables."""

    number: int
    width: float
    height: float
    words: tuple[Word, ...]
    rules: tuple[Box, ...] = ()
    grids: tuple[tuple[Box, ...], ...] = ()
    pictures: tuple[Box, ...] = ()


@dataclass(frozen=True, slots=True)
class Pages:
    """The pages of a file and what its information dictionary says, cleaned."""

    pages: tuple[Page, ...]
    info: dict[str, str]


def read_pages(data: bytes, name: str) -> Pages:
    """Every page of a file. Raises ``DocumentError`` when it is damaged or wants a password."""
    try:
        with pdfplumber.open(io.BytesIO(data), raise_unicode_errors=False) as pdf:
            info = {key: one_line(clean(value)) for key, value in pdf.metadata.items() if isinstance(value, str)}
            return Pages(tuple(map(_page, pdf.pages)), info)
    except Exception as error:  # whatever a damaged file makes pdfminer stumble over
        if any(isinstance(cause, PDFPasswordIncorrect) for cause in (error, *error.args)):
            raise DocumentError(f"{name}: is encrypted; remove the password") from error
        raise DocumentError(f"{name}: is damaged ({_said(error)}); export it again or repair it") from error


def _said(error: Exception) -> str:
    """One short line on what went wrong."""
    return one_line(clean(f"{type(error).__name__} {error}"))[:120].strip()


def _page(page: PlumberPage) -> Page:
    """What is read of a page; its objects are let go."""
    paper = Box(*map(float, page.cropbox))
    chars = [char for char in page.chars if char["size"] >= _SMALLEST_TEXT and paper.holds(Box(*_EDGES(char)))]
    quarters = Counter(map(_quarter, chars)).most_common(1)[0][0] if chars else 0

    def turned(box: Iterable[float]) -> Box:
        return _turned(Box(*map(float, box)), paper, quarters)

    edges = (turned(_EDGES(thing)) for thing in (*page.lines, *page.rects))
    found = Page(
        number=page.page_number,
        width=paper.height if quarters % 2 else paper.width,
        height=paper.width if quarters % 2 else paper.height,
        words=tuple(_words([char for char in chars if _quarter(char) == quarters], turned)),
        rules=tuple(_rules(edges)),
        grids=tuple(tuple(map(turned, table.cells)) for table in (page.find_tables() if _is_simple(page) else ())),
        pictures=tuple(turned(_EDGES(image)) for image in page.images),
    )
    page.close()
    return found


def _is_simple(page: PlumberPage) -> bool:
    """Whether its lines are few enough to look for tables among them."""
    across = {round(edge["top"] / _THICKEST_RULE) for edge in page.horizontal_edges}
    down = {round(edge["x0"] / _THICKEST_RULE) for edge in page.vertical_edges}
    return len(page.edges) <= _MOST_EDGES and len(across) * len(down) <= _MOST_CROSSINGS


def _quarter(char: dict[str, Any]) -> int:
    """The direction a character is read in: 0 to the right, 1 upwards, 2 to the left, 3 downwards."""
    along, up = char["matrix"][:2]
    if abs(along) >= abs(up):
        return 0 if along >= 0 else 2
    return 1 if up > 0 else 3


def _turned(box: Box, paper: Box, quarters: int) -> Box:
    """Where ``box`` stands when the page is turned so that its text reads to the right."""
    x0, top, x1, bottom = box.x0 - paper.x0, box.top - paper.top, box.x1 - paper.x0, box.bottom - paper.top
    width, height = paper.width, paper.height
    return (
        Box(x0, top, x1, bottom),
        Box(height - bottom, x0, height - top, x1),
        Box(width - x1, height - bottom, width - x0, height - top),
        Box(top, width - x1, bottom, width - x0),
    )[quarters]


def _words(chars: Iterable[dict[str, Any]], turned: Callable[[Iterable[float]], Box]) -> Iterator[Word]:
    """In the order of the file, in which characters of a word follow one another whatever stands beside them."""
    upright = _composed(_once([_Char(turned(_EDGES(char)), char["text"], char["fontname"]) for char in chars]))
    for word in extract_words(
        [char.plain() for char in upright],
        x_tolerance_ratio=_WIDEST_GAP_IN_WORD,
        y_tolerance=1,
        use_text_flow=True,
        extra_attrs=["fontname", "size"],
        return_chars=True,
    ):
        font = word["fontname"]
        if text := clean(resolved(word["text"], font)).strip():
            yield Word(
                x0=word["x0"],
                top=word["top"],
                x1=word["x1"],
                bottom=word["bottom"],
                text=text,
                size=word["size"],
                bold=bool(_BOLD.search(font)),
                italic=bool(_ITALIC.search(font)),
                parted=word["chars"][0]["parted"],
            )


@dataclass(slots=True)
class _Char:
    """A character; ``parted`` if a blank stands before it, however narrow."""

    box: Box
    text: str
    font: str
    parted: bool = False

    def plain(self) -> dict[str, Any]:
        """As pdfplumber takes it."""
        box = self.box
        return {
            "x0": box.x0, "x1": box.x1, "top": box.top, "bottom": box.bottom, "doctop": box.top, "text": self.text,
            "fontname": self.font, "size": round(box.height, 1), "upright": True, "parted": self.parted,
        }  # fmt: skip


def _once(chars: Iterable[_Char]) -> Iterator[_Char]:
    """Without what is drawn a second time over itself, a little aside, to look bold or to throw a shadow."""
    drawn: dict[tuple[str, int, int], Box] = {}
    for char in chars:
        box, aside = char.box, _ASIDE * char.box.height
        column, row = round(box.x0 / _NEAR), round(box.top / _NEAR)
        near = (drawn.get((char.text, x, y)) for x in (column - 1, column, column + 1) for y in (row - 1, row, row + 1))
        is_again = any(
            other and abs(other.x0 - box.x0) <= aside and abs(other.top - box.top) <= aside for other in near
        )
        if not is_again or box.width <= aside or char.text.isspace():
            drawn[char.text, column, row] = box
            yield char


def _composed(chars: Iterable[_Char]) -> Iterator[_Char]:
    """Accents that were set by themselves on the letter that they stand on, before or after it; blanks noted."""
    before: _Char | None = None
    for char in chars:
        if before is None:
            before = char
            continue
        char.parted = before.text.isspace() and 0 <= char.box.x0 - before.box.x1 + char.box.height < 2 * char.box.height
        accented = _accented(before, char) or _accented(char, before)
        if accented:
            before = _Char(max(before.box, char.box, key=lambda box: box.width), accented, char.font, before.parted)
        else:
            yield before
            before = char
    if before is not None:
        yield before


def _accented(accent: _Char, letter: _Char) -> str | None:
    """``letter`` with ``accent``, if it is one that stands on it."""
    mark = _ACCENTS.get(accent.text)
    if mark is None or not letter.box.x0 <= accent.box.centre[0] <= letter.box.x1:
        return None
    composed = unicodedata.normalize("NFC", letter.text + mark)
    return composed if len(composed) == 1 and accent.box.shared_height(letter.box) > 0 else None


def _rules(boxes: Iterable[Box]) -> Iterator[Box]:
    """Thin horizontal lines, those in line with one another put together: tables draw one a cell."""
    thin = sorted((b for b in boxes if b.height <= _THICKEST_RULE), key=lambda b: (round(b.top), b.x0))
    joined: list[Box] = []
    for box in thin:
        last = joined[-1] if joined else None
        if last and abs(last.top - box.top) <= 1 and box.x0 - last.x1 <= _THICKEST_RULE:
            joined[-1] = Box(last.x0, last.top, max(last.x1, box.x1), last.bottom)
        else:
            joined.append(box)
    return (rule for rule in joined if rule.width >= _SHORTEST_RULE)
