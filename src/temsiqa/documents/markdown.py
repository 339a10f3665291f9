"""Markdown → Document."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from itertools import takewhile

from markdown_it import MarkdownIt
from markdown_it.token import Token
from markdown_it.tree import SyntaxTreeNode

from temsiqa.documents import matter
from temsiqa.documents.canonical import CanonicalText, clean, one_line
from temsiqa.documents.front_matter import FrontMatter, split_front_matter
from temsiqa.documents.sentences import split_sentences
from temsiqa.errors import DocumentError
from temsiqa.model import (
    BlockKind,
    Disclaimer,
    Document,
    EvidenceLevel,
    Provenance,
    Reference,
    Sentence,
    Span,
)

_PAIR = re.compile(r"^Q\s*[:.]\s*(?P<question>.+?\?)\s*A\s*[:.]\s*(?P<answer>.+)$", re.DOTALL)
_AUTHOR = re.compile(r"Author:\s*(?P<author>[^.]+?)(?:\.|\s+Date:|$)", re.IGNORECASE)
_DATE = re.compile(r"(?:Date|Published|Updated):\s*(?P<date>\w+ \d{4}|\d{4}(?:-\d{2}){0,2})", re.IGNORECASE)
_CITE_AS = re.compile(r"To cite this document:\s*(?P<publisher>[^.\[]+)\..*?(?P<url>https?://[^\s>\]]+)?[>\]]*$", re.I)
_HIDDEN_HTML = re.compile(r"<!--.*?(?:-->|\Z)|<(script|style)\b.*?(?:</\1\s*>|\Z)", re.DOTALL | re.IGNORECASE)
_HTML_TAG = re.compile(r"</?[a-z!?][^<>]*>", re.IGNORECASE)
_MARKER_TEXT = re.compile(r"\[\d{1,3}\]|\d{1,3}")
_DEEPEST_NESTING = 30
_SHORTEST_LEAD_IN = 20


def read_markdown(text: str, name: str) -> Document:
    """The document of a Markdown text. Raises ``DocumentError`` when nothing can be quoted from it."""
    front, body = split_front_matter(clean(text), name)
    return read_body(body, front, name)


def read_body(body: str, front: FrontMatter, name: str) -> Document:
    """The document of Markdown without its front matter."""
    parser = MarkdownIt("commonmark", {"maxNesting": _DEEPEST_NESTING}).enable("table")
    reader = _Reader(curated=front.evidence_level is not None)
    reader.read(SyntaxTreeNode(parser.parse(body)))
    if not any(block.sentences for block in reader.canonical.blocks):
        raise DocumentError(
            f"{name}: no sentence, list or table in it that could be quoted; add text or remove the file"
        )
    notices = tuple(dict.fromkeys([*(one_line(d) for d in front.disclaimers), *reader.notices]))
    listed = (Reference(r.marker, one_line(r.text), r.key, r.url) for r in front.references)
    return Document(
        id=name,
        text=reader.canonical.text,
        provenance=_provenance(front, reader, notices, name),
        blocks=tuple(reader.canonical.blocks),
        references=tuple({r.marker: r for r in [*reader.references, *listed]}.values()),
        disclaimers=tuple(Disclaimer(text, name) for text in notices),
    )


class _Reader:
    """Walks the syntax tree once. Once disclaimers begin, what follows is notice or sales matter until a heading.

    A ``curated`` text, one whose front matter states its evidence level, holds literature only: nothing is sorted out.
    """

    def __init__(self, curated: bool) -> None:
        self._curated = curated
        self.canonical = CanonicalText()
        self.notices: list[str] = []
        self.references: list[Reference] = []
        self._skipping = False
        self._lead: tuple[Span, ...] = ()
        self._question: tuple[Span, ...] = ()

    def read(self, root: SyntaxTreeNode) -> None:
        """Reads every child of ``root`` in order."""
        for node in root.children:
            if node.type == "heading":
                self._heading(node)
            elif node.type == "paragraph":
                self._paragraph(_inline(node))
            elif node.type in ("bullet_list", "ordered_list"):
                self._list(node)
            elif node.type == "table":
                self._table(node)
            elif node.type in ("code_block", "fence"):
                self._paragraph(one_line(node.content))
            elif node.type == "html_block":
                self._paragraph(_text_of_html(node.content))
            elif node.type == "blockquote":
                self.read(node)

    def _heading(self, node: SyntaxTreeNode) -> None:
        title = _inline(node)
        self._lead = self._question = ()
        self._skipping = not self._curated and matter.is_unquotable_heading(title)
        if title and not self._skipping:
            self.canonical.add_heading(int(node.tag[1:]), title)
            self._question = (self.canonical.heading_span(),) if title.endswith("?") else ()

    def _paragraph(self, text: str) -> None:
        if not text or self._sorted_out(text):
            return
        kind = (
            BlockKind.BYLINE
            if matter.is_byline(text)
            else BlockKind.CAPTION
            if matter.is_caption(text)
            else BlockKind.FAQ
            if self._question
            else BlockKind.PARAGRAPH
        )
        block = self.canonical.add_paragraph(kind, text, self._question)
        leads_in = text.endswith(":") or kind is BlockKind.CAPTION
        self._lead = _lead_in(block.sentences) if leads_in else ()

    def _sorted_out(self, text: str) -> bool:
        """True for what does not belong to the literature; a notice among it is kept for the document."""
        if self._curated:
            return False
        if matter.is_bare_notice_heading(text):
            self._skipping = True
            return True
        if matter.is_notice(text):
            sentences = (text[s.span.start : s.span.end] for s in split_sentences(text, 0, BlockKind.PARAGRAPH))
            self.notices.append(" ".join(s for s in sentences if matter.belongs_to_notice(s)))
            return True
        return self._skipping or matter.is_sales(text)

    def _list(self, node: SyntaxTreeNode) -> None:
        if self.canonical.section and matter.is_references_heading(self.canonical.section[-1]) and not self._skipping:
            self._reference_list(node)
            return
        items: list[tuple[str, int | None]] = []
        kept: dict[int, int] = {}
        for position, (text, parent) in enumerate(_items(node)):
            pair = _PAIR.match(text)
            if pair:
                self.canonical.add_pair(pair["question"].strip(), pair["answer"].strip())
            elif text and not self._sorted_out(text):
                kept[position] = len(items)
                items.append((text, None if parent is None else kept.get(parent)))
        if items:
            self.canonical.add_items(BlockKind.LIST, items, (*self._question, *self._lead))
        self._lead = ()

    def _reference_list(self, node: SyntaxTreeNode) -> None:
        first = int(node.attrs.get("start", 1)) if node.type == "ordered_list" else 1
        texts = [_text_of_all(item.children) for item in node.children]
        self.references += [Reference(str(first + i), text) for i, text in enumerate(texts) if text]
        items = [(text, None) for text in texts if text]
        if items:
            self.canonical.add_items(BlockKind.REFERENCES, items, ())

    def _table(self, node: SyntaxTreeNode) -> None:
        rows = [[_inline(cell) for cell in row.children] for row in node.walk() if row.type == "tr"]
        header, *body = rows
        body = [row for row in body if any(row)]
        if (any(header) or body) and not self._skipping:
            self.canonical.add_table(header, body, (*self._question, *self._lead))
        self._lead = ()


def _lead_in(sentences: tuple[Sentence, ...]) -> tuple[Span, ...]:
    """The last sentence; with the one before it when it is a mere "Specifically:"."""
    last = sentences[-1].span
    is_bare = last.end - last.start < _SHORTEST_LEAD_IN
    return tuple(s.span for s in sentences[-2 if is_bare else -1 :])


def _items(node: SyntaxTreeNode, parent: int | None = None, count: int = 0) -> list[tuple[str, int | None]]:
    """Items of a list with the position of their parent item, nested lists after the item they hang on."""
    found: list[tuple[str, int | None]] = []
    for item in node.children:
        own = _text_of_all([c for c in item.children if c.type not in ("bullet_list", "ordered_list")])
        position = count + len(found)
        found.append((own, parent))
        for child in item.children:
            if child.type in ("bullet_list", "ordered_list"):
                found += _items(child, position, count + len(found))
    return found


def _text_of_all(nodes: list[SyntaxTreeNode]) -> str:
    """The words of paragraphs, quotes, code and tables that stand together in one item."""
    parts: list[str] = []
    for part in (part for node in nodes for part in node.walk()):
        if part.type in ("code_block", "fence"):
            parts.append(part.content)
        elif part.type == "html_block":
            parts.append(_text_of_html(part.content))
        elif part.type == "inline":
            parts.append(_inline(part))
    return one_line(" ".join(parts))


def _text_of_html(source: str) -> str:
    """The words between the tags of an HTML block; comments, scripts and styles are none."""
    return one_line(clean(html.unescape(_HTML_TAG.sub(" ", _HIDDEN_HTML.sub(" ", source)))))


def _inline(node: SyntaxTreeNode) -> str:
    """The words of a node: markup, link targets and HTML tags gone. Links without a target are page furniture.

    Cleaned again, since entities such as ``&#x202e;`` have become characters and markup may have parted a letter
    from its accent.
    """
    tokens: list[Token] = []
    for inline in (n for n in node.walk() if n.type == "inline" and n.token is not None):
        tokens += inline.token.children or []  # type: ignore[union-attr]
    return one_line(clean("".join(_words(tokens))))


def _words(tokens: list[Token]) -> Iterator[str]:
    dead_link = False
    for number, token in enumerate(tokens):
        if token.type == "link_open":
            dead_link = str(token.attrs.get("href", "")) in ("", "#")
            if _links_marker(tokens[number + 1 : number + 5]):
                dead_link = False
        elif token.type == "link_close":
            dead_link = False
        elif dead_link:
            continue
        elif token.type in ("text", "code_inline", "text_special"):
            yield token.content
        elif token.type in ("softbreak", "hardbreak"):
            yield " "
        elif token.type == "image":
            yield token.content


def _links_marker(tokens: list[Token]) -> bool:
    """Whether a link says a marker and no more; the bare number of ``[1](address)`` gets its brackets back."""
    inside = list(takewhile(lambda token: token.type != "link_close", tokens))
    said = "".join(token.content for token in inside)
    if len(inside) == len(tokens) or not _MARKER_TEXT.fullmatch(said):
        return False
    if said.isdigit():
        inside[0].content = f"[{said}]"
    return True


def _provenance(front: FrontMatter, reader: _Reader, notices: tuple[str, ...], name: str) -> Provenance:
    """Front matter first; then what headings, bylines and notices of the text say. Nothing is guessed."""
    blocks, text = reader.canonical.blocks, reader.canonical.text
    bylines = "\n".join(text[b.span.start : b.span.end] for b in blocks if b.kind is BlockKind.BYLINE)
    author, date, cite = _AUTHOR.search(bylines), _DATE.search(bylines), _CITE_AS.search(bylines)
    heading = next((text[b.span.start : b.span.end] for b in blocks if b.kind is BlockKind.HEADING), None)
    return Provenance(
        title=front.title or heading or name,
        evidence_level=front.evidence_level or _weakest_claim(notices),
        publisher=front.publisher or (cite["publisher"].strip() if cite else None),
        authors=front.authors or ((author["author"].strip(),) if author else ()),
        date=front.date or (date["date"] if date else None),
        url=front.url or (cite["url"] if cite else None),
        kind=front.kind,
        notes=front.notes,
    )


def _weakest_claim(notices: tuple[str, ...]) -> EvidenceLevel:
    """What a source without a stated level may count as: a vendor's research-use note, else unverified."""
    everything = " ".join(notices)
    if matter.RESEARCH_ONLY.search(everything) and not matter.MACHINE_MADE.search(everything):
        return EvidenceLevel.VENDOR_NOTE
    return EvidenceLevel.UNVERIFIED
