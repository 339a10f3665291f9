"""Lists of a web page → items, nested lists after the item they hang on."""

from __future__ import annotations

from collections.abc import Sequence

from lxml.etree import _Element

from temsiqa.documents.html.text import PageText
from temsiqa.documents.outline import Item

LISTS = frozenset({"ul", "ol", "menu", "dir", "dl"})
_PARTS_OF_LISTS = LISTS | {"li", "dt", "dd"}
_DEEPEST_NESTING = 30


class ItemReader:
    """Reads items one after the other into ``items``."""

    def __init__(self, text: PageText) -> None:
        self.items: list[Item] = []
        self._text = text

    def read_list(self, listed: _Element, parent: int | None = None, depth: int = 1) -> None:
        """All items of a list; lists nested without an item of their own hang on the item before them."""
        last = parent
        for part in self._text.parts(listed, lambda element: element.tag in _PARTS_OF_LISTS):
            if isinstance(part, str):
                last = self.put([part], parent, last)
            elif part.tag in LISTS and depth < _DEEPEST_NESTING:
                self.read_list(part, last, depth + 1)
            else:
                last = self.read_item(part, parent, depth)

    def read_item(
        self, element: _Element, parent: int | None = None, depth: int = 1, before: Sequence[str] = ()
    ) -> int | None:
        """An item and the lists in it; where it stands. Text after a list is one more item, so that order is kept."""
        own, said = parent, list(before)
        for part in self._text.parts(element, lambda e: e.tag in LISTS and depth < _DEEPEST_NESTING):
            if isinstance(part, str):
                said.append(part)
            else:
                own = self.put(said, parent, own)
                said.clear()
                self.read_list(part, own, depth + 1)
        return self.put(said, parent, own)

    def put(self, said: Sequence[str], parent: int | None, otherwise: int | None) -> int | None:
        """Where an item of what was ``said`` stands; ``otherwise`` if that was nothing."""
        text = self._text.line("".join(said))
        if not text:
            return otherwise
        self.items.append(Item(text, parent))
        return len(self.items) - 1
