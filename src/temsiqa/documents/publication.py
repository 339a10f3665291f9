"""A bibliographic record → outline: the rules that PubMed's formats share, whichever of them it was read from."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from operator import itemgetter

from temsiqa.documents.outline import Heading, Outline, Paragraph, Piece, ReferenceList
from temsiqa.documents.stated import Stated
from temsiqa.errors import DocumentError
from temsiqa.model import BlockKind, EvidenceLevel, Reference

_PMID = re.compile(r"[1-9][0-9]{0,8}")
_DOI = re.compile(r"(?:https?://(?:dx\.)?doi\.org/|doi:)?\s*(?P<doi>10\.\d[\d.]*/\S+)", re.IGNORECASE)
_DATE = re.compile(r"(?P<year>\d{4})(?:[ -]?(?P<month>\d{1,2}|[A-Za-z]{3,9})(?:[ -]?(?P<day>\d{1,2}))?)?")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_NO_TITLE = frozenset({"", "[Not Available].", "[Not Available]"})
_NO_ABSTRACT = "Abstract available from the publisher."

# Publication types as PubMed names them, in small letters; the strongest level comes first.
_LEVELS = {
    EvidenceLevel.GUIDELINE: frozenset({"guideline", "practice guideline"}),
    EvidenceLevel.RANDOMISED_TRIAL: frozenset({"randomized controlled trial"}),
    EvidenceLevel.TRIAL: frozenset(
        {"clinical trial", "controlled clinical trial", "adaptive clinical trial", "equivalence trial"}
        | {"pragmatic clinical trial", *(f"clinical trial, phase {phase}" for phase in ("i", "ii", "iii", "iv"))}
    ),
    EvidenceLevel.REVIEW: frozenset({"review", "systematic review", "meta-analysis", "network meta-analysis"}),
}
_TYPE_NOTES = {
    "case reports": "case report",
    "clinical trial protocol": "trial protocol, without results",
    "expression of concern": "expression of concern on another publication",
    "preprint": "preprint",
    "published erratum": "erratum of another publication",
    "retraction of publication": "retraction notice of another publication",
}
_RETRACTED = "retracted publication"
_FUNDING = "research support"
# Relations to other publications as PubMed XML names them; others, such as comments, say nothing about the text.
_RETRACTIONS = {
    "RetractionIn": "retracted in",
    "RetractedandRepublishedIn": "retracted and republished in",
}
_RELATIONS = {
    "PartialRetractionIn": "partly retracted in",
    "ExpressionOfConcernIn": "expression of concern in",
    "ErratumIn": "erratum in",
    "CorrectedandRepublishedIn": "corrected and republished in",
    "UpdateIn": "updated in",
    "RetractionOf": "retracts",
    "ExpressionOfConcernFor": "expresses concern on",
    "ErratumFor": "corrects",
}

Sections = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication:
    """What a record holds; texts are cleaned and on one line, what is missing is empty.

    ``abstract`` is its sections, each a label (empty where it has none) and a text; ``other_abstracts`` are the same
    under the heading of each. ``types`` are publication types, ``subjects`` MeSH headings without their qualifiers;
    ``related`` are other publications, each by relation (PubMed XML's ``RefType``) and source.
    """

    pmid: str
    title: str
    vernacular_title: str = ""
    abstract: Sections = ()
    other_abstracts: Sequence[tuple[str, Sections]] = ()
    keywords: Sequence[str] = ()
    references: Sequence[Reference] = ()
    authors: Sequence[str] = ()
    journal: str = ""
    date: str = ""
    doi: str | None = None
    pmcid: str = ""
    types: Sequence[str] = ()
    subjects: Sequence[str] = ()
    related: Sequence[tuple[str, str]] = ()
    copyright: str = ""
    ahead_of_print: bool = False


def read_publications(records: Iterable[Publication | str], name: str) -> Iterator[Outline | DocumentError]:
    """One outline a record, and an error for each that is bad or holds nothing to quote; a string says what is wrong.

    Raises ``DocumentError`` when there is no record at all.
    """
    number, seen = 0, set[str]()
    for number, record in enumerate(records, 1):
        read = record if isinstance(record, str) else _read(record, seen)
        yield read if isinstance(read, Outline) else DocumentError(f"{name}: record {number}: {read}")
    if not number:
        raise DocumentError(f"{name}: holds no record of a publication; export it again")


def plain_doi(text: str) -> str | None:
    """The DOI in ``text`` without ``https://doi.org/`` or ``doi:`` before it; None when it is none."""
    match = _DOI.fullmatch(text.strip())
    return match["doi"] if match else None


def plain_pmid(text: str) -> str | None:
    """The PMID that ``text`` is; None when it is none."""
    return text.strip() if _PMID.fullmatch(text.strip()) else None


def iso_date(text: str) -> str | None:
    """``2006 Mar 1``, ``2006 03`` or ``20060301`` in ISO form; None for anything else, such as a season."""
    match = _DATE.fullmatch(text)
    if match is None:
        return None
    year, month, day = match["year"], match["month"], match["day"]
    try:
        number = 1 if month is None else int(month) if month.isdigit() else _MONTHS.index(month[:3].casefold()) + 1
        whole = date(int(year), number, int(day or 1)).isoformat()
    except ValueError:
        return None
    return whole if day else whole[:7] if month else whole[:4]


def evidence_level(types: Iterable[str], subjects: Iterable[str]) -> EvidenceLevel | None:
    """The strongest level that a publication type states; a study of animals without one is preclinical."""
    named = {kind.casefold() for kind in types}
    stated = next((level for level, kinds in _LEVELS.items() if named & kinds), None)
    return stated or (EvidenceLevel.PRECLINICAL if _on_animals(subjects) else None)


def retraction(types: Iterable[str], related: Iterable[tuple[str, str]]) -> str | None:
    """That a publication was retracted, where and when as its record says it; None when it says nothing of it."""
    notices = [f"{_RETRACTIONS[relation]} {source}" for relation, source in related if relation in _RETRACTIONS]
    if notices:
        return "; ".join(notices)
    return "retracted, by its publication type" if _RETRACTED in map(str.casefold, types) else None


def _on_animals(subjects: Iterable[str]) -> bool:
    named = set(subjects)
    return "Animals" in named and "Humans" not in named


def _read(record: Publication, seen: set[str]) -> Outline | str:
    """The outline, or why there is none; ``seen`` are the PMIDs of the records before."""
    if not plain_pmid(record.pmid):
        return f"its PMID is {record.pmid[:40]!r}, not a number; export it again"
    if record.pmid in seen:
        return f"PMID {record.pmid} stands in the file a second time; remove one of them"
    if not _has_abstract(record):
        return f"PMID {record.pmid} has no abstract, so nothing of it can be quoted; add the article itself"
    seen.add(record.pmid)
    return _outline(record)


def _has_abstract(record: Publication) -> bool:
    return any(map(_text_of, (record.abstract, *(sections for _, sections in record.other_abstracts))))


def _text_of(sections: Sections) -> str:
    """The words of an abstract; none when it is only said where there is one."""
    text = " ".join(text for _, text in sections).strip()
    return "" if text == _NO_ABSTRACT else text


def _outline(record: Publication) -> Outline:
    title = record.vernacular_title if record.title in _NO_TITLE else record.title
    return Outline((Heading(1, title), *_pieces(record, title)), _stated(record, title), record.pmid)


def _pieces(record: Publication, title: str) -> Iterator[Piece]:
    if record.vernacular_title not in ("", title):
        yield Paragraph(record.vernacular_title, BlockKind.BYLINE)
    if _text_of(record.abstract):
        yield from _sections(record.abstract, level=2, unlabelled="Abstract")
    for heading, sections in record.other_abstracts:
        if _text_of(sections):
            yield Heading(2, heading)
            yield from _sections(sections, level=3)
    if record.keywords:
        yield Heading(2, "Keywords")
        yield Paragraph("; ".join(record.keywords), BlockKind.BYLINE)
    if record.references:
        yield Heading(2, "References")
        yield ReferenceList(tuple(record.references))


def _sections(sections: Sections, level: int, unlabelled: str = "") -> Iterator[Piece]:
    """A section for each label, and one headed ``unlabelled`` for what has none."""
    for label, texts in groupby(sections, key=itemgetter(0)):
        if heading := label or unlabelled:
            yield Heading(level, heading)
        yield from (Paragraph(text) for _, text in texts)


def _stated(record: Publication, title: str) -> Stated:
    identifiers = {"pmid": record.pmid, "doi": record.doi, "pmcid": record.pmcid}
    return Stated(
        title=title or None,
        publisher=record.journal or None,
        authors=tuple(record.authors),
        date=iso_date(record.date) or record.date or None,
        url=f"https://pubmed.ncbi.nlm.nih.gov/{record.pmid}/",
        kind="; ".join(kind for kind in record.types if not kind.casefold().startswith(_FUNDING)) or None,
        evidence_level=evidence_level(record.types, record.subjects),
        identifiers={scheme: value for scheme, value in identifiers.items() if value},
        retracted=retraction(record.types, record.related),
        notes=tuple(_notes(record)),
    )


def _notes(record: Publication) -> Iterator[str]:
    for relation, source in record.related:
        if relation in _RELATIONS:
            yield f"{_RELATIONS[relation]} {source}"
    for kind in record.types:
        if note := _TYPE_NOTES.get(kind.casefold()):
            yield note
    if _on_animals(record.subjects):
        yield "animal study"
    if record.ahead_of_print:
        yield "published ahead of print"
    if record.copyright:
        yield f"copyright of the abstract: {record.copyright}"
