"""Is what was recorded still what the documents say? Every offset, quote, statement and disclaimer is looked up
again.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol, Self

from temsiqa.index.generation import Generation
from temsiqa.model import Document
from temsiqa.record import RecordedAnswer, RecordedCitation, RecordedQuotation
from temsiqa.safety.policy import Policy


@dataclass(frozen=True, slots=True)
class SourceText:
    """The canonical text of a document, and the disclaimers that it carries."""

    text: str
    disclaimers: tuple[str, ...]

    @classmethod
    def of(cls, document: Document) -> Self:
        """What of ``document`` can be cited."""
        return cls(document.text, tuple(disclaimer.text for disclaimer in document.disclaimers))


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

    def source(self, document: str) -> SourceText | None:
        """The document of that id; None when there is none."""
        found = self._documents.get(document)
        return SourceText.of(found) if found else None


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a recorded answer; ``citation`` is the number of the citation at fault, if it is one."""

    message: str
    citation: int | None = None


def faults(answer: RecordedAnswer, library: Library) -> tuple[Fault, ...]:
    """Everything about ``answer`` that its documents and the policy do not bear out; empty when all is well."""
    return (*_citation_faults(answer, library), *_shape_faults(answer), *_disclaimer_faults(answer, library))


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


def _shape_faults(answer: RecordedAnswer) -> Iterator[Fault]:
    """What contradicts itself within the record."""
    if answer.abstained is not (not answer.statements and not answer.triage):
        yield Fault(f"flagged as abstained={answer.abstained} with {len(answer.statements)} statements")
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
        yield Fault(f"the general disclaimer {_shown(missing[0])} is missing" if missing else "no general disclaimer")
    shown = {disclaimer.text for disclaimer in answer.disclaimers}
    for document in dict.fromkeys(citation.document for citation in answer.citations + answer.related):
        source = library.source(document)
        for text in source.disclaimers if source else ():
            if text not in shown:
                yield Fault(f"{document} is cited without its disclaimer {_shown(text)}")


def _shown(text: str) -> str:
    return repr(text if len(text) <= 60 else f"{text[:59]}…")
