"""An answer as it is written down: flat, with everything that scoring and auditing it takes, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Self

from pydantic import AliasChoices, BaseModel, ConfigDict, Field, computed_field

from temsiqa.model import Answer, Audience, Citation, Outcome, Statement


class _Frozen(BaseModel):
    """Fields that a newer version writes too are passed over."""

    model_config = ConfigDict(frozen=True, from_attributes=True)


class RecordedQuotation(_Frozen):
    """Exact characters of a document."""

    start: int
    end: int
    quote: str


class RecordedReference(_Frozen):
    """What the quoted text itself cites; ``key`` is the stable key of that source, where there is one."""

    marker: str
    text: str
    key: str | None = None


class RecordedCitation(RecordedQuotation):
    """Where a statement comes from."""

    document: str
    section: tuple[str, ...] = ()
    lead: tuple[RecordedQuotation, ...] = ()
    reference: tuple[RecordedReference, ...] = Field((), validation_alias=AliasChoices("references", "reference"))

    @computed_field  # type: ignore[prop-decorator]
    @property
    def source(self) -> tuple[str, ...]:
        """The keys of the sources that the quoted text cites."""
        return tuple(reference.key for reference in self.reference if reference.key)


class RecordedDisclaimer(_Frozen):
    """A notice; ``document`` is None for the general ones."""

    text: str
    document: str | None = None


class RecordedStatement(_Frozen):
    """A piece of the answer; ``citations`` are numbers, counted from 1, among those of the record."""

    text: str
    citations: tuple[int, ...]


class RecordedAnswer(_Frozen):
    """One line of a file of answers.

    ``answer_text`` is what a reader reads as the answer: notice, statements, cautions. ``triage`` tells whether help
    is called for at once. ``related`` is shown as near, not as an answer. The lead-ins that were said with quotes come
    after all other ``citations``.
    """

    id: str
    question: str
    history: tuple[str, ...] = ()
    audience: Audience = Audience.PATIENT
    outcome: Outcome
    abstained: bool
    triage: bool
    answer_text: str
    notice: str = ""
    statements: tuple[RecordedStatement, ...] = ()
    cautions: tuple[str, ...] = ()
    citations: tuple[RecordedCitation, ...] = ()
    related: tuple[RecordedCitation, ...] = ()
    disclaimers: tuple[RecordedDisclaimer, ...] = ()
    generation: str
    policy: str

    @classmethod
    def of(cls, name: str, history: Sequence[str], answer: Answer) -> Self:
        """The record of ``answer``, which was asked after ``history``."""
        citations = list(map(_citation, answer.citations))
        statements, count = [], 0
        for statement in answer.statements:
            leads = list(_leads_said(statement))
            citations += [lead for lead in leads if lead not in citations]
            own = range(count + 1, count + len(statement.citations) + 1)
            numbers = (*own, *(citations.index(lead) + 1 for lead in leads))
            statements.append(RecordedStatement(text=statement.text, citations=numbers))
            count += len(statement.citations)
        return cls(
            id=name,
            question=answer.question,
            history=tuple(history),
            audience=answer.audience,
            outcome=answer.outcome,
            abstained=answer.abstained,
            triage=answer.outcome is Outcome.URGENT,
            answer_text=answer.text,
            notice=answer.notice,
            statements=tuple(statements),
            cautions=answer.cautions,
            citations=tuple(citations),
            related=tuple(map(_citation, answer.related)),
            disclaimers=tuple(map(RecordedDisclaimer.model_validate, answer.disclaimers)),
            generation=answer.generation,
            policy=answer.policy,
        )


def _leads_said(statement: Statement) -> Iterator[RecordedCitation]:
    """What stands over the quotes and is said with them: to whoever reads a record it is a quote of its own."""
    for citation in statement.citations:
        for lead in citation.lead:
            if lead.quote in statement.text:
                place = {"document": citation.document, "section": citation.section}
                yield RecordedCitation.model_validate(place | asdict(lead))


def _citation(citation: Citation) -> RecordedCitation:
    return RecordedCitation.model_validate(citation)
