from __future__ import annotations

import time

import pytest
from lxml import etree

from temsiqa.documents.jats.text import JatsText, write_out_formulas
from xml_support import article, jats_document, quotes


def cite(rids: str, text: str) -> str:
    return f"<xref ref-type='bibr' rid='{rids}'>{text}</xref>"


ONE, TWO, THREE, FIVE = (cite(f"r{number}", str(number)) for number in (1, 2, 3, 5))


@pytest.mark.parametrize(
    ("paragraph", "text", "markers"),
    [
        (f"It grew [{ONE}].", "It grew [1].", ("1",)),
        (f"It grew [{ONE}, {THREE}].", "It grew [1, 3].", ("1", "3")),
        (f"It grew [{ONE}–{THREE}].", "It grew [1–3].", ("1", "2", "3")),
        (f"It grew [{ONE}−{THREE}].", "It grew [1–3].", ("1", "2", "3")),
        (f"It grew [{ONE}]–[{THREE}].", "It grew [1–3].", ("1", "2", "3")),
        (f"It grew [{ONE}], [{THREE}].", "It grew [1], [3].", ("1", "3")),
        (f"It grew ({ONE}; {THREE}).", "It grew [1; 3].", ("1", "3")),
        (f"It grew (reviewed in {ONE}).", "It grew (reviewed in [1]).", ("1",)),
        (f"It grew in ref. {ONE}.", "It grew in ref. [1].", ("1",)),
        (f"It grew<sup>{ONE}</sup>.", "It grew[1].", ("1",)),
        (f"It grew<sup>{ONE},{THREE}–{FIVE}</sup>.", "It grew[1,3–5].", ("1", "3", "4", "5")),
        (f"It grew<sup>({ONE})</sup>.", "It grew[1].", ("1",)),
        (f"It grew by 10<sup>{ONE}</sup>.", "It grew by 10[1].", ("1",)),
        (f"Itch{cite('r1', '<sup>1</sup>')}<sup>,</sup>{cite('r2', '<sup>2</sup>')}", "Itch[1,2]", ("1", "2")),
        (f"It grew {ONE}{TWO}.", "It grew [1][2].", ("1", "2")),
        ("It grew " + cite("r1", "[1]") + " fast.", "It grew [1] fast.", ("1",)),
        ("It grew " + cite("r1", "[1") + ", " + cite("r2", "2]") + " fast.", "It grew [1, 2] fast.", ("1", "2")),
        ("It grew " + cite("r1 r2 r3", "1-3") + ".", "It grew [1-3].", ("1", "2", "3")),
        ("It grew [" + cite("r2", "") + "].", "It grew [2].", ("2",)),
        (f"It grew, as {cite('r2', 'Roe et al.')} saw {ONE}.", "It grew, as Roe et al. saw [1].", ("1",)),
        ("It grew (Figure <xref ref-type='fig' rid='f1'>1</xref>).", "It grew (Figure 1).", ()),
        ("It grew <xref rid='r2'>2</xref>.", "It grew [2].", ("2",)),
    ],
)
def test_citations_by_number_become_markers(paragraph: str, text: str, markers: tuple[str, ...]) -> None:
    refs = "".join(f"<ref id='r{n}'><label>{n}</label><mixed-citation>E{n}</mixed-citation></ref>" for n in range(1, 6))
    document = jats_document(article(f"<p>{paragraph}</p><p>{ONE}{ONE}</p>", f"<ref-list>{refs}</ref-list>"))
    sentence = document.blocks[1].sentences[0]
    assert document.quote(sentence.span) == text
    assert sentence.markers == markers


@pytest.mark.parametrize(
    ("paragraph", "markers"),
    [
        ("It grew (" + cite("a", "Roe et al., 2007") + ").", ("Roe et al., 2007",)),
        (
            "It grew (" + cite("b", "Doe and Poe, 2010a") + ", " + cite("c", "2010b") + ").",
            ("Doe and Poe, 2010a", "Doe and Poe, 2010b"),
        ),
        ("As " + cite("a", "Roe et al. (2007)") + " saw.", ("Roe et al., 2007",)),
        ("As Roe et al. (" + cite("a", "2007") + ") saw.", ("Roe et al., 2007",)),
    ],
)
def test_citations_by_author_and_year_stay_as_they_are(paragraph: str, markers: tuple[str, ...]) -> None:
    def entry(rid: str, names: str, year: str) -> str:
        people = "".join(f"<name><surname>{name}</surname></name>" for name in names.split())
        return f"<ref id='{rid}'><element-citation>{people}<year>{year}</year></element-citation></ref>"

    refs = entry("a", "Roe Doe Poe", "2007") + entry("b", "Doe Poe", "2010") + entry("c", "Doe Poe", "2010")
    others = cite("b", "Doe and Poe, 2010a") + cite("c", "Doe and Poe, 2010b")
    document = jats_document(article(f"<p>{paragraph}</p><p>{others}</p>", f"<ref-list>{refs}</ref-list>"))
    sentence = document.blocks[1].sentences[0]
    assert document.quote(sentence.span) == "".join(etree.fromstring(f"<p>{paragraph}</p>").itertext())
    assert set(sentence.markers) == set(markers)
    assert set(markers) <= document.markers


def test_a_number_that_is_no_citation_stays_as_it_is() -> None:
    text = JatsText({"r1"}, numbered=True).text
    assert text(etree.fromstring("<p>Aged 58 (32-81) [range <xref ref-type='fig' rid='f'>1</xref>]</p>")) == (
        "Aged 58 (32-81) [range 1]"
    )


def test_the_most_readable_formula_stays() -> None:
    root = etree.fromstring(
        "<p><alternatives><graphic/><tex-math>a</tex-math><math><mi>b</mi></math></alternatives>,"
        "<alternatives><graphic/><tex-math>c</tex-math></alternatives><alternatives><table/><graphic/></alternatives></p>"
    )
    write_out_formulas(root)
    assert JatsText().text(root) == "b,c"
    assert [node.tag for node in root.iter("table", "graphic")] == ["table", "graphic"]


def test_hostile_citations_take_no_long_time() -> None:
    begun = time.process_time()
    blanks = cite("r1", " " * 100_000 + "x")
    document = jats_document(article(f"<p>{blanks} [ ( {'[ ( ' * 50_000} {ONE}{ONE}{ONE}</p>"))
    assert "[1][1][1]" in "".join(quotes(document)).replace(" ", "")
    assert time.process_time() - begun < 10
