from __future__ import annotations

import re
from html import unescape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from document_support import assert_sound, read_or_refuse, words_of
from temsiqa.documents.jats.reader import read_jats
from temsiqa.documents.outline import ItemList
from temsiqa.errors import DocumentError
from temsiqa.model import BlockKind, Disclaimer, EvidenceLevel, Provenance, Reference
from xml_support import (
    article,
    jats_document,
    leads,
    nested,
    only,
    quotes,
    sections,
    soup_of,
    tables_of,
    texts_in,
)

WHOLE = article(
    front="<journal-meta><journal-title-group><journal-title>Quill Letters</journal-title></journal-title-group>"
    "</journal-meta>",
    meta="<article-id pub-id-type='doi'>10.1234/q.1</article-id><title-group><article-title>Orvexamide in <italic>Mus"
    "</italic><xref ref-type='fn' rid='n'>*</xref></article-title></title-group>"
    "<pub-date pub-type='epub'><day>3</day><month>4</month><year>2015</year></pub-date>"
    "<abstract><sec><title>Methods</title><p>Ten mice.</p></sec></abstract>"
    "<abstract abstract-type='teaser'><p>It works.</p></abstract>"
    "<kwd-group><kwd>itch</kwd><kwd>mice</kwd></kwd-group>",
    body="<sec><label>1</label><title>Results</title><p>It fell in m<sup>2</sup> units [<xref ref-type='bibr' rid='r1'>"
    "1</xref>] (<xref ref-type='fig' rid='f1'>Figure 1</xref>).<fig id='f1'><label>Figure 1</label><caption>"
    "<title>Fall.</title><p>In ten mice.</p></caption></fig> It rose.</p><sec><title>Doses</title><p>They were:</p>"
    "<list><list-item><p>25 mg</p></list-item></list></sec></sec>",
    back="<ack><p>We thank Q.</p></ack><fn-group><fn fn-type='disclaimer'><p>Views are ours.</p></fn></fn-group>"
    "<ref-list><title>References</title><ref id='r1'><label>1.</label>"
    "<mixed-citation>Roe R. Itch. 2001.</mixed-citation></ref></ref-list>",
)


def test_a_whole_article() -> None:
    document = jats_document(WHOLE, "q/a.xml")
    assert document.text == (
        "Orvexamide in Mus\n\nAbstract\n\nMethods\n\nTen mice.\n\nAbstract (teaser)\n\nIt works.\n\n"
        "Keywords\n\nitch; mice\n\n1 Results\n\nIt fell in m2 units [1] (Figure 1). It rose.\n\nFigure 1 Fall.\n\n"
        "In ten mice.\n\nDoses\n\nThey were:\n\n25 mg\n\nAcknowledgements\n\nWe thank Q.\n\nNotes\n\n"
        "References\n\nRoe R. Itch. 2001."
    )
    assert document.references == (Reference("1", "Roe R. Itch. 2001."),)
    assert document.disclaimers == (Disclaimer("Views are ours.", "q/a.xml"),)
    assert document.provenance.date == "2015-04-03"
    assert document.provenance.publisher == "Quill Letters"
    assert sections(document)["25 mg"] == ("1 Results", "Doses")
    assert leads(document)["25 mg"] == ["They were:"]
    kinds = {document.quote(b.span): b.kind for b in document.blocks}
    assert kinds["Figure 1 Fall."] is kinds["In ten mice."] is BlockKind.CAPTION
    assert kinds["itch; mice"] is BlockKind.BYLINE
    assert_sound(document)


def test_an_article_without_anything_but_a_body() -> None:
    document = jats_document("<article><body><p>Itch falls.</p></body></article>", "b.xml")
    assert document.text == "Itch falls."
    assert document.provenance == Provenance("b.xml", EvidenceLevel.UNVERIFIED)


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ("<p>oral<italic>ly</italic> <bold>once</bold>.</p>", ["orally once."]),
        (
            "<p>C<sub>max</sub> of 2 × 10<sup>−3</sup> and 10<sup>5</sup> m<sup>2</sup>.</p>",
            ["Cmax of 2 × 10⁻³ and 10⁵ m2."],
        ),
        ("<p>C\n   <sub>max</sub>\n rose (all\n   ).</p>", ["Cmax rose (all)."]),
        ("<p>the <named-content content-type='gene'>MT</named-content>-ND6 gene</p>", ["the MT-ND6 gene"]),
        ("<p>One<break/>two <email>a@b.example</email>.</p>", ["One two a@b.example."]),
        ("<p>A<fn><label>a</label><p>Never more.</p></fn>, B.</p>", ["A, B.", "a Never more."]),
        (
            "<p>seen <inline-formula><mml:math>\n <mml:mi>x</mml:mi>\n <mml:mn>2</mml:mn></mml:math></inline-formula>."
            "</p>",
            ["seen x2."],
        ),
        (
            "<p>as <inline-formula><alternatives><tex-math>$$\\beta$$</tex-math><mml:math><mml:mi>α</mml:mi></mml:math>"
            "<inline-graphic/></alternatives></inline-formula>, so.</p>",
            ["as α, so."],
        ),
        ("<p>as <inline-formula><tex-math>$\\alpha&lt;2$</tex-math></inline-formula>.</p>", ["as α<2."]),
        (
            "<p>so:<disp-formula><label>(1)</label><mml:math><mml:mi>y</mml:mi></mml:math></disp-formula>where</p>",
            ["so: (1) y where"],
        ),
        (
            "<p>Before.</p><disp-quote><p>She said no.</p></disp-quote><p>After.</p>",
            ["Before.", "She said no.", "After."],
        ),
        ("<p>Before <disp-quote><p>She said no.</p></disp-quote> after.</p>", ["Before", "She said no.", "after."]),
        ("<p><bold>DOI:</bold> <ext-link>http://dx.doi.org/10.1/x.002</ext-link></p><p>So.</p>", ["So."]),
        (
            "<p>Data: <related-object><collab>Atlas</collab><source>Itch data</source><x>, </x><year>2014</year>"
            "</related-object></p>",
            ["Data: Atlas Itch data, 2014"],
        ),
        ("<p>a&#x202e;b&#x200b;c e&#x301;</p>", ["abc é"]),
    ],
)
def test_markup_neither_splits_nor_joins_words(body: str, found: list[str]) -> None:
    assert quotes(jats_document(article(body))) == found


def items(*texts: str) -> str:
    """A list; texts may be followed by lists inside their items."""
    return f"<list>{''.join(f'<list-item><p>{text}</list-item>' for text in texts)}</list>"


@pytest.mark.parametrize(
    ("body", "found"),
    [
        (items("one</p>" + items("two</p>")), {"one": [], "two": ["one"]}),
        (items("one " + items("two</p>") + "</p>"), {"one": [], "two": ["one"]}),
        (items("one</p><label>•</label>", "two</p><label>(b)</label>"), {"one": [], "(b) two": []}),
        (f"<list><title>Of all kinds</title>{items('one</p>')[6:]}", {"Of all kinds": [], "one": ["Of all kinds"]}),
        (f"<p>So:{items('one<fn><p>Rarely.</p></fn></p>')}</p>", {"So:": [], "one": ["So:"], "Rarely.": []}),
        (f"<p>As these:{items('one</p>')} and more</p>", {"As these:": [], "one": ["As these:"], "and more": []}),
        (items("Step</p><p>It is done. Then rest.</p>"), {"Step": [], "It is done.": [], "Then rest.": []}),
        ("<def-list><def-item><term>IV</term><def><p>in a vein</p></def></def-item></def-list>", {"IV: in a vein": []}),
    ],
)
def test_lists(body: str, found: dict[str, list[str]]) -> None:
    document = jats_document(article(body))
    assert leads(document) == found
    assert len(quotes(document)) == len(found)


def test_figures_and_boxes_come_after_the_text_of_their_section() -> None:
    figure = "<fig><label>Figure 1</label><caption><title>Fall</title></caption></fig>"
    box = "<boxed-text><caption><title>Box 1</title></caption><p>Keep it dry.</p></boxed-text>"
    body = (
        f"<sec><title>A</title><p>It fell, {figure}as did these:</p><list><list-item><p>one</p></list-item></list>"
        f"{box}<p>End.</p><sec><title>B</title><p>Next.</p></sec></sec>"
    )
    document = jats_document(article(body))
    assert list(sections(document).items()) == [
        ("It fell, as did these:", ("A",)),
        ("one", ("A",)),
        ("End.", ("A",)),
        ("Figure 1 Fall", ("A",)),
        ("Keep it dry.", ("A", "Box 1")),
        ("Next.", ("A", "B")),
    ]
    assert leads(document)["one"] == ["It fell, as did these:"]


def test_a_table_keeps_its_caption_before_it_and_its_notes_after_it() -> None:
    table = (
        "<table-wrap><label>Table 1</label><caption><title>Doses by age</title><p>In mg.</p></caption><table><thead>"
        "<tr><th rowspan='2'>Age</th><th colspan='2'>Dose</th></tr><tr><th>low</th><th>high<xref ref-type='table-fn'>"
        "<sup>a</sup></xref></th></tr></thead><tbody><tr><td rowspan='2'>old</td><td>1</td><td>2</td></tr><tr><td/>"
        "<td>3</td></tr></tbody></table><table-wrap-foot><fn><label>a</label><p>By mouth.</p></fn><p>IV, in a vein.</p>"
        "</table-wrap-foot></table-wrap>"
    )
    document = jats_document(article(f"<p>See it.{table}</p>"))
    assert leads(document) == {
        "See it.": [],
        "Table 1 Doses by age": [],
        "old | 1 | 2": ["Table 1 Doses by age", "Age | Dose low | Dose higha"],
        "old | – | 3": ["Table 1 Doses by age", "Age | Dose low | Dose higha"],
        "In mg.": [],
        "a By mouth.": [],
        "IV, in a vein.": [],
    }


def test_a_table_that_is_a_picture_leaves_its_caption() -> None:
    body = "<table-wrap><label>Table 1</label><caption><title>Doses</title></caption><graphic/></table-wrap>"
    listed = "<list><list-item><p>one</p></list-item></list>"
    assert leads(jats_document(article(body + listed))) == {"Table 1 Doses": [], "one": []}


def test_what_stands_before_the_first_section_is_not_part_of_the_abstract() -> None:
    meta = "<abstract><p>Short.</p></abstract>"
    document = jats_document(article("<p>Long.</p><sec><title>A</title><p>Longer.</p></sec>", meta=meta))
    assert sections(document) == {"Short.": ("Abstract",), "Long.": ("Main text",), "Longer.": ("A",)}


def test_figures_and_tables_that_stand_apart() -> None:
    apart = "<floats-group><fig><label>Figure 1</label><caption><p>Fall.</p></caption></fig></floats-group></article>"
    document = jats_document(article("<p>Text.</p>").replace("</article>", apart))
    assert sections(document)["Figure 1 Fall."] == ("Figures and tables",)


def test_notes_of_the_authors_stand_at_the_end() -> None:
    meta = (
        "<author-notes><corresp>a@b.example</corresp><fn><p>Both wrote it.</p></fn></author-notes>"
        "<funding-group><funding-statement>Paid by Q.</funding-statement></funding-group>"
    )
    back = (
        "<fn-group><fn><p><bold>Competing interests</bold></p><p>None.</p></fn></fn-group>"
        "<glossary><def-list><def-item><term>AE</term><def><p>event</p></def></def-item></def-list></glossary>"
        "<app-group><app><title>Doses</title><p>More.</p></app></app-group>"
        "<notes><title>Data</title><p>On request.</p></notes>"
    )
    front_notes = "<notes><p>Translated.</p></notes><article-meta>"
    document = jats_document(article("<p>Text.</p>", back, meta).replace("<article-meta>", front_notes))
    assert sections(document) == {
        "Text.": (),
        "None.": ("Notes", "Competing interests"),
        "AE: event": ("Glossary",),
        "More.": ("Doses",),
        "On request.": ("Data",),
        "Both wrote it.": ("Author notes",),
        "Paid by Q.": ("Funding",),
        "Translated.": ("Notes",),
    }


@pytest.mark.parametrize(
    "back",
    [
        "<fn-group><fn fn-type='disclaimer'><p>No advice.</p></fn></fn-group>",
        "<notes notes-type='disclaimer'><p>No advice.</p></notes>",
        "<sec><title>Disclaimer</title><p>No advice.</p></sec>",
    ],
)
def test_disclaimers_belong_to_the_document_and_not_to_its_text(back: str) -> None:
    document = jats_document(article("<p>Text.</p>", back))
    assert document.disclaimers == (Disclaimer("No advice.", "a.xml"),)
    assert "advice" not in document.text


def test_a_note_that_begins_as_a_disclaimer_is_one() -> None:
    back = "<fn-group><fn><p><bold>Disclaimer:</bold> No advice.</p></fn></fn-group>"
    document = jats_document(article("<p>Text.</p>", back))
    assert document.disclaimers == (Disclaimer("Disclaimer: No advice.", "a.xml"),)
    assert "advice" not in document.text


def test_letters_beside_an_article_are_no_part_of_it() -> None:
    beside = "<sub-article><body><p>Is it true?</p></body></sub-article><response><body><p>Yes.</p></body></response>"
    document = jats_document(article("<p>Text.</p>").replace("</article>", beside + "</article>"))
    assert quotes(document) == ["Text."]


@pytest.mark.parametrize(
    ("times", "opening", "inside"),
    [
        (240, "<sec>", "<p>Deep.</p>"),
        (240, "<boxed-text>", "<p>Deep.</p>"),
        (240, "<disp-quote>", "<p>Deep.</p>"),
        (240, "<x-unknown>", "<p>Deep.</p>"),
        (240, "<fig-group>", "<caption><p>Deep.</p></caption>"),
        (120, "<p><disp-quote>", "<p>Deep.</p>"),
        (115, "<list><list-item>", "<p>Deep.</p>"),
        (75, "<list><list-item><p>", "Deep."),
        (75, "<table><tr><td>", "Deep."),
        (240, "<italic>", "<p>Deep.</p>"),
        (240, "<xref ref-type='bibr'>", "<p>Deep.</p>"),
        (230, "<mml:mfrac>", "<mml:mi>Deep.</mml:mi>"),
    ],
)
def test_deep_nesting_is_read(times: int, opening: str, inside: str) -> None:
    deep = nested(opening, inside, times)
    body = f"<p><mml:math>{deep}</mml:math></p>" if "mml" in opening else f"<p>Text.</p>{deep}"
    assert "Deep." in jats_document(article(body)).text


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("<html/>", "its root is 'html', no JATS article"),
        ("<article/>", "its root is 'article', no JATS article"),
        ("", "no well-formed XML"),
        ("<article><front/></article>", "no sentence, list or table"),
        ('<!DOCTYPE article [<!ENTITY a "b">]>' + article("<p>&a;</p>"), "declares XML entities"),
        (
            '<!DOCTYPE article [<!ENTITY a SYSTEM "file:///etc/hostname">]>' + article("<p>&a;</p>"),
            "declares XML entities",
        ),
        (article(nested("<sec>", "<p>Deep.</p>", 300)), "Excessive depth"),
        (article("<table>" + "<tr><td colspan='900'>a</td><td>b</td></tr>" * 300 + "</table>"), "at most 200,000"),
    ],
)
def test_what_is_no_article_is_refused(text: str, reason: str) -> None:
    with pytest.raises(DocumentError, match=re.escape(reason)) as refused:
        jats_document(text, "x/a.xml")
    assert str(refused.value).startswith("x/a.xml: ")
    assert "\n" not in str(refused.value)


def test_names_of_characters_that_the_document_type_defines_are_understood() -> None:
    text = '<!DOCTYPE article PUBLIC "-//NLM//DTD JATS" "JATS.dtd">' + article("<p>5&nbsp;&micro;g <bold/>&beta;.</p>")
    assert quotes(jats_document(text)) == ["5 µg β."]


INLINE = ("italic", "bold", "sub", "named-content content-type='gene'", "ext-link", "xref ref-type='fig'")
PARAGRAPHS = texts_in("p", INLINE)
BLOCKS = st.one_of(
    PARAGRAPHS,
    st.lists(PARAGRAPHS.map(lambda p: f"<list-item>{p}</list-item>"), min_size=1, max_size=3).map(
        lambda items: f"<list>{''.join(items)}</list>"
    ),
    tables_of().map(lambda table: f"<table-wrap>{table}</table-wrap>"),
)
ARTICLES = st.lists(
    st.tuples(texts_in("title", INLINE), st.lists(BLOCKS, min_size=1, max_size=4)).map(
        lambda parts: f"<sec>{parts[0]}{''.join(parts[1])}</sec>"
    ),
    min_size=1,
    max_size=4,
).map(lambda parts: article("".join(parts)))


@settings(max_examples=150, deadline=None)
@given(ARTICLES)
def test_quotes_are_exact_and_words_come_in_order(text: str) -> None:
    document = jats_document(text)
    assert_sound(document)
    said = unescape(re.sub(r"</?(?:p|title|td|list-item|article-title)>", " ", text))
    assert words_of(document.text) == words_of(re.sub(r"<[^>]*>", "", said))


SOUP = soup_of(
    "abstract ack app article-title back body bold boxed-text caption citation collab def def-item def-list "
    "disp-formula disp-quote element-citation ext-link fig fn fn-group front given-names label list list-item "
    "mixed-citation mml:math mml:mfrac mml:mi name notes p person-group pub-date pub-id ref ref-list sec source sub "
    "sup surname table table-wrap table-wrap-foot tbody td tex-math tfoot th thead title tr volume x-unknown xref year",
    ["ref-type='bibr' rid='r1'", "id='r1'", "rid='r1 r2'", "id='r2'", "fn-type='disclaimer'", "colspan='3'"],
)


@settings(max_examples=200, deadline=None)
@given(SOUP, SOUP, SOUP)
def test_whatever_comes_is_read_or_refused_with_one_line(meta: str, body: str, back: str) -> None:
    read_or_refuse(jats_document, article(body, back, meta), "soup.xml")


def test_pieces_are_handed_on_as_they_stand_in_the_file() -> None:
    outline = only(read_jats(WHOLE.encode(), "a.xml"))
    assert outline.part == ""
    assert outline.curated
    assert next(piece for piece in outline.pieces if isinstance(piece, ItemList)).items[0].text == "25 mg"
