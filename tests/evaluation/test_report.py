from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
from lxml import etree, html
from markdown_it import MarkdownIt

from evaluation_support import item, reply
from report_support import FAILED, HOSTILE, ITEMS, REPLIES, SCRIPT, later_replies, run_of
from temsiqa.evaluation.compare import Comparison, compare
from temsiqa.evaluation.gates import Verdict
from temsiqa.evaluation.report import (
    comparison_html,
    comparison_json,
    comparison_markdown,
    report_html,
    report_json,
    report_junit,
    report_markdown,
)
from temsiqa.evaluation.report_markdown import plain
from temsiqa.evaluation.report_page import changed_words, figure, interval, marked
from temsiqa.evaluation.runs import Run
from temsiqa.evaluation.testset import Fact

GATES = (Verdict("passed 0.33, has to be at least 0.75", False), Verdict("words 3, has to be at most 100", True))


# One run for all tests: its intervals take seconds.
@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return run_of(tmp_path_factory.mktemp("runs") / "small")


@pytest.fixture(scope="module")
def comparison(small: Run, tmp_path_factory: pytest.TempPathFactory) -> Comparison:
    return compare(small, run_of(tmp_path_factory.mktemp("runs") / "later", later_replies()))


def pages(small: Run, comparison: Comparison) -> tuple[str, str]:
    return report_html(small, GATES), comparison_html(comparison)


def failed_items(page: str) -> dict[str, html.HtmlElement]:
    found = html.fromstring(page).xpath("//section[@aria-labelledby='failed']/details")
    return {one.xpath(".//span[@class='id']")[0].text_content(): one for one in found}


def cells(markdown: str) -> list[list[str]]:
    """The cells of every row of every table, as a reader of the Markdown sees them."""
    tree = etree.HTML(MarkdownIt("commonmark").enable("table").render(markdown))
    return [["".join(cell.itertext()) for cell in row.xpath("./th|./td")] for row in tree.xpath("//tr")]


def test_pages_are_the_same_bytes_every_time(small: Run, comparison: Comparison) -> None:
    again = run_of(small.folder, REPLIES)
    assert report_html(small, GATES) == report_html(again, GATES)
    assert comparison_html(comparison) == comparison_html(replace(comparison))


def test_nothing_that_others_wrote_becomes_markup(small: Run, comparison: Comparison) -> None:
    for page in pages(small, comparison):
        tree = html.fromstring(page)
        assert SCRIPT in tree.text_content()
        assert SCRIPT not in page
        assert len(tree.xpath("//script")) == 1
        assert tree.xpath("//img") == []
        assert not [name for element in tree.iter(etree.Element) for name in element.attrib if name.startswith("on")]
        assert "{{ 7*7 }}" in page


def test_slices_of_an_item_can_be_read_by_the_filter(small: Run) -> None:
    found = [json.loads(one) for one in html.fromstring(report_html(small)).xpath("//@data-slices")]
    assert sorted(found) == sorted([list(score.slices) for score in small.scores])


def test_pages_load_nothing(small: Run, comparison: Comparison) -> None:
    for page in pages(small, comparison):
        tree = html.fromstring(page)
        assert tree.xpath("//@src") == []
        assert {link for link in tree.xpath("//@href") if not link.startswith("#")} == {"data:,"}
        assert not re.search(r"@import|url\((?!#)", page)
        policy = tree.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")[0]
        assert policy.startswith("default-src 'none'; script-src 'sha256-")
        assert "unsafe" not in policy.replace("style-src 'unsafe-inline'", "")


def test_links_within_a_page_arrive(small: Run, comparison: Comparison) -> None:
    for page in pages(small, comparison):
        tree = html.fromstring(page)
        ids = tree.xpath("//@id")
        assert len(ids) == len(set(ids))
        assert {link[1:] for link in tree.xpath("//a/@href")} <= set(ids)
        assert {one for labels in tree.xpath("//@aria-labelledby") for one in labels.split()} <= set(ids)


def test_headline_and_gates(small: Run) -> None:
    header = " ".join(html.fromstring(report_html(small, GATES)).xpath("//header")[0].text_content().split())
    assert "66.7 % of 6 pass" in header
    assert "2 with faults of grounding" in header
    assert "1 of 2 gates broken" in header
    assert "has to be at least 0.75" in report_html(small, GATES)
    assert "Gates" not in report_html(small)


def test_every_failed_item_is_there_with_its_reasons(small: Run) -> None:
    found = failed_items(report_html(small))
    assert len(found) == len(FAILED) == 4
    assert "not stated: plasma" in found["wrong"].text_content()
    assert "do not read 'once a week'" in found["shifted"].text_content()
    assert "expected to abstain, was answered" in found["said too much"].text_content()


def test_a_failed_item_shows_answer_citations_and_facts(small: Run) -> None:
    found = failed_items(report_html(small))["wrong"]
    assert found.xpath(".//blockquote//mark/text()") == ["17 hours"]
    assert found.xpath(".//p[@class='statement']/a/text()") == ["[1]"]
    rows = [[cell.text_content() for cell in row.xpath("./th|./td")] for row in found.xpath(".//tbody/tr")]
    assert rows == [["17 hours", "✓ yes", "✓ yes"], ["plasma", "✗ no", "✗ no"]]
    assert "facts_stated" in found.text_content()
    assert "guides/giving.md" in found.text_content()


def test_other_items_are_listed_below(small: Run) -> None:
    others = html.fromstring(report_html(small)).xpath("//section[@aria-labelledby='others']//span[@class='id']")
    assert [one.text for one in others] == ["passes", "silent", "open"]


def test_times_are_told_apart(small: Run) -> None:
    assert "median 0.400 s, 95th percentile 0.670 s" in report_html(small)


def test_a_set_that_wants_nothing_has_a_page(tmp_path: Path) -> None:
    items = [item(id="open", expected=None)]
    run = run_of(tmp_path / "open", [reply(name="open")], items)
    (run.folder / "timings.jsonl").unlink()
    assert "none of which is judged" in report_html(run)
    assert "Time to answer" not in report_html(run)
    assert "nothing is judged" in report_markdown(run)


def test_a_statement_may_name_a_citation_that_is_not_there(tmp_path: Path) -> None:
    broken = reply("once a week", citations=[])
    page = report_html(run_of(tmp_path / "broken", [broken], [item()]))
    assert "[1: no such citation]" in page


def test_json_holds_manifest_summary_and_scores(small: Run) -> None:
    found = json.loads(report_json(small))
    assert found["manifest"]["set"] == "small"
    assert found["summary"]["all"]["passed"]["items"] == 6
    assert [one["id"] for one in found["scores"]] == [one.id for one in ITEMS]


def test_junit_counts_items_and_gates(small: Run) -> None:
    root = etree.fromstring(report_junit(small, GATES).encode())
    assert dict(root.attrib) == {"tests": "9", "errors": "0", "failures": "5", "skipped": "1"}
    assert [(suite.get("name"), suite.get("failures")) for suite in root] == [("small", "4"), ("gates", "1")]
    failures = {case.get("name"): [*case.iter("failure")] for case in root.iter("testcase")}
    assert failures["passes"] == failures["open"] == []
    wrong, shifted = failures["wrong"][0], failures["shifted"][0]
    assert (wrong.get("message"), wrong.get("type")) == ("not stated: plasma", "answer")
    assert shifted.get("type") == "grounding"
    assert "question: What is the half-life?" in (wrong.text or "")
    assert root.find(".//testcase[@name='open']/skipped") is not None


def test_junit_holds_no_character_that_xml_forbids(small: Run) -> None:
    found = report_junit(small)
    assert "\ufffd\ufffd" in found
    assert SCRIPT in etree.fromstring(found.encode())[0][5].get("name", "")


def test_markdown_tables_are_well_formed(small: Run, comparison: Comparison) -> None:
    for text in (report_markdown(small, GATES), comparison_markdown(comparison)):
        rows = cells(text)
        assert len(rows) > 10
        assert len({len(row) for row in rows}) == 1
    assert cells(report_markdown(small))[1][:2] == ["passed", "0.667"]


def test_markdown_names_failed_items_and_gates(small: Run) -> None:
    text = report_markdown(small, GATES)
    assert "### Failed items (4)" in text
    assert "- **wrong** What is the half-life?: not stated\\: plasma" in text
    assert "❌ **broken**: passed 0.33" in text


def test_markdown_says_what_the_text_says_and_nothing_else() -> None:
    shown = MarkdownIt("commonmark", {"html": True}).enable("table").render(f"- {plain(HOSTILE)}")
    tree = etree.HTML(shown)
    assert {element.tag for element in tree.iter(etree.Element)} == {"html", "body", "ul", "li"}
    assert "".join(tree.itertext(etree.Element)).strip() == " ".join(
        HOSTILE.translate({0: " ", 27: " ", 0x202E: " "}).split()
    )
    assert "@all" not in plain(HOSTILE)
    assert "#1" not in plain(HOSTILE)


def test_markdown_cuts_what_is_long() -> None:
    assert plain("word " * 100, 12) == "word word w…"


def test_comparison_shows_every_change_once(comparison: Comparison) -> None:
    tree = html.fromstring(comparison_html(comparison))
    shown = [one.text_content() for one in tree.xpath("//section[@aria-labelledby='changes']//span[@class='id']")]
    assert len(shown) == len(comparison.changes) == 4
    assert {"passes", "said too much", "wrong"} < set(shown)
    headings = tree.xpath("//section[@aria-labelledby='changes']/h3")
    assert [one.text_content() for one in headings][-2:] == ["type:lookup (2)", "type:out (1)"]


def test_comparison_shows_losses_first_and_what_is_new(comparison: Comparison) -> None:
    tree = html.fromstring(comparison_html(comparison))
    lookup = tree.xpath("//h3[starts-with(., 'type:lookup')]/following-sibling::details")
    assert "▼ now fails" in lookup[0].text_content()
    assert lookup[0].xpath(".//del/text()") == ["The infusion takes 30 to 60 minutes."]
    assert lookup[1].xpath(".//ins/text()")[-1].strip() == "Temsirolimus is given once a week."
    assert [one.text for one in lookup[1].xpath(".//li[@class='new']//strong")] == ["only now"]


def test_comparison_tells_wins_losses_and_differences(comparison: Comparison) -> None:
    assert [change.item.id for change in comparison.losses] == ["passes"]
    text = comparison_markdown(comparison)
    assert "1 losses, 1 wins, 4 changed answers." in text
    assert "- **passes** How long?: expected to answer, was abstained" in text
    assert "- **said too much** Will it rain?: expected to abstain, was answered" in text
    found = json.loads(comparison_json(comparison))
    assert found["differences"]["all"]["passed"]["value"] == 0.0
    assert [one["id"] for one in found["changes"]] == [change.item.id for change in comparison.changes]


def test_a_comparison_without_changes_has_a_page(small: Run) -> None:
    assert "No answer changed." in comparison_html(compare(small, small))


def test_facts_stand_out_where_they_are() -> None:
    facts = [Fact(patterns=("30 to 60", "60 min")), Fact(literal=("a (b)",)), Fact(patterns=("x*",))]
    assert marked("In 30 to 60 minutes, A (b).", facts) == [
        ("In ", False),
        ("30 to 60", True),
        (" min", True),
        ("utes, ", False),
        ("A (b)", True),
        (".", False),
    ]


@pytest.mark.parametrize(
    ("before", "after", "was", "now"),
    [
        ("same", "same", [("same", False)], [("same", False)]),
        (
            "once a week",
            "once a day",
            [("once a ", False), ("week", True)],
            [("once a ", False), ("day", True)],
        ),
        ("", "new", [], [("new", True)]),
    ],
)
def test_words_that_changed_stand_out(
    before: str, after: str, was: list[tuple[str, bool]], now: list[tuple[str, bool]]
) -> None:
    assert changed_words(before, after) == (was, now)


def test_figures() -> None:
    assert [figure(None), figure(0.5), figure(-0.25, sign=True), figure(79.66)] == ["–", "0.500", "−0.250", "79.7"]
    assert [figure(0.0, sign=True), figure(0.1, sign=True)] == ["0.000", "+0.100"]
    assert interval(-10.84, 0.608, sign=True) == "−10.8 to +0.6"
    assert interval(None, 1.0) == "–"
