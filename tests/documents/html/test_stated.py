from __future__ import annotations

from typing import Any

import pytest

from temsiqa.documents.html.reader import read_html
from temsiqa.documents.outline import Outline


def stated(head: str, body: str = "<h1>Ring</h1><p>It is flat.") -> dict[str, Any]:
    """What a page says of itself, as far as it says anything."""
    (found,) = read_html(f"<html><head>{head}</head><body>{body}</body></html>".encode(), "a.html")
    assert isinstance(found, Outline)
    return {key: value for key, value in found.stated.model_dump().items() if value}


def test_a_bare_page_states_its_heading_only() -> None:
    assert stated("") == {"title": "Ring"}


def test_citation_tags_of_a_journal() -> None:
    head = """
        <title>A ring | Ring Journal</title>
        <meta name="citation_title" content="A  ring of ours">
        <meta name="citation_author" content="Brook, Ada"><meta name="citation_author" content="Lund, Ben">
        <meta name="citation_journal_title" content="Ring Journal">
        <meta name="citation_publication_date" content="2024/3/5">
        <meta name="citation_doi" content="https://doi.org/10.5555/ring"><meta name="citation_pmid" content="12345">
        <link rel="canonical" href="https://rings.example/1"><a rel="license" href="https://cc.example/by">CC</a>
    """
    assert stated(head) == {
        "title": "A ring of ours",
        "authors": ("Brook, Ada", "Lund, Ben"),
        "publisher": "Ring Journal",
        "date": "2024-03-05",
        "identifiers": {"doi": "10.5555/ring", "pmid": "12345"},
        "url": "https://rings.example/1",
        "licence": "https://cc.example/by",
        "kind": "journal article",
    }


def test_linked_data_of_an_article() -> None:
    data = """{"@context": "https://schema.org", "@graph": [
        {"@type": "WebSite", "name": "Site", "datePublished": "1999"},
        {"@type": ["MedicalScholarlyArticle"], "datePublished": "2023-11-02T08:00:00+01:00",
         "author": [{"name": "Ada Brook"}, "Ben Lund"], "publisher": {"name": "Ring Press"},
         "license": "https://cc.example/by"}]}"""
    assert stated(f'<script type="application/ld+json">{data}</script>') == {
        "title": "Ring",
        "authors": ("Ada Brook", "Ben Lund"),
        "publisher": "Ring Press",
        "date": "2023-11-02",
        "licence": "https://cc.example/by",
        "kind": "medical scholarly article",
    }


def test_open_graph_and_dublin_core() -> None:
    head = """
        <meta property="og:site_name" content="Ring Ward"><meta property="og:url" content="https://rings.example/2">
        <meta property="article:author" content="https://face.example/ada"><meta name="author" content="Ada Brook">
        <meta property="article:published_time" content="2022-01-09T00:00:00Z">
        <meta name="DC.rights" content="All rights reserved"><meta name="DC.identifier" content="doi:10.5555/dc">
    """
    assert stated(head) == {
        "title": "Ring",
        "authors": ("Ada Brook",),
        "publisher": "Ring Ward",
        "date": "2022-01-09",
        "url": "https://rings.example/2",
        "licence": "All rights reserved",
        "identifiers": {"doi": "10.5555/dc"},
    }


@pytest.mark.parametrize(
    ("head", "body", "title"),
    [
        ("<title>Ring | Ward</title>", "<p>a", "Ring"),
        ("<title>Ring: doses - a guide</title>", "<p>a", "Ring: doses - a guide"),
        ("<title>Ring - Ward</title><meta property=og:site_name content=ward>", "<p>a", "Ring"),
        ("<title>Ring - Ward</title><meta property=og:title content='The ring'>", "<p>a", "The ring"),
        ("<title>Ring, a guide</title>", "<h1>Ring</h1><p>a<h1>Doses</h1><p>b", "Ring"),
        ("<title>A guide</title>", "<h1>Ring</h1><p>a<h1>Doses</h1><p>b", "A guide"),
    ],
)
def test_titles(head: str, body: str, title: str) -> None:
    assert stated(head, body)["title"] == title


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("2015", "2015"),
        ("2015-4", "2015-04"),
        ("2015/04/17", "2015-04-17"),
        ("2015-04-17 10:11:12", "2015-04-17"),
        ("17 April 2015", "2015-04-17"),
        ("Apr 7, 2015", "2015-04-07"),
        ("April 2015", "2015-04"),
        ("20150417", "2015-04-17"),
        ("Spring 2015", "Spring 2015"),
        ("2015-13-01", "2015-13-01"),
    ],
)
def test_dates(written: str, read: str) -> None:
    assert stated(f"<meta name=citation_date content='{written}'>")["date"] == read


@pytest.mark.parametrize(
    ("byline", "read"),
    [
        ("<p class=byline><time datetime=2020-02-03>3 Feb</time>", "2020-02-03"),
        ("<p class='updated meta'><time datetime=2021-02-03>then</time>", None),
        ("<p>On <time datetime=1899-02-03>that day</time>", None),
    ],
)
def test_a_date_counts_where_it_is_that_of_the_page(byline: str, read: str | None) -> None:
    assert stated("", f"<h1>Ring</h1>{byline}").get("date") == read


@pytest.mark.parametrize(
    "data", ["", "[", "[" * 100_000, "null", "3", '{"@type": 5}', '{"@graph": [1, {"@type": []}]}']
)
def test_malformed_linked_data_states_nothing(data: str) -> None:
    assert stated(f'<script type="application/ld+json">{data}</script>') == {"title": "Ring"}


def test_addresses_are_those_of_the_web_only() -> None:
    assert stated("<link rel=canonical href='javascript:x'><link rel=license href='file:///etc'>") == {"title": "Ring"}


def test_a_retracted_page_says_so() -> None:
    assert stated("", "<h1>RETRACTED: Ring</h1>")["retracted"] == "retracted, as its title says"
