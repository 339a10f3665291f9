from __future__ import annotations

import pytest
from lxml import etree
from lxml.etree import _Element

from temsiqa.documents.markup import MixedContent, is_heading, is_wholly, only_column, table_of
from temsiqa.documents.outline import Table
from temsiqa.errors import DocumentError


class Words(MixedContent):
    inline = frozenset({"i", "note"})
    skipped = frozenset({"note"})


def bold(element: _Element) -> bool:
    return element.tag == "b"


def parsed(text: str) -> _Element:
    return etree.fromstring(text)


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<p>a<i>b</i>c <i>d</i></p>", "abc d"),
        ("<p>a<q>b</q>c</p>", "a b c"),
        ("<p>a<note>no</note>b, c<note/>.</p>", "ab, c."),
        ("<p>10<sup>6</sup> to 10<sup>−3</sup>, x<sup>2</sup>, 5<sup>a</sup></p>", "10⁶ to 10⁻³, x2, 5a"),
        ("<p>C\n  <sub>max</sub>\n rose</p>", "Cmax rose"),
        ("<p>a\n  <sup>13</sup>C breath</p>", "a 13C breath"),
        ("<p>Note:\n  <sup>a</sup> b</p>", "Note: a b"),
        ("<p>5<q/>\n  <sup>a</sup> Median</p>", "5 a Median"),
        ("<p><i>so\n </i>. Then \n .5 mg</p>", "so. Then .5 mg"),
        ("<p>a &#x200b;\u202eb</p>", "a b"),
    ],
)
def test_words_stay_whole(markup: str, text: str) -> None:
    assert Words().text(parsed(markup)) == text


def test_words_without_some_elements() -> None:
    assert Words().text(parsed("<p>a <q>b</q> c</p>"), {"q"}) == "a c"
    assert Words().text(None) == ""


def test_running_text_between_blocks() -> None:
    runs = [
        run if isinstance(run, str) else run.tag
        for run in Words().runs(parsed("<p>a<i>b</i><l>x</l><l>y</l> c <q><l>z</l></q></p>"), {"l"})
    ]
    assert runs == ["ab", "l", "l", "c z"]


@pytest.mark.parametrize(
    ("markup", "wholly"),
    [
        ("<p> <b>a</b> <i><b>b</b></i> </p>", True),
        ("<p><b>a</b>.</p>", False),
        ("<p>a <b>b</b></p>", False),
        ("<p><b/></p>", False),
        ("<p/>", False),
    ],
)
def test_whether_all_words_are_in_a_style(markup: str, wholly: bool) -> None:
    assert is_wholly(parsed(markup), bold) is wholly


def test_a_heading_is_no_sentence() -> None:
    assert is_heading(parsed("<p><b>Doses in mice</b></p>"), bold)
    assert not is_heading(parsed("<p><b>Never in mice.</b></p>"), bold)
    assert not is_heading(parsed(f"<p><b>{'word ' * 30}</b></p>"), bold)


@pytest.mark.parametrize(
    ("rows", "table"),
    [
        ("<thead><tr><td>A</td><td/></tr></thead><tr><td>1</td><td>2</td></tr>", Table(("A", ""), (("1", "2"),))),
        ("<tr><th>A</th><th>B</th></tr><tr><th>1</th><td>2</td></tr>", Table(("A", "B"), (("1", "2"),))),
        ("<tr><td><b>A</b></td><td><b>B</b></td></tr><tr><td>1</td><td>2</td></tr>", Table(("A", "B"), (("1", "2"),))),
        ("<tr><td><b>A</b></td><td/></tr><tr><td><b>1</b></td><td/></tr>", Table((), (("A", ""), ("1", "")))),
        ("<tfoot><tr><td>no</td></tr></tfoot><tr><td>1</td><td>2</td></tr>", Table((), (("1", "2"),))),
        ("<tr><td colspan='2'>1</td></tr><tr><td rowspan='x'>2</td><td/></tr>", Table((), (("1", "1"), ("2", "")))),
        ("<tr><td>1</td><td><table><tr><td>2</td></tr></table></td></tr>", Table((), (("1", "2"),))),
        ("", Table((), ())),
    ],
)
def test_tables(rows: str, table: Table) -> None:
    assert table_of(parsed(f"<table>{rows}</table>"), Words(), bold, "a.xml") == table


def test_a_gigantic_table_is_refused() -> None:
    rows = "<tr><td colspan='999' rowspan='999'>1</td><td>2</td></tr>" * 500
    with pytest.raises(DocumentError, match=r"^a\.xml: .*at most 200,000"):
        table_of(parsed(f"<table>{rows}</table>"), Words(), bold, "a.xml")


def test_a_table_of_one_column_is_only_a_frame() -> None:
    framed = only_column(parsed("<table><tr><td>a</td></tr><tr><td>b</td></tr></table>"))
    assert [cell.text for cell in framed] == ["a", "b"]
    assert only_column(parsed("<table><tr><th>a</th></tr><tr><td>b</td></tr></table>")) == []
    assert only_column(parsed("<table><tr><td>a</td><td>b</td></tr></table>")) == []
