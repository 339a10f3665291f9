"""What a glyph stands for: private codes of symbol fonts, ligatures, raised and unknown characters."""

from __future__ import annotations

import re
import unicodedata

UNKNOWN = "\ufffd"
BULLET = "•"
BULLETS = frozenset("•●○◦▪■□▫◆◇❖➢➤‣∙·✓–—-o" + UNKNOWN)
_NAMELESS = re.compile(r"\(cid:\d+\)")
_PRIVATE = re.compile(r"[\ue000-\uf8ff]")
_LIGATURE = re.compile(r"[\ufb00-\ufb06]")
_FIRST_CODE = 0x20
# Adobe's Symbol encoding from code 0x20. A file that says no more than the code seems to say "m" where it shows "μ",
# and a dose in micrograms would be quoted in milligrams.
_SYMBOLS = (
    " !∀#∃%&∍()∗+,−./0123456789:;<=>?≅ΑΒΧΔΕΦΓΗΙϑΚΛΜΝΟΠΘΡΣΤΥςΩΞΨΖ[∴]⊥_\ufffdαβχδεφγηιϕκλμνοπθρστυϖωξψζ{|}∼"
    + UNKNOWN * 33
    + "€ϒ′≤⁄∞ƒ♣♦♥♠↔←↑→↓°±″≥×∝∂•÷≠≡≈…\ufffd⎯↵ℵℑℜ℘⊗⊕∅∩∪⊃⊇⊄⊂⊆∈∉∠∇®©™∏√⋅¬∧∨⇔⇐⇑⇒⇓◊"
)
_DINGBATS = dict.fromkeys((0x6C, 0x6E, 0x71, 0x75, 0x76, 0x77, 0x9F, 0xA7, 0xA8, 0xB7, 0xD8), BULLET) | {0xFC: "✓"}
_DINGBAT_FONT = re.compile(r"wingdings|dingbats", re.IGNORECASE)
_RAISED = str.maketrans("0123456789+-−–=()abcdefghijklmnoprstuvwxyz", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁻⁼⁽⁾ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻ")
_NOTE_LETTER = re.compile(r"(?<![a-z])[a-z](?![a-z])")


def resolved(text: str, font: str) -> str:
    """``text`` as it is seen in ``font``; ``UNKNOWN`` stands for a glyph whose meaning the file does not tell."""
    named = _NAMELESS.sub(UNKNOWN, text).replace("\xad", "-")  # what is printed is no soft hyphen
    if "symbol" in font.lower():
        named = "".join(_symbol(character) for character in named)
    elif _DINGBAT_FONT.search(font):
        named = "".join(_dingbat(character) for character in named)
    plain = _LIGATURE.sub(lambda match: unicodedata.normalize("NFKC", match.group()), named)
    return _PRIVATE.sub(lambda match: _dingbat(match.group()), plain)


def raised(text: str) -> str:
    """Raised figures and note letters as Unicode has them: 10⁶ cells are not 106 cells, decreasedᵃ is no new word."""
    figures = re.sub(r"[0-9+\-−–=()]", lambda match: match.group().translate(_RAISED), text)
    return _NOTE_LETTER.sub(lambda match: match.group().translate(_RAISED), figures)


def _symbol(character: str) -> str:
    """Letters of a Symbol font are Greek whatever the file says; other characters only where it gives a mere code."""
    code = _code(character)
    is_mere_code = ord(character) != code or (character.isascii() and character.isalpha())
    return _SYMBOLS[code - _FIRST_CODE] if is_mere_code and code - _FIRST_CODE in range(len(_SYMBOLS)) else character


def _dingbat(character: str) -> str:
    return _DINGBATS.get(_code(character), UNKNOWN if _PRIVATE.match(character) else character)


def _code(character: str) -> int:
    """What symbol fonts keep at U+F0xx is their code xx."""
    return ord(character) - 0xF000 if "\uf020" <= character <= "\uf0ff" else ord(character)
