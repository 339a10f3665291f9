"""Documents on a terminal: that everything is there, where it belongs, and that nothing is obeyed."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from pathlib import Path

import pytest
from rich.console import Console

from document_support import markdown_document
from temsiqa.document_view import show_added, show_document, show_documents, show_inspection
from temsiqa.documents.formats import Format
from temsiqa.documents.inspection import Inspection
from temsiqa.errors import DocumentError
from temsiqa.model import Document

TEXT = """---
title: "A trial of rest"
authors: ["Ann Other", "Bo Nother"]
date: "2015-04"
evidence_level: trial
licence: "CC BY 4.0"
identifiers: {doi: 10.5555/rest, pmid: 123}
retracted: "retracted on 2019-03-01"
disclaimers: ["Only a draft."]
references:
  - {marker: 1, text: "First study", doi: 10.5555/first}
  - {marker: 2, text: "Second study", pmid: 77}
---
# A trial of rest

## Methods

Twelve patients rested [1]. They slept [9].

The rooms were:

- dark
- quiet

## Results

Table: who slept [2]

| Patient | Hours |
| --- | --- |
| Ann | 7 |
| Bo | 8 [2] |
"""


@pytest.fixture
def document() -> Document:
    """A document with everything, on two pages."""
    found = markdown_document(TEXT, "trials/rest.pdf")
    first, second = found.references
    return replace(
        found,
        references=(first, replace(second, retracted="retracted in 2020-05")),
        pages=(0, found.text.index("quiet")),
    )


def shown(show: object, *arguments: object, width: int = 200) -> str:
    """What ``show`` prints on a console of that width, runs of blanks closed."""
    console = Console(file=io.StringIO(), width=width, color_system=None)
    show(console, *arguments)  # type: ignore[operator]
    return re.sub(r"[ ─]+", " ", console.file.getvalue())  # type: ignore[attr-defined]


def inspection(document: Document) -> Inspection:
    """The file of ``document``, as it was read."""
    return Inspection(Path("/home/me/rest.pdf"), Format.PDF, Path("rest.pdf.meta.yaml"), (document,), ())


def test_the_list_shows_what_identifies_a_document_and_its_retraction(document: Document) -> None:
    assert [line.strip() for line in shown(show_documents, [document], 9).splitlines()] == [
        "trials/rest.pdf",
        "A trial of rest",
        "RETRACTED: retracted on 2019-03-01",
        "trial · 2015-04 · doi 10.5555/rest · pmid 123 · 2 references · 1 disclaimer",
        "1 of 9 documents",
    ]


def test_the_list_says_what_is_missing() -> None:
    words = shown(show_documents, [markdown_document("A word of it.", "a.md")], 9)
    assert "unverified · no date stated \n" in words
    assert "RETRACTED" not in words


def test_an_id_can_be_copied_from_a_narrow_list(document: Document) -> None:
    name = "trials/" + "x" * 100
    assert f"{name}\n" in shown(show_documents, [replace(document, id=name)], 1, width=40)


def test_nothing_found_is_said() -> None:
    assert shown(show_documents, [], 9) == "0 of 9 documents\n"


def test_a_document_says_what_is_known_of_it_and_what_is_not(document: Document) -> None:
    words = shown(show_document, document, False)
    for line in (
        "title A trial of rest",
        "retracted RETRACTED: retracted on 2019-03-01",
        "evidence level trial",
        "publisher not stated",
        "authors Ann Other, Bo Nother",
        "date 2015-04",
        "address not stated",
        "licence CC BY 4.0",
        "identifiers doi 10.5555/rest",
        "disclaimers (1)",
        "Only a draft.",
        "[1] First study doi 10.5555/first https://doi.org/10.5555/first",
        "[2] Second study PMID 77 https://pubmed.ncbi.nlm.nih.gov/77/",
        "RETRACTED: retracted in 2020-05",
    ):
        assert line in words, line


def test_each_block_is_listed_by_page_section_and_place(document: Document) -> None:
    words = shown(show_document, document, False)
    list_block = next(block for block in document.blocks if block.kind == "list")
    table = document.blocks[-1]
    assert f"list pp. 1–2 Methods {list_block.span.start}–{list_block.span.end} dark quiet" in words
    assert f"table p. 2 Results {table.span.start}–{table.span.end} Patient | Hours" in words


def test_the_whole_text_comes_on_request(document: Document) -> None:
    words = shown(show_document, document, True)
    assert "Twelve patients rested [1]. They slept [9]." in words
    assert "pp. 1–2" not in words
    assert words.index("Only a draft.") < words.index("Twelve patients")


def test_an_inspection_tells_the_file_and_counts(document: Document) -> None:
    words = shown(show_inspection, inspection(document))
    for line in (
        "file /home/me/rest.pdf",
        "format PDF",
        "sidecar rest.pdf.meta.yaml",
        f"text {len(document.text)} characters, 2 pages",
        "references 2, 2 with DOI or PMID",
        "markers 3, of which no reference: 9",
        "disclaimers 1",
    ):
        assert line in words, line


def test_an_inspection_shows_every_sentence_with_its_place(document: Document) -> None:
    words = re.sub(r"\s*[│|]\s*", " | ", shown(show_inspection, inspection(document)))
    for block in document.blocks:
        for sentence in block.sentences:
            assert f"{sentence.span.start}–{sentence.span.end} " in words
            assert document.quote(sentence.span) in words
    assert words.index("p. 1 · Methods") < words.index("p. 2 · Results") < words.index("references (2)")


def test_an_inspection_shows_what_a_sentence_leans_on_and_cites(document: Document) -> None:
    words = shown(show_inspection, inspection(document))
    start = document.text.index("The rooms were:")
    assert f"leans on {start}–{start + len('The rooms were:')} “The rooms were:”" in words
    assert words.count("“The rooms were:”") == 1
    assert "Twelve patients rested [1]. → 1" in words
    assert "They slept [9]. → 9" in words


def test_a_table_is_shown_row_by_row_under_its_header(document: Document) -> None:
    words = shown(show_inspection, inspection(document))
    start = document.text.index("Bo | 8")
    assert "│ characters │ Patient │ Hours │ cites │" in words
    assert f"│ {start}–{start + len('Bo | 8 [2]')} │ Bo │ 8 [2] │ 2 │" in words
    assert re.search(r"leans on \d+–\d+ “Table: who slept \[2\]”", words)


def test_a_table_without_a_header_is_shown() -> None:
    headless = markdown_document("# T\n\n| | |\n| --- | --- |\n| one | two |\n", "a.md")
    assert "│ one │ two │" in shown(show_inspection, inspection(headless))


def test_no_word_of_a_cell_is_cut_short_on_a_narrow_terminal() -> None:
    word = "immunosuppression" * 4
    narrow = markdown_document(f"# T\n\n| A | B |\n| --- | --- |\n| {word} | {word} |\n", "a.md")
    assert "…" not in shown(show_inspection, inspection(narrow), width=50)


def test_of_several_documents_the_list_is_shown(document: Document) -> None:
    other = replace(document, id="trials/other.pdf")
    found = replace(inspection(document), documents=(document, other), problems=(DocumentError("bad: part"),))
    words = shown(show_inspection, found)
    assert "trials/other.pdf\n A trial of rest" in words
    assert f" {len(document.blocks)} blocks · 1 table · 2 references" in words
    assert "2 documents; to see one: --document ID" in words
    assert "not read 1, named at the end" in words
    assert "Twelve patients" not in words


def test_what_was_added_is_told(document: Document) -> None:
    words = shown(show_added, Path("corpus/rest.pdf"), [document])
    assert words.startswith("added corpus/rest.pdf\n")
    assert "date 2015-04" in words
    many = [replace(document, id=f"set.jsonl/{n}") for n in range(30)]
    words = shown(show_added, Path("corpus/set.jsonl"), many)
    assert "30 documents" in words
    assert "set.jsonl/9: A trial of rest" in words
    assert "set.jsonl/10:" not in words


def test_long_lists_of_authors_are_cut(document: Document) -> None:
    authors = tuple(f"A{n}" for n in range(25))
    crowd = replace(document, provenance=replace(document.provenance, authors=authors))
    assert "A8, A9 and 15 more" in shown(show_document, crowd, False)


def test_no_address_is_cut_short_on_a_narrow_terminal(document: Document) -> None:
    address = "https://example.org/" + "long/" * 30
    distant = replace(document, provenance=replace(document.provenance, url=address))
    assert address in re.sub(r"\s+", "", shown(show_document, distant, False, width=60))
