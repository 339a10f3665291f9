"""DOCX → outline: headings, lists and captions by style, tables in their place, notes at the end."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from docx.document import Document as WordDocument
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml.ns import qn
from lxml.etree import _Element, iterwalk

from temsiqa.documents.bullets import without_bullet
from temsiqa.documents.cells import as_table, check_size
from temsiqa.documents.docx.package import open_docx
from temsiqa.documents.docx.stated import stated_of
from temsiqa.documents.docx.styles import ListPlace, Numberings, ParagraphStyle, Styles
from temsiqa.documents.docx.tables import frames_text, rows_of
from temsiqa.documents.docx.text import Words, words_of
from temsiqa.documents.entries import Entry, heads_references, is_entry, reference_list
from temsiqa.documents.levels import with_one_title
from temsiqa.documents.outline import Heading, Item, ItemList, Outline, Paragraph, Piece
from temsiqa.documents.xml import parse_xml
from temsiqa.errors import DocumentError
from temsiqa.model import BlockKind

_NOTES = {"footnote": RELATIONSHIP_TYPE.FOOTNOTES, "endnote": RELATIONSHIP_TYPE.ENDNOTES}
_NOTES_HEADING = "Footnotes"
_TYPED = ListPlace("typed", 0)
_BLOCKS = frozenset({qn("w:p"), qn("w:tbl")})
_NO_BLOCKS = frozenset(map(qn, "w:del w:moveFrom w:sectPr w:sdtPr w:tcPr w:trPr w:tblPr".split()))
_GALLERY = "/".join(map(qn, ("w:sdtPr", "w:docPartObj", "w:docPartGallery")))


def read_docx(data: bytes, name: str) -> Iterator[Outline | DocumentError]:
    """The outline of a Word document; macros in it are not run, and nothing outside it is loaded.

    Raises ``DocumentError`` when it is none, is damaged or too large, or holds a gigantic table.
    """
    document = open_docx(data, name)
    reader = _Reader(document, name)
    reader.read(document.part.element)
    pieces = reader.finished()
    stated = stated_of(document, reader.title)
    yield Outline((*with_one_title(pieces, stated.title), *reader.notes()), stated, curated=False)


class _Reader:
    """Takes paragraphs and tables in their order."""

    def __init__(self, document: WordDocument, name: str) -> None:
        self.title = ""
        self._document = document
        self._name = name
        styles = self._part(RELATIONSHIP_TYPE.STYLES)
        self._styles = Styles(styles if styles is not None else ())
        self._numberings = Numberings(self._part(RELATIONSHIP_TYPE.NUMBERING))
        self._addresses = {own: rel.target_ref for own, rel in document.part.rels.items() if rel.is_external}
        self._pieces: list[Piece] = []
        self._list = _ListBuilder(self._numberings)
        self._entries: list[Entry] = []
        self._is_below_references = False
        self._notes: dict[tuple[str, str], None] = {}

    def read(self, container: _Element) -> None:
        """Everything in the body, a text box or a cell that frames text."""
        for block in _blocks(container, _BLOCKS):
            if block.tag == qn("w:tbl"):
                self._table(block)
                continue
            words = self._words(block)
            style = self._styles.of_paragraph(block)
            if words.text and not style.is_contents:
                self._paragraph(style, words)
            for box in words.boxes:
                self.read(box)

    def finished(self) -> list[Piece]:
        """All pieces."""
        self._close()
        return self._pieces

    def notes(self) -> Iterator[Piece]:
        """Footnotes and endnotes, each kind in the order in which the text refers to them."""
        texts: list[str] = []
        for kind, relation in _NOTES.items():
            part = self._part(relation)
            found = {} if part is None else {note.get(qn("w:id"), ""): note for note in part}
            wanted = [own for noted, own in list(self._notes) if noted == kind and own in found]
            texts += [self._said_in(found[own]) for own in wanted]
        if any(texts):
            yield Heading(2, _NOTES_HEADING)
            yield ItemList(tuple(Item(text) for text in texts if text))

    def _part(self, relation: str) -> _Element | None:
        try:
            return parse_xml(self._document.part.part_related_by(relation).blob, self._name)
        except KeyError:
            return None

    def _words(self, paragraph: _Element) -> Words:
        words = words_of(paragraph, self._styles, self._addresses)
        self._notes |= dict.fromkeys(words.notes)
        return words

    def _said_in(self, container: _Element) -> str:
        """All the words in a cell or note."""
        said: list[str] = []
        for paragraph in _blocks(container, {qn("w:p")}):
            words = self._words(paragraph)
            said += [words.text, *map(self._said_in, words.boxes)]
        return " ".join(filter(None, said))

    def _paragraph(self, style: ParagraphStyle, words: Words) -> None:
        text, is_heading = words.text, style.heading is not None or heads_references(words.text)
        if is_heading:
            self._is_below_references = heads_references(text)
            self.title = self.title or (text if style.is_title else "")
            self._add(Heading(style.heading or 2, text))
        elif style.is_entry or (self._is_below_references and (style.place or is_entry(text))):
            self._close_list()
            self._entries.append(Entry(text, words.links, self._list.count(style.place)))
        elif style.place:
            self._item(style.place, text)
        elif style.is_continued and self._list.items:
            self._list.extend(text)
        elif item := without_bullet(text):
            self._item(_TYPED, item)
        else:
            self._add(Paragraph(text, BlockKind.CAPTION if style.is_caption else BlockKind.PARAGRAPH))

    def _item(self, place: ListPlace, text: str) -> None:
        self._close_entries()
        if not self._list.continues(place):
            self._close_list()
        self._list.add(place, text)

    def _add(self, piece: Piece) -> None:
        self._close()
        self._pieces.append(piece)

    def _close(self) -> None:
        self._close_list()
        self._close_entries()

    def _close_list(self) -> None:
        if self._list.items:
            self._pieces.append(ItemList(tuple(self._list.items), self._list.first))
            self._list.close()

    def _close_entries(self) -> None:
        if self._entries:
            self._pieces.append(reference_list(self._entries, self._pieces))
            self._entries = []

    def _table(self, table: _Element) -> None:
        try:
            check_size(sum(1 for _ in table.iter(qn("w:tc"))))  # before each cell is read
            rows = rows_of(table, self._said_in)
            found = as_table(rows)
        except ValueError as error:
            raise DocumentError(f"{self._name}: {error}") from error
        if frames_text(rows):
            for cell in _blocks(table, {qn("w:tc")}):
                self.read(cell)
        else:
            self._add(found)


class _ListBuilder:
    """The list that is being read: its ``items``, and the number that it begins to count from."""

    def __init__(self, numberings: Numberings) -> None:
        self.items: list[Item] = []
        self.first = 1
        self._numberings = numberings
        self._counts: dict[str, int] = {}
        self._above: list[tuple[ListPlace, int]] = []

    def count(self, place: ListPlace | None) -> int | None:
        """The number of an item at the top of a list that counts."""
        start = self._numberings.start(place.number) if place and place.level == 0 else None
        if place is None or start is None:
            return None
        self._counts[place.number] = self._counts.get(place.number, start - 1) + 1
        return self._counts[place.number]

    def continues(self, place: ListPlace) -> bool:
        """Whether an item belongs to this list; at the top another list begins where another number stands."""
        return place.level > 0 or not self._above or self._above[0][0] == place

    def add(self, place: ListPlace, text: str) -> None:
        """An item; it hangs on the last one that is less deep."""
        number = self.count(place)
        if not self.items:
            self.first = number or 1
        while self._above and self._above[-1][0].level >= place.level:
            self._above.pop()
        self.items.append(Item(text, self._above[-1][1] if self._above else None))
        self._above.append((place, len(self.items) - 1))

    def extend(self, text: str) -> None:
        """More of the last item."""
        self.items[-1] = replace(self.items[-1], text=f"{self.items[-1].text} {text}")

    def close(self) -> None:
        """What is added next is another list."""
        self.items = []
        self._above.clear()


def _blocks(container: _Element, tags: frozenset[str] | set[str]) -> Iterator[_Element]:
    """The topmost elements with one of ``tags``, in order; what was deleted and a table of contents are left out."""
    walk = iterwalk(container, events=("start",))
    for _, element in walk:
        gallery = element.find(_GALLERY) if element.tag == qn("w:sdt") else None
        if element is container:
            continue
        if element.tag in tags:
            yield element
            walk.skip_subtree()
        elif element.tag in _NO_BLOCKS or (gallery is not None and gallery.get(qn("w:val")) == "Table of Contents"):
            walk.skip_subtree()
