"""Records and collections as they are found in the world: what is read of each, and that nothing of it is lost."""

from __future__ import annotations

import gzip
import json
import re
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from document_support import assert_sound, words_of
from temsiqa.documents.assemble import assemble
from temsiqa.documents.canonical import clean
from temsiqa.documents.jsonl import read_jsonl
from temsiqa.documents.nbib import read_nbib
from temsiqa.documents.outline import Outline
from temsiqa.documents.pubmed import read_pubmed_xml
from temsiqa.documents.xml import parse_xml, text_of
from temsiqa.errors import DocumentError
from temsiqa.model import BlockKind, Document, EvidenceLevel

Read = Callable[[str], list[Document]]


@pytest.fixture
def read(sets: Path) -> Read:
    """Reads a file of the samples, every record of it."""

    def read_file(name: str) -> list[Document]:
        path = sets / "data" / "formats" / name
        if not path.is_file():
            pytest.skip(f"no {path}")
        reader = read_nbib if path.suffix == ".nbib" else read_pubmed_xml
        found = list(reader(path.read_bytes(), name))
        assert not [item for item in found if isinstance(item, DocumentError)]
        documents = [assemble(item, f"{name}/{item.part}") for item in found if isinstance(item, Outline)]
        for document in documents:
            assert_sound(document)
        return documents

    return read_file


def paragraphs(document: Document) -> str:
    return " ".join(document.quote(b.span) for b in document.blocks if b.kind is BlockKind.PARAGRAPH)


@pytest.mark.parametrize(
    ("name", "pmid", "doi", "date", "level", "sections", "references"),
    [
        ("pubmed_29768149_structured_abstract.xml", "29768149", "10.1056/NEJMoa1715274", "2018-05-17",
         EvidenceLevel.RANDOMISED_TRIAL, 4, 0),
        ("pubmed_cc_by_article.xml", "30108519", "10.3389/fphys.2018.01034", "2018-07-31",
         EvidenceLevel.UNVERIFIED, 1, 53),
        ("pubmed_pancreatic_cancer.xml", "27797938", "10.1136/gutjnl-2016-312510", "2016-10-21",
         EvidenceLevel.UNVERIFIED, 4, 48),
        ("medline_23039619_hifu_tumours.nbib", "23039619", "10.1118/1.4748329", "2012-10",
         EvidenceLevel.UNVERIFIED, 4, 0),
    ],
)  # fmt: skip
def test_a_file_with_one_record(
    read: Read, name: str, pmid: str, doi: str, date: str, level: EvidenceLevel, sections: int, references: int
) -> None:
    (document,) = read(name)
    own = document.provenance
    assert (own.identifier("pmid"), own.identifier("doi")) == (pmid, doi)
    assert (own.date, own.evidence_level, own.retracted) == (date, level, None)
    assert own.authors
    assert own.publisher
    assert len({b.section for b in document.blocks if b.kind is BlockKind.PARAGRAPH}) == sections
    assert len(document.references) == references
    assert all(reference.pmid and reference.url for reference in document.references)


def test_a_file_with_several_records(read: Read) -> None:
    documents = read("medline_multi_record.nbib")
    pmids = [document.provenance.identifier("pmid") for document in documents]
    assert pmids == ["16403221", "16377612", "14871861", "14630660"]
    assert all(document.provenance.authors and document.provenance.date for document in documents)


def test_markup_parts_no_word(read: Read) -> None:
    (asthma,) = read("pubmed_29768149_structured_abstract.xml")
    assert " β2-agonist " in asthma.text
    (lactate,) = read("pubmed_cc_by_article.xml")
    for words in ("LEmin+1.5mM", "km·h-1", "V.O2max", "BLRTs"):
        assert words in lactate.text
    (cancer,) = read("pubmed_pancreatic_cancer.xml")
    assert "at the TERT gene region" in cancer.provenance.title


@pytest.mark.parametrize("name", ["pubmed_29768149_structured_abstract.xml", "pubmed_pancreatic_cancer.xml"])
def test_every_character_of_an_abstract_is_read(sets: Path, read: Read, name: str) -> None:
    root = parse_xml((sets / "data" / "formats" / name).read_bytes(), name)
    (document,) = read(name)
    written = "".join(text_of(part) for part in root.iter("AbstractText"))
    assert "".join(paragraphs(document).split()) == "".join(written.split())


@pytest.mark.parametrize("name", ["medline_23039619_hifu_tumours.nbib", "medline_multi_record.nbib"])
def test_every_word_of_an_abstract_is_read(sets: Path, read: Read, name: str) -> None:
    text = (sets / "data" / "formats" / name).read_text(encoding="utf-8")
    abstracts = re.findall(r"^AB  - (.*?)^[A-Z]", text, re.DOTALL | re.MULTILINE)
    for document, abstract in zip(read(name), abstracts, strict=True):
        read_words = [w for b in document.blocks[1:] for w in words_of(document.quote(b.span))]
        assert read_words in (words_of(abstract), ["Abstract", *words_of(abstract)])


@pytest.fixture(scope="module")
def scifact(sets: Path) -> Path:
    folder = sets / "data" / "scifact"
    if not (folder / "corpus.jsonl.gz").is_file():
        pytest.skip(f"no collection in {folder}")
    return folder


def test_scifact_is_read_whole_and_quickly(scifact: Path) -> None:
    data = gzip.decompress((scifact / "corpus.jsonl.gz").read_bytes())
    start = time.perf_counter()
    found = [item for item in read_jsonl(data, "corpus.jsonl") if isinstance(item, Outline)]
    documents = [assemble(item, f"corpus.jsonl/{item.part}") for item in found]
    taken = time.perf_counter() - start
    records = [json.loads(line) for line in data.splitlines()]
    assert len(documents) == len(records) == 5183
    assert taken < 30
    for document, record in zip(documents, records, strict=True):
        assert_sound(document)
        assert document.provenance.identifier("id") == record["_id"]
        assert words_of(document.text) == words_of(f"{clean(record['title'])} {clean(record['text'])}")


def test_scifacts_queries_are_refused(scifact: Path) -> None:
    data = gzip.decompress((scifact / "queries.jsonl.gz").read_bytes())
    with pytest.raises(DocumentError, match="holds queries, not documents"):
        list(read_jsonl(data, "queries.jsonl"))
