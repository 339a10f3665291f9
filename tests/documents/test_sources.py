from __future__ import annotations

from pathlib import Path

import pytest

from temsiqa.documents.corpus import fingerprints, read_corpus
from temsiqa.documents.read import read_file
from temsiqa.errors import CorpusError
from temsiqa.model import Reference

BOOK = """
S1:
  title: "Prescribing information"
  publisher: "Maker"
  date: 2007
  url: "https://example.org/label"
  identifiers: null
  kind: "regulatory label (US)"
  evidence_level: label
  tier: T1
  read: part
"""
DOCUMENT = """---
title: Dose
evidence_level: label
references:
  - {marker: 1, key: S1}
  - {marker: 2, key: S1, text: "Page 3 of it", url: "https://example.org/page3"}
  - {marker: 3, key: S9}
---
# Dose

Temsirolimus is given once a week [1][2][3].
"""


def references(folder: Path) -> tuple[Reference, ...]:
    (document,) = read_corpus(folder, read_file).documents
    return document.references


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    (tmp_path / "sources.yaml").write_text(BOOK, encoding="utf-8")
    (tmp_path / "dose.md").write_text(DOCUMENT, encoding="utf-8")
    return tmp_path


def test_a_reference_by_key_is_completed_from_the_book(corpus: Path) -> None:
    first, second, third = references(corpus)
    label = "regulatory label (US); read in part"
    assert first == Reference("1", "Prescribing information. Maker. 2007", "S1", "https://example.org/label", label)
    assert second == Reference("2", "Page 3 of it", "S1", "https://example.org/page3", label)
    assert third == Reference("3", "", "S9")


def test_a_corpus_without_book_is_read_as_it_is(corpus: Path) -> None:
    (corpus / "sources.yaml").unlink()
    assert references(corpus)[0] == Reference("1", "", "S1")


def test_the_book_is_no_literature(corpus: Path) -> None:
    assert list(fingerprints(corpus)) == ["dose.md"]


@pytest.mark.parametrize(
    ("book", "message"),
    [
        (BOOK.replace("tier: T1", "teir: T1"), r"sources\.yaml: S1\.tie?"),
        (BOOK.replace("label\n", "gospel\n", 1), r"sources\.yaml: S1\.evidence_level"),
        ("S1: {", r"sources\.yaml: no readable plain YAML"),
        ("- a list", r"sources\.yaml: "),
        ("S1: !!python/object/apply:os.getcwd []", r"sources\.yaml: no readable plain YAML"),
    ],
)
def test_a_malformed_book_is_refused(corpus: Path, book: str, message: str) -> None:
    (corpus / "sources.yaml").write_text(book, encoding="utf-8")
    with pytest.raises(CorpusError, match=message):
        read_corpus(corpus, read_file)
