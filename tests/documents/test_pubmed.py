from __future__ import annotations

import time
from xml.sax.saxutils import escape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from document_support import SENTENCES, WORDS, assert_sound, words_of
from temsiqa.documents.assemble import assemble
from temsiqa.documents.outline import Outline, Paragraph
from temsiqa.documents.pubmed import read_pubmed_xml
from temsiqa.errors import DocumentError
from temsiqa.model import BlockKind, Document, EvidenceLevel, Reference

WHOLE = """<?xml version="1.0"?>
<!DOCTYPE PubmedArticleSet PUBLIC "-//NLM//DTD PubMedArticle//EN" "https://dtd.example/pubmed.dtd">
<PubmedArticleSet><PubmedArticle>
<MedlineCitation Status="MEDLINE">
 <PMID Version="1">4711</PMID>
 <DateRevised><Year>2022</Year></DateRevised>
 <Article PubModel="Print">
  <Journal>
   <JournalIssue><PubDate><Year>2019</Year><Month>Jun</Month></PubDate></JournalIssue>
   <Title>River medicine</Title><ISOAbbreviation>River Med</ISOAbbreviation>
  </Journal>
  <ArticleTitle>Orvexamide and the <i>OTT1</i> gene: <b>a</b>ll of it.</ArticleTitle>
  <ELocationID EIdType="doi" ValidYN="Y">10.1000/else</ELocationID>
  <Abstract>
   <AbstractText Label="AIM">To treat <i>it</i>ch with H<sub>2</sub>O, 10<sup>-3</sup> M [1].</AbstractText>
   <AbstractText Label="RESULTS" NlmCategory="RESULTS">Cells (10<sup>6</sup>/m<sup>2</sup>) grew [2, 3].</AbstractText>
   <AbstractText/>
   <CopyrightInformation>© River 2019.</CopyrightInformation>
  </Abstract>
  <AuthorList CompleteYN="Y">
   <Author><LastName>Otter</LastName><ForeName>Ann B</ForeName><Suffix>Jr</Suffix></Author>
   <Author><LastName>Mole</LastName><Initials>C</Initials></Author>
   <Author ValidYN="N"><LastName>Ghost</LastName></Author>
   <Author><CollectiveName>The <i>Itch</i> Group</CollectiveName></Author>
   <Author><Identifier>no name</Identifier></Author>
  </AuthorList>
  <PublicationTypeList>
   <PublicationType UI="D1">Journal Article</PublicationType>
   <PublicationType UI="D2">Randomized Controlled Trial</PublicationType>
  </PublicationTypeList>
  <VernacularTitle>Alles über Orvexamid.</VernacularTitle>
  <ArticleDate DateType="Electronic"><Year>2019</Year><Month>04</Month><Day>17</Day></ArticleDate>
 </Article>
 <CommentsCorrectionsList>
  <CommentsCorrections RefType="RetractionIn">
   <RefSource>River Med. 2020 Jan 2;8(1):9</RefSource><PMID Version="1">4999</PMID>
  </CommentsCorrections>
  <CommentsCorrections RefType="ErratumIn"><RefSource>River Med. 2019</RefSource></CommentsCorrections>
  <CommentsCorrections RefType="Cites"><RefSource>Sea. 1999</RefSource><PMID>11</PMID></CommentsCorrections>
 </CommentsCorrectionsList>
 <MeshHeadingList>
  <MeshHeading><DescriptorName>Humans</DescriptorName><QualifierName>blood</QualifierName></MeshHeading>
 </MeshHeadingList>
 <OtherAbstract Type="Publisher" Language="ger"><AbstractText>Gegen Juckreiz.</AbstractText></OtherAbstract>
 <OtherAbstract Type="plain-language-summary" Language="eng"><AbstractText>It helps.</AbstractText></OtherAbstract>
 <KeywordList Owner="NOTNLM"><Keyword>otter</Keyword><Keyword>m<sub>x</sub></Keyword></KeywordList>
</MedlineCitation>
<PubmedData>
 <PublicationStatus>aheadofprint</PublicationStatus>
 <ArticleIdList>
  <ArticleId IdType="pubmed">4711</ArticleId>
  <ArticleId IdType="doi">10.1000/Own</ArticleId>
  <ArticleId IdType="pmc">PMC77</ArticleId>
 </ArticleIdList>
 <ReferenceList><Title>References</Title>
  <Reference><Citation>Mole C. <i>Itch</i>. 1999.</Citation>
   <ArticleIdList><ArticleId IdType="doi">10.1000/x</ArticleId><ArticleId IdType="pubmed">21</ArticleId></ArticleIdList>
  </Reference>
  <Reference><Citation>Otter A. Fur. 2001.</Citation></Reference>
  <ReferenceList><Reference><Citation>Vole D. Paws. 2002.</Citation></Reference></ReferenceList>
 </ReferenceList>
</PubmedData>
</PubmedArticle></PubmedArticleSet>"""

RECORD = """<PubmedArticle><MedlineCitation><PMID>{pmid}</PMID><Article><ArticleTitle>{title}</ArticleTitle>
<Abstract>{abstract}</Abstract>{article}</Article>{citation}</MedlineCitation>{data}</PubmedArticle>"""


def record(
    *,
    pmid: str = "1",
    title: str = "T.",
    text: str = "Otters itch.",
    article: str = "",
    citation: str = "",
    data: str = "",
) -> str:
    abstract = text if text.startswith("<AbstractText") else f"<AbstractText>{text}</AbstractText>"
    return RECORD.format(pmid=pmid, title=title, abstract=abstract, article=article, citation=citation, data=data)


def outlines(*records: str) -> list[Outline | DocumentError]:
    whole = f"<PubmedArticleSet>{''.join(records)}</PubmedArticleSet>"
    return list(read_pubmed_xml(whole.encode(), "a.xml"))


def outline(**parts: str) -> Outline:
    (found,) = outlines(record(**parts))
    assert isinstance(found, Outline)
    return found


def document(data: bytes) -> Document:
    (found,) = read_pubmed_xml(data, "a.xml")
    assert isinstance(found, Outline)
    return assemble(found, "a.xml")


def abstract_of(text: str) -> str:
    """How an abstract reads."""
    return next(piece.text for piece in outline(text=text).pieces if isinstance(piece, Paragraph))


def test_a_whole_record() -> None:
    found = document(WHOLE.encode())
    assert_sound(found)
    assert found.text.split("\n\n") == [
        "Orvexamide and the OTT1 gene: all of it.",
        "Alles über Orvexamid.",
        "AIM",
        "To treat itch with H2O, 10⁻³ M [1].",
        "RESULTS",
        "Cells (10⁶/m2) grew [2, 3].",
        "Abstract (ger)",
        "Gegen Juckreiz.",
        "Plain language summary",
        "It helps.",
        "Keywords",
        "otter; mx",
        "References",
        "Mole C. Itch. 1999.\nOtter A. Fur. 2001.\nVole D. Paws. 2002.",
    ]
    assert [block.section for block in found.blocks if block.kind is BlockKind.PARAGRAPH] == [
        ("AIM",),
        ("RESULTS",),
        ("Abstract (ger)",),
        ("Plain language summary",),
    ]


def test_the_provenance_of_a_whole_record() -> None:
    own = document(WHOLE.encode()).provenance
    assert (own.title, own.publisher) == ("Orvexamide and the OTT1 gene: all of it.", "River medicine")
    assert own.authors == ("Ann B Otter Jr", "C Mole", "The Itch Group")
    assert (own.date, own.url) == ("2019-04-17", "https://pubmed.ncbi.nlm.nih.gov/4711/")
    assert [(i.scheme, i.value) for i in own.identifiers] == [
        ("pmid", "4711"),
        ("doi", "10.1000/Own"),
        ("pmcid", "PMC77"),
    ]
    assert (own.kind, own.licence) == ("Journal Article; Randomized Controlled Trial", None)
    assert own.evidence_level is EvidenceLevel.RANDOMISED_TRIAL
    assert own.retracted == "retracted in River Med. 2020 Jan 2;8(1):9 PMID: 4999"
    assert own.notes == (
        "erratum in River Med. 2019",
        "published ahead of print",
        "copyright of the abstract: © River 2019.",
    )


def test_references_of_a_whole_record() -> None:
    found = document(WHOLE.encode())
    assert found.references[0] == Reference(
        "1", "Mole C. Itch. 1999.", url="https://doi.org/10.1000/x", doi="10.1000/x", pmid="21"
    )
    assert [reference.marker for reference in found.references] == ["1", "2", "3"]
    markers = [s.markers for b in found.blocks if b.kind is BlockKind.PARAGRAPH for s in b.sentences]
    assert markers == [("1",), ("2", "3"), (), ()]


def references_of(text: str, list_of: str) -> list[str]:
    (found,) = outlines(record(text=text, data=f"<PubmedData><ReferenceList>{list_of}</ReferenceList></PubmedData>"))
    assert isinstance(found, Outline)
    return [reference.marker for reference in assemble(found, "a").references]


@pytest.mark.parametrize(
    ("text", "markers"),
    [
        ("No marker.", ["1", "2"]),
        ("Known [1]. Seen [1, 2].", ["1", "2"]),
        ("Aged 61 [18-94].", ["reference 1", "reference 2"]),
        ("Mean [SD] age 50 [2].", ["reference 1", "reference 2"]),
        ("Limits outside [0,1].", ["reference 1", "reference 2"]),
    ],
)
def test_a_range_in_brackets_cites_nothing(text: str, markers: list[str]) -> None:
    entry = "<Reference><Citation>Mole, 1999.</Citation></Reference>"
    assert references_of(text, entry * 2) == markers


def test_without_a_reference_list_what_the_record_cites_stands_in_no_order() -> None:
    cited = "".join(
        f"<CommentsCorrections RefType='{kind}'><RefSource>{source}</RefSource>"
        f"<PMID>{pmid}</PMID></CommentsCorrections>"
        for kind, source, pmid in [("Cites", "Sea. 1999", "11"), ("CommentIn", "Bog. 2000", "12"), ("Cites", "X", "")]
    )
    found = outline(citation=f"<CommentsCorrectionsList>{cited}</CommentsCorrectionsList>")
    assert assemble(found, "a").references == (
        Reference("PMID 11", "Sea. 1999", url="https://pubmed.ncbi.nlm.nih.gov/11/", pmid="11"),
    )


@pytest.mark.parametrize(
    ("markup", "words"),
    [
        ("an<i>ti</i>-<b>m</b>TOR", "anti-mTOR"),
        ("CO<sub>2</sub> and Ca<sup>2+</sup>", "CO2 and Ca2+"),
        ("with <sup>18</sup>F", "with 18F"),
        ("10<sup>6</sup>", "10⁶"),
        ("<i>10</i><sup>−12</sup>", "10⁻¹²"),
        ("in 1995<sup>a</sup>", "in 1995a"),
        ("&#946;\n\t\t<sub>2</sub>-agonist", "β2-agonist"),
        ("for\n\t\t<i>TERT</i>", "for TERT"),
        ("with\n\t\t<sup>18</sup>F", "with 18F"),
        ("a <m:math xmlns:m='urn:m'>\n <m:msub>\n <m:mi>V</m:mi> <m:mn>2</m:mn></m:msub></m:math> b", "a V2 b"),
        ("<math><mfrac><mn>1</mn><mn>2</mn></mfrac></math>", "1/2"),
        ("<math><msup><mn>10</mn><mn>6</mn></msup><mo>/</mo><mi>x</mi></math>", "10⁶/x"),
    ],
)
def test_markup_neither_parts_words_nor_changes_numbers(markup: str, words: str) -> None:
    assert abstract_of(markup) == words


@pytest.mark.parametrize(
    ("dates", "date"),
    [
        ("<Year>2019</Year>", "2019"),
        ("<Year>2019</Year><Month>06</Month>", "2019-06"),
        ("<Year>1979</Year><Season>Winter</Season>", "1979 Winter"),
        ("<MedlineDate>2000 Nov-Dec</MedlineDate>", "2000 Nov-Dec"),
        ("", None),
    ],
)
def test_the_date_of_the_issue(dates: str, date: str | None) -> None:
    article = f"<Journal><JournalIssue><PubDate>{dates}</PubDate></JournalIssue></Journal>"
    assert outline(article=article).stated.date == date


def test_the_doi_beside_the_title_when_there_is_no_other() -> None:
    doi = '<ELocationID EIdType="pii">S1</ELocationID><ELocationID EIdType="doi"{}>10.1000/a</ELocationID>'
    assert outline(article=doi.format("")).stated.identifiers["doi"] == "10.1000/a"
    assert "doi" not in outline(article=doi.format(' ValidYN="N"')).stated.identifiers


def test_identifiers_of_other_publications_are_not_its_own() -> None:
    data = """<PubmedData><ReferenceList><Reference><ArticleIdList><ArticleId IdType="doi">10.1000/x</ArticleId>
        <ArticleId IdType="pmc">PMC1</ArticleId></ArticleIdList></Reference></ReferenceList></PubmedData>"""
    cited = (
        "<CommentsCorrectionsList><CommentsCorrections><PMID>99</PMID></CommentsCorrections></CommentsCorrectionsList>"
    )
    assert outline(pmid="7", citation=cited, data=data).stated.identifiers == {"pmid": "7"}


def test_an_abstract_marked_as_unlabelled() -> None:
    found = assemble(outline(text='<AbstractText Label="UNLABELLED">Otters itch.</AbstractText>'), "a")
    assert found.text == "T.\n\nAbstract\n\nOtters itch."


def test_a_chapter_of_a_book() -> None:
    data = b"""<PubmedArticleSet><PubmedBookArticle><BookDocument><PMID>5</PMID>
      <ArticleIdList><ArticleId IdType="bookaccession">NBK1</ArticleId>
       <ArticleId IdType="doi">10.1/b</ArticleId></ArticleIdList>
      <Book><Publisher><PublisherName>River Press</PublisherName></Publisher><BookTitle>Otters</BookTitle>
       <PubDate><Year>2012</Year></PubDate></Book>
      <ArticleTitle>Fur</ArticleTitle>
      <AuthorList Type="authors"><Author><LastName>Vole</LastName><ForeName>D</ForeName></Author></AuthorList>
      <PublicationType>Review</PublicationType>
      <Abstract><AbstractText>Fur is dense.</AbstractText></Abstract>
      <ContributionDate><Year>2020</Year><Month>Feb</Month></ContributionDate>
      <ReferenceList><Reference><Citation>Mole.</Citation></Reference></ReferenceList>
     </BookDocument></PubmedBookArticle></PubmedArticleSet>"""
    found = document(data)
    own = found.provenance
    assert found.text == "Fur\n\nAbstract\n\nFur is dense.\n\nReferences\n\nMole."
    assert (own.title, own.publisher, own.date, own.authors) == ("Fur", "River Press", "2020-02", ("D Vole",))
    assert (own.kind, own.evidence_level) == ("Review", EvidenceLevel.REVIEW)
    assert (own.identifier("doi"), own.identifier("pmid")) == ("10.1/b", "5")


def test_every_record_of_a_set_is_a_part_and_a_bad_one_is_told() -> None:
    found = outlines(record(), "<PubmedArticle/>", record(pmid="2"), record(pmid="3", text=""), record(pmid="2"))
    assert [item.part for item in found if isinstance(item, Outline)] == ["1", "2"]
    assert [str(item).partition(";")[0] for item in found if isinstance(item, DocumentError)] == [
        "a.xml: record 2: holds no MedlineCitation",
        "a.xml: record 4: PMID 3 has no abstract, so nothing of it can be quoted",
        "a.xml: record 5: PMID 2 stands in the file a second time",
    ]


ENTITIES = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">%s]>' % b"".join(
    b'<!ENTITY %c "%s">' % (98 + n, b"&%c;" % (97 + n) * 10) for n in range(9)
)
HOSTILE = {
    "bomb": ENTITIES + record(text="&j;").encode(),
    "file": b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]>' + record(text="&a;").encode(),
    "deep": record(text="<i>" * 100_000 + "</i>" * 100_000).encode(),
    "cut off": record().encode()[:-20],
    "NUL": record(text="a\0b").encode(),
    "not UTF-8": record(text="\xff").encode("latin-1"),
    "long": record(text="a " * 5_500_000).encode(),
    "empty": b"",
    "other": b"<html/>",
    "no record": b"<PubmedArticleSet/>",
}


@pytest.mark.parametrize("data", HOSTILE.values(), ids=HOSTILE)
def test_hostile_files_are_refused_at_once(data: bytes) -> None:
    start = time.perf_counter()
    with pytest.raises(DocumentError, match=r"^a\.xml: [^\n]+; [^\n]+$"):
        list(read_pubmed_xml(data, "a.xml"))
    assert time.perf_counter() - start < 2


@pytest.mark.parametrize(
    "text",
    [
        "a\n<sub>1</sub>" * 50_000,
        "a" * 1_000_000 + "  " + "<sub>x</sub>" * 50_000,
        "1<sup>2</sup>" * 50_000,
        "[1," * 100_000,
        f"<math>{'<mrow>' * 200}x{'</mrow>' * 200}</math>",
        "<i>" * 200 + "x" + "</i>" * 200,
        "&#x202e;a&#x200b;",
    ],
    ids=lambda text: text[:20],
)
def test_strange_abstracts_take_no_long_time(text: str) -> None:
    start = time.perf_counter()
    assert_sound(document(record(text=text).encode()))
    assert time.perf_counter() - start < 5


def marked_up(words: list[str]) -> st.SearchStrategy[str]:
    """The words with markup round some of them, which stand in no other line for it."""
    return st.lists(st.sampled_from("- i b sup sub u".split()), min_size=len(words), max_size=len(words)).map(
        lambda tags: " ".join(
            escape(word) if tag == "-" else f"<{tag}>{escape(word)}</{tag}>"
            for word, tag in zip(words, tags, strict=True)
        )
    )


PARTS = st.lists(
    st.tuples(st.sampled_from(["", "AIM", "RESULTS"]), st.lists(WORDS, min_size=1, max_size=8).flatmap(marked_up)),
    min_size=1,
    max_size=4,
)


@given(title=SENTENCES, parts=PARTS)
@settings(max_examples=60, deadline=None)
def test_every_word_of_title_and_abstract_comes_out_in_order(title: str, parts: list[tuple[str, str]]) -> None:
    texts = "".join(f'<AbstractText Label="{label}">Then {text}.</AbstractText>' for label, text in parts)
    found = document(record(title=escape(title), text=texts).encode())
    assert_sound(found)
    paragraphs = [found.quote(b.span) for b in found.blocks if b.kind is BlockKind.PARAGRAPH]
    plain = [f"Then {text}" for _, text in parts]
    for tag in "i b sup sub u".split():
        plain = [text.replace(f"<{tag}>", "").replace(f"</{tag}>", "") for text in plain]
    assert words_of(" ".join(paragraphs)) == words_of(" ".join(plain))
    assert words_of(found.quote(found.blocks[0].span)) == words_of(title)
