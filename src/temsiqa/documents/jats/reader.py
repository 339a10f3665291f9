"""JATS XML (PubMed Central, eLife and other publishers) → outline."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from lxml.etree import _Element

from temsiqa.documents import matter
from temsiqa.documents.jats.front import stated_of, title_of
from temsiqa.documents.jats.references import Bibliography, read_bibliography
from temsiqa.documents.jats.text import FIGURES, FLOATS, LISTS, JatsText, write_out_formulas
from temsiqa.documents.markup import is_heading, only_column, table_of
from temsiqa.documents.outline import Heading, Item, ItemList, Outline, Paragraph, Piece, ReferenceList
from temsiqa.documents.xml import (
    attribute,
    find,
    find_all,
    local_name,
    parse_xml,
    text_of,
    topmost,
    write_out_entities,
)
from temsiqa.errors import DocumentError
from temsiqa.model import BlockKind

# Elements that open a section, and what it is called where they bear no title.
_SECTIONS = {
    "abstract": "Abstract",
    "ack": "Acknowledgements",
    "app": "Appendix",
    "app-group": "",
    "bio": "",
    "body": "",
    "boxed-text": "",
    "fn-group": "Notes",
    "glossary": "Glossary",
    "notes": "Notes",
    "ref-list": "References",
    "sec": "",
    "trans-abstract": "Abstract",
}
_TITLES = frozenset({"caption", "label", "title"})
_RUNNING = frozenset("attrib code disp-formula funding-statement label p preformat speech title verse-group".split())
_NESTED = LISTS | frozenset({"disp-quote", "verse-group"})
_TABLES = frozenset({"array", "table"})
_NO_TEXT = frozenset("alt-text long-desc object-id permissions ref sec-meta".split())
_TYPES = ("fn-type", "sec-type", "notes-type", "content-type")
_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
_DEEPEST = 6
_COMPONENT_DOI = re.compile(r"DOI:?\s*https?://(?:dx\.)?doi\.org/\S+", re.IGNORECASE)


def read_jats(data: bytes, name: str) -> Iterator[Outline | DocumentError]:
    """The outline of an article. Letters that stand beside it, such as reviews and replies, are other texts: not read.

    Raises ``DocumentError`` when the file is no well-formed XML, no article, or holds a gigantic table.
    """
    article = parse_xml(data, name)
    if local_name(article) != "article" or (find(article, "front") is None and find(article, "body") is None):
        raise DocumentError(f"{name}: its root is {local_name(article)!r}, no JATS article; export it as JATS XML")
    for beside in (*find_all(article, "sub-article"), *find_all(article, "response")):
        article.remove(beside)
    write_out_entities(article)
    write_out_formulas(article)
    bibliography = read_bibliography(article)
    _number_empty_citations(article, bibliography)
    reader = _Reader(bibliography, name)
    reader.read(article)
    yield Outline(tuple(reader.pieces), stated_of(article, reader.disclaimers))


def _number_empty_citations(article: _Element, bibliography: Bibliography) -> None:
    """A citation without words is shown by its number."""
    markers = bibliography.markers
    for xref in article.iter("{*}xref") if bibliography.numbered else ():
        if len(xref) == 0 and not xref.text:
            xref.text = markers.get(xref.get("rid", ""))


class _Reader:
    """Takes an article in order. Figures and boxes float: they are kept until the text of their section is told."""

    def __init__(self, bibliography: Bibliography, name: str) -> None:
        self.pieces: list[Piece] = []
        self.disclaimers: list[str] = []
        self._entries = bibliography.entries
        self._words = JatsText(bibliography.markers, bibliography.numbered)
        self._name = name
        self._afloat: list[_Element] = []

    def read(self, article: _Element) -> None:
        """Title, abstracts, keywords, body, back matter, and the notes that stand in the front."""
        title = title_of(article)
        if title:
            self.pieces.append(Heading(1, title))
        for abstract in (*find_all(article, "front/article-meta/abstract"), *_translations(article)):
            self._section(abstract, 2)
        for group in find_all(article, "front/article-meta/kwd-group"):
            self._keywords(group)
        self._body(article)
        self._headed("Figures and tables", find_all(article, "floats-group/*"))
        for part in find_all(article, "back/*"):
            self._part(part, 2)
        self._front_notes(article)

    def _body(self, article: _Element) -> None:
        """The body; what stands in it before its first section must not fall into the abstract's."""
        body = find(article, "body")
        parts = list(body) if body is not None else []
        loose = next((number for number, part in enumerate(parts) if _is_section(part)), len(parts))
        if any(not isinstance(piece, Heading) for piece in self.pieces):
            self._headed("Main text", parts[:loose])
        else:
            self._blocks(parts[:loose], 2)
        for part in parts[loose:]:
            self._part(part, 2)
        self._land(2)

    def _front_notes(self, article: _Element) -> None:
        self._headed("Author notes", find_all(article, "front/article-meta/author-notes/fn"))
        told = {piece.text for piece in self.pieces if isinstance(piece, Paragraph)}
        statements = find_all(article, "front/article-meta/funding-group/funding-statement")
        self._headed("Funding", [node for node in statements if self._words.text(node) not in told])
        for notes in find_all(article, "front/notes"):
            self._section(notes, 2)

    def _keywords(self, group: _Element) -> None:
        words = [text for kwd in find_all(group, "kwd") if (text := self._words.text(kwd))]
        if words:
            heading = Heading(2, self._words.text(find(group, "title")) or "Keywords")
            self.pieces += [heading, Paragraph("; ".join(words), BlockKind.BYLINE)]

    def _part(self, element: _Element, level: int) -> None:
        """A section where it is one, or else a block of the section that stands open."""
        if _is_section(element):
            self._land(level)
            self._section(element, level)
        else:
            self._block(element, level)

    def _section(self, element: _Element, level: int) -> None:
        bold = _bold_title(element)
        title = self._title(element) if bold is None else self._words.text(bold)
        if _is_disclaimer(element, title):
            self._disclaim(self._paragraphs(element))
            return
        if title:
            self.pieces.append(Heading(min(level, _DEEPEST), title))
        inner = level + 1 if title else level
        references = [self._entries[node] for node in element if node in self._entries]
        for part in element:
            if references and part in self._entries:
                self.pieces.append(ReferenceList(tuple(references)))
                references = []
            if local_name(part) not in _TITLES and part is not bold:
                self._part(part, inner)
        self._land(inner)

    def _title(self, element: _Element) -> str:
        """Label and title of a section; where it has none, what its kind is called."""
        title = next((node for path in ("title", "caption/title") for node in find_all(element, path)), None)
        said = [text for node in (find(element, "label"), title) if (text := self._words.text(node))]
        return " ".join(said) or _called(element)

    def _headed(self, title: str, blocks: Sequence[_Element]) -> None:
        """Blocks that stand outside of any section, in one of their own; none where they say nothing."""
        heading = Heading(2, title)
        self._land(2)
        self.pieces.append(heading)
        self._blocks(blocks, 3)
        self._land(3)
        if self.pieces[-1] is heading:
            self.pieces.pop()

    def _blocks(self, elements: Iterable[_Element], level: int) -> None:
        for element in elements:
            self._block(element, level)

    def _block(self, element: _Element, level: int) -> None:
        """Adds an element of a section; ``level`` is that of sections inside it."""
        name = local_name(element)
        if name in FIGURES or name == "boxed-text":
            self._afloat.append(element)
        elif name == "table-wrap":
            self._captioned_table(element, level)
        elif name in _TABLES:
            self._table(element, level)
        elif name in LISTS:
            self._list(element, level)
        elif name == "fn":
            self._footnote(element)
        elif name in _RUNNING:
            self._running(element, level)
        elif name not in _NO_TEXT:
            self._blocks(element, level)

    def _running(self, element: _Element, level: int) -> None:
        """Running text, cut at lists and quotations that stand in it; what floats in it comes after it."""
        for run in self._words.runs(element, _NESTED):
            if isinstance(run, str):
                self._paragraph(run)
            else:
                self._block(run, level)
        self._blocks(topmost(element, FLOATS, closed=_NESTED), level)

    def _paragraph(self, text: str) -> None:
        label, colon, _ = text.partition(":")
        if colon and matter.is_bare_notice_heading(label):
            self._disclaim(text)
        elif text and not _COMPONENT_DOI.fullmatch(text):
            self.pieces.append(Paragraph(text))

    def _disclaim(self, text: str) -> None:
        self.disclaimers += filter(None, [text])

    def _paragraphs(self, element: _Element) -> str:
        return " ".join(map(self._words.text, topmost(element, {"p"})))

    def _footnote(self, note: _Element) -> None:
        text = self._paragraphs(note) or self._words.text(note, {"label"})
        if _is_disclaimer(note, ""):
            self._disclaim(text)
        else:
            self._paragraph(" ".join(filter(None, (text_of(find(note, "label")), text))))

    def _list(self, element: _Element, level: int) -> None:
        """A list with its title as caption. One whose items are texts of several paragraphs is read as paragraphs."""
        title = self._words.text(find(element, "title"))
        if title:
            self.pieces.append(Paragraph(title, BlockKind.CAPTION))
        if any(len(find_all(item, "p")) > 1 and find(item, "label") is None for item in find_all(element, "list-item")):
            for item in find_all(element, "list-item"):
                self._blocks(item, level)
            return
        items: list[Item] = []
        self._items(element, None, items)
        self.pieces.append(ItemList(tuple(items)))
        self._blocks(topmost(element, FLOATS), level)

    def _items(self, listed: _Element, parent: int | None, items: list[Item]) -> None:
        for element in listed:
            if local_name(element) in ("list-item", "def-item"):
                place = len(items)
                items.append(Item(self._item(element), parent))
                for nested in topmost(element, LISTS):
                    self._items(nested, place, items)

    def _item(self, element: _Element) -> str:
        """An item without the lists in it; a label that is no letter or number is only a bullet."""
        if local_name(element) == "def-item":
            term, meaning = (self._words.text(find(element, part), LISTS) for part in ("term", "def"))
            return f"{term}: {meaning}" if term and meaning else term or meaning
        label, text = text_of(find(element, "label")), self._words.text(element, LISTS | {"label"})
        return f"{label} {text}" if any(map(str.isalnum, label)) else text

    def _captioned_table(self, wrap: _Element, level: int) -> None:
        """Label and title lead into the table; the rest of its caption and its notes come after it."""
        first, *more = self._caption(wrap) or [""]
        tables = list(topmost(wrap, _TABLES))
        if first:
            self.pieces.append(Paragraph(first, BlockKind.CAPTION if tables else BlockKind.PARAGRAPH))
        for table in tables:
            self._table(table, level)
        for text in more:
            self._paragraph(text)
        self._blocks(find_all(wrap, "table-wrap-foot"), level)
        self._blocks(topmost(wrap, {"fn"}, closed={"table-wrap-foot"}), level)

    def _table(self, table: _Element, level: int) -> None:
        frame = only_column(table)
        for cell in frame:
            self._running(cell, level)
        if not frame:
            self.pieces.append(table_of(table, self._words, _is_bold, self._name))
        for row in find_all(table, "tfoot/tr"):
            self._paragraph(self._words.text(row))

    def _caption(self, element: _Element) -> list[str]:
        """The label with what is said first, then the other paragraphs of a caption."""
        nodes = [*find_all(element, "caption/title"), *find_all(element, "caption/p")]
        said = [text for text in map(self._words.text, nodes) if text and not _COMPONENT_DOI.fullmatch(text)]
        label = self._words.text(find(element, "label"))
        return [" ".join(filter(None, [label, *said[:1]])), *said[1:]] if label or said else []

    def _land(self, level: int) -> None:
        """Adds the figures that were kept, then the boxes, which are sections of their own."""
        waiting, self._afloat = self._afloat, []
        for element in waiting:
            if local_name(element) != "boxed-text":
                self._figure(element)
        for element in waiting:
            if local_name(element) == "boxed-text":
                self._section(element, level)

    def _figure(self, figure: _Element) -> None:
        self.pieces += [Paragraph(text, BlockKind.CAPTION) for text in self._caption(figure)]
        for inside in topmost(figure, FIGURES):
            self._figure(inside)


def _translations(article: _Element) -> list[_Element]:
    return find_all(article, "front/article-meta/trans-abstract")


def _is_section(element: _Element) -> bool:
    """Whether an element opens a section; a note does if it has a title."""
    name = local_name(element)
    return name in _SECTIONS.keys() - FLOATS or (name == "fn" and _bold_title(element) is not None)


def _bold_title(element: _Element) -> _Element | None:
    """The first paragraph of a part without a title, where it stands for one."""
    parts = [part for part in element if local_name(part) != "label"]
    is_title = len(parts) > 1 and local_name(parts[0]) == "p" and is_heading(parts[0], _is_bold)
    return parts[0] if is_title else None


def _called(element: _Element) -> str:
    """What a section without a title is called by its kind."""
    name = local_name(element)
    kind = attribute(element, _LANGUAGE if name == "trans-abstract" else "abstract-type")
    called = _SECTIONS.get(name, "")
    return f"{called} ({kind})" if kind and called == "Abstract" else called


def _is_disclaimer(element: _Element, title: str) -> bool:
    return matter.is_bare_notice_heading(title) or any("disclaimer" in element.get(kind, "") for kind in _TYPES)


def _is_bold(element: _Element) -> bool:
    return local_name(element) == "bold"
