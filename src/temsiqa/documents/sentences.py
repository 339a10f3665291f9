"""Sentences of a text with their exact spans."""

from __future__ import annotations

import re
from collections.abc import Iterator

from sentencex import segment

from temsiqa.documents.markers import markers_in, stops_after_markers
from temsiqa.model import BlockKind, Sentence, Span

_LONGEST_PARAGRAPH = 20_000
_CLOSED_YEAR = re.compile(r"(?<=\d)\)(?= \()")


def split_sentences(text: str, offset: int, kind: BlockKind, lead: tuple[Span, ...] = ()) -> tuple[Sentence, ...]:
    """Sentences of ``text``, which begins at character ``offset`` of the canonical text."""
    sentences: list[Sentence] = []
    position = offset
    # A year before a bracket, "(Faith, 2003) (later)", would be taken for the number of a list: "2003)".
    for piece in _segmented(_CLOSED_YEAR.sub("]", stops_after_markers(text))):
        start = position + len(piece) - len(piece.lstrip())
        end = position + len(piece.rstrip())
        position += len(piece)
        if start < end:
            sentences.append(whole_sentence(text[start - offset : end - offset], start, kind, lead))
    return tuple(sentences)


def _segmented(text: str) -> Iterator[str]:
    """The pieces of ``text``. The library takes quadratic time, so what nobody would call a paragraph is cut first."""
    while len(text) > _LONGEST_PARAGRAPH:
        end = text.rfind(". ", 0, _LONGEST_PARAGRAPH) + 2
        cut = end if end > 1 else _LONGEST_PARAGRAPH
        yield from segment("en", text[:cut])
        text = text[cut:]
    yield from segment("en", text)


def whole_sentence(text: str, start: int, kind: BlockKind, lead: tuple[Span, ...] = ()) -> Sentence:
    """One quotable span that is never split: a list item, a table row, a byline."""
    return Sentence(Span(start, start + len(text)), kind, lead, markers_in(text))
