from __future__ import annotations

import pytest

from temsiqa.documents.pdf.glyphs import UNKNOWN, raised, resolved


@pytest.mark.parametrize(
    ("text", "font", "seen"),
    [
        ("m", "ABCDEF+Symbol", "μ"),  # 50 μg must not be read as 50 mg
        ("\uf06d", "SymbolMT", "μ"),
        ("≤", "SymbolMT", "≤"),
        ("\uf0b3", "Symbol", "≥"),
        ("5", "Symbol", "5"),
        ("m", "Helvetica", "m"),
        ("\uf0a7", "Wingdings", "•"),
        ("l", "ZapfDingbats", "•"),
        ("\uf0b7", "Calibri", "•"),
        ("\ue123", "Calibri", UNKNOWN),
        ("10(cid:3)20", "Calibri", f"10{UNKNOWN}20"),
        ("e\ufb03cacy", "Times", "efficacy"),
        ("½ ² µ", "Times", "½ ² µ"),
        ("non\xadsmall", "Times", "non-small"),
    ],
)
def test_a_glyph_says_what_it_shows(text: str, font: str, seen: str) -> None:
    assert resolved(text, font) == seen


@pytest.mark.parametrize(
    ("text", "written"), [("6", "⁶"), ("-1", "⁻¹"), ("a", "ᵃ"), ("a,b", "ᵃ,ᵇ"), ("st", "st"), ("®", "®"), ("†", "†")]
)
def test_raised_characters_stay_raised(text: str, written: str) -> None:
    assert raised(text) == written
