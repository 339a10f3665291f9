"""Tells what in a document is literature from what is sales matter, legal notice or byline."""

from __future__ import annotations

import re

from temsiqa.model import BlockKind

_SALES = re.compile(
    r"\b(?:get (?:a )?quote|request (?:a |custom synthesis )?quote|custom synthesis|bulk grade|add to (?:cart|basket)|"
    r"buy now|order (?:now|online)|in stock|free shipping|contact (?:us|our)|technical support:|"
    r"click to download|our mission is|(?:ultimate|trusted|one-stop|premier) (?:destination|source|partner|supplier)|"
    r"sign up|subscribe|follow us)\b"
    r"|^(?:e-?mail|phone|tel\.?|fax|web(?:site)?|address):|mailto:|[\w.+-]@[\w-]+\.\w{2,}",
    re.IGNORECASE,
)
_SALES_HEADING = re.compile(
    r"^(?:need .*\?|contact|contact us|about us|order(?:ing)?(?: information)?)$", re.IGNORECASE
)
_NOTICE = re.compile(
    r"research use only|not intended for (?:diagnostic|therapeutic|human)|no warrant(?:y|ies)|"
    r"(?:not|never) (?:be considered |a substitute for |constitute )*(?:professional )?medical advice|"
    r"(?:for )?educational purposes only|ai[- ]generated|crowd-?sourced|for reference purposes|"
    r"may not be accurate",
    re.IGNORECASE,
)
_NOTICE_HEADING = re.compile(r"^(?:legal )?disclaimers?\b", re.IGNORECASE)
_NOTICE_LABEL = re.compile(r"^(?:disclaimer|legal notice)\s*:", re.IGNORECASE)
_BYLINE = re.compile(
    r"^(?:authors?|date|published|updated|version|generic name|brand name|compound(?: focus| name)?|"
    r"cas (?:no|number)\.?|cat(?:alogue|alog)?\.? (?:no|number)\.?|publisher|to cite this document)\s*:",
    re.IGNORECASE,
)
_CAPTION = re.compile(r"^(?:(?:caption|table|figure|fig\.?)(?: \d+)?\s*[:.]\s*\S|diagram of\b)", re.IGNORECASE)
_REFERENCES_HEADING = re.compile(r"^(?:references?|bibliography|literature cited|works cited|sources)$", re.IGNORECASE)
_LONGEST_BARE_HEADING = 5

RESEARCH_ONLY = re.compile(r"research use only", re.IGNORECASE)
MACHINE_MADE = re.compile(r"ai[- ]generated|crowd-?sourced", re.IGNORECASE)


def is_sales(text: str) -> bool:
    """Offers, contact lines and slogans: never part of the canonical text."""
    return bool(_SALES.search(text)) and not _NOTICE.search(text)


def is_unquotable_heading(text: str) -> bool:
    """A heading over sales matter or disclaimers."""
    return bool(_SALES_HEADING.match(text) or _NOTICE_HEADING.match(text)) or is_sales(text)


def is_bare_notice_heading(text: str) -> bool:
    """A heading over disclaimers that lost its mark-up and stands as a line of its own."""
    return bool(_NOTICE_HEADING.match(text)) and len(text.split()) <= _LONGEST_BARE_HEADING


def is_notice(text: str) -> bool:
    """A disclaimer: attached to the document, and quoted only where it is asked for."""
    return bool(_NOTICE_LABEL.match(text) or _NOTICE.search(text))


def belongs_to_notice(sentence: str) -> bool:
    """Whether a sentence that stands in a disclaimer is part of it, and no offer put beside it."""
    return not is_sales(sentence) and not sentence.endswith("?")


def kind_of(text: str) -> BlockKind | None:
    """Byline (``Author: …``, ``Cat. No.: …``) or caption (``Table 1. …``) by its first words; None for other text."""
    return BlockKind.BYLINE if _BYLINE.match(text) else BlockKind.CAPTION if _CAPTION.match(text) else None


def is_references_heading(text: str) -> bool:
    """The heading of a reference list."""
    return bool(_REFERENCES_HEADING.match(text))
