from __future__ import annotations

import pytest

from document_support import markdown_document
from temsiqa.documents.sources import Source
from temsiqa.documents.statistics import count, grade
from temsiqa.model import EvidenceLevel

SOURCE = Source(
    title="t", publisher="p", date=None, url=None, identifiers=None, kind="k", evidence_level=EvidenceLevel.LABEL,
    tier="T1", read="part",
)  # fmt: skip
DOCUMENT = """---
title: Questions
kind: questions of patients
evidence_level: review
references: [{marker: 1, key: S1}, {marker: 2, key: S2}]
---
# Questions

### Is it a pill?

No, it is a drip [1]. It goes into a vein [2].

### Does it hurt?

It may sting [1].
"""


def test_documents_statements_sources_and_pairs_are_counted() -> None:
    counted = count([markdown_document(DOCUMENT, "faq.md")], {"S1": SOURCE, "S3": SOURCE})
    assert (counted.documents, counted.statements, counted.pairs) == (1, 3, 2)
    assert counted.documents_by_level == {"review": 1}
    assert counted.sources_by_level == {"label": 1}


def test_the_grade_is_that_of_flesch_and_kincaid() -> None:
    # 12 words, 2 sentences, 13 syllables
    easy = "The cat sat on the mat. The dog ran to the garden."
    assert grade(easy) == pytest.approx(0.39 * 12 / 2 + 11.8 * 13 / 12 - 15.59, abs=0.05)
    assert grade("Hypersensitivity reactions necessitate immediate discontinuation.") > grade(easy) + 10


def test_pairs_that_are_not_for_patients_are_not_counted() -> None:
    assert count([markdown_document(DOCUMENT.replace("patients", "chemists"), "faq.md")], {}).pairs == 0


def test_without_pairs_there_is_no_grade() -> None:
    assert count([markdown_document("# A\n\nA sentence.\n", "a.md")], {}).grade is None
