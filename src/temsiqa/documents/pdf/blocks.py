"""Columns of lines → parts: which lines belong together, and whether they are heading, text, item, caption or note."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from temsiqa.documents.matter import is_references_heading
from temsiqa.documents.pdf.cells import PlacedTable
from temsiqa.documents.pdf.lines import Line
from temsiqa.documents.pdf.marks import entry_number, has_label, has_note_mark, heading_depth, marker_of
from temsiqa.documents.pdf.page import Box
from temsiqa.documents.pdf.parts import Column, Kind, Part, is_capitals, plain_heading
from temsiqa.documents.pdf.prose import is_finished

_INDENT = 0.6  # in parts of the font size
_WIDER = 1.25  # than lines of a paragraph stand apart
_WIDEST_LEADING = 2.2
_WIDE_LEADING = 1.5
_NOT_RARE = 0.2
_OTHER_SIZE = 0.06
_FORCED = 0.15  # of the width of a column: room left at the end of a line that was broken on purpose
_LONGEST_HEADING = 30  # words
_LONGEST_SLANTED_HEADING = 10

_DASHES = frozenset("-–—")
_NO_HEADING = re.compile(r"[.,;:]$|:\s*[\d/]+$")


def parts(columns: Sequence[Column]) -> Iterator[Part]:
    """The parts of a document in reading order."""
    grouper = _Grouper(_leading(columns))
    for column in columns:
        yield from grouper.parts(column)


def _leading(columns: Iterable[Column]) -> dict[float, float]:
    """How far lines of each size stand apart inside a paragraph."""
    distances: dict[float, Counter[float]] = defaultdict(Counter)
    for column in columns:
        for line, after in pairwise(column.lines):
            distance = round(2 * (after.base - line.base)) / 2
            if line.size == after.size and 0 < distance <= _WIDEST_LEADING * line.size:
                distances[line.size][distance] += 1
    return {size: _within_paragraphs(size, found) for size, found in distances.items()}


def _within_paragraphs(size: float, distances: Counter[float]) -> float:
    """The commonest distance; where that is wide enough to part paragraphs, the least one that is not rare."""
    usual = max(distances, key=lambda distance: (distances[distance], -distance))
    if usual <= _WIDE_LEADING * size:
        return usual
    return min(distance for distance, count in distances.items() if count >= _NOT_RARE * distances[usual])


class _Grouper:
    """Puts lines together, column by column; remembers whether it is inside the reference list."""

    def __init__(self, leading: dict[float, float]) -> None:
        self._leading = leading
        self._in_references = False
        self._last_entry = 0

    def parts(self, column: Column) -> Iterator[Part]:
        """The parts of a column, its footnotes at the end."""
        group: list[Line] = []
        boxes = column.boxes[: column.notes]
        for box, after in zip(boxes, [*boxes[1:], None], strict=False):
            if group and (not isinstance(box, Line) or self._is_new(group, box, after, column)):
                yield self._part(group, column)
                group = []
            if isinstance(box, Line):
                group.append(box)
            elif isinstance(box, PlacedTable):
                yield Part(Kind.TABLE, column, table=box)
        if group:
            yield self._part(group, column)
        yield from _notes(column)

    def _is_new(self, group: Sequence[Line], line: Line, after: Box | None, column: Column) -> bool:
        """Whether ``line``, which ``after`` follows, begins another part than that of ``group``."""
        if _changes_style(group[-1], line, column):
            return True
        if self._in_references:
            return self._is_entry(group, line, column)
        return (
            _is_marked(group, line, column)
            or self._is_apart(group, line)
            or _is_first(group[-1], line, after)
            or _is_set_off(group, line, column)
        )

    def _is_apart(self, group: Sequence[Line], line: Line) -> bool:
        """Whether it stands further below than the lines of a paragraph do."""
        usual = self._leading.get(line.size, _WIDER * line.size)
        own = group[-1].base - group[-2].base if len(group) > 1 else 0.0
        return line.base - group[-1].base > _WIDER * max(usual, own)

    def _is_entry(self, group: Sequence[Line], line: Line, column: Column) -> bool:
        """Whether it begins an entry of the reference list: the next number, or a line further out than others."""
        first = entry_number(group[0].text)
        last = first if first == self._last_entry + 1 else self._last_entry
        if last:
            return entry_number(line.text) == last + 1
        entries = [other.x0 for other in column.lines if abs(other.size - line.size) < 1]
        is_hanging = max(entries) - min(entries) > _INDENT * line.size
        if is_hanging:
            return line.x0 - min(entries) <= _INDENT * line.size
        return self._is_apart(group, line) or (is_finished(group[-1].text) and column.has_room(group[-1], line))

    def _part(self, group: Sequence[Line], column: Column) -> Part:
        lines = tuple(group)
        if _is_heading(lines, column, slanted=not self._in_references):
            heading = Part(Kind.HEADING, column, lines)
            self._in_references = is_references_heading(_unnumbered(heading.text))
            self._last_entry = 0
            return heading
        if self._in_references:
            self._last_entry += entry_number(lines[0].text) == self._last_entry + 1
            return Part(Kind.REFERENCE, column, lines)
        if has_label(lines[0]):
            return Part(Kind.CAPTION, column, lines)
        marker = marker_of(lines[0])
        return Part(Kind.ITEM if marker else Kind.TEXT, column, lines, marker)


def _changes_style(before: Line, line: Line, column: Column) -> bool:
    """Whether the size changes, or a heading set in bold or underlined ends or begins."""
    if abs(line.size - before.size) > _OTHER_SIZE * before.size:
        return True
    if before.is_bold and not line.words[0].bold:
        return not _NO_HEADING.search(before.text)
    if line.is_bold and not before.words[-1].bold:
        return is_finished(before.text)
    return column.underlines(before) != column.underlines(line)


def _is_marked(group: Sequence[Line], line: Line, column: Column) -> bool:
    """Whether it begins with a bullet, a number or a label, and not merely because a line happens to end before one."""
    before, marker = group[-1], marker_of(line)
    own = marker_of(group[0])
    ends = is_finished(before.text) or before.text[-1] in ",;" or column.has_room(before, line)
    if marker is not None:
        is_next = own is not None and marker.follows(own) and abs(marker.start - own.start) < _INDENT * line.size
        is_bullet = marker.number is None and marker.text not in _DASHES
        return is_next or is_bullet or (ends and (marker.number == 1 or marker.text in _DASHES))
    if heading_depth(line.text) and line.is_bold:
        return True
    return has_label(line) and (is_finished(before.text) or (line.words[0].bold and not before.words[-1].bold))


def _is_first(before: Line, line: Line, after: Box | None) -> bool:
    """Whether the line before it ends a sentence, and it is indented beside the line after it of its paragraph."""
    if not isinstance(after, Line) or after.base - line.base > line.base - before.base + 1:
        return False
    is_indented = line.x0 > after.x0 + _INDENT * line.size
    return is_indented and is_finished(before.text) and marker_of(after) is None


def _is_set_off(group: Sequence[Line], line: Line, column: Column) -> bool:
    """Whether it is indented as a first line, or the line before it ends early as a last line does."""
    first, before = group[0], group[-1]
    if before.size >= column.large or _are_centred(before, line, column):
        return False
    indent = _INDENT * line.size
    marker = marker_of(first)
    if marker is not None and line.x0 < marker.body - indent:
        return is_finished(before.text) or line.x0 < marker.start - indent
    if marker is not None:
        return is_finished(before.text) and column.has_room(before, line)
    if line.x0 > before.x0 + indent:
        return len(group) > 1 or is_finished(before.text) or column.has_room(before, line)
    if line.x0 < before.x0 - indent and len(group) > 1:
        return True
    if is_finished(before.text):
        return column.has_room(before, line)
    room = column.right - before.x1 - line.words[0].width
    return room > _FORCED * (column.right - column.left) and not line.text[0].islower() and before.text[-1] not in ",-–"


def _are_centred(before: Line, line: Line, column: Column) -> bool:
    """Whether both stand in the middle of the column, as lines of a title do."""
    middle = (column.left + column.right) / 2
    return all(abs(one.centre[0] - middle) <= one.size / 2 and one.x0 > column.left for one in (before, line))


def _is_heading(lines: Sequence[Line], column: Column, slanted: bool) -> bool:
    """By size, weight, capitals or number; a line that is only ``slanted`` or underlined if such headings may occur."""
    text = plain_heading(" ".join(line.text for line in lines))
    words = len(text.split())
    if words > _LONGEST_HEADING or not any(c.isalpha() for c in text) or has_label(lines[0]):
        return False
    if lines[0].size >= column.large:
        return True
    depth = heading_depth(text)
    if _NO_HEADING.search(text) or len(lines) > (3 if depth else 2):
        return False
    if is_capitals(text) or all(line.is_bold for line in lines):
        return True
    is_short = words <= _LONGEST_SLANTED_HEADING and _unnumbered(text)[:1].isupper()
    is_slanted = len(lines) == 1 and (lines[0].is_italic or column.underlines(lines[0]))
    return is_short and (depth > 1 or (slanted and is_slanted))


def _unnumbered(heading: str) -> str:
    """A heading without its number."""
    return heading.split(None, 1)[1] if heading_depth(heading) else heading


def _notes(column: Column) -> Iterator[Part]:
    """The footnotes of a column."""
    group: list[Line] = []
    for box in column.boxes[column.notes :]:
        if isinstance(box, Line):
            if group and has_note_mark(box):
                yield Part(Kind.NOTE, column, tuple(group))
                group = []
            group.append(box)
    if group:
        yield Part(Kind.NOTE, column, tuple(group))
