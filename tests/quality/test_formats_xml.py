"""What the readers of JATS and SPL find in real files: counts and facts, none of their text."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from lxml import etree

from document_support import assert_sound
from temsiqa.documents.assemble import assemble
from temsiqa.documents.jats.reader import read_jats
from temsiqa.documents.spl import read_spl
from temsiqa.model import BlockKind, Document, EvidenceLevel
from xml_support import only

PMC = "jats_PMC5828200_curcuminoid.nxml"
ELIFE = "jats_elife02935_cancer_mtdna.xml"
PRESCRIPTION = "spl_remdesivir_eua.xml"
OVER_THE_COUNTER = "spl_minoxidil_otc.xml"
Load = Callable[[str], Document]


@pytest.fixture(scope="module")
def source(sets: Path) -> Callable[[str], bytes]:
    def read(name: str) -> bytes:
        path = sets / "data" / "formats" / name
        if not path.is_file():
            pytest.skip(f"no {path}")
        return path.read_bytes()

    return read


@pytest.fixture(scope="module")
def load(source: Callable[[str], bytes]) -> Load:
    def document(name: str) -> Document:
        reader = read_jats if name.startswith("jats") else read_spl
        return assemble(only(reader(source(name), name)), name)

    return document


def kinds(document: Document) -> Counter[BlockKind]:
    return Counter(block.kind for block in document.blocks)


@pytest.mark.parametrize("name", [PMC, ELIFE, PRESCRIPTION, OVER_THE_COUNTER])
def test_every_quote_is_exact(load: Load, name: str) -> None:
    document = load(name)
    assert_sound(document)
    assert not re.search(r"\\documentclass|</?\w+>|\[\[", document.text)


def test_an_article_that_cites_by_number(load: Load) -> None:
    document = load(PMC)
    said = document.provenance
    assert (said.date, said.publisher, said.kind) == ("2018-01-31", "Oncotarget", "research article")
    assert {i.scheme: i.value for i in said.identifiers} == {
        "pmid": "29535835",
        "pmcid": "PMC5828200",
        "doi": "10.18632/oncotarget.24369",
    }
    assert said.licence == "http://creativecommons.org/licenses/by/3.0/"
    assert said.evidence_level is EvidenceLevel.UNVERIFIED
    assert len(said.authors) == 7
    assert [reference.marker for reference in document.references] == [str(number) for number in range(1, 53)]
    assert all(reference.pmid for reference in document.references)
    found = kinds(document)
    assert (found[BlockKind.TABLE], found[BlockKind.REFERENCES]) == (1, 1)
    (table,) = (block for block in document.blocks if block.kind is BlockKind.TABLE)
    assert [len(document.quote(row.span).split(" | ")) for row in table.sentences] == [5] * 6
    captions = [document.quote(b.span) for b in document.blocks if b.kind is BlockKind.CAPTION]
    assert sum(caption.startswith("Figure ") for caption in captions) == 11


def test_an_article_that_cites_by_author_and_year(load: Load) -> None:
    document = load(ELIFE)
    said = document.provenance
    assert (said.date, said.publisher, said.url) == ("2014-10-01", "eLife", "https://doi.org/10.7554/eLife.02935")
    assert said.licence == "http://creativecommons.org/publicdomain/zero/1.0/"
    assert len(said.authors) == 53
    assert len(document.references) == len(document.markers) == 59
    assert sum(reference.doi is not None for reference in document.references) == 54
    assert {"Pleasance et al., 2010a", "Pleasance et al., 2010b", "Wallace, 2012"} <= document.markers
    captions = [document.quote(b.span) for b in document.blocks if b.kind is BlockKind.CAPTION]
    assert sum(caption.startswith("Figure ") for caption in captions) == 17
    assert not any("doi.org" in caption for caption in captions)
    assert any("digest" in block.section[0] for block in document.blocks if block.section)


@pytest.mark.parametrize(("name", "least"), [(PMC, 1.0), (ELIFE, 0.97)])
def test_citations_lead_to_their_references(
    load: Load, source: Callable[[str], bytes], name: str, least: float
) -> None:
    """The share of citations whose sentence has the marker of the very reference that the file points to."""
    document, root = load(name), etree.fromstring(source(name))
    for beside in root.findall("sub-article"):
        root.remove(beside)
    ids = [ref.get("id") for ref in root.iter("ref")]
    sentences = [s for b in document.blocks if b.kind is not BlockKind.REFERENCES for s in b.sentences]
    citations = [xref for xref in root.iter("xref") if xref.get("ref-type") == "bibr"]
    at, resolved = 0, 0
    for xref in citations:
        marker = document.references[ids.index(xref.get("rid"))].marker
        cited = re.escape(" ".join("".join(xref.itertext()).split()))
        form = rf"\[[\d,–\s]*\b{cited}\b[\d,–\s]*\]" if marker.isdigit() else rf"{cited}"
        match = re.compile(form).search(document.text, at)
        assert match, cited
        at = match.start() + (not marker.isdigit())
        resolved += any(marker in s.markers for s in sentences if s.span.start <= match.start() < s.span.end)
    assert resolved >= least * len(citations) > 60


def test_a_prescription_label(load: Load) -> None:
    document = load(PRESCRIPTION)
    said = document.provenance
    assert said.evidence_level is EvidenceLevel.LABEL
    assert (said.date, said.publisher, said.kind) == (
        "2020-12-21",
        "Gilead Sciences, Inc.",
        "human prescription drug label",
    )
    assert said.identifier("set id") == "98b7e6bf-2668-4a61-a874-194eb674b15c"
    assert said.url == f"https://dailymed.nlm.nih.gov/dailymed/drugInfo.cfm?setid={said.identifier('set id')}"
    assert said.identifier("version") == "7"
    assert said.notes == ("marketing category: unapproved drug other",)
    assert kinds(document)[BlockKind.TABLE] == 17
    doses = [
        sentence
        for block in document.blocks
        for sentence in block.sentences
        if block.kind is BlockKind.TABLE and document.quote(sentence.span).endswith(" | 5 mg/kg | 2.5 mg/kg")
    ]
    assert len(doses) == 2
    assert all("Loading dose" in document.quote(dose.lead[-1]) for dose in doses)
    assert all(document.quote(dose.lead[0]).startswith("Table 1 ") for dose in doses)
    titles = {block.section[0] for block in document.blocks if block.section}
    assert {"BOXED WARNING", "5. WARNINGS AND PRECAUTIONS", "Product data"} <= titles
    assert ("2. DOSAGE AND ADMINISTRATION", "2.3 Renal Impairment") in {b.section for b in document.blocks}


def test_an_over_the_counter_label(load: Load) -> None:
    document = load(OVER_THE_COUNTER)
    assert document.provenance.evidence_level is EvidenceLevel.LABEL
    assert document.provenance.date == "2016-03-09"
    assert kinds(document)[BlockKind.LIST] == 6
    led = [
        document.quote(sentence.lead[-1])
        for block in document.blocks
        for sentence in block.sentences
        if block.section[:2] == ("Warnings", "OTC - DO NOT USE") and sentence.lead
    ]
    assert len(led) == 8
    assert len(set(led)) == 1
