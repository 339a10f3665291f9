"""What tests of documents share: generated texts, and what must hold for every document whatever it was read from."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from pathlib import Path

from hypothesis import strategies as st

from temsiqa.documents.assemble import assemble
from temsiqa.documents.markdown import read_markdown
from temsiqa.documents.text import read_text
from temsiqa.errors import DocumentError
from temsiqa.model import Document, Span

FIXTURES = Path(__file__).parent / "documents" / "fixtures"
WORDS = st.sampled_from(
    "rash dose 25 mg näive Größe α-helix 𝛼𝛽 薬 🙂 e\u0301t\u00e9 [1] [2,4-6] U.S. e.g. mTOR 3.5% (once) Dr.".split()
)
SENTENCES = st.lists(WORDS, min_size=1, max_size=8).map(lambda words: "Then " + " ".join(words) + ".")
PARAGRAPHS = st.lists(SENTENCES, min_size=1, max_size=4).map(" ".join)
HEADINGS = st.builds(
    lambda level, words, end: f"{'#' * level} Part {words}{end}",
    st.integers(1, 6),
    st.lists(WORDS, max_size=3).map(" ".join),
    st.sampled_from(["", "?"]),
)
LISTS = st.lists(st.tuples(st.integers(0, 3), SENTENCES), min_size=1, max_size=6).map(
    lambda items: "\n".join(f"{'  ' * min(depth, n)}- {text}" for n, (depth, text) in enumerate(items))
)
CELLS = st.one_of(st.just(""), WORDS, st.sampled_from(["a|b", "a | b", "| x", "y |"]))
TABLES = st.integers(2, 4).flatmap(
    lambda width: st.lists(st.lists(CELLS, min_size=width, max_size=width), min_size=2, max_size=5)
)
SOUP = st.lists(
    st.one_of(
        PARAGRAPHS,
        HEADINGS,
        LISTS,
        st.sampled_from(
            [
                "**Bold Head:**",
                "Bare Head",
                "a\tb\tc",
                "d\te",
                "tail of it",
                "[9]",
                "| a || b | c",
                "- d |",
                "^{[1][2]}",
                "$P=0.02$ and $5 or $6",
                "$\\frac{$",
                "$5% off$",
                "References",
                "- 1. Entry one",
                "2. Entry two",
                "Disclaimer:",
                "Get Quote",
                "<p>In a tag.</p>",
                "<!-- no word -->",
                "&#x202e;&#0;e&#769;",
                "e\u200b\u0301",
                "```\ncode\n```",
                "> quote",
                "To cite this document: X. [Y].",
                "Author: A. Date: May 2020",
                "Table: T",
                "- **Q:** Why? **A:** So.",
                "---",
                "\u0301",
                "\u202e",
                "a\rb\u2028c",
                "\x07",
            ]
        ),
        st.text(st.characters(exclude_categories=["Cs"]), max_size=30),
    ),
    min_size=1,
    max_size=12,
).flatmap(lambda parts: st.sampled_from(["\n", "\n\n"]).map(lambda between: between.join(parts)))


def as_table(rows: list[list[str]]) -> str:
    """Markdown of a table; the first row is its header."""
    lines = ["| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in rows]
    return "\n".join([lines[0], "|" + " --- |" * len(rows[0]), *lines[1:]])


BLOCKS = st.one_of(PARAGRAPHS, HEADINGS, LISTS, TABLES.map(as_table))
MARKDOWN = st.lists(BLOCKS, min_size=1, max_size=8).map("\n\n".join)


def fixture(name: str) -> str:
    """The text of a fixture."""
    return (FIXTURES / name).read_text(encoding="utf-8")


def words_of(text: str) -> list[str]:
    """Letters and figures, in order, as they are compared."""
    return re.findall(r"\w+", unicodedata.normalize("NFC", text))


def markdown_document(text: str, name: str) -> Document:
    """The document of a Markdown text."""
    return assemble(read_markdown(text, name), name)


def text_document(text: str, name: str) -> Document:
    """The document of a plain text."""
    return assemble(read_text(text, name), name)


def read_or_refuse(reader: Callable[[str, str], Document], text: str, name: str) -> Document | None:
    """The document, checked, or None where ``reader`` refuses the text with one line that names the file."""
    try:
        document = reader(text, name)
    except DocumentError as error:
        refusal = str(error)
    else:
        assert_sound(document)
        return document
    assert refusal.startswith(f"{name}: ")
    assert "\n" not in refusal
    return None


def assert_sound(document: Document) -> None:
    """What holds for every document: spans, order, normal form, no character that cannot be seen."""
    text = document.text
    assert unicodedata.is_normalized("NFC", text)
    assert not [c for c in text if unicodedata.category(c) in ("Cc", "Cs") and c not in "\n\t"]
    assert not re.search(r"[\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]", text)
    position = 0
    for block in document.blocks:
        assert position <= block.span.start < block.span.end <= len(text)
        assert not text[position : block.span.start].strip()
        inside = block.span.start
        for sentence in block.sentences:
            assert inside <= sentence.span.start < sentence.span.end <= block.span.end
            assert _is_trimmed(document, sentence.span)
            assert all(0 <= lead.start < lead.end <= sentence.span.start for lead in sentence.lead)
            assert all(document.quote(lead).strip() for lead in sentence.lead)
            inside = sentence.span.end
        position = block.span.end
    assert not text[position:]


def _is_trimmed(document: Document, span: Span) -> bool:
    quote = document.quote(span)
    return bool(quote) and quote == quote.strip()
