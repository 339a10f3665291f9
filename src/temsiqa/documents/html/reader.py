"""HTML → outline: the content of a web page in reading order; nothing is loaded or run."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable, Iterator
from itertools import groupby

from lxml import etree
from lxml.etree import _Element

from temsiqa.documents.bullets import without_bullet
from temsiqa.documents.cells import check_size
from temsiqa.documents.entries import Entry, reference_list
from temsiqa.documents.html.content import HEADINGS, ancestors_of, content_of, words_of
from temsiqa.documents.html.lists import LISTS, ItemReader
from temsiqa.documents.html.references import entries_of, entry_of, find_references, start_of
from temsiqa.documents.html.stated import head_of, stated_of
from temsiqa.documents.html.tables import captions_of, holds_data, is_bold
from temsiqa.documents.html.text import PageText
from temsiqa.documents.levels import with_one_title
from temsiqa.documents.markup import table_of
from temsiqa.documents.mathml import mathml_text
from temsiqa.documents.outline import Heading, Item, ItemList, Outline, Pair, Paragraph, Piece
from temsiqa.errors import DocumentError
from temsiqa.model import BlockKind

_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*(?P<charset>[\w:.-]{2,40})", re.IGNORECASE)
_CHARSET_WITHIN = 4096
# Others are no encodings of pages: some only pack bytes, some take quadratic time.
_ENCODING = re.compile(r"utf-8|iso8859-\d+|cp\d+|koi8-[ru]|gb\w+|big5\w*|shift_jis|euc_\w+|mac-\w+|iso2022_jp")
# In pages these names have always stood for the larger set.
_MEANT = {"ascii": "cp1252", "iso8859-1": "cp1252", "gb2312": "gb18030", "gbk": "gb18030"}
_APART = HEADINGS | {"caption", "figcaption"}
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_REFERENCE = re.compile(r"&#(?:x0*([0-9a-f]{1,6})|0*([0-9]{1,7}));?", re.IGNORECASE)
_LAST_CODE = 0x110000
_DEEPEST_NESTING = 30
_LOWEST_LEVEL = 6
_FURNITURE = re.compile(
    r"(?:skip to (?:main |the )?content|back to (?:the )?top|(?:share|print|e-?mail)(?: this)?(?: page| article)?|"
    r"advertisement|accept (?:all )?cookies|reject (?:all )?cookies|cookie settings|"
    r"(?:learn|read|show|see) (?:more|less)|close|menu|search)\W*"
    r"|(?:we|this (?:web)?site) uses? cookies\b.{0,300}",
    re.IGNORECASE,
)


def read_html(data: bytes, name: str) -> Iterator[Outline | DocumentError]:
    """The outline of a page. Raises ``DocumentError`` when it is nested too deep, or a table in it is gigantic."""
    page = _parse(data, name)
    _write_out_formulas(page)
    head = head_of(page)
    pieces = _Reader(content_of(page), name).pieces
    stated = stated_of(head, [piece.title for piece in pieces if isinstance(piece, Heading) and piece.level == 1])
    yield Outline(with_one_title(pieces, stated.title), stated, curated=False)


def _parse(data: bytes, name: str) -> _Element:
    parser = etree.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=True)
    try:
        page = etree.fromstring(_without_controls(_decode(data)).encode(), parser)
    except etree.XMLSyntaxError:
        page = None
    if page is None:
        raise DocumentError(f"{name}: empty, or nothing but comments; save the page again")
    if any(entry.type_name == "ERR_RESOURCE_LIMIT" for entry in parser.error_log):
        raise DocumentError(f"{name}: elements nested deeper than 2,000; save it as a simpler page")
    return page


def _write_out_formulas(page: etree._Element) -> None:
    for formula in list(page.iter("math")):
        text = mathml_text(formula)
        formula.clear(keep_tail=True)
        formula.text = text


def _decode(data: bytes) -> str:
    """By byte order mark, by what the page declares, as UTF-8, or as what Windows wrote."""
    declared = _CHARSET.search(data[:_CHARSET_WITHIN])
    marked = [encoding for mark, encoding in _BYTE_ORDER_MARKS if data.startswith(mark)]
    for encoding in [*marked[:1], _encoding(declared["charset"]) if declared else "utf-8", "utf-8"]:
        try:
            return data.decode(encoding)
        except UnicodeError:
            continue
    return data.decode("cp1252", "replace")


def _is_anchor(element: etree._Element) -> bool:
    """The sign beside a heading with which one links to it."""
    return element.tag == "a" and not any(map(str.isalnum, words_of(element)))


def _without_controls(text: str) -> str:
    """No characters that XML forbids, spelt out or not: a parser lets them in, but none of its texts can be changed."""
    return _REFERENCE.sub(_unless_control, _CONTROL.sub("", text))


def _unless_control(reference: re.Match[str]) -> str:
    code = int(reference[1], 16) if reference[1] else int(reference[2])
    return "" if code < _LAST_CODE and _CONTROL.match(chr(code)) else reference.group()


def _encoding(charset: bytes) -> str:
    try:
        name = codecs.lookup(charset.decode("ascii")).name
    except (LookupError, UnicodeError):
        return "utf-8"
    name = _MEANT.get(name, name)
    return name if _ENCODING.fullmatch(name) else "utf-8"


class _Reader:
    """Takes the content of a page into ``pieces``."""

    def __init__(self, content: _Element, name: str) -> None:
        self.pieces: list[Piece] = []
        self._name = name
        self._references = find_references(content)
        self._text = PageText(self._references.targets)
        self._above_tables = ancestors_of(content.iter("table", "details"))
        self._above_headings = ancestors_of(
            title for title in content.iter(*HEADINGS) if next(title.iterancestors("summary"), None) is None
        )
        self._above_lists = ancestors_of(content.iter(*LISTS))
        self._entries: list[Entry] = []
        self._done: set[_Element] = set()
        self._level = 2
        self._depth = 0
        self._flow(content)
        self._close_entries()

    def _flow(self, root: _Element) -> None:
        """Text becomes paragraphs; what stands apart in it, pieces of their own."""
        said: list[str] = []
        for part in self._text.parts(root, self._stands_apart):
            if isinstance(part, str):
                said.append(part)
            else:
                self._paragraphs("".join(said))
                said.clear()
                self._piece(part)
        self._paragraphs("".join(said))

    def _stands_apart(self, element: _Element) -> bool:
        """Lists that hold tables or headings, and tables that lay out the page, are no more than running text."""
        if element.tag in _APART or element in self._done or self._is_reference(element):
            return True
        if element.tag in LISTS:
            return element not in self._above_tables and element not in self._above_headings
        if element.tag == "details":
            return element.find("summary") is not None
        return element.tag == "table" and element not in self._above_tables and holds_data(element)

    def _is_reference(self, element: _Element) -> bool:
        found = self._references
        return element in found.lists or element in found.paragraphs or element in found.headings

    def _piece(self, element: _Element) -> None:
        if element in self._done:
            return
        if element in self._references.paragraphs:
            self._entries.append(entry_of(element, self._text))
        elif element in self._references.lists:
            self._add(reference_list(list(entries_of(element, self._text)), self.pieces))
        elif element in self._references.headings:
            self._heading(self._level, self._text.text(element))
        elif element.tag in HEADINGS:
            self._heading(int(str(element.tag)[1]), self._text.words(element, _is_anchor))
        elif element.tag in LISTS:
            self._list(element)
        else:
            self._other_piece(element)

    def _other_piece(self, element: _Element) -> None:
        if element.tag == "table":
            self._table(element)
        elif element.tag == "details":
            self._details(element)
        elif caption := self._text.text(element):
            self._add(Paragraph(caption, BlockKind.CAPTION))

    def _add(self, piece: Piece) -> None:
        self._close_entries()
        self.pieces.append(piece)

    def _close_entries(self) -> None:
        """Entries that stand as paragraphs, one after the other, are one reference list."""
        if self._entries:
            self.pieces.append(reference_list(self._entries, self.pieces))
            self._entries = []

    def _heading(self, level: int, title: str) -> None:
        self._level = level
        if title:
            self._add(Heading(level, title))

    def _paragraphs(self, raw: str) -> None:
        """Paragraphs; lines that begin with a bullet are a list."""
        lines = ((line, number) for number, lines in enumerate(self._text.paragraphs(raw)) for line in lines)
        for paragraph, group in groupby(lines, key=lambda line: -1 if without_bullet(line[0]) else line[1]):
            texts = [text for text, _ in group]
            items = [Item(item) for text in texts if (item := without_bullet(text))]
            if paragraph < 0 and len(items) > 1:
                self._items(items)
            elif not _FURNITURE.fullmatch(" ".join(texts)):
                self._add(Paragraph(" ".join(texts)))

    def _items(self, items: Iterable[Item], first: int = 1) -> None:
        if listed := tuple(items):
            self._add(ItemList(listed, first))

    def _list(self, element: _Element) -> None:
        if element.tag == "dl":
            self._definitions(element)
            return
        reader = ItemReader(self._text)
        reader.read_list(element)
        self._items(reader.items, start_of(element))

    def _definitions(self, element: _Element) -> None:
        """Terms with their definitions, of which the second and others hang on the first; a term may be a question."""
        reader, terms, first = ItemReader(self._text), list[str](), None
        for part in self._text.parts(element, lambda e: e.tag in ("dt", "dd")):
            if isinstance(part, str):
                reader.put([part], None, None)
            elif part.tag == "dt":
                terms.append(self._text.text(part))
                first = None
            elif terms and terms[-1].endswith("?"):
                self._items(reader.items)
                reader = ItemReader(self._text)
                self._answer(" ".join(terms), part)
                terms.clear()
            else:
                before = f"{', '.join(terms).removesuffix(':')}: " if terms else ""
                position = reader.read_item(part, first, before=[before])
                first = position if first is None else first
                terms.clear()
        self._items([*reader.items, *map(Item, terms)])

    def _details(self, element: _Element) -> None:
        summary = element.find("summary")
        if summary is not None:
            self._done.add(summary)
        self._answer(self._text.text(summary), element)

    def _answer(self, question: str, element: _Element) -> None:
        """A question and its answer; a section where nothing is asked, or where the answer has more than plain text."""
        above = (self._above_lists, self._above_tables, self._above_headings)
        is_plain = self._depth >= _DEEPEST_NESTING or not any(element in holders for holders in above)
        answer = self._text.words(element, self._done.__contains__) if is_plain else ""
        if answer and (question.endswith("?") or self._depth >= _DEEPEST_NESTING):
            self._add(Pair(question, answer))
            return
        level, self._depth = self._level, self._depth + 1
        self._heading(min(level + 1, _LOWEST_LEVEL), question)
        self._flow(element)
        self._add(Heading(min(level + 1, _LOWEST_LEVEL), ""))
        self._level, self._depth = level, self._depth - 1

    def _table(self, element: _Element) -> None:
        for caption in captions_of(element):
            self._piece(caption)
            self._done.add(caption)
        try:
            check_size(sum(1 for _ in element.iter("td", "th")))  # before each cell is read
        except ValueError as error:
            raise DocumentError(f"{self._name}: {error}") from error
        self._add(table_of(element, self._text, is_bold, self._name))
        for foot in element.iter("tfoot"):
            self._flow(foot)
