"""What a line of a PDF begins with: a bullet, a number, a caption's label, a note's mark."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from temsiqa.documents.pdf.lines import Line

_GLUED_BULLET = re.compile(r"[•●○◦▪■‣➢](?=\w)")
_COUNTER = re.compile(r"\(?(?:(?P<number>\d{1,2})|(?P<letter>[a-z]))[.)]")
_HEADING_NUMBER = re.compile(r"(?P<number>\d{1,2}(?:\.\d{1,2}){0,4})\.?\s+(?=[^\W\d_])")
_ENTRY_NUMBER = re.compile(r"\[?(?P<number>\d{1,3})[\].)]*\s+(?=\S)")
_LABEL = re.compile(r"(?:suppl\w* )?(?:table|fig(?:ure|\.)?|box|scheme|chart)\s+(?:[A-Z]?\d+[A-Za-z]?|[IVX]+)\b", re.I)
_LABEL_END = re.compile(r"\s*[.:|]|\s+[–—-]\s")
_NOTE_SYMBOL = re.compile(r"[*†‡§¶]")


@dataclass(frozen=True, slots=True)
class Marker:
    """What begins an item: a bullet, or a number or letter, which is its place; where it and where its text begin."""

    text: str
    number: int | None
    start: float
    body: float

    def follows(self, other: Marker) -> bool:
        """Whether it is of the kind of ``other``, and the next one if they are counted."""
        if self.number is None or other.number is None:
            return self.text == other.text
        return self.number == other.number + 1 and self.text.isalpha() == other.text.isalpha()

    @property
    def is_letter(self) -> bool:
        """Whether it is a letter, by which notes below a table are named in it."""
        return self.number is not None and any(c.isalpha() for c in self.text)


def marker_of(line: Line) -> Marker | None:
    """The marker that ``line`` begins with; None if it begins with none, or nothing follows."""
    first = line.words[0]
    if _GLUED_BULLET.match(first.text):
        return Marker(first.text[0], None, first.x0, first.x0 + first.size)
    if len(line.words) < 2:
        return None
    body = line.words[1].x0
    if line.has_bullet:
        return Marker(first.text, None, first.x0, body)
    counter = _COUNTER.fullmatch(first.text)
    if counter is None:
        return None
    number = int(counter["number"]) if counter["number"] else ord(counter["letter"]) - ord("a") + 1
    return Marker(first.text, number, first.x0, body)


def without_marker(line: Line) -> Line:
    """``line`` from after its bullet or number."""
    first = line.words[0]
    if _GLUED_BULLET.match(first.text):
        return Line.of((replace(first, text=first.text[1:]), *line.words[1:]))
    return Line.of(line.words[1:])


def entry_number(text: str) -> int | None:
    """The number that an entry of a reference list begins with."""
    match = _ENTRY_NUMBER.match(text)
    return int(match["number"]) if match else None


def without_entry_number(text: str) -> str:
    """An entry without the number before it."""
    return _ENTRY_NUMBER.sub("", text, count=1)


def heading_depth(text: str) -> int:
    """How many numbers a heading such as ``2.1 Dose`` begins with; 0 for one without."""
    match = _HEADING_NUMBER.match(text)
    return match["number"].count(".") + 1 if match else 0


def has_label(line: Line) -> bool:
    """Whether it begins as a caption does, and not as a sentence on a table or a figure."""
    label = _LABEL.match(line.text)
    if label is None:
        return False
    words = line.words[: len(label.group().split()) + 1]
    is_apart = len(words) > 2 and words[-1].x0 - words[-2].x1 > line.size / 2
    return bool(_LABEL_END.match(line.text, label.end())) or is_apart or all(word.bold for word in words[:2])


def has_note_mark(line: Line) -> bool:
    """Whether it begins with a raised mark or a symbol, as a footnote does."""
    first = line.words[0]
    return line.is_raised(first) or bool(_NOTE_SYMBOL.match(first.text))
