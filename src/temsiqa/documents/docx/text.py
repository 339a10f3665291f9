"""The words of a paragraph of a Word document: insertions kept, deletions and what is hidden left out."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from docx.oxml.ns import qn
from lxml.etree import _Element, iterwalk

from temsiqa.documents.canonical import clean, one_line
from temsiqa.documents.docx.styles import Styles
from temsiqa.documents.entries import cited_numbers
from temsiqa.documents.pdf.glyphs import resolved

_MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_LEFT_OUT = frozenset(
    {_FALLBACK, *map(qn, "w:del w:moveFrom w:pPr w:rPr w:delText w:delInstrText w:sdtPr w:rt w:object".split())}
)
_BLANKS = frozenset(map(qn, "w:tab w:ptab w:br w:cr".split()))
_NOTES = {qn("w:footnoteReference"): "footnote", qn("w:endnoteReference"): "endnote"}
_TEXTS = frozenset({qn("w:t"), f"{_MATH}t"})
_FRACTION = {f"{_MATH}num": "/", f"{_MATH}den": ""}
_CITING_FIELD = re.compile(r"\s*(?:ADDIN\s+(?:ZOTERO_ITEM|CSL_CITATION|EN\.CITE|Mendeley)|CITATION\b)", re.IGNORECASE)
_EXPONENT = re.compile(r"\s*[0-9+−-]+\s*")
_RAISED = str.maketrans("0123456789+-−", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻")
_PRIVATE = re.compile(r"[\ue000-\uf8ff]")
_W_VAL, _W_ID, _R_ID = qn("w:val"), qn("w:id"), qn("r:id")


@dataclass(frozen=True, slots=True)
class Words:
    """The text of a paragraph on one line, and what hangs on it.

    ``boxes`` are text boxes, ``notes`` the kinds and ids of its notes, ``links`` the addresses that it links to.
    """

    text: str
    boxes: tuple[_Element, ...]
    notes: tuple[tuple[str, str], ...]
    links: tuple[str, ...]


def words_of(paragraph: _Element, styles: Styles, addresses: Mapping[str, str]) -> Words:
    """The words of a paragraph; ``addresses`` maps the ids of the document's links to where they lead."""
    listener = _Listener(styles, addresses, styles.hides_paragraph(paragraph))
    walk = iterwalk(paragraph, events=("start", "end"))
    for event, element in walk:
        if event == "end":
            listener.end(element)
        elif listener.start(element):
            walk.skip_subtree()
    return Words(
        one_line(clean("".join(listener.said))), tuple(listener.boxes), tuple(listener.notes), tuple(listener.links)
    )


@dataclass(slots=True)
class _Field:
    """A field of Word's: what it does, and where in the text its result begins."""

    result: int
    instruction: str = ""


@dataclass(slots=True)
class _Listener:
    """Takes the elements of a paragraph one after the other."""

    styles: Styles
    addresses: Mapping[str, str]
    is_hidden: bool
    said: list[str] = field(default_factory=list)
    boxes: list[_Element] = field(default_factory=list)
    notes: list[tuple[str, str]] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    fields: list[_Field] = field(default_factory=list)
    fractions: list[int] = field(default_factory=list)

    def start(self, element: _Element) -> bool:
        """Whether what stands in the element is not to be listened to."""
        tag = str(element.tag)
        if tag in _LEFT_OUT or self._is_hidden(element) or _is_placeholder(element):
            return True
        if tag == qn("w:txbxContent"):
            self.boxes.append(element)
            return True
        if tag in _TEXTS:
            self.said.append(self._shown(element))
        elif tag in _BLANKS:
            self.said.append(" ")
        elif tag == qn("w:noBreakHyphen"):
            self.said.append("-")
        elif tag == qn("w:sym"):
            self.said.append(_symbol(element))
        elif tag in _NOTES:
            self.notes.append((_NOTES[tag], element.get(_W_ID, "")))
        elif tag == qn("w:hyperlink"):
            self.links += filter(None, [self.addresses.get(element.get(_R_ID, ""))])
        elif tag == qn("w:fldChar"):
            self._field(element.get(qn("w:fldCharType"), ""))
        elif tag == qn("w:instrText") and self.fields:
            self.fields[-1].instruction += element.text or ""
        elif tag in _FRACTION:
            self.fractions.append(len(self.said))
        return False

    def end(self, element: _Element) -> None:
        """A part of a fraction is put in brackets if it is a sum or the like."""
        if element.tag in _FRACTION and self.fractions:
            start = self.fractions.pop()
            part = "".join(self.said[start:])
            simple = re.fullmatch(r"[\w.,]*", part)
            self.said[start:] = [part if simple else f"({part})", _FRACTION[str(element.tag)]]

    def _is_hidden(self, element: _Element) -> bool:
        by_run = self.styles.hides_run(element) if element.tag == qn("w:r") else False
        return self.is_hidden if by_run is None else by_run

    def _field(self, kind: str) -> None:
        """The result of a field that cites by number is a marker, in brackets."""
        if kind == "begin":
            self.fields.append(_Field(len(self.said)))
        elif kind == "separate" and self.fields:
            self.fields[-1].result = len(self.said)
        elif kind == "end" and self.fields:
            ended = self.fields.pop()
            numbers = cited_numbers(one_line("".join(self.said[ended.result :])))
            if numbers and _CITING_FIELD.match(ended.instruction):
                self.said[ended.result :] = [f"[{numbers}]"]

    def _shown(self, element: _Element) -> str:
        """Text as it is seen: by the font, if it is one of symbols; an exponent stays one, so that 10⁶ is not 106."""
        text, run = element.text or "", element.getparent()
        properties = run.find(qn("w:rPr")) if run is not None else None
        if properties is None:
            return _seen(text, "")
        fonts, raised = properties.find(qn("w:rFonts")), properties.find(qn("w:vertAlign"))
        font = fonts.get(qn("w:ascii"), "") if fonts is not None else ""
        is_raised = raised is not None and raised.get(_W_VAL) == "superscript"
        if is_raised and _EXPONENT.fullmatch(text) and self.said and self.said[-1][-1:].isdecimal():
            return text.translate(_RAISED)
        return _seen(text, font)


def _seen(text: str, font: str) -> str:
    return resolved(text, font) if "symbol" in font.lower() or _PRIVATE.search(text) else text


def _symbol(element: _Element) -> str:
    """What a character of a symbol font stands for."""
    code = element.get(qn("w:char"), "")
    return resolved(chr(int(code, 16)), element.get(qn("w:font"), "")) if re.fullmatch("[0-9A-Fa-f]{4}", code) else ""


def _is_placeholder(element: _Element) -> bool:
    """Whether it is a form field that still says "Click here to enter text"."""
    return element.tag == qn("w:sdt") and element.find(f"{qn('w:sdtPr')}/{qn('w:showingPlcHdr')}") is not None
