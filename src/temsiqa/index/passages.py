"""Document → passages: what is retrieved."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from temsiqa.documents.markers import without_markers
from temsiqa.model import Block, BlockKind, Document, Passage, Sentence, Span

_UNRETRIEVED = frozenset({BlockKind.HEADING, BlockKind.REFERENCES})
_WHOLE = frozenset({BlockKind.FAQ, BlockKind.TABLE})


def make_passages(document: Document, fits: Callable[[str], bool]) -> list[Passage]:
    """Passages of one document in reading order.

    ``fits`` tells whether a text is within the encoder's window. A list or table keeps its lead-in; what does not fit
    is cut between sentences, rows or items, and every piece repeats header and lead-in.
    """
    passages: list[Passage] = []
    for group in _groups(document.blocks):
        passages += _cut(document, group, fits)
    return passages


def passage_text(document: Document, section: tuple[str, ...], sentences: tuple[Sentence, ...]) -> str:
    """What is encoded and looked up for ``sentences``: section path, then leads and sentences, each once."""
    spans: dict[Span, None] = {}
    for sentence in sentences:
        spans.update(dict.fromkeys((*sentence.lead, sentence.span)))
    body = " ".join(without_markers(document.quote(span)) for span in spans)
    return ". ".join([*section, body])


def _groups(blocks: tuple[Block, ...]) -> Iterator[list[Block]]:
    """Neighbouring blocks of one section; FAQ pairs and tables stand alone with what leads into them."""
    group: list[Block] = []
    for block in blocks:
        if block.kind in _UNRETRIEVED or not block.sentences:
            continue
        leads_in = bool(group) and group[-1].sentences[-1].span in block.sentences[0].lead
        joins = bool(group) and group[-1].section == block.section and (
            leads_in or not {group[-1].kind, block.kind} & _WHOLE
        )
        if group and not joins:
            yield group
            group = []
        group.append(block)
    if group:
        yield group


def _cut(document: Document, group: list[Block], fits: Callable[[str], bool]) -> Iterator[Passage]:
    section = group[0].section
    pending: tuple[Sentence, ...] = ()
    for sentence in (s for block in group for s in block.sentences):
        longer = (*pending, sentence)
        if pending and not fits(passage_text(document, section, longer)):
            yield _passage(document, section, pending)
            longer = (sentence,)
        pending = longer
    yield _passage(document, section, pending)


def _passage(document: Document, section: tuple[str, ...], sentences: tuple[Sentence, ...]) -> Passage:
    return Passage(document.id, section, sentences, passage_text(document, section, sentences))
