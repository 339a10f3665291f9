"""Texts made comparable: an answer, a quote and a fact may differ in typography and markup and still say the same."""

from __future__ import annotations

import re
import unicodedata

_CHARACTERS = str.maketrans(
    {
        **dict.fromkeys("‐‑‒–—―−\u00ad", "-"),
        **dict.fromkeys("‘’ʼ", "'"),
        **dict.fromkeys("“”", '"'),
        "α": "alpha",
        "β": "beta",
        "×": "x",
        "≥": ">=",
        "≤": "<=",
        "|": " ",
        "⁄": "/",
    }
)
_FORMULAS = (
    (re.compile(r"\\text\s*\{([^{}]*)\}"), r"\1"),
    (re.compile(r"\\(alpha|beta)"), r"\1"),
    (re.compile(r"\\times"), "x"),
)
_MARKUP = re.compile(r"[*`#^{}\\_]|\$(?!\d)")  # a dollar sign before a figure is money
_MILLIGRAMS = re.compile(r"\bmilligrams?\b", re.IGNORECASE)
_PER_CENT = re.compile(r"\s?\bper\s?cent\b", re.IGNORECASE)


def comparable(text: str) -> str:
    """``text`` with plain typography, without markup, with single spaces; case stays."""
    text = unicodedata.normalize("NFKC", text).translate(_CHARACTERS)
    for pattern, plain in _FORMULAS:
        text = pattern.sub(plain, text)
    text = _MARKUP.sub("", text)
    text = _PER_CENT.sub("%", _MILLIGRAMS.sub("mg", text))
    return " ".join(text.split())


def first_words(text: str, count: int) -> str:
    """The first ``count`` words of a text."""
    return " ".join(text.split()[:count])
