from __future__ import annotations

import pytest
from lxml import etree

from temsiqa.documents.jats.front import stated_of, title_of
from temsiqa.documents.stated import Stated
from temsiqa.model import EvidenceLevel
from xml_support import TITLE, article


def stated(meta: str = TITLE, front: str = "", attributes: str = "") -> Stated:
    return stated_of(etree.fromstring(article(meta=meta, front=front, attributes=attributes)), ())


def titled(title: str) -> str:
    return f"<title-group><article-title>{title}</article-title></title-group>"


def dated(attributes: str, year: str, month: str = "", day: str = "") -> str:
    return f"<pub-date {attributes}><day>{day}</day><month>{month}</month><year>{year}</year></pub-date>"


def related(kind: str) -> str:
    return f"<related-article related-article-type='{kind}' ext-link-type='doi' xlink:href='10.1234/n'/>"


def test_what_an_article_says_of_itself() -> None:
    said = stated(
        "<article-id pub-id-type='pmid'>12</article-id><article-id pub-id-type='pmc'>34</article-id>"
        "<article-id pub-id-type='doi'>https://doi.org/10.1234/q</article-id><article-id pub-id-type='publisher-id'>5"
        "</article-id><title-group><article-title>Itch<fn><p>Why?</p></fn><xref ref-type='fn'>*</xref></article-title>"
        "<subtitle>a view</subtitle></title-group><contrib-group><contrib contrib-type='author'><name><surname>Roe"
        "</surname><given-names>Rae R.</given-names><suffix>Jr</suffix></name><xref ref-type='aff'>1</xref></contrib>"
        "<contrib contrib-type='author'><collab>Itch Group<contrib-group><contrib contrib-type='author'><name><surname>"
        "Poe</surname></name></contrib></contrib-group></collab></contrib><contrib contrib-type='editor'><name>"
        "<surname>Doe</surname></name></contrib><contrib><name name-style='eastern'><surname>Ho</surname>"
        "<given-names>An</given-names></name></contrib></contrib-group>",
        "<journal-meta><journal-title>Quill</journal-title></journal-meta>",
        "article-type='review-article'",
    )
    assert said == Stated(
        title="Itch: a view",
        publisher="Quill",
        authors=("Rae R. Roe Jr", "Itch Group", "Ho An"),
        url="https://doi.org/10.1234/q",
        kind="review article",
        evidence_level=EvidenceLevel.REVIEW,
        identifiers={"pmid": "12", "pmcid": "PMC34", "doi": "10.1234/q"},
    )


def test_what_is_missing_is_not_invented() -> None:
    assert stated("") == Stated()
    assert stated_of(etree.fromstring("<article><body/></article>"), ["Ask first."]) == Stated(
        disclaimers=("Ask first.",)
    )
    assert title_of(etree.fromstring("<article/>")) == ""


@pytest.mark.parametrize(
    ("dates", "date"),
    [
        (dated("pub-type='collection'", "2018", "2", "13") + dated("pub-type='epub'", "2018", "1", "31"), "2018-01-31"),
        (dated("pub-type='ppub'", "2018", "Feb") + dated("pub-type='pmc-release'", "2017", "1", "1"), "2018-02"),
        (dated("date-type='pub' publication-format='electronic'", "2014", "10") + dated("", "2013"), "2014-10"),
        (dated("pub-type='epub'", "2018") + dated("pub-type='epub'", "2018", "3", "2"), "2018-03-02"),
        (dated("", "2018", "13", "1"), "2018"),
        (dated("", "2018", "Spring"), "2018"),
        (dated("iso-8601-date='2018-03-02'", "2018"), "2018-03-02"),
        (dated("date-type='corrected' publication-format='electronic'", "2019"), None),
        (dated("pub-type='pmc-release'", "2017", "1", "1"), "2017-01-01"),
        (dated("", "soon"), None),
    ],
)
def test_the_date_is_that_of_electronic_publication_where_it_has_one(dates: str, date: str | None) -> None:
    assert stated(dates).date == date


@pytest.mark.parametrize(
    ("licence", "said"),
    [
        ("<license xlink:href='https://cc.example/by'><license-p>Free.</license-p></license>", "https://cc.example/by"),
        (
            "<license><ali:license_ref xmlns:ali='a'>https://cc.example/by</ali:license_ref></license>",
            "https://cc.example/by",
        ),
        ("<license><license-p>Free  to <bold>share</bold>.</license-p></license>", "Free to share."),
        ("<copyright-statement>Roe</copyright-statement>", None),
    ],
)
def test_the_licence(licence: str, said: str | None) -> None:
    assert stated(f"<permissions>{licence}</permissions>").licence == said


@pytest.mark.parametrize(
    ("kind", "group", "subject", "level"),
    [
        ("research-article", "heading", "Research Paper", None),
        ("review-article", "heading", "Itch", EvidenceLevel.REVIEW),
        ("systematic-review", "heading", "Itch", EvidenceLevel.REVIEW),
        ("meta-analysis", "heading", "Itch", EvidenceLevel.REVIEW),
        ("research-article", "heading", "Meta-analysis", EvidenceLevel.REVIEW),
        ("guideline", "heading", "Itch", EvidenceLevel.GUIDELINE),
        ("research-article", "heading", "Randomised Controlled Trial", EvidenceLevel.RANDOMISED_TRIAL),
        ("research-article", "Discipline-v3", "Randomized controlled trial", None),
        ("other", "heading", "Clinical Trial", EvidenceLevel.TRIAL),
        ("retraction", "heading", "Retraction", None),
    ],
)
def test_the_level_of_evidence_is_what_the_type_or_the_rubric_says(
    kind: str, group: str, subject: str, level: EvidenceLevel | None
) -> None:
    rubric = f"<subj-group subj-group-type='{group}'><subject>{subject}</subject></subj-group>"
    said = stated(f"<article-categories>{rubric}</article-categories>", attributes=f"article-type='{kind}'")
    assert said.evidence_level is level


@pytest.mark.parametrize(
    ("meta", "kind", "retracted", "notes"),
    [
        (related("retraction-forward"), "research-article", "retracted (doi 10.1234/n)", ()),
        (
            f"{related('retraction-forward')}<history><date date-type='retracted'><day>1</day><month>3</month>"
            "<year>2019</year></date></history>",
            "research-article",
            "retracted on 2019-03-01 (doi 10.1234/n)",
            (),
        ),
        ("<pub-history><event event-type='retraction'/></pub-history>", "research-article", "retracted", ()),
        (titled("RETRACTED: Itch"), "research-article", "retracted, by its title or type", ()),
        ("", "retracted-article", "retracted, by its title or type", ()),
        (related("retracted-article"), "retraction", None, ("retraction notice (doi 10.1234/n)",)),
        (titled("RETRACTED: Itch"), "retraction", None, ("retraction notice",)),
        (related("retracted-article"), "letter", None, ("on a retracted publication (doi 10.1234/n)",)),
        (related("corrected-article"), "correction", None, ("correction notice (doi 10.1234/n)",)),
        ("", "expression-of-concern", None, ("expression of concern on another publication",)),
        (related("correction-forward"), "research-article", None, ("corrected (doi 10.1234/n)",)),
        (related("concern-forward"), "research-article", None, ("expression of concern (doi 10.1234/n)",)),
        ("<related-article related-article-type='correction-forward'/>", "research-article", None, ("corrected",)),
        (related("companion"), "research-article", None, ()),
    ],
)
def test_retractions_corrections_and_notices(
    meta: str, kind: str, retracted: str | None, notes: tuple[str, ...]
) -> None:
    said = stated(meta, attributes=f"article-type='{kind}'")
    assert (said.retracted, said.notes) == (retracted, notes)
