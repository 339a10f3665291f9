"""Selections → statements with citations, the notice that goes before them and the cautions that follow."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from temsiqa.answering.select import Selection
from temsiqa.documents.canonical import CELL_BREAK
from temsiqa.documents.markers import MarkerFinder, without_markers
from temsiqa.index.generation import Generation
from temsiqa.model import (
    Audience,
    BlockKind,
    Citation,
    Document,
    EvidenceLevel,
    Outcome,
    Quotation,
    Reference,
    Sentence,
    Span,
    Statement,
    Triage,
)
from temsiqa.safety.policy import Policy

_WEAK = frozenset({EvidenceLevel.VENDOR_NOTE, EvidenceLevel.ENCYCLOPAEDIA, EvidenceLevel.UNVERIFIED})


@dataclass(frozen=True, slots=True)
class Draft:
    """An answer that must not leave yet: it has no disclaimers."""

    outcome: Outcome
    notice: str
    statements: tuple[Statement, ...]
    cautions: tuple[str, ...]
    related: tuple[Citation, ...]


def compose(
    selections: Sequence[Selection],
    related: Sequence[Selection],
    triage: Triage,
    audience: Audience,
    generation: Generation,
    policy: Policy,
) -> Draft:
    """The draft of an answer: what triage demands comes first, then what the literature says."""
    outcome = triage.outcome or (Outcome.ANSWERED if selections else Outcome.ABSTAINED)
    shown = selections[:1] if outcome is Outcome.URGENT else selections  # in an emergency nobody reads on
    statements = tuple(_statement(selection, generation) for selection in shown)
    return Draft(
        outcome=outcome,
        notice=policy.notice(outcome, audience, triage.rules),
        statements=statements,
        cautions=_cautions(statements, audience, policy),
        related=tuple(_cite(s, generation.documents[s.document]) for s in related if outcome is Outcome.ABSTAINED),
    )


def _statement(selection: Selection, generation: Generation) -> Statement:
    document = generation.documents[selection.document]
    return Statement(_wording(selection.sentences, document), (_cite(selection, document),))


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


def _cautions(statements: tuple[Statement, ...], audience: Audience, policy: Policy) -> tuple[str, ...]:
    """One line each when nothing better than weak sources supports the answer, and when a source was retracted."""
    cited = [citation.provenance for statement in statements for citation in statement.citations]
    weak = bool(cited) and all(provenance.evidence_level in _WEAK for provenance in cited)
    retracted = any(provenance.retracted for provenance in cited)
    found = {"weak_evidence": weak, "retracted": retracted}
    return tuple(policy.message(name, audience) for name, applies in found.items() if applies)
