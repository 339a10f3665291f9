from __future__ import annotations

import csv
import time
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from document_support import markdown_document
from temsiqa.documents.retractions import Retractions, read_retractions, with_retractions
from temsiqa.errors import CorpusError
from temsiqa.model import Document, Identifier, Reference

WATCH = (
    "Record ID,Title,RetractionDate,RetractionDOI,RetractionPubMedID,OriginalPaperDate,OriginalPaperDOI,"
    "OriginalPaperPubMedID,RetractionNature,Reason"
)


def read(folder: Path, text: str | bytes) -> Retractions:
    path = folder / "2026-01-01.csv"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return read_retractions(path)


def watched(folder: Path, *rows: str) -> Retractions:
    """A list in Retraction Watch's columns, of rows ``date,notice,doi,pmid,nature``."""
    lines = [WATCH]
    for row in rows:
        date, notice, doi, pmid, nature = row.split(",")
        lines.append(f'1,"Of otters, and ""fur""",{date},{notice},0,1/1/1999 0:00,{doi},{pmid},{nature},+Error;+Fraud;')
    return read(folder, "\r\n".join(lines))


def test_retraction_watch(tmp_path: Path) -> None:
    found = watched(tmp_path, "3/1/2019 0:00,10.1000/R,10.1000/Otter,12,Retraction")
    said = "retracted on 2019-03-01, see doi 10.1000/R (list 2026-01-01.csv)"
    assert found.of("10.1000/otter", None) == said
    assert found.of("https://doi.org/10.1000/OTTER", "99") == said
    assert found.of(None, "12") == said
    assert found.of("10.1000/r", "13") is None
    assert found.of(None, None) is None
    assert found.problems == ()


def test_simple_columns(tmp_path: Path) -> None:
    found = read(
        tmp_path, "\ufeffPMID, DOI ,Date\n12,doi:10.1000/a,2019-03-01\n,https://doi.org/10.1000/B,2019-03\n13,,2019\n"
    )
    assert found.of("10.1000/A", None) == found.of(None, "12") == "retracted on 2019-03-01 (list 2026-01-01.csv)"
    assert found.of("10.1000/b", None) == "retracted in 2019-03 (list 2026-01-01.csv)"
    assert found.of(None, "13") == "retracted in 2019 (list 2026-01-01.csv)"


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (["3/1/2019 0:00,,10.1/a,0,Expression of concern"], None),
        (["3/1/2019 0:00,,10.1/a,0,Correction"], None),
        (["3/1/2019 0:00,,10.1/a,0,"], None),
        (["3/1/2019 0:00,,10.1/a,0,Retraction", "4/1/2019 0:00,,10.1/A,0,Reinstatement"], None),
        (["4/1/2019 0:00,,10.1/a,0,Reinstatement", "3/1/2019 0:00,,10.1/a,0,Retraction"], None),
        (["3/1/2019 0:00,,10.1/a,0,Retraction", "3/1/2019 0:00,,10.1/a,0,Reinstatement"], "2019-03-01"),
        (["3/1/2019 0:00,,10.1/a,0,Retraction", "2/1/2019 0:00,,10.1/a,0,Reinstatement"], "2019-03-01"),
        (["3/1/2019 0:00,,10.1/a,0,Retraction", "4/1/2019 0:00,,10.1/a,0,Expression of concern"], "2019-03-01"),
        (["3/1/2019 0:00,,10.1/a,0,retraction", "5/1/2020,,10.1/a,0,Retraction"], "2020-05-01"),
    ],
)
def test_the_latest_word_counts(tmp_path: Path, rows: list[str], said: str | None) -> None:
    found = watched(tmp_path, *rows)
    assert found.of("10.1/a", None) == (said and f"retracted on {said} (list 2026-01-01.csv)")
    assert found.problems == ()


def test_a_reinstatement_by_one_number_holds_for_a_publication_known_by_both(tmp_path: Path) -> None:
    found = watched(tmp_path, "3/1/2019 0:00,,10.1/a,12,Retraction", "4/1/2020 0:00,,10.1/a,0,Reinstatement")
    assert found.of("10.1/a", "12") is None


def test_rows_that_say_too_little_are_told_by_line(tmp_path: Path) -> None:
    found = watched(
        tmp_path,
        "3/1/2019 0:00,,unavailable,0,Retraction",
        "13/1/2019 0:00,,10.1/a,0,Retraction",
        ",,10.1/b,0,Retraction",
        "soon,,10.1/c,0,Expression of concern",
        "3/1/2019 0:00,,10.1/d,0,Retraction",
    )
    assert found.problems == (
        "2026-01-01.csv: line 2: neither a DOI nor a PMID; add one or remove the line",
        "2026-01-01.csv: line 3: its date is '13/1/2019 0:00', not year-month-day; mend it",
        "2026-01-01.csv: line 4: its date is '', not year-month-day; mend it",
    )
    assert found.of("10.1/a", None) is None
    assert found.of("10.1/d", None)


def test_dates_of_two_meanings_are_not_guessed_at(tmp_path: Path) -> None:
    found = read(tmp_path, "doi,date\n10.1/a,3/1/2019\n10.1/b\n,,\n\n")
    assert [problem.partition(" ")[2] for problem in found.problems] == [
        "line 2: its date is '3/1/2019', not year-month-day; mend it",
        "line 3: its date is '', not year-month-day; mend it",
    ]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "no list of retractions"),
        (b"\n\n", "no list of retractions"),
        (b"doi,pmid\n10.1/a,1\n", "no list of retractions"),
        (b"date,title\n2019-03-01,x\n", "no list of retractions"),
        (b"doi;pmid;date\n", "no list of retractions"),
        (bytes(range(256)) * 10, "no list of retractions"),
        (b'doi,date\n"10.1/a,2019\n' + b"10.1/b,2019\n" * 10, "line 12 is no CSV"),
        (b"doi,date\n" + b"a" * 1_000_000 + b",2019\n", "line 2 is no CSV"),
        (b'doi,date\n"10.1/a"b,2019\n', "line 2 is no CSV"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_file_that_is_no_list(tmp_path: Path, data: bytes, reason: str) -> None:
    with pytest.raises(CorpusError) as refused:
        read(tmp_path, data)
    assert str(refused.value).startswith(f"{tmp_path / '2026-01-01.csv'}: {reason}")
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize("name", ["missing.csv", "."])
def test_a_file_that_cannot_be_opened(tmp_path: Path, name: str) -> None:
    with pytest.raises(CorpusError, match=r"cannot be read \(.+\); check the file"):
        read_retractions(tmp_path / name)


def test_a_title_in_another_encoding_does_not_cost_the_list(tmp_path: Path) -> None:
    found = read(tmp_path, b"title,doi,date\n\xe4\x00,10.1/a,2019-03-01\n")
    assert found.of("10.1/a", None)


def otters(retracted: str | None = None) -> Document:
    found = markdown_document("# Otters\n\nThey itch [1].", "a.md")
    identifiers = (Identifier("doi", "10.1000/Otter"), Identifier("id", "12"))
    return replace(
        found,
        provenance=replace(found.provenance, identifiers=identifiers, retracted=retracted),
        references=(Reference("1", "Mole", pmid="12"), Reference("2", "Vole", doi="10.1/v"), Reference("3", "Emu")),
    )


def test_documents_and_their_references(tmp_path: Path) -> None:
    listed = read(tmp_path, "doi,pmid,date\n10.1000/OTTER,,2019-03-01\n,12,2020\n")
    found = with_retractions(otters(), listed)
    assert found.provenance.retracted == "retracted on 2019-03-01 (list 2026-01-01.csv)"
    assert [r.retracted for r in found.references] == ["retracted in 2020 (list 2026-01-01.csv)", None, None]
    assert replace(found, provenance=otters().provenance, references=otters().references) == otters()


def test_a_documents_own_word_stays(tmp_path: Path) -> None:
    listed = read(tmp_path, "doi,pmid,date\n10.1000/otter,,2019-03-01\n")
    assert with_retractions(otters("retracted in River"), listed).provenance.retracted == "retracted in River"
    assert with_retractions(otters("retracted in River"), Retractions("none", {})) == otters("retracted in River")


def test_sixty_thousand_rows_take_about_a_second(tmp_path: Path) -> None:
    rows = (
        f"{n % 12 + 1}/{n % 28 + 1}/20{n % 20 + 10} 0:00,10.1000/r{n},10.1000/{n},{n},Retraction" for n in range(60_000)
    )
    start = time.perf_counter()
    assert len(watched(tmp_path, *rows).notices) == 119_999
    assert time.perf_counter() - start < 10


CELLS = st.text(st.characters(exclude_characters="\r\n", exclude_categories=["Cs"]), max_size=12)


@given(
    rows=st.lists(
        st.tuples(CELLS, st.sampled_from(["10.1/a", "10.1/B", "0", ""]), st.sampled_from(["2019", "2019-02-30", "x"])),
        max_size=6,
    )
)
@settings(max_examples=60, deadline=None)
def test_each_row_is_listed_or_told(tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, str, str]]) -> None:
    path = tmp_path_factory.mktemp("lists") / "list.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("title", "doi", "date"), *rows])
    found = read_retractions(path)
    good = {doi.casefold() for _, doi, date in rows if date == "2019" and "/" in doi}
    assert set(found.notices) == good
    assert len(found.problems) == sum(date != "2019" or "/" not in doi for _, doi, date in rows)
