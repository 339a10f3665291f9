from __future__ import annotations

import textwrap
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from document_support import SENTENCES, assert_sound, words_of
from temsiqa.documents.assemble import assemble
from temsiqa.documents.nbib import read_nbib
from temsiqa.documents.outline import Heading, Outline, Paragraph
from temsiqa.documents.pubmed import read_pubmed_xml
from temsiqa.errors import DocumentError
from temsiqa.model import BlockKind, EvidenceLevel

WHOLE = """
PMID- 4711
OWN - NLM
DP  - 2019 Jun
TI  - Orvexamide and the gene of
      otters.
LID - 10.1000/Own [doi]
AB  - AIM: To treat itch with H2O. It
      works. METHODS AND RESULTS: Otters grew
      fur. DNA: none was seen.
CI  - (c) River 2019.
FAU - Otter, Ann B Jr
AU  - Otter AB Jr
CN  - The Itch Group
FAU - Mole, C
AU  - Mole C
FAU - Aristotle
AU  - Aristotle
LA  - eng
PT  - Journal Article
PT  - Clinical Trial, Phase II
PT  - Research Support, N.I.H., Extramural
TT  - Alles ueber Orvexamid.
DEP - 20190417
TA  - River Med
JT  - River medicine
MH  - Animals
MH  - *Fur/*drug effects/blood
PMC - PMC77
OT  - *otter
OT  - itch
RIN - River Med. 2020 Jan 2;8(1):9. PMID: 4999
EIN - River Med. 2019
CIN - Sea. 2019
OAB - Publisher: Gegen Juckreiz.
OABL- ger
AID - S1 [pii]
PST - aheadofprint
SO  - River Med. 2019 Jun;1(1):1.
"""


def outlines(text: str) -> list[Outline | DocumentError]:
    return list(read_nbib(text.encode(), "a.nbib"))


def outline(text: str) -> Outline:
    (found,) = outlines(text)
    assert isinstance(found, Outline)
    return found


def with_abstract(abstract: str) -> Outline:
    return outline(f"PMID- 1\nTI  - T.\nAB  - {abstract}\n")


def test_a_whole_record() -> None:
    found = assemble(outline(WHOLE), "a.nbib")
    assert_sound(found)
    assert found.text.split("\n\n") == [
        "Orvexamide and the gene of otters.",
        "Alles ueber Orvexamid.",
        "AIM",
        "To treat itch with H2O. It works.",
        "METHODS AND RESULTS",
        "Otters grew fur. DNA: none was seen.",
        "Abstract (ger)",
        "Gegen Juckreiz.",
        "Keywords",
        "otter; itch",
    ]


def test_the_provenance_of_a_whole_record() -> None:
    own = assemble(outline(WHOLE), "a.nbib").provenance
    assert (own.title, own.publisher) == ("Orvexamide and the gene of otters.", "River medicine")
    assert own.authors == ("Ann B Otter Jr", "The Itch Group", "C Mole", "Aristotle")
    assert (own.date, own.url) == ("2019-04-17", "https://pubmed.ncbi.nlm.nih.gov/4711/")
    assert [(i.scheme, i.value) for i in own.identifiers] == [
        ("pmid", "4711"),
        ("doi", "10.1000/Own"),
        ("pmcid", "PMC77"),
    ]
    assert (own.kind, own.evidence_level) == ("Journal Article; Clinical Trial, Phase II", EvidenceLevel.TRIAL)
    assert own.retracted == "retracted in River Med. 2020 Jan 2;8(1):9. PMID: 4999"
    assert own.notes == (
        "erratum in River Med. 2019",
        "animal study",
        "published ahead of print",
        "copyright of the abstract: (c) River 2019.",
    )


def test_a_record_says_the_same_in_both_formats_of_pubmed() -> None:
    tagged = outline("""PMID- 1
TI  - Otters.
AB  - AIM: Itch. CONCLUSION: They do.
FAU - Otter, A
PT  - Review
PT  - Retracted Publication
RIN - River. 2020 PMID: 2
DP  - 2019 Mar 1
JT  - River medicine
AID - 10.1000/x [doi]
OT  - itch
""")
    marked = b"""<PubmedArticle><MedlineCitation><PMID>1</PMID><Article>
      <Journal><JournalIssue><PubDate><Year>2019</Year><Month>Mar</Month><Day>1</Day></PubDate></JournalIssue>
      <Title>River medicine</Title></Journal><ArticleTitle>Otters.</ArticleTitle>
      <Abstract><AbstractText Label="AIM">Itch.</AbstractText>
      <AbstractText Label="CONCLUSION">They do.</AbstractText></Abstract>
      <AuthorList><Author><LastName>Otter</LastName><ForeName>A</ForeName></Author></AuthorList>
      <PublicationTypeList><PublicationType>Review</PublicationType>
      <PublicationType>Retracted Publication</PublicationType></PublicationTypeList></Article>
      <CommentsCorrectionsList><CommentsCorrections RefType="RetractionIn"><RefSource>River. 2020</RefSource>
      <PMID>2</PMID></CommentsCorrections></CommentsCorrectionsList>
      <KeywordList><Keyword>itch</Keyword></KeywordList></MedlineCitation>
      <PubmedData><ArticleIdList><ArticleId IdType="doi">10.1000/x</ArticleId></ArticleIdList></PubmedData>
      </PubmedArticle>"""
    assert [tagged] == list(read_pubmed_xml(marked, "a.xml"))


@pytest.mark.parametrize(
    ("abstract", "sections"),
    [
        ("Otters itch.", [("Abstract", "Otters itch.")]),
        ("AIM: To see. RESULTS: Seen.", [("AIM", "To see."), ("RESULTS", "Seen.")]),
        ("It is. AVAILABILITY: Free.", [("Abstract", "It is."), ("AVAILABILITY", "Free.")]),
        ("BACKGROUND & AIMS: A. METHOD(S): B.", [("BACKGROUND & AIMS", "A."), ("METHOD(S)", "B.")]),
        ("STUDY DESIGN, SIZE, DURATION: A.", [("STUDY DESIGN, SIZE, DURATION", "A.")]),
        ("INTRODUCCIÓN: A.", [("INTRODUCCIÓN", "A.")]),
        ("We saw it. PFS: 5 months.", [("Abstract", "We saw it. PFS: 5 months.")]),
        ("In METHODS: we saw.", [("Abstract", "In METHODS: we saw.")]),
        ("Seen. Methods: we looked.", [("Abstract", "Seen. Methods: we looked.")]),
        ("Seen. METHODS:we looked.", [("Abstract", "Seen. METHODS:we looked.")]),
        ("RESULTS: RESULTS: Seen.", [("RESULTS", "RESULTS: Seen.")]),
    ],
)
def test_labels_in_capitals_at_the_start_of_a_sentence_head_sections(
    abstract: str, sections: list[tuple[str, str]]
) -> None:
    found: list[tuple[str, str]] = []
    for piece in with_abstract(abstract).pieces[1:]:
        if isinstance(piece, Heading):
            heading = piece.title
        elif isinstance(piece, Paragraph):
            found.append((heading, piece.text))
    assert found == sections


@pytest.mark.parametrize(
    ("tags", "stated"),
    [
        ("AU  - Otter A\nCN  - Group", {"authors": ("Otter A", "Group")}),
        ("FAU - Otter, A, B", {"authors": ("Otter, A, B",)}),
        ("TA  - River Med", {"publisher": "River Med"}),
        ("DP  - 2000 Nov-Dec", {"date": "2000 Nov-Dec"}),
        ("LID - S1 [pii]\nAID - 10.1000/x [doi]", {"identifiers": {"pmid": "1", "doi": "10.1000/x"}}),
        ("LID - otter [doi]", {"identifiers": {"pmid": "1"}}),
        ("MH  - Mice, Inbred\nMH  - *Animals/surgery", {"evidence_level": EvidenceLevel.PRECLINICAL}),
        ("MH  - Animals\nMH  - Humans", {"evidence_level": None}),
        ("ECI - River. 2020", {"notes": ("expression of concern in River. 2020",)}),
        ("UIN - River. 2020", {"notes": ("updated in River. 2020",)}),
        (
            "PT  - Retraction of Publication\nROF - River. 2019",
            {"notes": ("retracts River. 2019", "retraction notice of another publication")},
        ),
        ("PST - ppublish\nCIN - Sea. 2020", {"notes": (), "retracted": None}),
    ],
)
def test_what_tags_state(tags: str, stated: dict[str, object]) -> None:
    found = outline(f"PMID- 1\nTI  - T.\nAB  - Otters itch.\n{tags}\n").stated
    assert {field: getattr(found, field) for field in stated} == stated


def test_records_are_parted_by_blank_lines_or_by_their_pmid() -> None:
    text = "PMID- 1\nAB  - One.\n\n      One more.\n\n\nTI  - No number.\nAB  - B.\nPMID- 3\nTI  - C.\nAB  - Three."
    first, second, third = outlines("\ufeff" + text.replace("\n", "\r\n"))
    assert isinstance(first, Outline)
    assert isinstance(third, Outline)
    assert (first.part, third.part) == ("1", "3")
    assert Paragraph("One. One more.") in first.pieces
    assert str(second).startswith("a.nbib: record 2: its PMID is ''")


def test_a_record_that_is_not_utf_8_is_told_and_the_next_is_read() -> None:
    found = list(read_nbib(b"PMID- 1\nTI  - \xe4\n\nPMID- 2\nTI  - T.\nAB  - \xc3\xa4.\n", "a.nbib"))
    assert str(found[0]) == "a.nbib: record 1: byte 0xe4 in it is not UTF-8; save the file as UTF-8"
    assert isinstance(found[1], Outline)
    assert found[1].part == "2"


@pytest.mark.parametrize("data", [b"", b"\n" * 500_000, b" \t\r\n"], ids=["nothing", "blank lines", "blanks"])
def test_a_file_without_records(data: bytes) -> None:
    with pytest.raises(DocumentError, match=r"^a\.nbib: holds no record"):
        list(read_nbib(data, "a.nbib"))


HEAD = b"PMID- 1\nTI  - T.\n"
HOSTILE = {
    "continued": HEAD + b"AB  - a\n" + b"      word word.\n" * 100_000,
    "labels": HEAD + b"AB  - A.\n" + b"      METHODS: x.\n" * 20_000,
    "capitals": HEAD + b"AB  - " + b"A" * 1_000_000,
    "stops": HEAD + b"AB  - " + b") AAAA " * 140_000,
    "authors": HEAD + b"AB  - a.\n" + b"FAU - A, B\n" * 50_000,
    "records": b"PMID- x\n" * 20_000,
    "NUL": HEAD + b"AB  - a\0b.\n",
    "any byte": bytes(range(256)) * 1000,
    "other tags": b"TY  - JOUR\nTI  - T.\nER  - \n",
    "no tag": b"just words\nand more\n",
}


@pytest.mark.parametrize("data", HOSTILE.values(), ids=HOSTILE)
def test_hostile_files_take_no_long_time(data: bytes) -> None:
    start = time.perf_counter()
    for found in read_nbib(data, "a.nbib"):
        if isinstance(found, Outline):
            assert_sound(assemble(found, "a.nbib"))
        else:
            assert str(found).startswith("a.nbib: record ")
            assert "\n" not in str(found)
    assert time.perf_counter() - start < 10


LABELLED = st.tuples(st.sampled_from(["AIMS", "METHODS AND MATERIALS", "RESULTS"]), SENTENCES)


@given(
    title=SENTENCES,
    parts=st.lists(LABELLED, max_size=3, unique_by=lambda part: part[0]),
    unlabelled=SENTENCES,
    width=st.integers(30, 90),
)
@settings(max_examples=60, deadline=None)
def test_every_word_comes_out_in_order(title: str, parts: list[tuple[str, str]], unlabelled: str, width: int) -> None:
    abstract = " ".join([unlabelled, *(f"{label}: {text}" for label, text in parts)])
    title_field, abstract_field = (
        textwrap.fill(text, width, subsequent_indent=" " * 6, break_long_words=False, break_on_hyphens=False)
        for text in (f"TI  - {title}", f"AB  - {abstract}")
    )
    found = assemble(outline(f"PMID- 1\n{title_field}\n{abstract_field}\n"), "a.nbib")
    assert_sound(found)
    assert words_of(found.text) == words_of(f"{title} Abstract {abstract}")
    labels = [found.quote(block.span) for block in found.blocks if block.kind is BlockKind.HEADING]
    assert labels[2:] == [label for label, _ in parts]
