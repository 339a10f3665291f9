"""The running text of JATS articles: inline markup, formulas, and citations as markers."""

from __future__ import annotations

import re
from collections.abc import Collection

from lxml.etree import _Element

from temsiqa.documents.canonical import clean
from temsiqa.documents.markup import INDEX_END, SUPERSCRIPT, MixedContent
from temsiqa.documents.mathml import mathml_text, tex_text
from temsiqa.documents.xml import find_all, local_name, text_of

FIGURES = frozenset("fig fig-group supplementary-material media graphic chem-struct-wrap".split())
FLOATS = FIGURES | frozenset("table-wrap table-wrap-group array boxed-text fn".split())
LISTS = frozenset({"list", "def-list"})
XLINK = "{http://www.w3.org/1999/xlink}href"

_INLINE = frozenset(
    "abbrev alternatives bold chem-struct email ext-link fixed-case fn hr inline-formula inline-graphic "
    "inline-supplementary-material italic math milestone-end milestone-start monospace named-content overline "
    "private-char roman ruby sans-serif sc strike styled-content sub sup target tex-math underline uri x xref".split()
)
# Elements that begin on a new line; all others part words only where one follows another with nothing between them.
_BLOCKS = (
    FLOATS
    | LISTS
    | frozenset(
        "attrib break caption def def-item disp-formula disp-quote label list-item p preformat speech statement table "
        "td term th title tr verse-group verse-line".split()
    )
)
_SOFT, _CITED, _UNCITED = "\x01", "\x02", "\x03"
_PARTS = re.compile(rf"(?<=[\w.,;:?!)\]”’%]){_SOFT}{{2,}}(?=[\w(\[“‘])")
_GAP = rf"[\s{SUPERSCRIPT}{INDEX_END}]*+"
_DASH = r"[-‐‑–—−]"
_NUMBERS = rf"\d{{1,3}}(?:{_GAP}(?:[,;]|{_DASH}){_GAP}\d{{1,3}})*"
_NUMERIC = re.compile(rf"\s*[\[(]?\s*{_NUMBERS}\s*[\])]?\s*")
_CITATION = rf"{_CITED}{_GAP}[\[(]?{_GAP}{_NUMBERS}{_GAP}[\])]?{_GAP}{_UNCITED}"
_RUN = rf"{_CITATION}(?:{_GAP}(?:[,;]|{_DASH}){_GAP}{_CITATION})*"
_RUNS = re.compile(rf"\[{_GAP}{_RUN}{_GAP}\]|\({_GAP}{_RUN}{_GAP}\)|{_RUN}")
_NO_NUMBERS = re.compile(rf"[{_CITED}{_UNCITED}{SUPERSCRIPT}{INDEX_END}\[\]()]")
_ODD_DASH = re.compile("[‐‑—−]")
_RANGE = re.compile(r"\[(\d{1,3})\]\s*[-–]\s*\[(\d{1,3})\]")


class JatsText(MixedContent):
    """Words of an article. Citations of the references ``cited`` become ``[7]`` where they are numbers."""

    inline = _INLINE
    skipped = FLOATS | frozenset("alt-text index-term long-desc object-id ref-list".split())

    def __init__(self, cited: Collection[str] = (), numbered: bool = False) -> None:
        self._cited = cited
        self._numbered = numbered

    def opening(self, element: _Element) -> str:
        """A citation keeps its place until the text around it is known."""
        return self._citation(element, _CITED) or self._boundary(element) or super().opening(element)

    def closing(self, element: _Element) -> str:
        """As ``opening``."""
        return self._citation(element, _UNCITED) or self._boundary(element) or super().closing(element)

    def finished(self, raw: str) -> str:
        """Citations with the brackets of markers, and blanks between elements that nothing else parts."""
        marked = _RANGE.sub(r"[\1–\2]", _RUNS.sub(_in_brackets, raw)) if self._numbered else raw
        return super().finished(_PARTS.sub(" ", marked))

    def _citation(self, element: _Element, mark: str) -> str:
        return mark if self._numbered and is_citation(element, self._cited) else ""

    def _boundary(self, element: _Element) -> str:
        name = local_name(element)
        return "" if name in self.inline or name in _BLOCKS else _SOFT


def is_citation(element: _Element, references: Collection[str]) -> bool:
    """Whether an element points to the reference list, whose ids are ``references``."""
    if local_name(element) != "xref":
        return False
    return element.get("ref-type") == "bibr" or any(rid in references for rid in element.get("rid", "").split())


def is_numeric(citation: str) -> bool:
    """Whether a citation is a number, a range or a run of them, in brackets or not."""
    return bool(_NUMERIC.fullmatch(citation))


def _in_brackets(run: re.Match[str]) -> str:
    """Numbers in one pair of brackets, whatever stood around them, with dashes that a marker may hold."""
    return f"[{_ODD_DASH.sub('–', _NO_NUMBERS.sub('', run.group())).strip()}]"


def write_out_formulas(article: _Element) -> None:
    """Puts plain characters in place of formulas, of each the most readable of its alternatives."""
    for alternatives in list(article.iter("{*}alternatives")):
        formulas = [*find_all(alternatives, "math"), *find_all(alternatives, "tex-math")]
        best = next(iter(formulas), None)
        for other in [node for node in alternatives if best is not None and node is not best]:
            alternatives.remove(other)
    for formula in list(article.iter("{*}math", "{*}tex-math")):
        text = mathml_text(formula) if local_name(formula) == "math" else tex_text(text_of(formula))
        formula.clear(keep_tail=True)
        formula.text = clean(text)
