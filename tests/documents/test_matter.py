from __future__ import annotations

import time

import pytest

from temsiqa.documents import matter
from temsiqa.model import BlockKind


@pytest.mark.parametrize(
    ("text", "is_sales", "is_notice", "is_byline", "is_caption"),
    [
        ("Orvexamide calms imaginary itches.", False, False, False, False),
        ("Get Quote", True, False, False, False),
        ("Email: info@quillchem.example or Request Quote Online.", True, False, False, False),
        ("Write to a.b+c@quillchem.example today.", True, False, False, False),
        ("Address: Nowhere 1", True, False, False, False),
        ("Your Ultimate Destination for Small Things.", True, False, False, False),
        ("Need Industrial/Bulk Grade? Request Custom Synthesis Quote", True, False, False, False),
        ("The recipes are for reference purposes.", False, True, False, False),
        ("For Research Use Only (RUO).", False, True, False, False),
        ("Technical Support: the recipes are for reference purposes.", False, True, False, False),
        ("This text is AI-generated and may not be accurate.", False, True, False, False),
        ("Disclaimer: ask first.", False, True, False, False),
        ("Author: A. Date: May 2023", False, False, True, False),
        ("Cat. No.: Q123", False, False, True, False),
        ("To cite this document: Quillchem. [A]. Quillchem, [2024].", False, False, True, False),
        ("Caption: the ring.", False, False, False, True),
        ("Table 2. Otters", False, False, False, True),
        ("Diagram of the ring.", False, False, False, True),
        ("Table salt is safe.", False, False, False, False),
    ],
)
def test_kinds_of_lines(text: str, is_sales: bool, is_notice: bool, is_byline: bool, is_caption: bool) -> None:
    found = (
        matter.is_sales(text),
        matter.is_notice(text),
        matter.kind_of(text) is BlockKind.BYLINE,
        matter.kind_of(text) is BlockKind.CAPTION,
    )
    assert found == (is_sales, is_notice, is_byline, is_caption)


@pytest.mark.parametrize(
    ("heading", "unquotable"),
    [
        ("Disclaimer & Data Validity", True),
        ("Need Custom Synthesis?", True),
        ("Contact", True),
        ("Contact dermatitis", False),
        ("Unwanted Effects", False),
        ("Need for otters", False),
    ],
)
def test_headings_over_what_is_not_literature(heading: str, unquotable: bool) -> None:
    assert matter.is_unquotable_heading(heading) is unquotable


@pytest.mark.parametrize("character", ["a", ".", "-", "\u1100"])
def test_a_long_word_is_judged_in_linear_time(character: str) -> None:
    began = time.perf_counter()
    assert not matter.is_sales(character * 300_000)
    assert time.perf_counter() - began < 3
