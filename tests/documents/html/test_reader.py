from __future__ import annotations

import html
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from document_support import CELLS, PARAGRAPHS, SENTENCES, WORDS, assert_sound, read_or_refuse, words_of
from temsiqa.documents.assemble import assemble
from temsiqa.documents.html.reader import read_html
from temsiqa.documents.outline import Heading, Item, ItemList, Outline, Pair, Paragraph, Piece, ReferenceList, Table
from temsiqa.errors import DocumentError
from temsiqa.model import BlockKind, Document, Reference

PAGE = """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>Orvexamide in adults | Quillwort</title>
<style>p { color: red }</style><script>document.write("<p>scripted</p>")</script></head>
<body class="cookie-bar-open">
<div id="cookie-banner"><p>We use cookies to count visits.</p><button>Accept</button></div>
<a class="skip-link" href="#main">Skip to main content</a>
<header><a href="/">Quillwort</a><nav><ul><li><a href="/a">Home</a></li><li><a href="/b">Drugs</a></li></ul></nav>
</header>
<ol class="breadcrumb"><li><a href="/">Home</a></li><li>Orvexamide</li></ol>
<main id="main"><article>
<header><h1>Orvexamide in adults</h1><p>By Ada Brook, <time datetime="2024-03-06">6 March</time></p></header>
<div class="share-bar"><a href="https://facebook.com/sharer?u=1">Facebook</a> <a href="mailto:?subject=x">Mail</a></div>
<p>It slows 10<sup>6</sup> cells per m<sup>2</sup> and <b>in</b>hibits
mTOR.<sup><a href="#r1">1</a>,<a href="#r2">2</a></sup></p>
Loose&nbsp;text.<br><br>More of it (<a href="#r2">2</a>).
<h2>Terms</h2>
<dl><dt>Trough</dt><dd>the lowest level</dd><dt>Peak</dt><dt>Top</dt><dd>the highest</dd><dd>once a week</dd></dl>
<h2>Doses</h2>
<table><caption>Table 1. Doses</caption>
<thead><tr><th rowspan="2">Age</th><th colspan="2">Dose</th></tr><tr><th>first</th><th>later</th></tr></thead>
<tbody><tr><td rowspan="2">adult</td><td>10 mg</td><td>25 mg</td></tr><tr><td colspan="2">none</td></tr></tbody>
<tfoot><tr><td colspan="3">Doses are by mouth.</td></tr></tfoot></table>
<ol start="3"><li>whole<ul><li>with <i>cold</i> water</li></ul>and upright</li><li><p>never two</p></li></ol>
<h2>Questions</h2>
<details><summary>Can I drive?</summary><p>Not on the day.</p><p>Ask first.</p></details>
<details><summary>What may happen?</summary><p>Often:</p><ul><li>rash</li><li>fever</li></ul></details>
<p>Ask your nurse.</p>
<figure><img src="x.png" alt="ring"><figcaption>Figure 1. The ring.</figcaption></figure>
<section class="related-articles"><h2>Related</h2><p>Ten rings you will love.</p></section>
<form><p>Get our letter.</p><input type="email"></form>
<h2>References</h2>
<ol><li id="r1">Brook A. Rings. J Test. 2019;1:2. <a href="https://doi.org/10.5555/a(1)">CrossRef</a></li>
<li><a id="r2"></a>Lund B. Chains. 2020. [<a href="https://pubmed.ncbi.nlm.nih.gov/12345/">PubMed</a>]
<a href="#c2">↩</a></li></ol>
</article></main>
<footer><p>© Quillwort. <a href="/privacy">Privacy</a></p></footer>
</body></html>"""


def outline(page: str | bytes) -> Outline:
    (found,) = read_html(page.encode() if isinstance(page, str) else page, "a.html")
    assert isinstance(found, Outline)
    return found


def pieces(body: str) -> list[Piece]:
    """The pieces of a page whose body is ``body``."""
    return list(outline(f"<html><body>{body}</body></html>").pieces)


def document(page: str) -> Document:
    return assemble(outline(page), "a.html")


def test_a_page_without_its_furniture() -> None:
    assert list(outline(PAGE).pieces) == [
        Heading(1, "Orvexamide in adults"),
        Paragraph("By Ada Brook, 6 March"),
        Paragraph("It slows 10⁶ cells per m2 and inhibits mTOR.[1,2]"),
        Paragraph("Loose text."),
        Paragraph("More of it [2]."),
        Heading(2, "Terms"),
        ItemList((Item("Trough: the lowest level"), Item("Peak, Top: the highest"), Item("once a week", 1))),
        Heading(2, "Doses"),
        Paragraph("Table 1. Doses", BlockKind.CAPTION),
        Table(
            ("Age", "Dose first", "Dose later"),
            (("adult", "10 mg", "25 mg"), ("adult", "none", "none")),
        ),
        Paragraph("Doses are by mouth."),
        ItemList((Item("whole"), Item("with cold water", 0), Item("and upright"), Item("never two")), first=3),
        Heading(2, "Questions"),
        Pair("Can I drive?", "Not on the day. Ask first."),
        Heading(3, "What may happen?"),
        Paragraph("Often:"),
        ItemList((Item("rash"), Item("fever"))),
        Heading(3, ""),
        Paragraph("Ask your nurse."),
        Paragraph("Figure 1. The ring.", BlockKind.CAPTION),
        Heading(2, "References"),
        ReferenceList(
            (
                Reference("1", "Brook A. Rings. J Test. 2019;1:2.", doi="10.5555/a(1)"),
                Reference("2", "Lund B. Chains. 2020.", pmid="12345"),
            )
        ),
    ]


def test_citations_of_a_page_lead_to_its_references() -> None:
    found = document(PAGE)
    assert_sound(found)
    markers = {found.quote(s.span): s.markers for b in found.blocks for s in b.sentences if s.markers}
    assert markers == {
        "It slows 10⁶ cells per m2 and inhibits mTOR.[1,2]": ("1", "2"),
        "More of it [2].": ("2",),
    }
    assert [reference.url for reference in found.references] == [
        "https://doi.org/10.5555/a(1)",
        "https://pubmed.ncbi.nlm.nih.gov/12345/",
    ]


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ("One.<p>Two", ["One.", "Two"]),
        ("<div>One.<div>Two.</div>Three.</div>", ["One.", "Two.", "Three."]),
        ("<p>ex<b>tra</b><i>ord</i><span>inary</span> <a href='/x'>link</a></p>", ["extraordinary link"]),
        ("<p>one<br>line <wbr>only</p>", ["one line only"]),
        ("<p>H<sub>2</sub>O, 10<sup>-3</sup></p>", ["H2O, 10⁻³"]),
        ("<p>the <del>old</del> <ins>new</ins> <s>dose</s></p>", ["the new"]),
        ("<p>e\u0301 e<b>\u0301</b> a\u00adb &#x202e;c&#1;</p>", ["é é ab c"]),
        ("<p>5 &lt; 6 &amp; 7</p><pre>a\n  b\n \nc</pre>d\n\ne", ["5 < 6 & 7", "a b", "c", "d e"]),
        (
            "<p>a<ruby>b<rt>c</rt></ruby></p><address>d</address><blockquote><p>e</p>f</blockquote>",
            ["ab", "d", "e", "f"],
        ),
        ("<p><math><mfrac><mi>a</mi><mi>b</mi></mfrac></math> is it</p>", ["a/b is it"]),
        ("<table><tr><td>frame</td></tr><tr><td>of text</td></tr></table>", ["frame", "of text"]),
        ("<table role=presentation><tr><td>a<td>b<tr><td>c<td>d</table>", ["a", "b", "c", "d"]),
        ("<table><tr><td>left<table><tr><td>in</table><td>right</table>", ["left", "in", "right"]),
        ("<ul><li>a<table><tr><td>b</table></ul>", ["a", "b"]),
        ("<p>a</b></i></div><p>b</table>c<x-y>d</x-y>", ["a", "bcd"]),
        ("<!-- a --><p>b<![CDATA[c]]></p><?d e?><script>f</script><template>g</template>", ["b"]),
    ],
)
def test_running_text(body: str, found: list[str]) -> None:
    assert pieces(body) == [Paragraph(text) for text in found]


@pytest.mark.parametrize(
    ("body", "items"),
    [
        ("<ul>a<li>b<ul><li>c<ul><li>d</ul></ul></ul>", [("a", None), ("b", None), ("c", 1), ("d", 2)]),
        ("<ul><li>a</li><ul><li>b</li></ul><li>c</li></ul>", [("a", None), ("b", 0), ("c", None)]),
        ("<ul><li><ul><li>a</li></ul></li><li></li></ul>", [("a", None)]),
        ("<ul><li><p>a</p><div>b</div></li></ul>", [("a b", None)]),
        ("<ul><li>a<dl><dt>t:<dd>d</dl></ul>", [("a", None), ("t:", 0), ("d", 0)]),
        ("<dl><dt>t:<dd>d<ul><li>e</ul><dt>u</dl>", [("t: d", None), ("e", 0), ("u", None)]),
        ("<dl><div><dt>t</dt><dd>d</dd></div><dd>e</dl>", [("t: d", None), ("e", 0)]),
        ("• a<br>• b<br>", [("a", None), ("b", None)]),
        ("<p>- a</p><p>- b</p>", [("a", None), ("b", None)]),
    ],
)
def test_lists(body: str, items: list[tuple[str, int | None]]) -> None:
    assert pieces(body) == [ItemList(tuple(Item(*item) for item in items))]


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ("<dl><dt>Why?<dd>So.<dt>t<dd>d</dl>", [Pair("Why?", "So."), ItemList((Item("t: d"),))]),
        ("<details open><summary><h3>Why?</h3></summary>So.</details>", [Pair("Why?", "So.")]),
        (
            "<details><summary>Storage</summary>Cold.</details>",
            [Heading(3, "Storage"), Paragraph("Cold."), Heading(3, "")],
        ),
        ("<h3>a</h3><details><summary>Why?</summary></details>", [Heading(3, "a"), Heading(4, "Why?"), Heading(4, "")]),
        ("<h2><button aria-controls=x>Why?</button></h2><p id=x hidden>So.", [Heading(2, "Why?"), Paragraph("So.")]),
    ],
)
def test_questions(body: str, found: list[Piece]) -> None:
    assert pieces(body) == found


@pytest.mark.parametrize(
    ("body", "table"),
    [
        ("<tr><th>A<th>B<tr><th>c<td>d", Table(("A", "B"), (("c", "d"),))),
        ("<tr><td><b>A</b><td><strong>B</strong><tr><td>c<td>d", Table(("A", "B"), (("c", "d"),))),
        ("<tr><td>a<td>b<tr><td>c<td>d", Table((), (("a", "b"), ("c", "d")))),
        ("<tr><td>a<td>b<td>c<tr><td>d", Table((), (("a", "b", "c"), ("d", "", "")))),
        ("<tr><td rowspan=99999>a<td>b<tr><td>c", Table((), (("a", "b"), ("a", "c")))),
        ("<tr><td>a<td><ul><li>b<li>c</ul><tr><td>x<br>y<td>z", Table((), (("a", "b c"), ("x y", "z")))),
    ],
)
def test_tables(body: str, table: Table) -> None:
    assert pieces(f"<table>{body}</table>") == [table]


def test_the_sign_of_a_heading_for_linking_to_it_goes() -> None:
    heading = "<h2 id=a><a href='#a'>§</a>Doses <a href='/b'>by age</a> <a href='#a'>¶</a></h2>"
    assert pieces(f"{heading}<p>One.") == [Heading(2, "Doses by age"), Paragraph("One.")]


def test_the_caption_of_a_figure_goes_before_its_table() -> None:
    table = "<table><tr><th>A<th>B<tr><td>c<td>d</table>"
    found = pieces(f"<figure>{table}<figcaption>Table 2</figcaption></figure><p>After.</p>")
    assert found[0] == Paragraph("Table 2", BlockKind.CAPTION)
    assert found[2:] == [Paragraph("After.")]


@pytest.mark.parametrize(
    ("citation", "said"),
    [
        ("<a href='#r7'>7</a>", "[7]"),
        ("[<a href='#r7'>7</a>]", "[7]"),
        ("<a href='#r7'>[7]</a>", "[7]"),
        ("(<a href='#r7'>7</a>)", "[7]"),
        ("<sup>[<a href='#r7'>7</a>]</sup>", "[7]"),
        ("<sup><a href='page.html#r7'>7</a>–<a href='#r9'>9</a></sup>", "[7–9]"),
        ("<sup><a href='#r7'>7</a></sup><sup><a href='#r9'>9</a></sup>", "[7][9]"),
        ("(see <a href='#r7'>7</a>)", "(see [7])"),
        ("<a href='#r7'>Bourdon et al., 2007</a>", "Bourdon et al., 2007"),
        ("<a role='doc-biblioref' href='#gone'>7</a>", "[7]"),
        ("<a href='#section'>7</a>", "7"),
        ("<a href='/r7'>7</a>", "7"),
    ],
)
def test_what_links_to_an_entry_is_a_citation(citation: str, said: str) -> None:
    entries = "<ol start=7 class='references'><li id=r7>A.</li><li>B.</li><li><p><a name=r9></a>C.</p></li></ol>"
    found = pieces(f"<h2 id=section>One</h2><p>It {citation}.</p>{entries}")
    assert found[1] == Paragraph(f"It {said}.")
    assert isinstance(found[2], ReferenceList)
    assert [(r.marker, r.text) for r in found[2].references] == [("7", "A."), ("8", "B."), ("9", "C.")]


@pytest.mark.parametrize(
    ("body", "markers"),
    [
        ("<h2>7. References:</h2><p>[1] A. 2001.</p><p>[2] B.</p><p>Printed in Exeter.</p>", ["1", "2"]),
        ("<p><b>References</b></p><ul><li>Bourdon J, Lee A. p53. 2007;1.</li><li>van der Berg (2009b) X.</li></ul>",
         ["Bourdon, 2007", "Berg, 2009b"]),
        ("<div id=references><div>1. A 2001.</div><div>2. B 2002.</div></div>", ["1", "2"]),
        ("<h2>Sources</h2><ol><li value=4>A</li><li>B</li></ol><h2>Team</h2><ul><li>Ada 2001</li></ul>", ["4", "5"]),
        ("<h2>References</h2><h3>Books</h3><ol><li>A 2001</ol><p>Kept cold.</p><ul><li>Home<li>Help</ul>", ["1"]),
        ("<dl class=references><dt>3</dt><dd>A</dd><dt>[5]</dt><dd>B</dd></dl>", ["3", "5"]),
        ("<ul class=footnotes><li>a as read.</li></ul>", []),
    ],
)  # fmt: skip
def test_reference_lists(body: str, markers: list[str]) -> None:
    found = [piece for piece in pieces(f"<p>Text.</p>{body}") if isinstance(piece, ReferenceList)]
    assert [r.marker for piece in found for r in piece.references] == markers


def test_a_second_list_that_counts_anew_takes_no_marker_of_the_first() -> None:
    found = pieces("<p>It is [1].</p><ol class=references><li>A</ol><ol class=references><li>B</ol>")
    assert [r.marker for piece in found if isinstance(piece, ReferenceList) for r in piece.references] == ["1", "2"]


@pytest.mark.parametrize(
    ("data", "text"),
    [
        ("<p>naïve".encode(), "naïve"),
        ("<p>naïve".encode("cp1252"), "naïve"),
        ("<p>naïve".encode("utf-8-sig"), "naïve"),
        ("<p>naïve".encode("utf-16"), "naïve"),
        ("<meta charset=windows-1251><p>доза".encode("cp1251"), "доза"),
        ("<meta http-equiv=c content='text/html; charset=ISO-8859-1'><p>“5”".encode("cp1252"), "“5”"),
        ("<?xml version='1.0' encoding='utf-8'?><html xmlns='http://www.w3.org/1999/xhtml'><p>ï".encode(), "ï"),
        (b"<meta charset=utf-7><p>+ADw-b+AD4-", "+ADw-b+AD4-"),
        ("<meta charset=rot13><p>naïve".encode(), "naïve"),
        ("<meta charset=utf-8><p>naïve\x81".encode("cp1252", "replace"), "naïve?"),
        (b"<p>a\0b", "ab"),
    ],
)
def test_encodings(data: bytes, text: str) -> None:
    assert list(outline(data).pieces) == [Paragraph(text)]


@pytest.mark.parametrize("data", [b"", b" \n", b"<!-- a -->", b"<!DOCTYPE html>"])
def test_a_page_without_an_element_is_refused(data: bytes) -> None:
    with pytest.raises(DocumentError, match=r"^a\.html: empty, or nothing but comments; save the page again$"):
        list(read_html(data, "a.html"))


NESTED = {
    "<div>": "",
    "<font>x ": "",
    "<ul><li>a": "",
    "<ol>": "<li>a",
    "<dl><dt>q?<dd>": "",
    "<details>": "a",
    "<details><summary>q?</summary>a<ul><li>b</ul>": "",
    "<table><tr><td>a<td>": "",
    "<sup>": "1",
    "<a href='#r'>": "1",
    "<section class=references>": "<p>1. A 2007",
    "<div class=cookie>": "a",
    "<aside class=note>": "a",
    "<figure>": "<figcaption>a",
}


@pytest.mark.parametrize("opening", NESTED)
def test_what_is_nested_deep_is_read(opening: str) -> None:
    page = "<p>It ends.</p>" + opening * (900 // opening.count("<")) + NESTED[opening]
    assert_sound(document(page))


@pytest.mark.parametrize(
    "page",
    [
        "<div>" * 100_000 + "a",
        "<p>It.</p><table>" + "<tr>" + "<td rowspan=1000>a" * 500 + "<tr><td>b" * 499 + "</table>",
    ],
    ids=["depth", "spans"],
)
def test_what_is_gigantic_is_refused(page: str) -> None:
    with pytest.raises(DocumentError, match=r"^a\.html: (elements nested deeper|a table of \d+,\d+ cells)"):
        outline(page)


def test_the_cells_of_a_gigantic_table_are_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("temsiqa.documents.cells._MOST_CELLS", 3)
    assert len(pieces("<table><tr><th>A<tr><td>b</table>")) == 2
    with pytest.raises(DocumentError, match=r"^a\.html: a table of 4 cells or more; at most 3"):
        pieces("<table><tr><th>A<th>B<tr><td>c<td>d</table>")


@pytest.mark.parametrize(
    "page",
    [
        "<p>word </p>" * 20_000,
        "word " * 200_000,
        "a<br>" * 50_000,
        "<p>It.</p>" + "<a href='/x'>link</a> " * 20_000,
        "<h2>References</h2>" + "<p>1. A 2007. doi:10.1000/x</p>" * 10_000,
        "<p>" + "x<sup><a href='#r1'>1</a></sup>," * 20_000 + "</p><ol class=references><li id=r1>A</ol>",
        "<p>It.</p>" + "[" * 300_000 + "(1 " * 100_000,
        "<p>It " + "<" * 300_000,
        "<p>It</p>" + "<nav>" * 900 + "<button>" * 900,
        "<p>It</p>" + "<h2>References</h2>" + "<ul><li>a</ul>" * 10_000,
        "<p>a" + "\u0301" * 100_000,
        "<script type='application/ld+json'>" + "[" * 100_000 + "</script><p>It.",
        f"<p class='{'a-b ' * 300_000}'>It.",
    ],
    ids=lambda page: f"{page[:30]!a} {len(page)}",
)
def test_hostile_pages_take_no_long_time(page: str) -> None:
    began = time.process_time()
    assert_sound(document(page))
    assert time.process_time() - began < 15


def tagged(tag: str) -> st.SearchStrategy[str]:
    return PARAGRAPHS.map(lambda text: f"<{tag}>{html.escape(text)}</{tag}>")


LISTED = st.lists(SENTENCES.map(html.escape), min_size=1, max_size=4).map(
    lambda items: "<ul><li>" + "<ul><li>".join(items) + "</li></ul>" * len(items)
)
ROWS = st.lists(st.lists(CELLS.map(html.escape), min_size=2, max_size=2), min_size=2, max_size=4).map(
    lambda rows: "<table>" + "".join(f"<tr><td>{a}x</td><td>{b}x</td></tr>" for a, b in rows) + "</table>"
)
SPANS = st.lists(WORDS, min_size=1, max_size=5).map(
    lambda words: "<p>" + "<br>".join(f"<b>{html.escape(w[:1])}</b>{html.escape(w[1:])}" for w in words) + "</p>"
)
TAGGED = st.one_of(*map(tagged, ["p", "div", "h2", "h3", "blockquote", "section"]), LISTED, ROWS, SPANS)
SOUP = st.lists(
    st.one_of(
        TAGGED,
        st.sampled_from(
            "<p> </p> <div> </div> <ul> <li> </ul> <dl> <dt> <dd> <table> <tr> <td> <th> </table> <details> <summary> "
            "<h1> <h2>References</h2> <sup> </sup> <a href='#x'>1</a> <ol class=references> <li id=x> <caption> &nbsp; "
            "&#x301; &#3; &shy; [ ( ) ] ? • - <br> <main> <aside> <nav> </nav> <button> <form> <b> </i> <!-- <!x> "
            "<".split()
        ),
        st.text(st.characters(exclude_categories=["Cs"]), max_size=20),
    ),
    max_size=15,
).map("".join)


@settings(deadline=None)
@given(st.lists(TAGGED, min_size=1, max_size=8))
def test_every_word_of_a_page_comes_out_in_order(bodies: list[str]) -> None:
    found = document(f"<main>{''.join(bodies)}<p>The end.</p></main>")
    assert_sound(found)
    plain = "".join(
        " " + part.split(">", 1)[-1] for part in "".join(bodies).replace("<b>", "").replace("</b>", "").split("<")
    )
    assert words_of(found.text) == words_of(html.unescape(plain) + " The end.")


@settings(deadline=None)
@given(SOUP)
def test_every_page_is_sound(body: str) -> None:
    read_or_refuse(lambda page, _: document(page), f"<p>It begins.</p>{body}</main><p>It ends.</p>", "a.html")
