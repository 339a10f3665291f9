"""Texts made comparable."""

from __future__ import annotations

import pytest

from temsiqa.evaluation.wording import comparable, first_words


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("25 **mg** — once\n a  week", "25 mg - once a week"),
        ("“TNF‑α” ≥ 3 × 10⁹", '"TNF-alpha" >= 3 x 109'),
        ("25 milligrams, 40 per cent", "25 mg, 40%"),
        (r"$\text{IC}_{50}$ of $\alpha$ costs $5", "IC50 of alpha costs $5"),
        ("| 17.3 | hours |", "17.3 hours"),
    ],
)
def test_typography_and_markup_go(text: str, plain: str) -> None:
    assert comparable(text) == plain


def test_first_words() -> None:
    assert first_words("a b  c d", 2) == "a b"
