"""Markdown → outline."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from itertools import takewhile

from markdown_it import MarkdownIt
from markdown_it.token import Token
from markdown_it.tree import SyntaxTreeNode

from temsiqa.documents.canonical import clean, one_line
from temsiqa.documents.outline import Heading, Item, ItemList, Outline, Paragraph, Piece, Table
from temsiqa.documents.stated import Stated, split_front_matter

_HIDDEN_HTML = re.compile(r"<!--.*?(?:-->|\Z)|<(script|style)\b.*?(?:</\1\s*>|\Z)", re.DOTALL | re.IGNORECASE)
_HTML_TAG = re.compile(r"</?[a-z!?][^<>]*>", re.IGNORECASE)
_MARKER_TEXT = re.compile(r"\[\d{1,3}\]|\d{1,3}")
_DEEPEST_NESTING = 30


def read_markdown(text: str, name: str) -> Outline:
    """The outline of a Markdown text. Raises ``DocumentError`` when its head is malformed."""
    stated, body = split_front_matter(clean(text), name)
    return read_body(body, stated)


def read_body(body: str, stated: Stated) -> Outline:
    """The outline of Markdown without its front matter. Whoever states an evidence level has curated the text."""
    parser = MarkdownIt("commonmark", {"maxNesting": _DEEPEST_NESTING}).enable("table")
    pieces = tuple(_pieces(SyntaxTreeNode(parser.parse(body))))
    return Outline(pieces, stated, curated=stated.evidence_level is not None)


def _pieces(root: SyntaxTreeNode) -> Iterator[Piece]:
    for node in root.children:
        if node.type == "heading":
            yield Heading(int(node.tag[1:]), _inline(node))
        elif node.type == "paragraph":
            yield Paragraph(_inline(node))
        elif node.type in ("bullet_list", "ordered_list"):
            yield ItemList(tuple(_items(node)), first=int(node.attrs.get("start", 1)))
        elif node.type == "table":
            header, *rows = (tuple(_inline(cell) for cell in row.children) for row in node.walk() if row.type == "tr")
            yield Table(header, tuple(rows))
        elif node.type in ("code_block", "fence"):
            yield Paragraph(one_line(node.content))
        elif node.type == "html_block":
            yield Paragraph(_text_of_html(node.content))
        elif node.type == "blockquote":
            yield from _pieces(node)


def _items(node: SyntaxTreeNode, parent: int | None = None, count: int = 0) -> list[Item]:
    """Items of a list with the position of their parent item, nested lists after the item they hang on."""
    found: list[Item] = []
    for item in node.children:
        own = _text_of_all([c for c in item.children if c.type not in ("bullet_list", "ordered_list")])
        position = count + len(found)
        found.append(Item(own, parent))
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
