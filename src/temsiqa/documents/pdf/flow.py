"""Parts → pieces of an outline: text that runs on over columns and pages, and what floats in between.

A table, a figure or a footnote may stand in the middle of a sentence. It is set after the text around it, but on the
page where it stands: where the text runs on to the next page it is set before the sentence that does.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from temsiqa.documents.cells import Cell, as_table
from temsiqa.documents.outline import Heading, Item, ItemList, PageTurn, Paragraph, Piece, ReferenceList, Table
from temsiqa.documents.pdf.cells import PlacedTable
from temsiqa.documents.pdf.marks import Marker, entry_number, without_entry_number, without_marker
from temsiqa.documents.pdf.parts import Kind, Part, plain_heading
from temsiqa.documents.pdf.prose import Prose, is_finished, last_sentence_end, tidy
from temsiqa.documents.pdf.references import reference
from temsiqa.model import BlockKind

_OTHER_SIZE = 0.06
_INDENT = 0.6
_FEWEST_WORDS = 5  # of a text that goes on with a capital letter in the next column
_NO_BEGINNING = frozenset("0123456789([%<>≤≥=±")


@dataclass
class _Text:
    """A paragraph, an item or an entry: its words so far, and the part that it begins and the one that it ends with."""

    words: str
    begins: Part
    ends: Part
    number: int | None = None


@dataclass
class _Open:
    """What may still go on: a paragraph, or the items of a list, or entries of the reference list."""

    kind: Kind
    texts: list[_Text] = field(default_factory=list)

    @property
    def last(self) -> _Text:
        return self.texts[-1]

    def cut(self, page: int) -> _Open | None:
        """Takes away what ends before the sentence that runs on from ``page``, and gives it; itself it goes on."""
        last = self.texts.pop()
        head = _Open(self.kind, self.texts)
        self.texts = [last]
        if last.begins.column.page != page:
            end = last_sentence_end(last.words) or len(last.words)
            head.texts.append(_Text(last.words[:end].rstrip(), last.begins, last.ends, last.number))
            self.texts = [_Text(last.words[end:], last.ends, last.ends)] if end < len(last.words) else []
        return head if head.texts else None

    def pieces(self) -> Iterable[Piece]:
        if self.kind is Kind.ITEM:
            return _list(self.texts)
        if self.kind is Kind.REFERENCE:
            return [ReferenceList(tuple(reference(tidy(text.words), text.number) for text in self.texts))]
        return [Paragraph(tidy(text.words)) for text in self.texts]


def _list(texts: list[_Text]) -> list[Piece]:
    """The list of items, those further in below the one before them. A number alone makes no list."""
    first = texts[0].begins.marker
    number = first.number if first else None
    if len(texts) == 1 and first and number and not first.is_letter:
        return [Paragraph(f"{first.text} {tidy(texts[0].words)}")]
    above: list[tuple[float, int]] = []
    items: list[Item] = []
    for text in texts:
        start = _start(text.begins)
        while above and start <= above[-1][0] + _INDENT * text.begins.lines[0].size:
            above.pop()
        items.append(Item(tidy(text.words), above[-1][1] if above else None))
        above.append((start, len(items) - 1))
    return [ItemList(tuple(items), first=1 if first is None or first.is_letter else number or 1)]


def _start(part: Part) -> float:
    """How far inside its column an item begins."""
    return (part.marker.start if part.marker else part.lines[0].x0) - part.column.left


class Flow:
    """Takes the parts of a document in order and makes its pieces."""

    def __init__(self, prose: Prose, levels: Mapping[int, int]) -> None:
        """``levels`` are those of the headings, by the ``id`` of the part."""
        self._prose = prose
        self._levels = levels
        self._pieces: list[Piece] = []
        self._open: _Open | None = None
        self._floats: list[Piece] = []
        self._notes: list[Piece] = []
        self._page = 1
        self._turns = False  # the page has yet to turn inside the open text
        self._entries = 0

    def pieces(self, parts: Iterable[Part], pages: int) -> list[Piece]:
        """The pieces of ``parts``, which stand on ``pages`` pages."""
        for part in parts:
            self._turn_to(part.column.page)
            self._add(part)
        self._turn_to(pages)
        self._close()
        return self._pieces + self._notes

    def _add(self, part: Part) -> None:
        match part.kind:
            case Kind.HEADING:
                self._close()
                self._entries = 0
                title = plain_heading(self._prose.text(part.lines))
                self._pieces.append(Heading(self._levels[id(part)], title))
            case Kind.TEXT:
                self._text(part)
            case Kind.ITEM:
                self._item(part)
            case Kind.REFERENCE:
                self._entry(part)
            case Kind.NOTE:
                self._notes.append(Paragraph(self._prose.text(part.lines)))
            case Kind.CAPTION:
                self._float(Paragraph(self._prose.text(part.lines), BlockKind.CAPTION))
            case Kind.TABLE:
                if part.table is not None:
                    self._float(self._table(part.table))

    def _turn_to(self, page: int) -> None:
        while self._page < page:
            if self._turns:  # nothing went on here
                self._close()
            if self._open and (self._floats or self._notes):
                self._cut(self._open)
            self._pieces += self._floats + self._notes
            self._floats, self._notes = [], []
            if self._open:
                self._turns = True
            else:
                self._pieces.append(PageTurn())
            self._page += 1

    def _cut(self, opened: _Open) -> None:
        """Before the sentence that runs on to the next page, or after all of it where none does."""
        head: _Open | None = opened
        self._open = None
        if not is_finished(opened.last.words):
            head = opened.cut(self._page)
            self._open = opened if opened.texts else None
        if head:
            self._pieces += head.pieces()

    def _close(self) -> None:
        """Nothing goes on: the open text is set, the page turned, and what floated on this page set after it."""
        if self._open:
            self._pieces += self._open.pieces()
            self._open = None
        if self._turns:
            self._pieces.append(PageTurn())
            self._turns = False
        self._pieces += self._floats
        self._floats = []

    def _float(self, piece: Piece) -> None:
        """Sets a piece here, or after the sentence in the middle of which it stands."""
        if self._open and not is_finished(self._open.last.words):
            self._floats.append(piece)
        else:
            self._close()
            self._pieces.append(piece)

    def _text(self, part: Part) -> None:
        words = self._prose.text(part.lines)
        if self._open and self._goes_on(self._open, part):
            self._extend(self._open, part, words)
        else:
            self._begin(Kind.TEXT, _Text(words, part, part))

    def _item(self, part: Part) -> None:
        marker = part.marker
        words = self._prose.text([without_marker(part.lines[0]), *part.lines[1:]])
        if marker and marker.is_letter:
            words = f"{marker.text} {words}"
        text = _Text(words, part, part)
        is_next = self._open and self._open.kind is Kind.ITEM and not self._turns and not self._floats
        if is_next and self._open and _is_item_of(self._open, part):
            self._open.texts.append(text)
        else:
            self._begin(Kind.ITEM, text)

    def _entry(self, part: Part) -> None:
        """An entry of the reference list, or what the last column left of one."""
        words = self._prose.text(part.lines)
        is_counted = entry_number(words) == self._entries + 1
        opened = self._open if self._open and self._open.kind is Kind.REFERENCE else None
        if opened and not (is_counted or (self._entries == 0 and _starts_entry(part, opened.last))):
            self._extend(opened, part, words)
            return
        if is_counted:
            self._entries += 1
            words = without_entry_number(words)
        text = _Text(words, part, part, self._entries if is_counted else None)
        if opened and not self._turns:
            opened.texts.append(text)
        else:
            self._begin(Kind.REFERENCE, text)

    def _begin(self, kind: Kind, text: _Text) -> None:
        self._close()
        self._open = _Open(kind, [text])

    def _extend(self, opened: _Open, part: Part, words: str) -> None:
        opened.last.words, self._turns = self._prose.joined(opened.last.words, words, self._turns)
        opened.last.ends = part

    def _goes_on(self, opened: _Open, part: Part) -> bool:
        """Whether ``part`` continues the open text: in small letters, or after a sentence that a column cut off."""
        last, line = opened.last, part.lines[0]
        is_apart = last.ends.column is not part.column or bool(self._floats)
        if opened.kind is Kind.REFERENCE or abs(line.size - last.ends.lines[-1].size) > _OTHER_SIZE * line.size:
            return False
        if not is_apart and _is_within_item(last.begins.marker, part):
            return True
        if "@" in line.words[0].text:  # an address stands by itself, and is none of the literature
            return False
        is_cut = not is_finished(last.words)
        if part.text[0].islower():
            return (is_cut or is_apart) and not last.words.endswith(":")
        marker, left = last.begins.marker, last.begins.column.left
        is_indented = line.x0 - part.column.left > (marker.body - left if marker else 0) + _INDENT * line.size
        is_long = len(last.words.split()) >= _FEWEST_WORDS or part.text[0] in _NO_BEGINNING
        return is_apart and is_cut and not is_indented and is_long

    def _table(self, table: PlacedTable) -> Table:
        rows = [
            [Cell(self._prose.text(cell.lines), cell.rows, cell.columns, number < table.headers) for cell in row]
            for number, row in enumerate(table.rows)
        ]
        return as_table(rows)


def _is_item_of(opened: _Open, part: Part) -> bool:
    """Whether it is the next item of the list, or the first one of a list inside its last item."""
    before = [text.begins.marker for text in opened.texts]
    is_next = any(part.marker and marker and part.marker.follows(marker) for marker in before)
    return is_next or _start(part) > _start(opened.last.begins) + _INDENT * part.lines[0].size


def _is_within_item(marker: Marker | None, part: Part) -> bool:
    """Whether it is a further paragraph of an item: all its lines begin below the text of it, not the first alone."""
    size = part.lines[0].size
    is_below = marker is not None and all(abs(line.x0 - marker.body) < size / 10 for line in part.lines)
    return marker is not None and is_below and len(part.lines) > 1 and marker.body - part.column.left > size


def _starts_entry(part: Part, last: _Text) -> bool:
    """Whether an entry of a list without numbers begins: not where a column goes on further in, or in mid-sentence."""
    if part.column is last.ends.column:
        return True
    starts = [line.x0 for line in part.column.lines]
    indent = _INDENT * part.lines[0].size
    if max(starts) - min(starts) > indent:
        return part.lines[0].x0 - min(starts) <= indent
    return is_finished(last.words)
