"""The frozen types that travel between the parts, and nothing else.

Offsets everywhere count Unicode code points of a document's canonical text, 0-based, end exclusive.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from enum import StrEnum


class Audience(StrEnum):
    """Who asks: a preference among kinds of evidence and a tone, never a permission."""

    PATIENT = "patient"
    STAFF = "staff"
    RESEARCHER = "researcher"


class Outcome(StrEnum):
    """What became of a question."""

    ANSWERED = "answered"
    ABSTAINED = "abstained"
    REFERRED = "referred"
    CALL_TODAY = "call_today"
    URGENT = "urgent"


class EvidenceLevel(StrEnum):
    """Kinds of evidence, strongest first."""

    LABEL = "label"
    GUIDELINE = "guideline"
    RANDOMISED_TRIAL = "randomised trial"
    TRIAL = "trial"
    REVIEW = "review"
    PRECLINICAL = "preclinical"
    VENDOR_NOTE = "vendor note"
    ENCYCLOPAEDIA = "encyclopaedia"
    UNVERIFIED = "unverified"

    @property
    def is_weak(self) -> bool:
        """Whether it carries no answer on dose or safety where a label has one, nor any without a caution."""
        return self in (EvidenceLevel.VENDOR_NOTE, EvidenceLevel.ENCYCLOPAEDIA, EvidenceLevel.UNVERIFIED)


class BlockKind(StrEnum):
    """Structural pieces of a document."""

    HEADING = "heading"
    PARAGRAPH = "paragraph"
    LIST = "list"
    TABLE = "table"
    FAQ = "faq"
    CAPTION = "caption"
    BYLINE = "byline"
    REFERENCES = "references"
    NOTICE = "notice"


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """Characters ``start`` to ``end`` (exclusive) of a canonical text."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Sentence:
    """The smallest quotable span: a sentence, a list item or a table row.

    ``lead`` holds the spans without which it cannot be read alone: the header and caption of a row, the lead-in
    of a list item, the question of an FAQ answer. ``markers`` are the reference markers that stand in it, ``kind`` is
    that of its block.
    """

    span: Span
    kind: BlockKind
    lead: tuple[Span, ...] = ()
    markers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Block:
    """A structural piece with its section path and the sentences that may be quoted from it."""

    kind: BlockKind
    span: Span
    section: tuple[str, ...] = ()
    sentences: tuple[Sentence, ...] = ()


@dataclass(frozen=True, slots=True)
class Reference:
    """Entry ``marker`` of a document's own reference list.

    ``marker`` is what stands for it in the text: a number, or author and year ("Bourdon et al., 2007"). ``key`` is its
    stable key where the document gives one, ``evidence`` what kind of source it is and how much of it was read, in
    plain words, ``retracted`` that it was retracted, and when.
    """

    marker: str
    text: str
    key: str | None = None
    url: str | None = None
    evidence: str | None = None
    doi: str | None = None
    pmid: str | None = None
    retracted: str | None = None


@dataclass(frozen=True, slots=True)
class Disclaimer:
    """A notice that travels with an answer; ``document`` is None for the general ones."""

    text: str
    document: str | None = None


@dataclass(frozen=True, slots=True)
class Identifier:
    """A number by which the world knows a document; ``scheme`` is doi, pmid, pmcid, set id, version or id."""

    scheme: str
    value: str


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where a document comes from. What its file does not say is None or empty, never invented.

    ``retracted`` says that the document was retracted, by whose word and when.
    """

    title: str
    evidence_level: EvidenceLevel
    publisher: str | None = None
    authors: tuple[str, ...] = ()
    date: str | None = None
    url: str | None = None
    kind: str | None = None
    licence: str | None = None
    identifiers: tuple[Identifier, ...] = ()
    retracted: str | None = None
    notes: tuple[str, ...] = ()

    def identifier(self, scheme: str) -> str | None:
        """The identifier of that scheme, if it has one."""
        return next((i.value for i in self.identifiers if i.scheme == scheme), None)


@dataclass(frozen=True, slots=True)
class Document:
    """One source as ingested. ``id`` is its path inside the corpus, with ``/`` between folders.

    A document of a file that holds several has the file's path and its own name in it. ``pages`` are the offsets at
    which the pages begin, page 1 first; it is empty for a format without pages.
    """

    id: str
    text: str
    provenance: Provenance
    blocks: tuple[Block, ...]
    references: tuple[Reference, ...] = ()
    disclaimers: tuple[Disclaimer, ...] = ()
    pages: tuple[int, ...] = ()

    def quote(self, span: Span) -> str:
        """The characters of ``span``."""
        return self.text[span.start : span.end]

    def pages_of(self, span: Span) -> tuple[int, ...]:
        """The numbers of the pages that ``span`` stands on, counted from 1; none in a format without pages."""
        if not self.pages:
            return ()
        return tuple(range(bisect_right(self.pages, span.start), bisect_left(self.pages, span.end) + 1))

    @property
    def markers(self) -> frozenset[str]:
        """The markers that its reference list knows."""
        return frozenset(reference.marker for reference in self.references)


@dataclass(frozen=True, slots=True)
class Passage:
    """What is retrieved: a block or neighbouring blocks of one section; ``text`` is what is encoded and looked up."""

    document: str
    section: tuple[str, ...]
    sentences: tuple[Sentence, ...]
    text: str


@dataclass(frozen=True, slots=True)
class Opinion:
    """How likely a message calls for help now, and how likely for a word with the team today or for help now."""

    urgent: float
    call_today: float


@dataclass(frozen=True, slots=True)
class Triage:
    """What safety saw in a question before anything else: an outcome to force, or None, and the rules that fired.

    ``opinion`` is that of the classifier, where it was asked.
    """

    outcome: Outcome | None = None
    rules: tuple[str, ...] = ()
    opinion: Opinion | None = None


@dataclass(frozen=True, slots=True)
class Query:
    """A question made ready for retrieval.

    ``words`` are those of the question, mended, ``text`` is what is encoded, ``terms`` what is looked up; ``asked``
    are the terms of the question itself, without history. ``sources`` are the ids of documents that it names.
    ``subjects`` holds, for each other drug, animal and unknown name in it, the terms of which an answer has to hold
    one. ``topics`` are what it is on of which the literature has no word (dialysis, alcohol), ``names`` words of it
    that neither the literature nor a dictionary holds.
    """

    question: str
    text: str
    words: tuple[str, ...]
    terms: tuple[str, ...]
    asked: tuple[str, ...]
    sources: tuple[str, ...] = ()
    subjects: tuple[tuple[str, ...], ...] = ()
    topics: tuple[str, ...] = ()
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Hit:
    """Passage number ``passage`` of a generation with its scores for a query (higher is better).

    ``question`` is how far it answers a question put in the same words, 0 to 1.
    """

    passage: int
    score: float
    dense: float
    lexical: float
    question: float = 0.0


@dataclass(frozen=True, slots=True)
class Quotation:
    """Exact characters of a document."""

    start: int
    end: int
    quote: str


@dataclass(frozen=True, slots=True)
class Citation:
    """Where a statement comes from; ``references`` are what the quoted text itself cites, ``pages`` where it stands."""

    document: str
    start: int
    end: int
    quote: str
    section: tuple[str, ...]
    lead: tuple[Quotation, ...]
    references: tuple[Reference, ...]
    provenance: Provenance
    disclaimers: tuple[Disclaimer, ...]
    pages: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Statement:
    """A piece of the answer and the citations it stands on (at least one)."""

    text: str
    citations: tuple[Citation, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """What leaves the assistant.

    Raises ``ValueError`` on construction when a general disclaimer is missing, when a cited document's disclaimer is
    missing, when a statement has no citation, or when outcome and statements contradict each other.
    """

    question: str
    audience: Audience
    outcome: Outcome
    notice: str
    statements: tuple[Statement, ...]
    cautions: tuple[str, ...]
    related: tuple[Citation, ...]
    disclaimers: tuple[Disclaimer, ...]
    generation: str
    policy: str

    def __post_init__(self) -> None:
        if not any(d.document is None and d.text.strip() for d in self.disclaimers):
            raise ValueError("an answer needs its general disclaimers; pass it through safety.disclaim")
        for citation in self.citations + self.related:
            missing = [d for d in citation.disclaimers if d not in self.disclaimers]
            if missing:
                raise ValueError(f"an answer that cites {citation.document} needs its disclaimer {missing[0].text!r}")
        if any(not statement.citations for statement in self.statements):
            raise ValueError("a statement needs at least one citation")
        if self.outcome is Outcome.ANSWERED and not self.statements:
            raise ValueError("an answered question needs a statement; abstain instead")
        if self.outcome is Outcome.ABSTAINED and self.statements:
            raise ValueError("an abstention makes no statement")

    @property
    def citations(self) -> tuple[Citation, ...]:
        """Every citation in the order of the statements; citation ``n`` is shown as ``[n]``, counted from 1."""
        return tuple(c for s in self.statements for c in s.citations)

    @property
    def abstained(self) -> bool:
        """True when the literature had nothing to say and no emergency came first."""
        return not self.statements and self.outcome is not Outcome.URGENT

    @property
    def text(self) -> str:
        """What a reader reads as the answer: notice, statements, cautions; no citation list and no disclaimers."""
        parts = [self.notice, *(s.text for s in self.statements), *self.cautions]
        return "\n\n".join(part for part in parts if part)
