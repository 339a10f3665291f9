"""Where the reference list of a web page stands, and what its entries are."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree
from lxml.etree import _Element

from temsiqa.documents.canonical import one_line
from temsiqa.documents.entries import Entry, heads_references, is_entry
from temsiqa.documents.html.content import HEADINGS, ancestors_of, words_of
from temsiqa.documents.html.text import PageText

_CONTAINERS = frozenset({"ul", "ol", "dl", "div", "section"})
_LISTS = frozenset({"ul", "ol", "dl"})
_PARAGRAPHS = frozenset({"p", "div"})
_NAME = re.compile(r"(?:^|[-_ ])(?:references|ref(?:erence)?-?list|bibliography|endnotes|footnotes)(?:$|[-_ ])", re.I)
_NOTES = re.compile(r"endnotes|footnotes", re.IGNORECASE)
_LABEL = re.compile(
    r"\W*(?:pubmed(?: central)?|pmc(?: free article)?|cross ?ref|google scholar|scopus|web of science|"
    r"(?:free )?full[ -]text|view (?:article|abstract))\W*",
    re.IGNORECASE,
)
_BACK = re.compile(r"\W*[a-z]?\W*|(?:go to|return to|back to|jump up).*", re.IGNORECASE)
_EMPTY_BRACKETS = re.compile(r"\s*(?:\[[\s,;|]*\]|\([\s,;|]*\))")
_LOWEST_LEVEL = 7  # any heading ends what stands under a paragraph
_LARGEST_PARAGRAPH = 3000


@dataclass(frozen=True, slots=True)
class ReferenceLists:
    """The lists and the paragraphs that hold entries, and the ids and anchors inside them, to which citations link.

    ``headings`` are paragraphs that stand for the heading of a reference list.
    """

    headings: set[_Element] = field(default_factory=set)
    lists: set[_Element] = field(default_factory=set)
    paragraphs: set[_Element] = field(default_factory=set)
    targets: set[str] = field(default_factory=set)

    def add(self, element: _Element, kind: set[_Element]) -> None:
        """Notes ``element`` as a list or paragraph of entries."""
        kind.add(element)
        self.targets.update(name for e in element.iter() for name in (e.get("id"), e.get("name")) if name)


def find_references(content: _Element) -> ReferenceLists:
    """The reference lists of a page: what is called so, and the list or numbered paragraphs under such a heading."""
    found, level, inside = ReferenceLists(), 0, set[_Element]()
    mixed = ancestors_of(title for title in content.iter(*HEADINGS) if not heads_references(words_of(title)))
    walk = etree.iterwalk(content, events=("start", "end"))
    for event, element in walk:
        if event == "end":
            inside.discard(element)
        elif element.tag in HEADINGS:
            level = _level_below(element, level)
        elif element.tag in _LISTS and element not in mixed and _is_list(element, bool(level or inside), found):
            found.add(element, found.lists)
            walk.skip_subtree()
        elif element not in mixed and _is_called_so(element):
            inside.add(element)
        elif element.tag in _PARAGRAPHS and not any(child.tag in _PARAGRAPHS | _CONTAINERS for child in element):
            text = words_of(element)
            if heads_references(text):
                found.headings.add(element)
                level = _LOWEST_LEVEL
            elif (level or inside) and len(text) < _LARGEST_PARAGRAPH and is_entry(text):
                found.add(element, found.paragraphs)
            walk.skip_subtree()
    return found


def _level_below(heading: _Element, level: int) -> int:
    """The level of the references heading that what comes next stands under; 0 when it stands under none."""
    own = int(str(heading.tag)[1])
    return own if heads_references(words_of(heading)) else level if own > level else 0


def _is_called_so(element: _Element) -> bool:
    """By class, id or role. Notes are entries only where they are counted."""
    said = f"{element.get('class', '')} {element.get('id', '')} {element.get('role', '')}"
    named = _NAME.search(said) if element.tag in _CONTAINERS else None
    return named is not None and (element.tag == "ol" or not _NOTES.search(said))


def _is_list(listed: _Element, is_below: bool, found: ReferenceLists) -> bool:
    """Whether it is called so or stands below the heading; there the first does, and others if they hold entries."""
    if _is_called_so(listed) or (is_below and not found.lists):
        return True
    return is_below and 2 * sum(is_entry(words_of(item)) for item in listed) >= len(listed)


def entries_of(listed: _Element, text: PageText) -> Iterator[Entry]:
    """The entries of a list. One that counts gives each a number, from its ``start`` on or by an item's ``value``."""
    number = start_of(listed)
    for item in listed:
        if item.tag == "dt":
            number = _whole_number(re.sub(r"\W", "", words_of(item)), number)
            continue
        number = _whole_number(item.get("value"), number)
        yield entry_of(item, text, number if listed.tag in ("ol", "dl") else None)
        number += 1


def entry_of(element: _Element, text: PageText, number: int | None = None) -> Entry:
    """One entry, without the links that lead back to the text and the bare names of literature search sites."""
    said = one_line(_EMPTY_BRACKETS.sub("", text.words(element, _is_no_part)))
    links = tuple(href for e in element.iter("a") if (href := e.get("href", "").strip()).lower().startswith("http"))
    return Entry(said, links, number)


def _is_no_part(element: _Element) -> bool:
    if element.tag != "a":
        return False
    label = _BACK if element.get("href", "#").startswith("#") else _LABEL
    return label.fullmatch(words_of(element)) is not None


def start_of(listed: _Element) -> int:
    """The number that a list begins to count from."""
    return _whole_number(listed.get("start"), 1)


def _whole_number(text: str | None, otherwise: int) -> int:
    return int(text) if text and re.fullmatch(r"\d{1,3}", text.strip()) else otherwise
