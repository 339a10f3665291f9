from __future__ import annotations

import re
from html import unescape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from document_support import assert_sound, read_or_refuse, words_of
from temsiqa.documents.spl import read_spl
from temsiqa.documents.stated import Stated
from temsiqa.errors import DocumentError
from temsiqa.model import BlockKind, Disclaimer, EvidenceLevel
from xml_support import (
    label,
    leads,
    nested,
    only,
    quotes,
    section,
    sections,
    soup_of,
    spl_document,
    tables_of,
    texts_in,
)

HEAD = (
    "<id root='a-1'/><code code='34391-3' displayName='HUMAN PRESCRIPTION DRUG LABEL'/><title>ORVEX\n <sup>®</sup>"
    "<br/>(orvexamide)</title><effectiveTime value='20201221103000'/><setId root='b-2'/><versionNumber value='7'/>"
    "<author><assignedEntity><representedOrganization><name>Quill, Inc.</name></representedOrganization>"
    "</assignedEntity></author>"
)


def text_of(*blocks: str) -> str:
    return f"<text>{''.join(blocks)}</text>"


def p(text: str) -> str:
    return f"<paragraph>{text}</paragraph>"


def styled(text: str, style: str = "bold") -> str:
    return f"<content styleCode='{style}'>{text}</content>"


def items(*texts: str) -> str:
    return f"<list>{''.join(f'<item>{text}</item>' for text in texts)}</list>"


def read(*blocks: str, title: str = "Doses") -> list[str]:
    return quotes(spl_document(label(section(text_of(*blocks), title))))


def test_what_a_label_says_of_itself() -> None:
    outline = only(read_spl(label(section(text_of(p("25 mg.")), "Doses"), HEAD).encode(), "a.xml"))
    assert outline.stated == Stated(
        title="ORVEX® (orvexamide)",
        publisher="Quill, Inc.",
        date="2020-12-21",
        url="https://dailymed.nlm.nih.gov/dailymed/drugInfo.cfm?setid=b-2",
        kind="human prescription drug label",
        evidence_level=EvidenceLevel.LABEL,
        identifiers={"set id": "b-2", "id": "a-1", "version": "7"},
    )
    assert (outline.part, outline.curated) == ("", True)


def test_what_is_missing_is_not_invented() -> None:
    outline = only(read_spl(label(section(text_of(p("25 mg."))), "").encode(), "a.xml"))
    assert outline.stated == Stated()


@pytest.mark.parametrize(
    ("code", "called", "level", "notes"),
    [
        ("34390-5", "HUMAN OTC DRUG LABEL", EvidenceLevel.LABEL, ()),
        ("34391-3", "", EvidenceLevel.LABEL, ()),
        ("53404-0", "VACCINE LABEL", EvidenceLevel.LABEL, ()),
        ("50578-4", "PRESCRIPTION ANIMAL DRUG LABEL", None, ("prescription animal drug label",)),
        ("53409-9", "BULK INGREDIENT", None, ()),
        ("58474-8", "COSMETIC", None, ()),
    ],
)
def test_only_labels_of_drugs_for_people_are_labels(
    code: str, called: str, level: EvidenceLevel | None, notes: tuple[str, ...]
) -> None:
    head = f"<code code='{code}' displayName='{called}'/>"
    stated = only(read_spl(label(section(text_of(p("25 mg."))), head).encode(), "a.xml")).stated
    assert (stated.evidence_level, stated.notes) == (level, notes)


@pytest.mark.parametrize(("value", "date"), [("202012", "2020-12"), ("2020", "2020"), ("20201399", None), ("", None)])
def test_the_date_is_as_exact_as_the_file(value: str, date: str | None) -> None:
    head = f"<effectiveTime value='{value}'/><setId root='a b'/>"
    stated = only(read_spl(label(section(text_of(p("25 mg."))), head).encode(), "a.xml")).stated
    assert (stated.date, stated.url) == (date, None)


def test_sections_stand_in_each_other_under_their_titles() -> None:
    inner = section(text_of(p("Wash it.")), "2.1 How")
    parts = [
        section(text_of(p("Once.")) + inner, "2 Doses"),
        section(text_of(p("Never.")), code="34070-3", called="CONTRAINDICATIONS SECTION"),
        section(text_of(p("Made by Q.")), called="SPL UNCLASSIFIED SECTION"),
    ]
    assert sections(spl_document(label("".join(parts)))) == {
        "Once.": ("2 Doses",),
        "Wash it.": ("2 Doses", "2.1 How"),
        "Never.": ("CONTRAINDICATIONS",),
        "Made by Q.": ("SPL UNCLASSIFIED",),
    }


def test_a_section_without_a_title_continues_the_one_it_stands_in() -> None:
    inner = (
        section(text_of(p("Wash it."))) + section(text_of(p("Dry it.")), "2.1 Drying") + section(text_of(p("Rest.")))
    )
    assert sections(spl_document(label(section(inner, "2 Doses")))) == {
        "Wash it.": ("2 Doses",),
        "Dry it.": ("2 Doses", "2.1 Drying"),
        "Rest.": ("2 Doses", "SPL UNCLASSIFIED"),
    }


def test_a_first_paragraph_that_is_set_off_is_the_heading_of_a_section_without_one() -> None:
    inner = section(text_of(p(styled("Renal impairment", "underline")), p("Halve it."))) + section(
        text_of(p(styled("Take it once.")), p("Or twice."))
    )
    assert sections(spl_document(label(section(inner, "2 Doses")))) == {
        "Halve it.": ("2 Doses", "Renal impairment"),
        "Take it once.": ("2 Doses", "SPL UNCLASSIFIED"),
        "Or twice.": ("2 Doses", "SPL UNCLASSIFIED"),
    }


def test_a_boxed_warning_says_that_it_is_one() -> None:
    boxed = section(text_of(p("It harms.")), "WARNING: LIVER", "34066-1", "BOXED WARNING SECTION")
    assert sections(spl_document(label(boxed)))["It harms."] == ("BOXED WARNING", "WARNING: LIVER")


def test_a_line_that_is_no_sentence_leads_into_the_list_after_it() -> None:
    document = spl_document(label(section(text_of(p(styled("Do not use if")), items("you itch", "you ache")))))
    assert leads(document) == {
        "Do not use if": [],
        "you itch": ["Do not use if"],
        "you ache": ["Do not use if"],
    }
    assert leads(spl_document(label(section(text_of(p("It helps."), items("an itch")))))) == {
        "It helps.": [],
        "an itch": [],
    }


@pytest.mark.parametrize(
    ("block", "found"),
    [
        (p(f"oral{styled('ly')} {styled('once')}."), ["orally once."]),
        (p(f"C\n <sub>max</sub>\n rose {styled('fast ')}\n."), ["Cmax rose fast."]),
        (p("See <linkHtml href='#a'>Warnings (5.1)</linkHtml>."), ["See Warnings (5.1)."]),
        (p("MEN'S<br/>ORVEX<sup>®</sup>"), ["MEN'S ORVEX®"]),
        ("Loose words.", ["Loose words."]),
        (p("It is:" + items("dry") + "and cold."), ["It is:", "dry", "and cold."]),
        (items("<caption>a.</caption>one", "<caption>•</caption>two"), ["a. one", "two"]),
        (items("one" + items("two")), ["one", "two"]),
        ("<list><caption>Of all kinds</caption><item>one</item></list>", ["Of all kinds", "one"]),
        (items("one<table><tr><td>a</td><td>b</td></tr></table>"), ["one", "a | b"]),
        ("<table><tr><td>" + p("It is framed.") + items("so") + "</td></tr></table>", ["It is framed.", "so"]),
    ],
)
def test_blocks_of_text(block: str, found: list[str]) -> None:
    assert read(block) == found


def test_a_table_with_its_caption_and_notes() -> None:
    table = (
        "<table><caption>Table 1 Harm<footnote ID='f'>In mice.</footnote></caption><thead><tr><th>Harm</th>"
        "<th>ORVEX<br/>N=5</th></tr></thead><tfoot><tr><td colspan='2'>N=number</td></tr></tfoot><tbody><tr><td>itch\n"
        "<footnote ID='g'>Mild.</footnote></td><td>1</td></tr><tr><td>ache<footnoteRef IDREF='g'/></td><td/></tr>"
        "</tbody></table>"
    )
    assert leads(spl_document(label(section(text_of(table), "6 Harm")))) == {
        "Table 1 Harm*": [],
        "itch† | 1": ["Table 1 Harm*", "Harm | ORVEX N=5"],
        "ache† | –": ["Table 1 Harm*", "Harm | ORVEX N=5"],
        "N=number": [],
        "* In mice.": [],
        "† Mild.": [],
    }


def test_a_header_that_is_only_set_in_bold() -> None:
    head = f"<tr><td>{styled('Age', 'bold italics')}</td><td>{styled('Dose')}</td></tr>"
    table = f"<table>{head}<tr><td>old</td><td>1</td></tr></table>"
    assert leads(spl_document(label(section(text_of(table)))))["old | 1"] == ["Age | Dose"]


def test_footnotes_have_marks_however_many_there_are() -> None:
    notes = "".join(f"x<footnote ID='f{number}'>n{number}</footnote> " for number in range(20))
    found = read(p(notes))
    assert found[0].split()[:8] == ["x*", "x†", "x‡", "x§", "x¶", "x#", "x**", "x††"]
    assert found[1:8:6] == ["* n0", "** n6"]
    assert found[-1] == "†4 n19"
    assert len(set(found)) == 21


def test_a_picture_leaves_its_caption_or_what_is_said_in_its_place() -> None:
    picture = "<renderMultiMedia referencedObject='M'>{}</renderMultiMedia>"
    media = "<component><observationMedia ID='M'><text>A molecule</text></observationMedia></component>"
    alone = label(section(text_of(picture.format("")) + media))
    document = spl_document(alone)
    assert quotes(document) == ["A molecule"]
    assert document.blocks[-1].kind is BlockKind.CAPTION
    assert read(p("See."), picture.format("<caption>Its rings</caption>")) == ["See.", "Its rings"]
    assert quotes(spl_document(label(section(text_of(p("See."), picture.format("")) + media)))) == ["See."]


def test_highlights_are_read_where_they_say_more() -> None:
    shown = f"<excerpt><highlight><text>{p('Take  it once.')}{p('Once a day (2.1).')}</text></highlight></excerpt>"
    inner = section(text_of(p("Take it once.")), "2.1 How")
    document = spl_document(label(section(text_of(p("By mouth.")) + shown + inner, "2 Doses")))
    assert sections(document) == {
        "By mouth.": ("2 Doses",),
        "Once a day (2.1).": ("2 Doses",),
        "Take it once.": ("2 Doses", "2.1 How"),
    }


def test_products_stand_in_a_table() -> None:
    def ingredient(kind: str, name: str, amount: str = "") -> str:
        substance = f"<ingredientSubstance><name>{name}</name></ingredientSubstance>"
        return f"<ingredient classCode='{kind}'>{amount}{substance}</ingredient>"

    strength = "<quantity><numerator value='25' unit='mg'/><denominator value='1' unit='{}'/></quantity>"
    vial = (
        "<partProduct><name>Diluent</name><formCode displayName='SOLUTION'/>"
        + ingredient("IACT", "Water")
        + "</partProduct>"
    )
    product = (
        "<subject><manufacturedProduct><manufacturedProduct><code code='1-2'/><name>Orvex</name><formCode "
        "displayName='KIT'/><asEntityWithGeneric><genericMedicine><name>orvexamide</name></genericMedicine>"
        f"</asEntityWithGeneric>{ingredient('ACTIB', 'Orvexamide', strength.format('mL'))}"
        f"{ingredient('ACTIM', 'Itchine', strength.format('1'))}<part>{vial}</part></manufacturedProduct><consumedIn>"
        "<substanceAdministration><routeCode displayName='INTRAVENOUS'/></substanceAdministration></consumedIn>"
        "<subjectOf><approval><code displayName='unapproved drug other'/></approval></subjectOf></manufacturedProduct>"
        "</subject>"
    )
    data = section(product, code="48780-1", called="SPL product data elements section")
    document = spl_document(label(data))
    assert quotes(document) == [
        "Orvex | orvexamide | KIT | INTRAVENOUS | Orvexamide 25 mg in 1 mL; Itchine 25 mg | – | 1-2",
        "Diluent | – | SOLUTION | – | – | Water | –",
    ]
    assert document.blocks[-1].section == ("Product data",)
    assert document.provenance.notes == ("marketing category: unapproved drug other",)


def test_disclaimers_belong_to_the_document_and_not_to_its_text() -> None:
    document = spl_document(
        label(section(text_of(p("No advice.")), "Disclaimer") + section(text_of(p("Once.")), "2 Doses"))
    )
    assert document.disclaimers == (Disclaimer("No advice.", "a.xml"),)
    assert quotes(document) == ["Once."]


@pytest.mark.parametrize(
    ("times", "opening"),
    [(115, "<list><item>"), (75, "<paragraph><list><item>"), (75, "<table><tr><td>"), (240, "<content>"), (240, "<x>")],
)
def test_deep_nesting_is_read(times: int, opening: str) -> None:
    assert "Deep." in spl_document(label(section(text_of(nested(opening, "Deep.", times))))).text


def test_deep_sections_are_read() -> None:
    assert "Deep." in spl_document(label(nested("<component><section>", text_of(p("Deep.")), 120))).text


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("<html/>", "its root is 'html', no drug label"),
        ("<document xmlns='urn:hl7-org:v3'/>", "its root is 'document', no drug label"),
        ("", "no well-formed XML"),
        (label(""), "no sentence, list or table"),
        ("<!DOCTYPE document [<!ENTITY a 'b'>]>" + label("&a;"), "declares XML entities"),
        ("<!DOCTYPE document [<!ENTITY a SYSTEM 'file:///etc/hostname'>]>" + label("&a;"), "declares XML entities"),
        (label(nested("<component><section>", text_of("Deep."), 200)), "Excessive depth"),
        (
            label(section(text_of("<table>" + "<tr><td colspan='900'>a</td><td/></tr>" * 300 + "</table>"))),
            "at most 200,000",
        ),
    ],
)
def test_what_is_no_label_is_refused(text: str, reason: str) -> None:
    with pytest.raises(DocumentError, match=re.escape(reason)) as refused:
        spl_document(text, "x/a.xml")
    assert str(refused.value).startswith("x/a.xml: ")
    assert "\n" not in str(refused.value)


INLINE = ("content styleCode='bold'", "sub", "linkHtml")
PARAGRAPHS = texts_in("paragraph", INLINE)
BLOCKS = st.one_of(
    PARAGRAPHS,
    st.lists(texts_in("item", INLINE), min_size=1, max_size=3).map(lambda found: f"<list>{''.join(found)}</list>"),
    tables_of(),
)
SECTIONS = st.tuples(texts_in("title", INLINE), st.lists(BLOCKS, min_size=1, max_size=4)).map(
    lambda parts: f"<component><section>{parts[0]}{text_of(*parts[1])}</section></component>"
)
LABELS = st.lists(SECTIONS, min_size=1, max_size=4).map(lambda parts: label("".join(parts)))


@settings(max_examples=150, deadline=None)
@given(LABELS)
def test_quotes_are_exact_and_words_come_in_order(text: str) -> None:
    document = spl_document(text)
    assert_sound(document)
    said = unescape(re.sub(r"</?(?:paragraph|title|td|item)>", " ", text))
    assert words_of(document.text) == words_of(re.sub(r"<[^>]*>", "", said))


SOUP = soup_of(
    "br caption code component content excerpt footnote footnoteRef highlight item list manufacturedProduct name "
    "observationMedia paragraph part partProduct quantity renderMultiMedia section subject sub sup table tbody td text "
    "tfoot th thead title tr x-unknown",
    ["ID='a'", "IDREF='a'", "code='48780-1'", "code='34066-1'", "styleCode='bold'", "colspan='3'", "classCode='ACTIB'"],
)


@settings(max_examples=200, deadline=None)
@given(SOUP, SOUP)
def test_whatever_comes_is_read_or_refused_with_one_line(head: str, body: str) -> None:
    read_or_refuse(
        spl_document, label(f"<component><section><text>{body}</text></section></component>{body}", head), "s.xml"
    )
