"""The words of an element of a web page: inline tags never part words, blocks and line breaks always do."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator
from urllib.parse import unquote

from lxml.etree import _Element, iterwalk

from temsiqa.documents.canonical import one_line
from temsiqa.documents.entries import CITED_NUMBERS, cited_numbers
from temsiqa.documents.markup import MixedContent

_BLOCKS = frozenset(
    "address article aside blockquote body button caption center dd details dir div dl dt fieldset figcaption figure "
    "footer form h1 h2 h3 h4 h5 h6 header hgroup hr legend li main menu ol p pre section summary table tbody td tfoot "
    "th thead tr ul".split()
)
# Stand between the words until they are put together; no page that was parsed holds these characters.
_LINE, _BLOCK, _CITED, _UNCITED = "\x01", "\x02", "\x03", "\x04"
_PARAGRAPH_END = re.compile(f"{_BLOCK}|{_LINE}\\s*{_LINE}")
_CITING_ROLE = re.compile(r"\b(?:doc-biblioref|biblioref|bibr|bibref)\b", re.IGNORECASE)
_ONE = rf"{_CITED}{CITED_NUMBERS}{_UNCITED}"
_RUN = re.compile(rf"{_ONE}(?:\s*[,;–-]\s*{_ONE})*")
_IN_BRACKETS = re.compile(rf"[\[(]([\d\s,;–{_CITED}{_UNCITED}-]{{1,300}})[\])]")

Predicate = Callable[[_Element], bool]


class PageText(MixedContent):
    """Reads words. A number that links to one of ``targets``, the entries of the reference list, stands in brackets."""

    def __init__(self, targets: Collection[str]) -> None:
        self._targets = targets

    def text(self, element: _Element | None, without: Collection[str] = ()) -> str:
        """All words in an element on one line, those in elements named in ``without`` left out."""
        return self.words(element, lambda e: e.tag in without) if element is not None else ""

    def words(self, element: _Element, leave_out: Predicate) -> str:
        """All words in ``element`` on one line, those in elements to ``leave_out`` left out."""
        return self.line("".join(part for part in self.parts(element, leave_out) if isinstance(part, str)))

    def line(self, raw: str) -> str:
        """Raw text on one line."""
        return " ".join(line for lines in self.paragraphs(raw) for line in lines)

    def paragraphs(self, raw: str) -> Iterator[list[str]]:
        """The paragraphs of raw text, each as its lines; none is empty."""
        if _CITED in raw:
            raw = _RUN.sub(_bracketed, _IN_BRACKETS.sub(_bracketed_once, raw))
        for paragraph in _PARAGRAPH_END.split(raw):
            lines = [self.finished(line) for line in paragraph.split(_LINE)]
            if any(lines):
                yield [line for line in lines if line]

    def parts(self, root: _Element, is_apart: Predicate) -> Iterator[str | _Element]:
        """Raw text and the elements that stand apart in it, in order."""
        preformatted = 0
        walk = iterwalk(root, events=("start", "end"))
        for event, element in walk:
            preformatted += (element.tag == "pre") * (1 if event == "start" else -1)
            if event == "end":
                yield self.closing(element) + (_lined(element.tail, preformatted) if element is not root else "")
            elif element is not root and is_apart(element):
                yield _BLOCK
                yield element
                walk.skip_subtree()
            elif numbers := self._citation(element):
                yield f"{_CITED}{numbers}{_UNCITED}"
                walk.skip_subtree()
            else:
                yield self.opening(element) + _lined(element.text, preformatted)

    def opening(self, element: _Element) -> str:
        """What stands for the start of an element; other superscripts than citations are indices."""
        if element.tag in ("sup", "sub"):
            return "" if self._holds_citation(element) else super().opening(element)
        return _BLOCK if element.tag in _BLOCKS else ""

    def closing(self, element: _Element) -> str:
        """What stands for the end of an element."""
        if element.tag in ("sup", "sub"):
            return "" if self._holds_citation(element) else super().closing(element)
        return _LINE if element.tag == "br" else self.opening(element)

    def _holds_citation(self, element: _Element) -> bool:
        return any(self._citation(link) for link in element.iter("a"))

    def _citation(self, element: _Element) -> str | None:
        """The numbers of the references that an element links to."""
        if element.tag != "a" or "#" not in element.get("href", ""):
            return None
        is_entry = unquote(element.get("href", "").partition("#")[2]) in self._targets
        is_called_so = _CITING_ROLE.search(f"{element.get('role', '')} {element.get('class', '')}")
        return cited_numbers(one_line("".join(element.itertext()))) if is_entry or is_called_so else None


def _lined(text: str | None, preformatted: int) -> str:
    """Text with its line breaks where they count."""
    return (text or "").replace("\n", _LINE) if preformatted else text or ""


def _unmarked(text: str) -> str:
    return text.replace(_CITED, "").replace(_UNCITED, "")


def _bracketed(cited: re.Match[str]) -> str:
    return f"[{_unmarked(cited.group())}]"


def _bracketed_once(brackets: re.Match[str]) -> str:
    """A citation that stands in brackets of its own keeps them; round ones become square."""
    return f"[{_unmarked(brackets[1]).strip()}]" if _CITED in brackets[1] else brackets.group()
