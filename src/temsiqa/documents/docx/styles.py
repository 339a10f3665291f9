"""What the styles and numberings of a Word document say of its paragraphs and runs."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from docx.oxml.ns import qn
from lxml.etree import _Element

_LONGEST_CHAIN = 30
# Built-in styles have English names in every language; some programs translate them all the same.
_HEADING = re.compile(r"(?:heading|überschrift|titre|título|titolo|kop|rubrik|overskrift|otsikko|nagłówek) ?([1-9])")
_LIST = re.compile(r"list (?:bullet|number)(?: ([2-9]))?")
_CONTENTS = re.compile(r"toc(?: heading| \d)|table of figures")
_BODY_TEXT = 9  # outline levels count from 0; this one is none
_LOWEST_HEADING = 6
_NO_LIST = "0"
_OFF = frozenset({"0", "false", "off"})
_W_VAL, _W_ID = qn("w:val"), qn("w:styleId")


@dataclass(frozen=True, slots=True)
class ListPlace:
    """Which list a paragraph is an item of, and how deep: level 0 is the top."""

    number: str
    level: int


@dataclass(frozen=True, slots=True)
class ParagraphStyle:
    """What a paragraph is. ``heading`` is its level from 1, or None; a title is a heading of level 1."""

    heading: int | None = None
    is_title: bool = False
    is_caption: bool = False
    is_contents: bool = False
    is_entry: bool = False
    is_continued: bool = False
    place: ListPlace | None = None


class Styles:
    """The styles of a document, each with those it is based on."""

    def __init__(self, styles: Iterable[_Element]) -> None:
        self._by_id = {style.get(_W_ID, ""): style for style in styles if style.tag == qn("w:style")}
        self._hiding = {own for own in self._by_id if any(map(_hides, self._chain(own)))}

    def of_paragraph(self, paragraph: _Element) -> ParagraphStyle:
        """By its own properties first, then by those of its style and of the styles below."""
        chain = self._chain(_value(paragraph, "w:pPr", "w:pStyle"))
        names = [_value(style, "w:name").lower() for style in chain]
        heading = next((int(match[1]) for name in names if (match := _HEADING.fullmatch(name))), None)
        outline = next(filter(str.isdigit, (_value(e, "w:pPr", "w:outlineLvl") for e in (paragraph, *chain))), None)
        if heading is None and outline is not None and int(outline) < _BODY_TEXT:
            heading = int(outline) + 1
        is_title = "title" in names
        return ParagraphStyle(
            heading=1 if is_title else heading and min(heading, _LOWEST_HEADING),
            is_title=is_title,
            is_caption="caption" in names,
            is_contents=any(map(_CONTENTS.match, names)),
            is_entry="bibliography" in names,
            is_continued=any(name.startswith("list continue") for name in names),
            place=_place(paragraph, chain, names),
        )

    def hides_paragraph(self, paragraph: _Element) -> bool:
        """Whether the style of a paragraph hides its runs or strikes them through."""
        return _value(paragraph, "w:pPr", "w:pStyle") in self._hiding

    def hides_run(self, run: _Element) -> bool | None:
        """Whether a run is hidden or struck through, itself or by its style; None where neither says anything of it."""
        own = run.find(qn("w:rPr"))
        stated = [is_on for mark in ("w:vanish", "w:strike", "w:dstrike") if (is_on := _is_on(own, mark)) is not None]
        return any(stated) if stated else _value(own, "w:rStyle") in self._hiding or None

    def _chain(self, own: str) -> list[_Element]:
        """A style, then that which it is based on, and so on; a chain may be a circle."""
        chain: list[_Element] = []
        while own in self._by_id and len(chain) < _LONGEST_CHAIN:
            chain.append(self._by_id[own])
            own = _value(chain[-1], "w:basedOn")
        return chain


class Numberings:
    """How the lists of a document count."""

    def __init__(self, numbering: _Element | None) -> None:
        self._starts: dict[str, int] = {}
        if numbering is None:
            return
        abstract = {e.get(qn("w:abstractNumId"), ""): e for e in numbering.findall(qn("w:abstractNum"))}
        for number in numbering.findall(qn("w:num")):
            pattern = abstract.get(_value(number, "w:abstractNumId"))
            level = pattern.find(qn("w:lvl")) if pattern is not None else None
            override = number.find(f"{qn('w:lvlOverride')}/{qn('w:startOverride')}")
            if level is not None and _value(level, "w:numFmt") not in ("bullet", "none"):
                start = override.get(_W_VAL, "") if override is not None else _value(level, "w:start")
                self._starts[number.get(qn("w:numId"), "")] = int(start) if re.fullmatch(r"\d{1,4}", start) else 1

    def start(self, number: str) -> int | None:
        """What a list begins to count from; None when it does not count."""
        return self._starts.get(number)


def _place(paragraph: _Element, chain: list[_Element], names: list[str]) -> ListPlace | None:
    """The place in a list that the nearest properties give; the styles of bullets say their level by their name."""
    named = next((match for name in names if (match := _LIST.fullmatch(name))), None)
    own = [e.find(f"{qn('w:pPr')}/{qn('w:numPr')}") for e in (paragraph, *chain)]
    number = next((value for e in own if (value := _value(e, "w:numId"))), names[0] if named else _NO_LIST)
    if number == _NO_LIST:
        return None
    level = next((value for e in own if (value := _value(e, "w:ilvl"))), "0")
    depth = int(level) if re.fullmatch(r"[0-8]", level) else 0
    return ListPlace(number, max(depth, int(named[1]) - 1 if named and named[1] else 0))


def _hides(style: _Element) -> bool:
    properties = style.find(qn("w:rPr"))
    return any(_is_on(properties, mark) for mark in ("w:vanish", "w:strike", "w:dstrike"))


def _is_on(properties: _Element | None, mark: str) -> bool | None:
    """Whether a mark is set, or None where nothing is said of it."""
    found = properties.find(qn(mark)) if properties is not None else None
    return None if found is None else found.get(_W_VAL, "on") not in _OFF


def _value(element: _Element | None, *path: str) -> str:
    """The value of the first element at ``path``; empty without."""
    found = element.find("/".join(map(qn, path))) if element is not None else None
    return found.get(_W_VAL, "") if found is not None else ""
