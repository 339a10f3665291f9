"""Counts over a corpus, and how hard its patient answers are to read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from statistics import median

import textstat

from temsiqa.documents.markers import without_markers
from temsiqa.documents.sources import Source
from temsiqa.model import BlockKind, Document


@dataclass(frozen=True, slots=True)
class Statistics:
    """``pairs`` are the questions with answers in texts for patients, ``grade`` their median Flesch-Kincaid grade."""

    documents: int
    statements: int
    documents_by_level: Mapping[str, int]
    sources_by_level: Mapping[str, int]
    pairs: int
    grade: float | None


def count(documents: Iterable[Document], sources: Mapping[str, Source]) -> Statistics:
    """The statistics of ``documents`` and of the sources that they cite."""
    listed = list(documents)
    cited = {r.key for document in listed for r in document.references if r.key in sources}
    answers = [answer for document in listed if _is_for_patients(document) for answer in _faq_answers(document)]
    return Statistics(
        documents=len(listed),
        statements=sum(len(b.sentences) for d in listed for b in d.blocks if b.kind is not BlockKind.REFERENCES),
        documents_by_level=Counter(d.provenance.evidence_level.value for d in listed),
        sources_by_level=Counter(sources[key].evidence_level.value for key in cited if key),
        pairs=len(answers),
        grade=median(grade(" ".join(answer)) for answer in answers) if answers else None,
    )


def grade(text: str) -> float:
    """The Flesch-Kincaid grade of a text."""
    return float(textstat.flesch_kincaid_grade(text))


def _is_for_patients(document: Document) -> bool:
    return "patient" in (document.provenance.kind or "")


def _faq_answers(document: Document) -> list[list[str]]:
    """The sentences of each answer, by the question that they lean on."""
    answers: dict[int, list[str]] = {}
    for sentence in (s for block in document.blocks for s in block.sentences if s.kind is BlockKind.FAQ):
        said = without_markers(document.quote(sentence.span), document.markers)
        answers.setdefault(sentence.lead[0].start, []).append(said)
    return list(answers.values())
