from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest

from temsiqa.documents.outline import Heading, Outline, Paragraph, Piece, ReferenceList
from temsiqa.documents.publication import (
    Publication,
    evidence_level,
    iso_date,
    plain_doi,
    plain_pmid,
    read_publications,
    retraction,
)
from temsiqa.errors import DocumentError
from temsiqa.model import BlockKind, EvidenceLevel, Reference


def publication(**fields: Any) -> Publication:  # noqa: ANN401 - any field of a publication
    return Publication(**{"pmid": "12", "title": "Of otters.", "abstract": [("", "They itch.")], **fields})


def outline(**fields: Any) -> Outline:  # noqa: ANN401 - any field of a publication
    (found,) = read_publications([publication(**fields)], "a.xml")
    assert isinstance(found, Outline)
    return found


def problems(records: Iterable[Publication | str]) -> list[str]:
    return [str(found) for found in read_publications(records, "a.xml") if isinstance(found, DocumentError)]


def test_a_whole_record() -> None:
    reference = Reference("1", "Mole, 1999")
    found = outline(
        vernacular_title="Von Ottern.",
        abstract=[("AIM", "Itch."), ("AIM", "More."), ("", "Free.")],
        other_abstracts=[("Abstract (ger)", [("ZIEL", "Juckreiz.")]), ("Abstract (fre)", [("", "Prurit.")])],
        keywords=["otter", "itch"],
        references=[reference],
    )
    expected: list[Piece] = [
        Heading(1, "Of otters."),
        Paragraph("Von Ottern.", BlockKind.BYLINE),
        *(Heading(2, "AIM"), Paragraph("Itch."), Paragraph("More.")),
        *(Heading(2, "Abstract"), Paragraph("Free.")),
        *(Heading(2, "Abstract (ger)"), Heading(3, "ZIEL"), Paragraph("Juckreiz.")),
        *(Heading(2, "Abstract (fre)"), Paragraph("Prurit.")),
        *(Heading(2, "Keywords"), Paragraph("otter; itch", BlockKind.BYLINE)),
        *(Heading(2, "References"), ReferenceList((reference,))),
    ]
    assert list(found.pieces) == expected
    assert (found.part, found.curated) == ("12", True)


def test_what_a_record_states() -> None:
    stated = outline(
        authors=["A Otter", "The Mole Group"],
        journal="River",
        date="2019 Mar 1",
        doi="10.1000/Otter",
        pmcid="PMC5",
        types=["Journal Article", "Review", "Research Support, Non-U.S. Gov't"],
        copyright="© 2019 River.",
    ).stated
    assert (stated.title, stated.publisher, stated.date) == ("Of otters.", "River", "2019-03-01")
    assert stated.authors == ("A Otter", "The Mole Group")
    assert stated.identifiers == {"pmid": "12", "doi": "10.1000/Otter", "pmcid": "PMC5"}
    assert (stated.url, stated.kind) == ("https://pubmed.ncbi.nlm.nih.gov/12/", "Journal Article; Review")
    assert (stated.licence, stated.retracted, stated.evidence_level) == (None, None, EvidenceLevel.REVIEW)
    assert stated.notes == ("copyright of the abstract: © 2019 River.",)


def test_what_a_record_leaves_out_stays_out() -> None:
    stated = outline().stated
    assert (stated.publisher, stated.date, stated.kind, stated.evidence_level) == (None, None, None, None)
    assert (stated.authors, stated.notes, stated.identifiers) == ((), (), {"pmid": "12"})


@pytest.mark.parametrize("title", ["", "[Not Available]."])
def test_a_title_in_its_own_language_only(title: str) -> None:
    found = outline(title=title, vernacular_title="Von Ottern.")
    assert found.stated.title == "Von Ottern."
    assert list(found.pieces)[:2] == [Heading(1, "Von Ottern."), Heading(2, "Abstract")]


@pytest.mark.parametrize(
    ("types", "level"),
    [
        (["Journal Article", "Practice Guideline", "Review"], EvidenceLevel.GUIDELINE),
        (["Guideline"], EvidenceLevel.GUIDELINE),
        (["Clinical Trial, Phase III", "Randomized Controlled Trial"], EvidenceLevel.RANDOMISED_TRIAL),
        (["RANDOMIZED CONTROLLED TRIAL"], EvidenceLevel.RANDOMISED_TRIAL),
        (["Clinical Trial, Phase II"], EvidenceLevel.TRIAL),
        (["Clinical Trial"], EvidenceLevel.TRIAL),
        (["Controlled Clinical Trial", "Review"], EvidenceLevel.TRIAL),
        (["Meta-Analysis"], EvidenceLevel.REVIEW),
        (["Systematic Review"], EvidenceLevel.REVIEW),
        (["Randomized Controlled Trial, Veterinary"], None),
        (["Clinical Trial Protocol"], None),
        (["Case Reports", "Journal Article"], None),
        (["Observational Study"], None),
        ([], None),
    ],
)
def test_evidence_level_by_publication_type(types: list[str], level: EvidenceLevel | None) -> None:
    assert evidence_level(types, ["Humans"]) is level


@pytest.mark.parametrize(
    ("types", "subjects", "level"),
    [
        ([], ["Animals", "Mice"], EvidenceLevel.PRECLINICAL),
        ([], ["Animals", "Humans"], None),
        ([], ["Humans"], None),
        (["Review"], ["Animals"], EvidenceLevel.REVIEW),
    ],
)
def test_animals_without_humans(types: list[str], subjects: list[str], level: EvidenceLevel | None) -> None:
    assert evidence_level(types, subjects) is level
    notes = outline(types=types, subjects=subjects).stated.notes
    assert ("animal study" in notes) == (subjects != ["Humans"] and "Humans" not in subjects)


@pytest.mark.parametrize(
    ("types", "related", "said"),
    [
        ([], [("RetractionIn", "River. 2020;1:2. PMID: 13")], "retracted in River. 2020;1:2. PMID: 13"),
        (["Retracted Publication"], [("RetractionIn", "River. 2020")], "retracted in River. 2020"),
        (["Retracted Publication"], [], "retracted, by its publication type"),
        (
            [],
            [("RetractionIn", "A"), ("RetractedandRepublishedIn", "B")],
            "retracted in A; retracted and republished in B",
        ),
        (["Retraction of Publication"], [("RetractionOf", "River. 2019")], None),
        ([], [("PartialRetractionIn", "A"), ("ErratumIn", "B"), ("CommentIn", "C")], None),
        ([], [], None),
    ],
)
def test_retraction(types: list[str], related: list[tuple[str, str]], said: str | None) -> None:
    assert retraction(types, related) == said
    assert outline(types=types, related=related).stated.retracted == said


@pytest.mark.parametrize(
    ("fields", "note"),
    [
        ({"related": [("ErratumIn", "River. 2020")]}, "erratum in River. 2020"),
        ({"related": [("ExpressionOfConcernIn", "River. 2020")]}, "expression of concern in River. 2020"),
        ({"related": [("UpdateIn", "River. 2020")]}, "updated in River. 2020"),
        ({"related": [("PartialRetractionIn", "River. 2020")]}, "partly retracted in River. 2020"),
        ({"related": [("RetractionOf", "River. 2019")]}, "retracts River. 2019"),
        ({"types": ["Retraction of Publication"]}, "retraction notice of another publication"),
        ({"types": ["Case Reports"]}, "case report"),
        ({"ahead_of_print": True}, "published ahead of print"),
    ],
)
def test_notes(fields: dict[str, Any], note: str) -> None:
    assert outline(**fields).stated.notes == (note,)


def test_comments_and_citations_are_no_notes() -> None:
    assert outline(related=[("CommentIn", "A"), ("Cites", "B")]).stated.notes == ()


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("2019", "2019"),
        ("2019 Mar", "2019-03"),
        ("2019 Mar 1", "2019-03-01"),
        ("2019 march 01", "2019-03-01"),
        ("2019 03 1", "2019-03-01"),
        ("20190301", "2019-03-01"),
        ("2019-03-01", "2019-03-01"),
        ("2019 Nov-Dec", None),
        ("2019 Winter", None),
        ("2019 Feb 30", None),
        ("2019 13", None),
        ("0000", None),
        ("spring", None),
        ("", None),
    ],
)
def test_dates_are_iso_where_they_can_be(text: str, date: str | None) -> None:
    assert iso_date(text) == date
    assert outline(date=text).stated.date == (date or text or None)


@pytest.mark.parametrize(
    ("text", "doi"),
    [
        ("10.1000/Otter", "10.1000/Otter"),
        (" https://doi.org/10.1000/a(1)b ", "10.1000/a(1)b"),
        ("http://dx.doi.org/10.1000/a", "10.1000/a"),
        ("DOI: 10.1000.10/a", "10.1000.10/a"),
        ("unavailable", None),
        ("10.1000", None),
        ("10.1000/a b", None),
        ("", None),
    ],
)
def test_dois(text: str, doi: str | None) -> None:
    assert plain_doi(text) == doi


@pytest.mark.parametrize(("text", "pmid"), [(" 12 ", "12"), ("0", None), ("012", None), ("1e5", None), ("", None)])
def test_pmids(text: str, pmid: str | None) -> None:
    assert plain_pmid(text) == pmid


def test_bad_records_are_told_by_number_and_the_others_read() -> None:
    records: list[Publication | str] = [
        publication(pmid="x" * 99),
        "holds nothing; export it again",
        publication(),
        publication(),
        publication(pmid="13", abstract=[]),
        publication(pmid="14"),
    ]
    found = list(read_publications(records, "a.xml"))
    assert [item.part for item in found if isinstance(item, Outline)] == ["12", "14"]
    assert problems(records) == [
        f"a.xml: record 1: its PMID is '{'x' * 40}', not a number; export it again",
        "a.xml: record 2: holds nothing; export it again",
        "a.xml: record 4: PMID 12 stands in the file a second time; remove one of them",
        "a.xml: record 5: PMID 13 has no abstract, so nothing of it can be quoted; add the article itself",
    ]


def test_an_abstract_that_is_only_promised_is_none() -> None:
    promised = [("", "Abstract available from the publisher.")]
    assert len(problems([publication(abstract=[], other_abstracts=[("Abstract (spa)", promised)])])) == 1
    assert Heading(2, "Abstract (spa)") not in outline(other_abstracts=[("Abstract (spa)", promised)]).pieces


def test_a_file_without_records() -> None:
    with pytest.raises(DocumentError, match=r"^a\.xml: holds no record"):
        list(read_publications([], "a.xml"))
