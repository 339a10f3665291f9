from __future__ import annotations

import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from temsiqa.documents.canonical import CanonicalText, clean, one_line
from temsiqa.model import BlockKind, Span


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("a\r\nb\rc\nd\u2028e\x0bf\x0cg\x85h", "a\nb\nc\nd\ne\nf\ng\nh"),
        ("\ufeffe\u0301", "é"),
        ("e\u200b\u0301", "é"),
        ("safe\u202eelpmis\u202c", "safeelpmis"),
        ("tem\u00adsi", "temsi"),
        ("a\x00\x07\x1b[0mb\tc", "a[0mb\tc"),
        ("\u0301alone", "\u0301alone"),
        ("hid\U000e0041den", "hidden"),
        ("می\u200cروم 👩\u200d🔬", "می\u200cروم 👩\u200d🔬"),
    ],
)
def test_clean(text: str, cleaned: str) -> None:
    assert clean(text) == cleaned


@given(st.text())
def test_clean_is_nfc_and_cleaning_again_changes_nothing(text: str) -> None:
    cleaned = clean(text)
    assert unicodedata.is_normalized("NFC", cleaned)
    assert clean(cleaned) == cleaned
    assert not [c for c in cleaned if unicodedata.category(c) == "Cc" and c not in "\n\t"]


def test_a_tower_of_accents_takes_no_time() -> None:
    began = time.perf_counter()
    assert len(clean("a" + "\u0301\u0327" * 200_000)) <= 32
    assert time.perf_counter() - began < 3


def test_one_line() -> None:
    assert one_line(" a\n\tb\u00a0 c ") == "a b c"


def test_sections_follow_the_levels_and_empty_ones_do_not_stand() -> None:
    canonical = CanonicalText()
    for level, title in [(1, "Title"), (2, "Dose"), (3, "Adults"), (2, "Effects")]:
        canonical.add_heading(level, title)
    canonical.add_paragraph(BlockKind.PARAGRAPH, "One. Two.")
    assert canonical.text == "Title\n\nDose\n\nAdults\n\nEffects\n\nOne. Two."
    assert [block.section for block in canonical.blocks] == [
        (),
        ("Dose",),
        ("Dose", "Adults"),
        ("Effects",),
        ("Effects",),
    ]
    canonical.add_heading(2, "Nothing under it")
    assert canonical.text.endswith("Two.")


def test_cells_can_be_told_apart_again() -> None:
    canonical = CanonicalText()
    table = canonical.add_table(["", "A | B"], [["x", ""], ["", "y |"]], (Span(0, 1),))
    assert canonical.text == "– | A|B\nx | –\n– | y|"
    assert [s.lead for s in table.sentences] == [(Span(0, 1), Span(0, 7))] * 2


def test_a_table_without_header_quotes_every_row() -> None:
    canonical = CanonicalText()
    table = canonical.add_table(["", ""], [["a", "b"]], ())
    assert [canonical.text[s.span.start : s.span.end] for s in table.sentences] == ["a | b"]


def test_an_item_leans_on_all_items_above_it() -> None:
    canonical = CanonicalText()
    block = canonical.add_items(BlockKind.LIST, [("a", None), ("b", 0), ("c", 1), ("d", None)], ())
    assert [s.lead for s in block.sentences] == [(), (Span(0, 1),), (Span(0, 1), Span(2, 3)), ()]


def test_an_answer_leans_on_its_question() -> None:
    canonical = CanonicalText()
    pair = canonical.add_pair("Why?", "So. And so.")
    assert canonical.text == "Why?\nSo. And so."
    assert [(s.span, s.lead) for s in pair.sentences] == [(Span(5, 8), (Span(0, 4),)), (Span(9, 16), (Span(0, 4),))]
