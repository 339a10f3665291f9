"""Formulas in MathML or TeX → one line of plain characters."""

from __future__ import annotations

import re

from lxml.etree import _Element
from pylatexenc.latex2text import LatexNodes2Text
from pylatexenc.latexwalker import LatexWalkerError

from temsiqa.documents.canonical import one_line
from temsiqa.documents.xml import local_name

_SIMPLE = re.compile(r"[\w.]*")
_EXPONENT = re.compile(r"[0-9+−-]+")
_RAISED = str.maketrans("0123456789+-−", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻")
_LONGEST_TEX = 3000


def mathml_text(math: _Element) -> str:
    """A formula as it is read: ``(a+b)/2`` for a fraction, ``10⁻³`` for a power, ``xi`` for an index."""
    said: dict[_Element, str] = {}
    nodes = list(math.iter("{*}*"))
    for node in reversed(nodes):
        said[node] = _node_text(node, [said[child] for child in node if child in said])
    return one_line(said[math])


def _node_text(node: _Element, parts: list[str]) -> str:
    """The text of one node from those of its children; white space between them only lays the file out."""
    match local_name(node), parts:
        case ("annotation" | "annotation-xml" | "none" | "mprescripts", _):
            return ""
        case "mspace", _:
            return " "
        case "mfrac", [above, below]:
            return f"{_bracketed(above)}/{_bracketed(below)}"
        case "msqrt", _:
            return f"√{_bracketed(''.join(parts))}"
        case (("msup" | "msubsup"), [base, *index, power]) if base[-1:].isdigit() and _EXPONENT.fullmatch(power):
            return "".join([base, *index, power.translate(_RAISED)])
        case (("mtr" | "mtable"), _):
            return " ".join(parts)
        case _, []:
            return one_line(node.text or "") or " " * bool(node.text)
        case _:
            return "".join(parts)


def _bracketed(part: str) -> str:
    return part if _SIMPLE.fullmatch(part) else f"({part})"


def tex_text(source: str) -> str:
    """A TeX formula, or one wrapped in a TeX document, in plain characters; as it stands where that fails."""
    body = source.partition(r"\begin{document}")[2] or source
    formula = body.partition(r"\end{document}")[0].strip().strip("$")
    if len(formula) > _LONGEST_TEX:
        return one_line(formula)
    try:
        return one_line(LatexNodes2Text(math_mode="text").latex_to_text(formula, tolerant_parsing=False))
    except (LatexWalkerError, LookupError, RecursionError):
        return one_line(formula)
