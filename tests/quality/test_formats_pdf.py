"""What the PDF reader finds in real files: counts and facts, none of their text beyond a few words."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pypdf import PdfReader

from document_support import assert_sound
from pdf_support import document_of
from temsiqa.model import Block, BlockKind, Document, EvidenceLevel, Sentence

LABEL = "label_remdesivir_2020-10.pdf"
PAPER = "two_column_acl_N18-3011.pdf"
Load = Callable[[str], Document]


@pytest.fixture(scope="module")
def path(sets: Path) -> Callable[[str], Path]:
    def find(name: str) -> Path:
        file = sets / "data" / "formats" / name
        if not file.is_file():
            pytest.skip(f"no {file}")
        return file

    return find


@pytest.fixture(scope="module")
def load(path: Callable[[str], Path]) -> Load:
    read: dict[str, Document] = {}

    def document(name: str) -> Document:
        if name not in read:
            read[name] = document_of(path(name).read_bytes(), name)
        return read[name]

    return document


@pytest.fixture(scope="module")
def pages(path: Callable[[str], Path]) -> Callable[[str], list[str]]:
    """The letters and figures of each page as another library reads them."""
    return lambda name: [letters(page.extract_text()) for page in PdfReader(path(name)).pages]


def letters(text: str) -> str:
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKD", text).casefold())


def sentences(document: Document) -> Iterator[tuple[Block, Sentence, str]]:
    for block in document.blocks:
        for sentence in block.sentences:
            yield block, sentence, document.quote(sentence.span)


def kinds(document: Document) -> Counter[BlockKind]:
    return Counter(block.kind for block in document.blocks)


@pytest.mark.parametrize(("name", "count"), [(LABEL, 30), (PAPER, 8)])
def test_every_quote_is_exact_and_stands_on_its_pages(
    load: Load, pages: Callable[[str], list[str]], name: str, count: int
) -> None:
    document, there = load(name), pages(name)
    assert_sound(document)
    assert len(document.pages) == len(there) == count
    for _, sentence, quote in sentences(document):
        text = "".join(there[number - 1] for number in document.pages_of(sentence.span))
        assert [word for word in quote.split() if letters(word) not in text] == []


def test_no_sentence_of_two_columns_mixes_them(load: Load, pages: Callable[[str], list[str]]) -> None:
    """All stand in one piece in what another library reads, but formulas and those that go on in the next column."""
    document, there = load(PAPER), pages(PAPER)
    parted = []
    for block, sentence, quote in sentences(document):
        numbers = document.pages_of(sentence.span)
        if block.kind is not BlockKind.TABLE and len(numbers) == 1 and letters(quote) not in there[numbers[0] - 1]:
            parted.append(quote)
    running_on = [quote for quote in parted if len(quote.split()) > 12]
    assert len(parted) <= 9
    assert len(running_on) == 5


def test_the_paper(load: Load) -> None:
    document = load(PAPER)
    found, said = kinds(document), document.provenance
    assert (found[BlockKind.TABLE], found[BlockKind.CAPTION], found[BlockKind.REFERENCES]) == (4, 5, 1)
    assert (len(document.references), len(said.authors), said.date) == (27, 23, "2018")
    cited = {marker for _, sentence, _ in sentences(document) for marker in sentence.markers}
    assert cited <= document.markers
    assert len(cited) >= 25
    rows = [quote for block, _, quote in sentences(document) if block.kind is BlockKind.TABLE]
    assert [row.count("|") for row in rows] == [3] * 6 + [4] * 3 + [1] * 3 + [2] * 2
    assert not re.search(r"Proceedings of NAACL|\b\w+- \w|\n9\d\n", document.text.split("References")[0])
    assert "/" not in "".join(section for block in document.blocks for section in block.section)


def test_the_label(load: Load) -> None:
    document = load(LABEL)
    found, said = kinds(document), document.provenance
    assert (found[BlockKind.TABLE], found[BlockKind.CAPTION]) == (12, 12)
    assert (said.evidence_level, said.date, said.kind) == (EvidenceLevel.LABEL, "2020-10", "prescribing information")
    assert "Reference ID" not in document.text
    doses = [
        quote for _, _, quote in sentences(document) if "200 mg on Day 1" in quote and "100 mg from Day 2" in quote
    ]
    assert [bool(re.search(r"loading dose.*maintenance\s+doses", quote)) for quote in doses] == [True, True]


def test_the_sections_of_the_label(load: Load) -> None:
    paths = {block.section for block in load(LABEL).blocks}
    numbered = [path for path in paths if len(path) > 1 and re.match(r"\d+\.\d", path[1])]
    assert len({path[1] for path in numbered}) == 21
    assert all(path[1].split(".")[0] == path[0].split()[0] for path in numbered)


def test_the_tables_of_the_label(load: Load) -> None:
    document = load(LABEL)
    tables = [block for block in document.blocks if block.kind is BlockKind.TABLE]
    assert [len(block.sentences) for block in tables] == [4, 6, 2, 3, 3, 3, 3, 10, 6, 4, 13, 3]
    for block in tables:
        leads = [document.quote(span) for span in block.sentences[0].lead]
        assert leads[-2].startswith("Table ")
        cells = leads[-1].count("|")
        assert {document.quote(sentence.span).count("|") for sentence in block.sentences} == {cells}
    laboratory = [document.quote(s.span) for block in tables[7:10] for s in block.sentences]
    assert [row for row in laboratory if not re.fullmatch(r"[\w ]+( \| \d+%)+", row)] == []
