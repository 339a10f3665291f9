"""Tables of a web page: which of them hold data, and what they hold."""

from __future__ import annotations

from collections.abc import Iterator

from lxml.etree import _Element

from temsiqa.documents.html.content import HEADINGS, words_of

_CELLS = frozenset({"td", "th"})


def holds_data(table: _Element) -> bool:
    """Whether a table without other tables in it holds data, and does not just lay out the page or frame a text."""
    if table.get("role") in ("presentation", "none"):
        return False
    widths = [sum(1 for cell in row if cell.tag in _CELLS and words_of(cell)) for row in table.iter("tr")]
    is_framed = next(table.iter(*HEADINGS), None) is not None or len(widths) == 1
    return max(widths, default=0) > 1 and (next(table.iter("th"), None) is not None or not is_framed)


def captions_of(table: _Element) -> Iterator[_Element]:
    """Its own caption, and that of the figure that it is."""
    yield from table.iter("caption")
    figure = next(table.iterancestors("figure"), None)
    if figure is not None:
        yield from figure.iter("figcaption")


def is_bold(element: _Element) -> bool:
    """Whether what stands in an element is bold."""
    return element.tag in ("b", "strong")
