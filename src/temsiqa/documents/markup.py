"""Words among XML markup: running text and tables, for every vocabulary that mixes words with elements."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator

from lxml.etree import _Element, iterwalk

from temsiqa.documents.canonical import clean, one_line
from temsiqa.documents.cells import Cell, as_table
from temsiqa.documents.outline import Table
from temsiqa.documents.xml import local_name, text_of, topmost
from temsiqa.errors import DocumentError

# No XML text can hold these characters: they stand for markup until the words around it are known.
SUPERSCRIPT, INDEX_END = "\x05", "\x07"
_SUBSCRIPT, _PARTED = "\x06", "\x08"
_EXPONENT = re.compile(rf"(?<=\d){SUPERSCRIPT}([0-9+−-]+){INDEX_END}")
_BREAK_BEFORE_INDEX = re.compile(
    rf"(?<=[\w)])[^\S\n]*\n\s*(?=[{SUPERSCRIPT}{_SUBSCRIPT}][^{INDEX_END}]*{INDEX_END}(?!\w))"
)
_BREAK_BEFORE_STOP = re.compile(r"(?<=\S)[^\S\n]*\n\s*(?=[.,;:)](?!\w|\.\.))")
_RAISED = str.maketrans("0123456789+-−", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻")
_LONGEST_HEADING = 25
_SPAN = re.compile(r"\s*\d{1,6}\s*")


class MixedContent:
    """The words among the markup of one vocabulary, on one line.

    ``inline`` are the elements that may stand inside a word, all others part words; what stands in an element of
    ``skipped`` does not belong to the running text. What ``raised`` and ``lowered`` elements hold is an index of the
    word before it; an exponent stays one, so that 10⁶ does not become 106.
    """

    inline: frozenset[str] = frozenset()
    raised: frozenset[str] = frozenset({"sup"})
    lowered: frozenset[str] = frozenset({"sub"})
    skipped: frozenset[str] = frozenset()

    def text(self, element: _Element | None, without: Collection[str] = ()) -> str:
        """The words of an element, those in elements named in ``without`` left out; empty when there is no element."""
        if element is None:
            return ""
        return self.finished("".join(part for part in self._parts(element, without) if isinstance(part, str)))

    def runs(self, element: _Element, blocks: Collection[str]) -> Iterator[str | _Element]:
        """In order: the children named in ``blocks``, as elements, and the running text between them, as text."""
        said: list[str] = []
        for part in self._parts(element, (), blocks):
            if isinstance(part, str):
                said.append(part)
            else:
                yield from filter(None, [self.finished("".join(said))])
                yield part
                said.clear()
        yield from filter(None, [self.finished("".join(said))])

    def opening(self, element: _Element) -> str:
        """What stands for the start of an element."""
        name = local_name(element)
        if name in self.raised or name in self.lowered:
            return SUPERSCRIPT if name in self.raised else _SUBSCRIPT
        return "" if name in self.inline else _PARTED

    def closing(self, element: _Element) -> str:
        """What stands for the end of an element."""
        name = local_name(element)
        is_index = name in self.raised or name in self.lowered
        return INDEX_END if is_index else "" if name in self.inline else _PARTED

    def finished(self, raw: str) -> str:
        """Text in which markup was replaced, cleaned. A line break before an index or a stop only lays the file out."""
        joined = _BREAK_BEFORE_STOP.sub("", _BREAK_BEFORE_INDEX.sub("", raw))
        raised = _EXPONENT.sub(lambda match: match[1].translate(_RAISED), joined)
        return one_line(clean(raised.replace(_PARTED, " ")))

    def _parts(
        self, element: _Element, without: Collection[str], blocks: Collection[str] = ()
    ) -> Iterator[str | _Element]:
        """Strings, what stands for markup, and the children that are blocks."""
        walker = iterwalk(element, events=("start", "end"))
        for event, node in walker:
            inside = node is not element
            if event == "end":
                yield self.closing(node)
                yield (node.tail or "") if inside else ""
                continue
            yield self.opening(node)
            is_block = local_name(node) in blocks and node.getparent() is element
            if inside and (is_block or local_name(node) in self.skipped or local_name(node) in without):
                walker.skip_subtree()
                yield node if is_block else ""
            else:
                yield node.text or ""


def is_wholly(element: _Element, style: Callable[[_Element], bool]) -> bool:
    """Whether an element has words and all of them stand inside elements of a ``style``."""
    styled, walker = False, iterwalk(element, events=("start", "end"))
    for event, node in walker:
        inside = node is not element
        if event == "start" and inside and style(node):
            styled = styled or bool(text_of(node))
            walker.skip_subtree()
            continue
        plain = node.text if event == "start" else node.tail if inside else ""
        if plain and plain.strip():
            return False
    return styled


def is_heading(paragraph: _Element, style: Callable[[_Element], bool]) -> bool:
    """Whether a paragraph stands for a heading: short, all in a ``style``, and no sentence."""
    text = text_of(paragraph)
    return len(text.split()) <= _LONGEST_HEADING and text[-1:] not in (*".,;!",) and is_wholly(paragraph, style)


def table_of(table: _Element, words: MixedContent, is_bold: Callable[[_Element], bool], name: str) -> Table:
    """The table of an XHTML-like element, without its foot. A first row that is set off in bold is its header as well.

    Raises ``DocumentError`` when it is gigantic.
    """
    rows = [[cell for cell in row if local_name(cell) in ("td", "th")] for row in _body_rows(table)]
    in_bold = [all(is_wholly(cell, is_bold) for cell in row if text_of(cell)) for row in rows[:2]]
    styled = rows[0] if in_bold == [True, False] else []
    try:
        return as_table([[_cell(cell, words, cell in styled) for cell in row] for row in rows])
    except ValueError as error:
        raise DocumentError(f"{name}: {error}") from error


def only_column(table: _Element) -> list[_Element]:
    """The cells of a table of one column without a header, which merely frames its words; none of any other."""
    rows = [list(topmost(row, {"td", "th"})) for row in _body_rows(table)]
    cells = [cell for row in rows for cell in row]
    return cells if all(len(row) == 1 and local_name(row[0]) == "td" for row in rows) else []


def _body_rows(table: _Element) -> list[_Element]:
    """Its rows but for those of its foot and of tables inside it."""
    return list(topmost(table, {"tr"}, closed={"tfoot"}))


def _cell(cell: _Element, words: MixedContent, styled: bool) -> Cell:
    heads = styled or local_name(cell) == "th" or next(cell.iterancestors("{*}thead"), None) is not None
    return Cell(words.text(cell), _span(cell, "rowspan"), _span(cell, "colspan"), heads)


def _span(cell: _Element, attribute: str) -> int:
    """How many rows or columns a cell says it spans; one where it says no number."""
    said = cell.get(attribute, "")
    return int(said) if _SPAN.fullmatch(said) else 1
