"""Outline → Document: the one place where canonical text, blocks, leads, notices and references are put together."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from temsiqa.documents import matter
from temsiqa.documents.canonical import PAGE_BREAK, CanonicalText, one_line, unpaged
from temsiqa.documents.markers import MarkerFinder
from temsiqa.documents.outline import (
    Heading,
    ItemList,
    Outline,
    PageTurn,
    Pair,
    Paragraph,
    Piece,
    ReferenceList,
    Table,
)
from temsiqa.documents.sentences import split_sentences
from temsiqa.documents.stated import ReferenceEntry, Stated
from temsiqa.errors import DocumentError
from temsiqa.model import (
    Block,
    BlockKind,
    Disclaimer,
    Document,
    EvidenceLevel,
    Identifier,
    Provenance,
    Reference,
    Sentence,
    Span,
)

_PAIR = re.compile(r"^Q\s*[:.]\s*(?P<question>.+?\?)\s*A\s*[:.]\s*(?P<answer>.+)$", re.DOTALL)
_AUTHOR = re.compile(r"Author:\s*(?P<author>[^.]+?)(?:\.|\s+Date:|$)", re.IGNORECASE)
_DATE = re.compile(r"(?:Date|Published|Updated):\s*(?P<date>\w+ \d{4}|\d{4}(?:-\d{2}){0,2})", re.IGNORECASE)
_CITE_AS = re.compile(r"To cite this document:\s*(?P<publisher>[^.\[]+)\..*?(?P<url>https?://[^\s>\]]+)?[>\]]*$", re.I)
_SHORTEST_LEAD_IN = 20


def assemble(outline: Outline, name: str) -> Document:
    """The document of an outline, ``name`` is its id. Raises ``DocumentError`` when nothing in it can be quoted."""
    assembler = _Assembler(outline.curated)
    assembler.add(outline.pieces)
    if not any(block.sentences for block in assembler.canonical.blocks if block.kind is not BlockKind.NOTICE):
        raise DocumentError(
            f"{name}: no sentence, list or table in it that could be quoted; add text or remove the file"
        )
    notices = tuple(dict.fromkeys([*(one_line(d) for d in outline.stated.disclaimers), *assembler.notices]))
    listed = [_reference(entry) for entry in outline.stated.references]
    references = tuple({r.marker: _linked(r) for r in [*assembler.references, *listed]}.values())
    return Document(
        id=name,
        text=assembler.canonical.text,
        provenance=_provenance(outline.stated, assembler, notices, name),
        blocks=_marked(assembler.canonical, references),
        references=references,
        disclaimers=tuple(Disclaimer(text, name) for text in notices),
        pages=tuple(assembler.canonical.pages) if len(assembler.canonical.pages) > 1 else (),
    )


class _Assembler:
    """Takes the pieces in order. Once disclaimers begin, what follows is notice or sales matter until a heading."""

    def __init__(self, curated: bool) -> None:
        self._curated = curated
        self.canonical = CanonicalText()
        self.notices: list[str] = []
        self.references: list[Reference] = []
        self._skipping = False
        self._lead: tuple[Span, ...] = ()
        self._question: tuple[Span, ...] = ()

    def add(self, pieces: Sequence[Piece]) -> None:
        """Adds every piece in order."""
        for piece in pieces:
            turned = self.canonical.turned
            self._add(piece)
            for _ in range(turned + _turns(piece) - self.canonical.turned):  # pages turn in what is left out too
                self.canonical.turn_page()

    def _add(self, piece: Piece) -> None:
        match piece:
            case Heading():
                self._heading(piece)
            case Paragraph():
                self._paragraph(piece)
            case ItemList():
                self._list(piece)
            case Table():
                self._table(piece)
            case Pair():
                self.canonical.add_pair(piece.question, piece.answer)
            case ReferenceList():
                self._reference_list(piece)
            case PageTurn():
                self.canonical.turn_page()

    def _heading(self, heading: Heading) -> None:
        self._lead = self._question = ()
        self._skipping = not self._curated and matter.is_unquotable_heading(heading.title)
        if not heading.title:  # a section ends, and what follows is not said under its title
            self.canonical.section = self.canonical.section[: max(heading.level - 2, 0)]
        if heading.title and not self._skipping:
            self.canonical.add_heading(heading.level, heading.title)
            self._question = (self.canonical.heading_span(),) if heading.title.endswith("?") else ()

    def _paragraph(self, paragraph: Paragraph) -> None:
        text = paragraph.text
        if not text or self._sorted_out(text):
            return
        kind = paragraph.kind
        if kind is BlockKind.PARAGRAPH:
            kind = matter.kind_of(text) or (BlockKind.FAQ if self._question else kind)
        block = self.canonical.add_paragraph(kind, text, self._question)
        if kind is BlockKind.CAPTION:
            self._lead = tuple(sentence.span for sentence in block.sentences)
        else:
            self._lead = _lead_in(block.sentences) if text.endswith(":") else ()

    def _sorted_out(self, text: str) -> bool:
        """True for what is no plain part of the text: sales matter goes, a notice is kept as such."""
        if self._curated:
            return False
        text = unpaged(text)
        if matter.is_bare_notice_heading(text):
            self._skipping = True
            return True
        if matter.is_notice(text):
            self._notice(text)
            return True
        return self._skipping or matter.is_sales(text)

    def _notice(self, text: str) -> None:
        """Goes with the document, without offers put beside it; and stands in the text, under no heading."""
        spans = (sentence.span for sentence in split_sentences(text, 0, BlockKind.NOTICE))
        sentences = [s for s in (text[span.start : span.end] for span in spans) if any(map(str.isalnum, s))]
        self.notices.append(" ".join(s for s in sentences if matter.belongs_to_notice(s)))
        section, self.canonical.section = self.canonical.section, ()
        self.canonical.add_paragraph(BlockKind.NOTICE, " ".join(sentences))
        self.canonical.section = section

    def _list(self, listed: ItemList) -> None:
        if self.canonical.section and matter.is_references_heading(self.canonical.section[-1]):
            self._reference_list(ReferenceList(_numbered(listed)))
            return
        items: list[tuple[str, int | None]] = []
        kept: dict[int, int] = {}
        for position, item in enumerate(listed.items):
            pair = _PAIR.match(item.text)
            if pair:
                self.canonical.add_pair(pair["question"].strip(), pair["answer"].strip())
            elif item.text and not self._sorted_out(item.text):
                kept[position] = len(items)
                items.append((item.text, None if item.parent is None else kept.get(item.parent)))
        if items:
            self.canonical.add_items(BlockKind.LIST, items, (*self._question, *self._lead))
        self._lead = ()

    def _reference_list(self, listed: ReferenceList) -> None:
        if self._skipping:
            return
        self.references += (replace(reference, text=unpaged(reference.text)) for reference in listed.references)
        items = [(reference.text, None) for reference in listed.references if reference.text]
        if items:
            self.canonical.add_items(BlockKind.REFERENCES, items, ())

    def _table(self, table: Table) -> None:
        body = [row for row in table.rows if any(row)]
        if (any(table.header) or body) and not self._skipping:
            self.canonical.add_table(table.header, body, (*self._question, *self._lead))
        self._lead = ()


def _turns(piece: Piece) -> int:
    """How many pages turn in a piece."""
    match piece:
        case Heading():
            texts = [piece.title]
        case Paragraph():
            texts = [piece.text]
        case ItemList():
            texts = [item.text for item in piece.items]
        case Table():
            texts = [cell for row in (piece.header, *piece.rows) for cell in row]
        case Pair():
            texts = [piece.question, piece.answer]
        case ReferenceList():
            texts = [reference.text for reference in piece.references]
        case PageTurn():
            return 1
    return sum(text.count(PAGE_BREAK) for text in texts)


def _lead_in(sentences: tuple[Sentence, ...]) -> tuple[Span, ...]:
    """The last sentence; with the one before it when it is a mere "Specifically:"."""
    last = sentences[-1].span
    is_bare = last.end - last.start < _SHORTEST_LEAD_IN
    return tuple(s.span for s in sentences[-2 if is_bare else -1 :])


def _numbered(listed: ItemList) -> tuple[Reference, ...]:
    """Items of a list under a references heading are its entries; what is nested in one belongs to it."""
    texts: dict[int, str] = {}
    for position, item in enumerate(listed.items):
        top = position
        while (parent := listed.items[top].parent) is not None:
            top = parent
        texts[top] = f"{texts.get(top, '')} {item.text}".strip()
    return tuple(Reference(str(number), text) for number, text in enumerate(texts.values(), listed.first) if text)


def _reference(entry: ReferenceEntry) -> Reference:
    return Reference(entry.marker, one_line(entry.text), entry.key, entry.url, doi=entry.doi, pmid=entry.pmid)


def _linked(reference: Reference) -> Reference:
    """``reference`` with a link, where it has an identifier from which one follows."""
    if reference.url or not (reference.doi or reference.pmid):
        return reference
    doi, pmid = reference.doi, reference.pmid
    return replace(reference, url=f"https://doi.org/{doi}" if doi else f"https://pubmed.ncbi.nlm.nih.gov/{pmid}/")


def _marked(canonical: CanonicalText, references: tuple[Reference, ...]) -> tuple[Block, ...]:
    """The blocks, each sentence with the markers that stand in it: those that are no numbers only the list tells."""
    if all(reference.marker.isdigit() for reference in references):
        return tuple(canonical.blocks)
    finder, text = MarkerFinder(reference.marker for reference in references), canonical.text

    def marked(sentence: Sentence) -> Sentence:
        return replace(sentence, markers=finder.find(text[sentence.span.start : sentence.span.end]))

    return tuple(replace(block, sentences=tuple(map(marked, block.sentences))) for block in canonical.blocks)


def _provenance(stated: Stated, assembler: _Assembler, notices: tuple[str, ...], name: str) -> Provenance:
    """What is stated first; then what headings, bylines and notices of the text say. Nothing is guessed."""
    blocks, text = assembler.canonical.blocks, assembler.canonical.text
    bylines = "\n".join(text[b.span.start : b.span.end] for b in blocks if b.kind is BlockKind.BYLINE)
    author, date, cite = _AUTHOR.search(bylines), _DATE.search(bylines), _CITE_AS.search(bylines)
    heading = next((text[b.span.start : b.span.end] for b in blocks if b.kind is BlockKind.HEADING), None)
    return Provenance(
        title=stated.title or heading or name,
        evidence_level=stated.evidence_level or _weakest_claim(notices),
        publisher=stated.publisher or (cite["publisher"].strip() if cite else None),
        authors=stated.authors or ((author["author"].strip(),) if author else ()),
        date=stated.date or (date["date"] if date else None),
        url=stated.url or (cite["url"] if cite else None),
        kind=stated.kind,
        licence=stated.licence,
        identifiers=tuple(Identifier(scheme, value) for scheme, value in stated.identifiers.items() if value),
        retracted=stated.retracted,
        notes=stated.notes,
    )


def _weakest_claim(notices: tuple[str, ...]) -> EvidenceLevel:
    """What a source without a stated level may count as: a vendor's research-use note, else unverified."""
    everything = " ".join(notices)
    if matter.RESEARCH_ONLY.search(everything) and not matter.MACHINE_MADE.search(everything):
        return EvidenceLevel.VENDOR_NOTE
    return EvidenceLevel.UNVERIFIED
