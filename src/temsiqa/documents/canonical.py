"""Builds a canonical text piece by piece and remembers where everything stands."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence

from temsiqa.documents.sentences import split_sentences, whole_sentence
from temsiqa.model import Block, BlockKind, Sentence, Span

CELL_BREAK = " | "
EMPTY_CELL = "–"
PAGE_BREAK = "\f"
# Control characters, direction overrides and tag characters could hide what a quote says, a soft hyphen parts a word,
# and lone surrogates cannot be written.
_INVISIBLE = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    r"\U000e0000-\U000e007f\ud800-\udfff]"
)
_NEWLINES = re.compile(r"\r\n?|[\u2028\u2029\x0b\x0c\x85]")


_SYMBOL_RUN = re.compile(r"[^\w\s\x00-\x7f]{31,}")
_MOST_COMBINING = 30


def clean(text: str) -> str:
    """NFC, ``\\n`` line ends, no invisible characters, which go first: what they part may compose."""
    if text.isascii() and text.isprintable():
        return text
    visible = _INVISIBLE.sub("", _NEWLINES.sub("\n", text))
    return unicodedata.normalize("NFC", _SYMBOL_RUN.sub(_fewer_combining, visible))


def _fewer_combining(run: re.Match[str]) -> str:
    """At most 30 combining characters in a row, as many as UAX #15 allows: normalising more takes quadratic time."""
    kept: list[str] = []
    in_a_row = 0
    for character in run.group():
        in_a_row = in_a_row + 1 if unicodedata.combining(character) else 0
        if in_a_row <= _MOST_COMBINING:
            kept.append(character)
    return "".join(kept)


def one_line(text: str) -> str:
    """Runs of white space closed to one blank."""
    return " ".join(text.split())


class CanonicalText:
    """The growing text of one document and its blocks, in reading order."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._length = 0
        self._pending: list[tuple[tuple[str, ...], str, int]] = []
        self.section: tuple[str, ...] = ()
        self.blocks: list[Block] = []
        self.pages: list[int] = [0]
        self._turns = 0

    @property
    def text(self) -> str:
        """Everything so far."""
        return "".join(self._parts)

    @property
    def turned(self) -> int:
        """How many pages were turned so far."""
        return len(self.pages) - 1 + self._turns + sum(turns for _, _, turns in self._pending)

    def turn_page(self) -> None:
        """What is added next stands on the next page."""
        self._turns += 1

    def add_heading(self, level: int, title: str) -> None:
        """A heading opens a section, closes those of its level and below, and stands only if something follows it.

        A first heading of level 1 is the document's title, which no section path repeats.
        """
        is_title = level == 1 and not self._pending and not self.blocks
        if not is_title:
            self.section = (*self.section[: max(level - 2, 0)], title)
        self._pending.append((self.section, title, self._turns))
        self._turns = 0

    def add_paragraph(self, kind: BlockKind, text: str, lead: tuple[Span, ...] = ()) -> Block:
        """Running text, split into sentences; a byline stays whole."""
        span = self._begin_block(text)
        split = whole_sentence if kind is BlockKind.BYLINE else split_sentences
        found: Sentence | tuple[Sentence, ...] = split(unpaged(text), span.start, kind, lead)
        sentences = (found,) if isinstance(found, Sentence) else found
        return self._close(kind, span, sentences)

    def add_pair(self, question: str, answer: str) -> Block:
        """A question and its answer; the answer's sentences lean on the question."""
        asked = self._begin_block(question)
        answered = self._append(answer, "\n")
        sentences = split_sentences(unpaged(answer), answered.start, BlockKind.FAQ, (asked,))
        return self._close(BlockKind.FAQ, Span(asked.start, answered.end), sentences)

    def add_items(self, kind: BlockKind, items: Sequence[tuple[str, int | None]], lead: tuple[Span, ...]) -> Block:
        """A list: each item is its text and the position of its parent item, or None at the top."""
        return self._add_lines(
            kind, [text for text, _ in items], lambda done, i: (*lead, *_ancestors(done, items, i)), first=0
        )

    def add_table(self, header: Sequence[str], rows: Sequence[Sequence[str]], lead: tuple[Span, ...]) -> Block:
        """A table: header, then one line a row, cells parted by `` | ``; rows lean on caption and header."""
        lines = [CELL_BREAK.join(map(_cell, row)) for row in ([header] if any(header) else []) + list(rows)]
        first = 1 if any(header) else 0
        return self._add_lines(BlockKind.TABLE, lines, lambda done, _: (*lead, *done[:first]), first)

    def _add_lines(
        self, kind: BlockKind, lines: Sequence[str], lead_of: Callable[[list[Span], int], tuple[Span, ...]], first: int
    ) -> Block:
        spans: list[Span] = []
        for number, line in enumerate(lines):
            spans.append(self._begin_block(line) if number == 0 else self._append(line, "\n"))
        sentences = tuple(
            whole_sentence(unpaged(lines[i]), spans[i].start, kind, lead_of(spans, i))
            for i in range(first, len(lines))
            if lines[i]
        )
        return self._close(kind, Span(spans[0].start, spans[-1].end), sentences)

    def _begin_block(self, text: str) -> Span:
        self._place_headings()
        return self._append(text, "\n\n" if self._length else "")

    def _place_headings(self) -> None:
        turns_after = self._turns  # a heading that ends a page stays on it
        for section, title, turns in self._pending:
            self._turns = turns
            span = self._append(title, "\n\n" if self._length else "")
            self.blocks.append(Block(BlockKind.HEADING, span, section))
        self._turns = turns_after
        self._pending.clear()

    def heading_span(self) -> Span:
        """Where the heading of the current section stands; it is placed now if it was not yet."""
        self._place_headings()
        return self.blocks[-1].span

    def _append(self, text: str, separator: str) -> Span:
        self._parts += [separator, unpaged(text)]
        start = self._length + len(separator)
        self._length = start + len(text)
        self.pages += [start] * self._turns
        self._turns = 0
        self.pages += [start + turn.end() for turn in re.finditer(PAGE_BREAK, text)]
        return Span(start, self._length)

    def _close(self, kind: BlockKind, span: Span, sentences: tuple[Sentence, ...]) -> Block:
        self.blocks.append(Block(kind, span, self.section, sentences))
        return self.blocks[-1]


def unpaged(text: str) -> str:
    """Same length as ``text``, with a blank wherever a page turns."""
    return text.replace(PAGE_BREAK, " ")


def _cell(text: str) -> str:
    """A cell as it stands in its row, so that rows can be cut into cells again: a dash if empty, inner bars closed."""
    return re.sub(r"\s*\|\s*", "|", text) or EMPTY_CELL


def _ancestors(done: list[Span], items: Sequence[tuple[str, int | None]], number: int) -> tuple[Span, ...]:
    """Spans of the items above item ``number``, outermost first."""
    chain: list[Span] = []
    parent = items[number][1]
    while parent is not None:
        chain.insert(0, done[parent])
        parent = items[parent][1]
    return tuple(chain)
