"""Every rule of the corpus check, on a corpus that is sound but for one thing."""

from __future__ import annotations

import unicodedata
from datetime import date
from pathlib import Path

import pytest

from temsiqa.documents.check import check_corpus
from temsiqa.errors import CorpusError

TODAY = date(2026, 11, 20)
BOOK = """S1:
  title: "Prescribing information"
  publisher: "Maker"
  date: null
  url: "https://example.org/label"
  identifiers: null
  kind: "regulatory label (US)"
  evidence_level: label
  tier: T1
  read: part
"""
DOCUMENT = """---
title: "Dose"
publisher: "Maker"
date: null
url: "https://example.org/dose"
kind: "label, retold"
evidence_level: label
reviewed: "2026-11-01"
review_by: "2027-11-01"
references:
  - {marker: 1, key: S1}
  - {marker: 2, text: "A page", url: "https://example.org/page"}
---
# Dose

Temsirolimus is given once a week [1].

The steps are:

- Mix the vial [1].
- Hang the bag [2].

| Day | Dose | Reference |
| --- | --- | --- |
| 1 | 25 mg | [1] |

### How long does it take?

The drip takes 30 to 60 minutes [1].
"""
DISPUTES = """- id: weekly
  topic: How often
  sides:
    - {document: dose.md, sentence: "Temsirolimus is given once a week."}
    - {document: dose.md, sentence: "The drip takes 30 to 60 minutes."}
  better: 1
  why: The label says so.
"""
PREMISES = """- id: daily
  assumes: It is given every day.
  mentions: [daily dose]
  document: dose.md
  sentence: "Temsirolimus is given once a week."
"""


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    (tmp_path / "sources.yaml").write_text(BOOK, encoding="utf-8")
    (tmp_path / "dose.md").write_text(DOCUMENT, encoding="utf-8")
    (tmp_path / "disputes.yaml").write_text(DISPUTES, encoding="utf-8")
    (tmp_path / "premises.yaml").write_text(PREMISES, encoding="utf-8")
    return tmp_path


def findings(corpus: Path) -> list[str]:
    return [str(finding) for finding in check_corpus(corpus, TODAY)]


def spoil(corpus: Path, old: str, new: str, file: str = "dose.md") -> list[str]:
    """The findings after ``old`` became ``new`` in one file."""
    path = corpus / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    return findings(corpus)


def test_a_sound_corpus_has_no_findings(corpus: Path) -> None:
    assert findings(corpus) == []


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        (
            "week [1].",
            "week.",
            ["dose.md:16: no marker on 'Temsirolimus is given once a week.'; cite its source as [n]"],
        ),
        (
            "- Mix the vial [1].",
            "- Mix the vial.",
            ["dose.md:20: no marker on 'Mix the vial.'; cite its source as [n]"],
        ),
        ("| 25 mg | [1] |", "| 25 mg | |", ["dose.md:25: no marker on '1 | 25 mg | –'; cite its source as [n]"]),
        (
            "week [1].",
            "week [7].",
            [
                "disputes.yaml:1: dispute 'weekly': dose.md no longer says 'Temsirolimus is given once a week.'",
                "dose.md:16: marker [7] is in no reference list; add reference 7 or mend it",
                "premises.yaml:1: premise 'daily': dose.md no longer says 'Temsirolimus is given once a week.'",
            ],
        ),
        ("bag [2].", "bag [1].", ["dose.md:12: reference 2 is cited nowhere; cite it or remove it"]),
        (
            'kind: "label, retold"\n',
            "",
            ["dose.md:1: front matter: kind is missing; add it, null where it is not known"],
        ),
        (
            'kind: "label',
            'sort: "label',
            [
                "dose.md:1: front matter: kind is missing; add it, null where it is not known",
                "dose.md:6: front matter: 'sort' is no field of a document; mend or remove it",
            ],
        ),
        ('title: "Dose"', 'title: ""', ["dose.md:2: front matter: title is empty; fill it in"]),
        (
            'review_by: "2027-11-01"',
            'review_by: "2026-11-19"',
            ["dose.md:9: review was due by 2026-11-19; review the sources and set a new date"],
        ),
        (
            'reviewed: "2026-11-01"',
            'reviewed: "last week"',
            ["dose.md:8: reviewed 'last week' is no date; write YYYY-MM-DD"],
        ),
        (
            'reviewed: "2026-11-01"',
            'reviewed: "2027-01-01"',
            ["dose.md:8: reviewed 2027-01-01 lies in the future; write the day of the review"],
        ),
        (
            "{marker: 1, key: S1}",
            "{marker: 1, key: S9}",
            [
                "dose.md:11: source 'S9' is not in sources.yaml; add it there or mend the key",
                "sources.yaml:1: source S1 is cited by no document; cite it or remove it",
            ],
        ),
        ('text: "A page", ', "", ["dose.md:12: a reference has neither key nor text; give one"]),
        (
            "https://example.org/page",
            "example org page",
            ["dose.md:12: 'example org page' is no URL; write https://… or null"],
        ),
        ("https://example.org/dose", "ftp:dose", ["dose.md:5: 'ftp:dose' is no URL; write https://… or null"]),
        (
            "- {marker: 2, text",
            "- {marker: 1, text",
            [
                "dose.md:11: reference 1 is listed 2 times; number them anew",
                "dose.md:21: marker [2] is in no reference list; add reference 2 or mend it",
                "sources.yaml:1: source S1 is cited by no document; cite it or remove it",
            ],
        ),
        (
            "Hang the bag",
            "Hang the bag UNCONFIRMED",
            ["dose.md:21: an UNCONFIRMED was left in; remove the fact or confirm it"],
        ),
        (
            "# Dose\n",
            unicodedata.normalize("NFD", "# Dosé\n"),
            ["dose.md:14: text is not in Unicode normal form C; save it in NFC"],
        ),
        (
            "The drip takes",
            "The drip " + "truly " * 40 + "takes",
            [
                "disputes.yaml:1: dispute 'weekly': dose.md no longer says 'The drip takes 30 to 60 minutes.'",
                "dose.md:29: an FAQ sentence of 47 words, the most is 40; split it",
            ],
        ),
    ],
)
def test_each_rule_is_told_by_file_and_line(corpus: Path, old: str, new: str, found: list[str]) -> None:
    assert spoil(corpus, old, new) == found


def test_broken_front_matter_is_told(corpus: Path) -> None:
    assert any(
        "dose.md:1: dose.md: front matter field 'evidence_level'" in f
        for f in spoil(corpus, "level: label", "level: holy")
    )


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        ("once a week.", "twice a week.", "disputes.yaml:1: dispute 'weekly': dose.md no longer says"),
        ("document: dose.md", "document: gone.md", "disputes.yaml:1: dispute 'weekly': document gone.md is gone"),
        ("better: 1", "better: 3", "disputes.yaml:1: dispute 'weekly': better is 3, not one of its sides"),
    ],
)
def test_every_side_of_a_dispute_must_exist(corpus: Path, old: str, new: str, found: str) -> None:
    assert any(f.startswith(found) for f in spoil(corpus, old, new, "disputes.yaml"))


def test_two_disputes_of_one_name_are_told(corpus: Path) -> None:
    (corpus / "disputes.yaml").write_text(DISPUTES * 2, encoding="utf-8")
    assert findings(corpus) == ["disputes.yaml:1: dispute 'weekly' is listed 2 times; rename one"] * 2


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        ("once a week.", "twice a week.", "premises.yaml:1: premise 'daily': dose.md no longer says"),
        ("document: dose.md", "document: gone.md", "premises.yaml:1: premise 'daily': document gone.md is gone"),
        ("mentions: [daily dose]", "unless: [x]", "premises.yaml:1: premise 'daily': no wording leads to it; add"),
    ],
)
def test_every_premise_has_a_wording_and_a_correction(corpus: Path, old: str, new: str, found: str) -> None:
    assert [f for f in spoil(corpus, old, new, "premises.yaml") if f.startswith(found)]


def test_two_premises_of_one_name_are_told_by_line(corpus: Path) -> None:
    (corpus / "premises.yaml").write_text("# note\n" + PREMISES * 2, encoding="utf-8")
    assert findings(corpus) == ["premises.yaml:2: premise 'daily' is listed 2 times; rename one"] * 2


@pytest.mark.parametrize("text", ["- {id: a}", "just text", "- ["])
def test_a_malformed_file_of_premises_is_refused(corpus: Path, text: str) -> None:
    (corpus / "premises.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(CorpusError, match=r"premises\.yaml"):
        check_corpus(corpus, TODAY)


def test_an_address_in_the_book_must_be_a_url(corpus: Path) -> None:
    found = spoil(corpus, "https://example.org/label", "see the label", "sources.yaml")
    assert found == ["sources.yaml:1: 'see the label' is no URL; write https://… or null"]


@pytest.mark.parametrize("text", ["- {id: a}", "just text", "- [", "- id: x\n  sides: []"])
def test_a_malformed_file_of_disputes_is_refused(corpus: Path, text: str) -> None:
    (corpus / "disputes.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(CorpusError, match=r"disputes\.yaml"):
        check_corpus(corpus, TODAY)


def test_an_empty_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match="holds no document"):
        check_corpus(tmp_path, TODAY)


def test_an_unreadable_document_is_a_finding_among_others(corpus: Path) -> None:
    (corpus / "broken.md").write_bytes(b"\xff\xfe")
    assert findings(corpus)[0].startswith("broken.md:1: broken.md: byte 0 is not UTF-8")
