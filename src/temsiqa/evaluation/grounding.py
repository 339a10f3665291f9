"""Is what was recorded still what the documents say? Every offset, quote, statement and disclaimer is looked up
again.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol, Self

from temsiqa.answering.sources import described
from temsiqa.documents.canonical import one_line
from temsiqa.documents.markers import without_markers
from temsiqa.index.generation import Generation
from temsiqa.model import Document, Outcome
from temsiqa.record import RecordedAnswer, RecordedCitation, RecordedQuotation
from temsiqa.safety.policy import Policy

# Where a statement joins what it quotes: cells, items, and sentences between which others are left out.
_JOINT = re.compile(r"[:;,|•\n]+|(?<=[.!?])\s")


@dataclass(frozen=True, slots=True)
class SourceText:
    """The canonical text of a document, the disclaimers that it carries, and what its statements are worded by.

    ``description`` is what is said to questions on the document itself, ``markers`` are those of its references.
    """

    text: str
    disclaimers: tuple[str, ...]
    title: str = ""
    description: str = ""
    markers: Collection[str] = ()

    @classmethod
    def of(cls, document: Document) -> Self:
        """What of ``document`` can be cited."""
        return cls(
            document.text,
            tuple(disclaimer.text for disclaimer in document.disclaimers),
            document.provenance.title,
            described(document),
            document.markers,
        )


class Library(Protocol):
    """Where the documents of one generation can be looked up."""

    @property
    def disclaimers(self) -> Sequence[str]:
        """The general disclaimers of the policy; empty where they cannot be known."""

    def source(self, document: str) -> SourceText | None:
        """The document of that id; None when there is none."""


class GenerationLibrary:
    """The documents of a generation, and the general disclaimers of the policy whose version is ``policy``."""

    def __init__(self, generation: Generation, policy: Policy) -> None:
        self.disclaimers: Sequence[str] = policy.disclaimers
        self.policy = policy.version
        self._documents = generation.documents
        self._sources: dict[str, SourceText] = {}  # each is looked up for many citations

    def source(self, document: str) -> SourceText | None:
        """The document of that id; None when there is none."""
        if document not in self._sources and document in self._documents:
            self._sources[document] = SourceText.of(self._documents[document])
        return self._sources.get(document)


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a recorded answer.

    ``citation`` is the number of the citation at fault, if it is one; ``is_disclaimer`` tells whether one is missing.
    """

    message: str
    citation: int | None = None
    is_disclaimer: bool = False


def faults(answer: RecordedAnswer, library: Library) -> tuple[Fault, ...]:
    """Everything about ``answer`` that its documents and the policy do not bear out; empty when all is well."""
    return (
        *_citation_faults(answer, library),
        *_statement_faults(answer, library),
        *_shape_faults(answer),
        *_disclaimer_faults(answer, library),
    )


def _citation_faults(answer: RecordedAnswer, library: Library) -> Iterator[Fault]:
    for number, citation in enumerate(answer.citations, 1):
        if message := _misquoted(citation, library):
            yield Fault(f"citation {number}: {message}", number)
    for number, citation in enumerate(answer.related, 1):
        if message := _misquoted(citation, library):
            yield Fault(f"related passage {number}: {message}")


def _misquoted(citation: RecordedCitation, library: Library) -> str | None:
    """Why ``citation`` is not what its document says; None when it is."""
    source = library.source(citation.document)
    if source is None:
        return f"document {citation.document!r} is not in this generation"
    quotations: tuple[RecordedQuotation, ...] = (citation, *citation.lead)
    wrong = next((one for one in quotations if not _stands(one, source.text)), None)
    if wrong is None:
        return None
    return f"characters {wrong.start} to {wrong.end} of {citation.document} do not read {_shown(wrong.quote)}"


def _stands(quotation: RecordedQuotation, text: str) -> bool:
    """Whether ``text`` reads so there; an offset below 0 would count from its end."""
    return 0 <= quotation.start < quotation.end and text[quotation.start : quotation.end] == quotation.quote


def _statement_faults(answer: RecordedAnswer, library: Library) -> Iterator[Fault]:
    for number, statement in enumerate(answer.statements, 1):
        cited = [answer.citations[n - 1] for n in statement.citations if 0 < n <= len(answer.citations)]
        if cited and (made_up := _made_up(statement.text, cited, library)):
            yield Fault(f"statement {number} says what its citations do not: {_shown(made_up)}")


def _made_up(statement: str, cited: Sequence[RecordedCitation], library: Library) -> str | None:
    """The first piece of ``statement`` that stands in none of its quotes; None when it says what they say.

    A statement words its quotes anew only by leaving out markers and joining pieces, by saying what a source is, and by
    naming what the quoted text cites.
    """
    held = []
    for citation in cited:
        source = library.source(citation.document)
        if source is None:
            continue  # a fault of the citation
        if statement == source.description:
            return None
        named = "; ".join(reference.text for reference in citation.reference) or "nothing"
        statement = statement.removesuffix(f" ({source.title} cites for this: {named})")
        spoken = (without_markers(one.quote, source.markers) for one in (*citation.lead, citation))
        held.append(one_line(" ".join(spoken)))
    pieces = map(one_line, _JOINT.split(statement))
    return next((piece for piece in pieces if not any(piece in text for text in held)), None) if held else None


def _shape_faults(answer: RecordedAnswer) -> Iterator[Fault]:
    """What contradicts itself within the record."""
    if answer.abstained is not (not answer.statements and not answer.triage):
        yield Fault(f"flagged as abstained={answer.abstained} with {len(answer.statements)} statements")
    if answer.triage is not (answer.outcome is Outcome.URGENT):
        yield Fault(f"flagged as triage={answer.triage} with outcome {answer.outcome}")
    for number, statement in enumerate(answer.statements, 1):
        if not statement.citations:
            yield Fault(f"statement {number} has no citation")
        if not all(0 < citation <= len(answer.citations) for citation in statement.citations):
            yield Fault(f"statement {number} names a citation that the record does not hold")
    parts = (answer.notice, *(statement.text for statement in answer.statements), *answer.cautions)
    if answer.answer_text != "\n\n".join(part for part in parts if part):
        yield Fault("the text of the answer is not its notice, statements and cautions")


def _disclaimer_faults(answer: RecordedAnswer, library: Library) -> Iterator[Fault]:
    general = [disclaimer.text for disclaimer in answer.disclaimers if disclaimer.document is None]
    missing = [text for text in library.disclaimers if text not in general]
    if missing or not general:
        lack = f"the general disclaimer {_shown(missing[0])} is missing" if missing else "no general disclaimer"
        yield Fault(lack, is_disclaimer=True)
    shown = {disclaimer.text for disclaimer in answer.disclaimers}
    for document in dict.fromkeys(citation.document for citation in answer.citations + answer.related):
        source = library.source(document)
        for text in source.disclaimers if source else ():
            if text not in shown:
                yield Fault(f"{document} is cited without its disclaimer {_shown(text)}", is_disclaimer=True)


def _shown(text: str) -> str:
    return repr(text if len(text) <= 60 else f"{text[:59]}…")
