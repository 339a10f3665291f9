"""Document → passages: what is retrieved."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

from temsiqa.documents.markers import without_markers
from temsiqa.model import Block, BlockKind, Document, Passage, Sentence, Span

_ON_THE_DOCUMENT = frozenset({BlockKind.BYLINE, BlockKind.REFERENCES, BlockKind.NOTICE})
_STANDS_ALONE = _ON_THE_DOCUMENT | {BlockKind.FAQ, BlockKind.TABLE}


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
    """What is encoded and looked up for ``sentences``: section path, then leads and sentences, each once.

    What is said on the document itself (byline, references, disclaimers) is found by its title and publisher.
    """
    if sentences[0].kind in _ON_THE_DOCUMENT:
        section = (document.provenance.title, document.provenance.publisher or "", *section[-1:])
    spans: dict[Span, None] = {}
    for sentence in sentences:
        spans.update(dict.fromkeys((*sentence.lead, sentence.span)))
    markers = document.markers
    body = " ".join(without_markers(document.quote(span), markers) for span in spans)
    return ". ".join([*section, body])


def in_context(document: Document, passage: Passage, number: int) -> str:
    """Sentence ``number`` of a passage with its innermost heading and its lead, as it is looked up and encoded."""
    return passage_text(document, passage.section[-1:], (passage.sentences[number],))


def sentences_in_context(documents: Mapping[str, Document], passages: Iterable[Passage]) -> Iterator[str]:
    """Every sentence of ``passages``, in their order, as it is looked up and encoded; ``documents`` go by their ids."""
    return (in_context(documents[p.document], p, number) for p in passages for number in range(len(p.sentences)))


def _groups(blocks: tuple[Block, ...]) -> Iterator[list[Block]]:
    """Neighbouring blocks of one section; FAQ pairs and tables stand alone with what leads into them."""
    group: list[Block] = []
    for block in blocks:
        if not block.sentences:
            continue
        leads_in = bool(group) and group[-1].sentences[-1].span in block.sentences[0].lead
        alone = bool(group) and group[-1].kind != block.kind and bool({group[-1].kind, block.kind} & _STANDS_ALONE)
        pairs = bool(group) and group[-1].kind is block.kind is BlockKind.FAQ
        joins = bool(group) and group[-1].section == block.section and (leads_in or not (alone or pairs))
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
        if pending and not fits(_text(document, section, longer)):
            yield _passage(document, section, pending)
            longer = (sentence,)
        pending = longer
    yield _passage(document, section, pending)


def _passage(document: Document, section: tuple[str, ...], sentences: tuple[Sentence, ...]) -> Passage:
    return Passage(document.id, section, sentences, _text(document, section, sentences))


def _text(document: Document, section: tuple[str, ...], sentences: tuple[Sentence, ...]) -> str:
    """What stands in no section, as an abstract does, stands under the document's title."""
    is_on_document = sentences[0].kind in _ON_THE_DOCUMENT  # which is found by its title anyway
    title = (document.provenance.title.rstrip("."),)
    return passage_text(document, section if section or is_on_document else title, sentences)
