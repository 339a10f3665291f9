"""Selections → statements with citations, the notice that goes before them and the cautions that follow."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from temsiqa.answering.select import Selection
from temsiqa.answering.sources import described
from temsiqa.answering.whereabouts import Whereabouts
from temsiqa.documents.canonical import CELL_BREAK
from temsiqa.documents.markers import MarkerFinder, without_markers
from temsiqa.index.generation import Generation
from temsiqa.model import (
    BlockKind,
    Citation,
    Document,
    Hit,
    Outcome,
    Quotation,
    Reference,
    Sentence,
    Span,
    Statement,
    Triage,
)
from temsiqa.safety.texts import FixedTexts
from temsiqa.walk import Step

_SHARE, _MOST, _RELATED = 2, 4, 3
_EVEN = 0.5


@dataclass(frozen=True, slots=True)
class Draft:
    """An answer that must not leave yet: it has no disclaimers."""

    outcome: Outcome
    notice: str
    statements: tuple[Statement, ...]
    cautions: tuple[str, ...]
    related: tuple[Citation, ...]


def compose(
    steps: Sequence[Step], triage: Triage, generation: Generation, whereabouts: Whereabouts, texts: FixedTexts
) -> Draft:
    """The draft of an answer: what triage demands comes first, then what the literature says."""
    found = _shared_out(steps, [_found(step, generation, whereabouts) for step in steps])
    is_urgent = triage.outcome is Outcome.URGENT
    corrected = () if is_urgent else tuple(_statement(selection, generation) for selection in steps[0].corrections)
    outcome = triage.outcome or (Outcome.ANSWERED if found or corrected else Outcome.ABSTAINED)
    if is_urgent:  # nobody reads on, and what may be beside the point would only confuse
        found = found[:1] if steps[0].choice.probability >= _EVEN else ()
    statements = (*corrected, *found)
    related = _nearest(steps[0].hits, generation) if outcome is Outcome.ABSTAINED else ()
    return Draft(
        outcome=outcome,
        notice=texts.notice(outcome, triage.rules, quotes=bool(statements), assumed=bool(corrected)),
        statements=statements,
        cautions=_cautions(statements, steps, outcome, generation, texts),
        related=related,
    )


def _found(step: Step, generation: Generation, whereabouts: Whereabouts) -> tuple[Statement, ...]:
    """What the literature says to one question. One on a source is answered from what is known of that source."""
    if step.source and not _speaks_of_source(step.choice.selections):
        return (_on_source(generation.documents[step.source]),)
    selections = step.selections
    if step.corrections:
        selections = whereabouts.unlike(step.corrections, selections)[: _MOST - len(step.corrections)]
    return tuple(_statement(selection, generation, step.with_references) for selection in selections)


def _shared_out(steps: Sequence[Step], found: Sequence[tuple[Statement, ...]]) -> tuple[Statement, ...]:
    """All that was found for one question; the best two of each where a message asks several, none twice.

    Where sources disagree no side is left out.
    """
    if len(found) == 1:
        return found[0]
    shares = [len(step.disagreement.sides) if step.disagreement else _SHARE for step in steps]
    shared = (statement for share, statements in zip(shares, found, strict=True) for statement in statements[:share])
    return tuple(dict.fromkeys(shared))


def _speaks_of_source(selections: Sequence[Selection]) -> bool:
    return any(selection.sentences[0].kind is BlockKind.BYLINE for selection in selections)


def _on_source(document: Document) -> Statement:
    """What is known of a source; the citation points to how it begins."""
    block = document.blocks[0]
    opening = Sentence(block.span, block.kind)
    return Statement(described(document), (_cite(Selection(document.id, (), (opening,)), document),))


def _nearest(hits: Sequence[Hit], generation: Generation) -> tuple[Citation, ...]:
    """The first sentences of the best passages: related, no answer."""
    near = [generation.passages[hit.passage] for hit in hits[:_RELATED]]
    return tuple(
        _cite(Selection(p.document, p.section, p.sentences[:1]), generation.documents[p.document]) for p in near
    )


def _statement(selection: Selection, generation: Generation, with_references: bool = False) -> Statement:
    """The wording and its citation, and in words what the text itself cites when that was asked for.

    An entry of a reference list is itself what was asked for.
    """
    document = generation.documents[selection.document]
    citation = _cite(selection, document)
    wording = _wording(selection.sentences, document)
    if with_references and selection.sentences[0].kind is not BlockKind.REFERENCES:
        cited = "; ".join(reference.text for reference in citation.references) or "nothing"
        wording = f"{wording} ({document.provenance.title} cites for this: {cited})"
    return Statement(wording, (citation,))


def _wording(sentences: Sequence[Sentence], document: Document) -> str:
    """The quoted words as they are read: markers gone, cells named by their header, items under their lead-in."""
    first = sentences[0]
    quotes = [_spoken(document, sentence.span) for sentence in sentences]
    if first.kind is BlockKind.TABLE:
        return " ".join(_row(document, sentence) for sentence in sentences)
    if first.kind in (BlockKind.LIST, BlockKind.REFERENCES):
        lead = " ".join(_spoken(document, span) for span in first.lead)
        if len(quotes) > 1:
            return "\n".join([lead, *(f"• {quote}" for quote in quotes)]).strip()
        return f"{lead} {quotes[0]}".strip()
    return " ".join(quotes)


def _row(document: Document, row: Sentence) -> str:
    """``Header: cell`` for each cell with words in it; a table of two columns reads as ``first: second``."""
    cells = _cells(document, row.span)
    header = _cells(document, row.lead[-1]) if row.lead else []
    if len(header) != len(cells):
        return ", ".join(cell for cell in cells if _has_words(cell))
    if len(cells) == 2:
        return f"{cells[0]}: {cells[1]}"
    return "; ".join(f"{name}: {cell}" for name, cell in zip(header, cells, strict=True) if _has_words(cell))


def _cells(document: Document, span: Span) -> list[str]:
    return [without_markers(cell, document.markers) for cell in document.quote(span).split(CELL_BREAK)]


def _has_words(cell: str) -> bool:
    return any(character.isalnum() for character in cell)


def _spoken(document: Document, span: Span) -> str:
    return without_markers(document.quote(span), document.markers)


def _cite(selection: Selection, document: Document) -> Citation:
    first, last = selection.sentences[0], selection.sentences[-1]
    span = Span(first.span.start, last.span.end)
    quote = document.quote(span)
    return Citation(
        document=document.id,
        start=span.start,
        end=span.end,
        quote=quote,
        section=selection.section,
        lead=tuple(Quotation(lead.start, lead.end, document.quote(lead)) for lead in first.lead),
        references=_references(document, quote, first.lead),
        provenance=document.provenance,
        disclaimers=document.disclaimers,
        pages=document.pages_of(span),
    )


def _references(document: Document, quote: str, lead: Iterable[Span]) -> tuple[Reference, ...]:
    """What the quoted text cites; what its header or lead-in cites counts when the text itself cites nothing."""
    finder = MarkerFinder(document.markers)
    markers = finder.find(quote) or finder.find(" ".join(document.quote(span) for span in lead))
    by_marker = {reference.marker: reference for reference in document.references}
    return tuple(by_marker[marker] for marker in markers if marker in by_marker)


def _cautions(
    statements: Sequence[Statement],
    steps: Sequence[Step],
    outcome: Outcome,
    generation: Generation,
    texts: FixedTexts,
) -> tuple[str, ...]:
    """One line each: what was not answered, why sources disagree, what was searched in vain, what sources are worth."""
    cited = [citation.provenance for statement in statements for citation in statement.citations]
    silent = [step.query.question for step in steps if not step.choice.selections and not step.source]
    lines = [texts.say("unanswered", question=question) for question in silent if len(silent) < len(steps)]
    if outcome is not Outcome.URGENT:
        disputes = dict.fromkeys(step.disagreement.dispute for step in steps if step.disagreement and not step.source)
        lines += [texts.say("disputed", why=dispute.why) for dispute in disputes]
    if outcome is Outcome.ABSTAINED:
        counts = generation.manifest
        lines.append(texts.say("searched", passages=counts.passages, documents=counts.documents))
    if cited and all(provenance.evidence_level.is_weak for provenance in cited):
        lines.append(texts.say("weak_evidence"))
    if any(provenance.retracted for provenance in cited):
        lines.append(texts.say("retracted"))
    return tuple(lines)
