from __future__ import annotations

import time

import pytest
from hypothesis import given

from document_support import SOUP, words_of
from temsiqa.documents.mess import mend


@pytest.mark.parametrize(
    ("mess", "mended"),
    [
        ("It lasts.^{[1][5][6]}", "It lasts.[1][5][6]"),
        ("It lasts.^[10] Then", "It lasts.[10] Then"),
        ("better ( $P=0.02$ ).", "better (P=0.02)."),
        ("HIF-1 $\\alpha$ rises.", "HIF-1 α rises."),
        ("gives $(\\text{A} \\times \\text{B}^2)/2$ as", "gives (A × B^2)/2 as"),
        ("rose by $5\\%$ in all", "rose by 5% in all"),
        ("rose by $5%, then$ fell", "rose by 5%, then fell"),
        ("costs $5, or $6 in all", "costs $5, or $6 in all"),
        ("a $\\frac{$ b", "a $\\frac{$ b"),
        ("a $\\href{b}{c}$ d", "a $\\href{b}{c}$ d"),
        ("a $\\begin{secret}word$ d", "a $\\begin{secret}word$ d"),
    ],
)
def test_formulas_and_superscripts(mess: str, mended: str) -> None:
    assert mend(mess) == mended


@pytest.mark.parametrize(
    ("mess", "mended"),
    [
        ("**Unwanted Effects:**", "## Unwanted Effects"),
        ("**These rarer effects of it can include:**", "**These rarer effects of it can include:**"),
        ("Text.\n\nElbow Itch (EI)\n\nMore.", "Text.\n\n## Elbow Itch (EI)\n\nMore."),
        ("First Line\n\nMore.", "# First Line\n\nMore."),
        ("Text.\n\nA sentence stands alone here.", "Text.\n\nA sentence stands alone here."),
        ("Text.\n\nAuthor: A\n\nTable: B", "Text.\n\nAuthor: A\n\nTable: B"),
        ("Text.\n\nTwo Lines\nof prose", "Text.\n\nTwo Lines\nof prose"),
    ],
)
def test_headings(mess: str, mended: str) -> None:
    assert mend(mess) == mended


@pytest.mark.parametrize(
    ("mess", "rows"),
    [
        ("A\tB\nx\ty", ["| A | B |", "| --- | --- |", "| x | y |"]),
        ("A\tB\nx|z\t", ["| A | B |", "| --- | --- |", "| x\\|z |  |"]),
        (
            "A\tB\tC\nx\tlong\t[1]\n\ntail of\nit.",
            ["| A | B | C |", "| --- | --- | --- |", "| x | long tail of it. | [1] |"],
        ),
        ("A\tB\tC\nx\ty\nmore\tz", ["| A | B | C |", "| --- | --- | --- |", "| x | y more | z |"]),
        ("A\tB\nx\ty\n\nNew paragraph.", ["| A | B |", "| --- | --- |", "| x | y |", "New paragraph."]),
        ("| A | B || x | - one\n\n- two\n- three |", ["| A | B |", "| --- | --- |", "| x | one two three |"]),
    ],
)
def test_tables(mess: str, rows: list[str]) -> None:
    assert [line for line in mend(mess).split("\n") if line] == rows


@pytest.mark.parametrize(
    "text",
    [
        "| a || b |\n|---|---|---|\n| c || d |",
        "| a || never closed\n\nText that follows.",
    ],
)
def test_what_is_no_collapsed_table_stays(text: str) -> None:
    assert mend(text) == text


@pytest.mark.parametrize(
    ("entries", "mended"),
    [
        ("1. One\n2. Two", "1. One\n2. Two"),
        ("- 1. One\n- 2. Two\n\n[two.example]\n\n- 3. Three", "1. One\n2. Two [two.example]\n3. Three"),
        ("- 1. One\n- To cite this document: A.", "1. One\n\nTo cite this document: A."),
        ("1. One\n\nDisclaimer & Validity:\n\nText.", "1. One\n\nDisclaimer & Validity:\n\nText."),
        ("1. One\n\n**Disclaimer:** Text.", "1. One\n\n**Disclaimer:** Text."),
    ],
)
def test_reference_lists(entries: str, mended: str) -> None:
    assert mend(f"## References\n{entries}") == f"## References\n{mended}"


@given(SOUP)
def test_no_word_is_added_or_dropped(text: str) -> None:
    assert sorted(_plain_words(mend(text))) == sorted(_plain_words(text))


def _plain_words(text: str) -> list[str]:
    return [word for word in words_of(text.replace("_", " ")) if not word.isdigit()]


@pytest.mark.parametrize(
    "text",
    [
        ("$" + "{" * 290 + "$ ") * 300,
        "$" + "\\frac{" * 45 + "$",
        "$a " * 30_000,
        "^{" + "[1] " * 30_000,
        "a\tb\tc\n" + "x\n\n" * 20_000,
        "| a || b\n" * 10_000,
        "Title\n\n" * 10_000,
        "References\n\n1. a\n" + "more\n" * 20_000,
    ],
    ids=lambda text: text[:12],
)
def test_hostile_text_is_mended_in_no_time(text: str) -> None:
    began = time.perf_counter()
    mend(text)
    assert time.perf_counter() - began < 5
