"""SPL XML (Structured Product Labeling, the drug labels of DailyMed) → outline."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import zip_longest

from lxml.etree import _Element

from temsiqa.documents import matter
from temsiqa.documents.markup import MixedContent, is_heading, only_column, table_of
from temsiqa.documents.outline import Heading, Item, ItemList, Outline, Paragraph, Piece, Table
from temsiqa.documents.publication import iso_date
from temsiqa.documents.stated import Stated
from temsiqa.documents.xml import (
    attribute,
    find,
    find_all,
    local_name,
    parse_xml,
    text_of,
    topmost,
    write_out_entities,
)
from temsiqa.errors import DocumentError
from temsiqa.model import BlockKind, EvidenceLevel

_PRODUCT_DATA = "48780-1"
_BOXED_WARNING = "34066-1"
_UNCLASSIFIED = "42229-5"
_LABELS = frozenset({"34390-5", "34391-3"})  # of human over-the-counter and prescription drugs
_LABEL = re.compile(r"\blabel\b", re.IGNORECASE)
_ANIMAL = re.compile(r"\banimal\b", re.IGNORECASE)
_SECTION = re.compile(r"\s+(?:SUB)?SECTION$", re.IGNORECASE)
_NOT_APPROVED = re.compile(r"unapproved|emergency", re.IGNORECASE)
_BLOCKS = frozenset({"list", "paragraph", "renderMultiMedia", "table"})
_STYLES = frozenset({"bold", "italics", "underline"})
_MARKS = "*†‡§¶#"
_DEEPEST = 6
_DAILYMED = "https://dailymed.nlm.nih.gov/dailymed/drugInfo.cfm?setid="
_PRODUCT_HEADER = ("Product", "Generic name", "Form", "Route", "Active ingredients", "Inactive ingredients", "NDC")
_SET_ID = re.compile(r"[0-9A-Za-z-]+")
_ENDED = re.compile(r"[.!?:][)\]\"”’]*$")


class _LabelText(MixedContent):
    inline = frozenset({"content", "linkHtml"})
    raised = frozenset({"footnote", "footnoteRef", "sup"})
    skipped = frozenset({"renderMultiMedia"})


_words = _LabelText()


def read_spl(data: bytes, name: str) -> Iterator[Outline | DocumentError]:
    """The outline of a drug label.

    Raises ``DocumentError`` when the file is no well-formed XML, no such document, or holds a gigantic table.
    """
    label = parse_xml(data, name)
    body = find(label, "component/structuredBody")
    if local_name(label) != "document" or body is None:
        raise DocumentError(f"{name}: its root is {local_name(label)!r}, no drug label with a body; download it again")
    write_out_entities(label)
    reader = _Reader(label, name)
    title = _words.text(find(label, "title"))
    if title:
        reader.pieces.append(Heading(1, title))
    reader.sections(body, 2)
    yield Outline(tuple(_led_in(reader.pieces)), _stated(label, title, reader.disclaimers))


def _led_in(pieces: Sequence[Piece]) -> Iterator[Piece]:
    """The pieces; a paragraph that is no sentence and ends in no colon leads into what follows: "Do not use if"."""
    for piece, following in zip_longest(pieces, pieces[1:]):
        open_ended = isinstance(piece, Paragraph) and not _ENDED.search(piece.text)
        if isinstance(piece, Paragraph) and open_ended and isinstance(following, ItemList | Table):
            yield Paragraph(piece.text, BlockKind.CAPTION)
        else:
            yield piece


class _Reader:
    """Takes the sections of a label in order."""

    def __init__(self, label: _Element, name: str) -> None:
        self.pieces: list[Piece] = []
        self.disclaimers: list[str] = []
        self._name = name
        self._opened = 0
        self._images = {node.get("ID", ""): text_of(find(node, "text")) for node in label.iter("{*}observationMedia")}
        self._notes = _numbered_footnotes(label)

    def sections(self, parent: _Element, level: int) -> None:
        """The sections inside a section or the body. One without a title must not fall into the one before it."""
        opened = self._opened
        for section in find_all(parent, "component/section"):
            self._section(section, level, must_open=self._opened > opened)

    def _section(self, section: _Element, level: int, must_open: bool) -> None:
        """Its text, what its highlights say beyond that, and the sections inside it."""
        titles, text = _titles(section), find(section, "text")
        if any(map(matter.is_bare_notice_heading, titles)):
            self.disclaimers += filter(None, map(_words.text, section.iter("{*}text")))
            return
        blocks = list(_words.runs(text, _BLOCKS)) if text is not None else []
        heading = _first_heading(section, blocks)
        titles += [_words.text(heading)] if heading is not None else []
        for title in titles or [_called(section)] * must_open:
            self.pieces.append(Heading(min(level, _DEEPEST), title))
            self._opened += 1
            level += 1
        self.pieces += _product_table(section)
        self._images_only(text)
        self._blocks(blocks[1:] if heading is not None else blocks)
        self._highlights(section)
        self.sections(section, level)

    def _highlights(self, section: _Element) -> None:
        """The blocks of an excerpt, but for those that repeat the section."""
        excerpts = find_all(section, "excerpt/highlight/text")
        said = _squeezed(_words.text(section, {"excerpt"})) if excerpts else ""
        for block in (block for text in excerpts for block in _words.runs(text, _BLOCKS)):
            if _squeezed(block if isinstance(block, str) else _words.text(block)) not in said:
                self._blocks([block])

    def _blocks(self, blocks: Iterable[str | _Element]) -> None:
        for block in blocks:
            if isinstance(block, str):
                self.pieces.append(Paragraph(block))
            else:
                self._block(block)
                self.pieces += map(Paragraph, self._notes.get(block, ()))

    def _block(self, block: _Element) -> None:
        match local_name(block):
            case "list":
                self._list(block)
            case "table":
                self._table(block)
            case "renderMultiMedia":
                self._caption(block, BlockKind.PARAGRAPH)
            case _:
                self._blocks(_words.runs(block, _BLOCKS))

    def _caption(self, block: _Element, kind: BlockKind = BlockKind.CAPTION) -> None:
        caption = _words.text(find(block, "caption"))
        if caption:
            self.pieces.append(Paragraph(caption, kind))

    def _images_only(self, text: _Element | None) -> None:
        """Of a text that shows images and says nothing: what is said in place of those without a caption."""
        images = text.iter("{*}renderMultiMedia") if text is not None and not _words.text(text) else ()
        for image in images:
            alternative = self._images.get(image.get("referencedObject", ""))
            if alternative and not _words.text(find(image, "caption")):
                self.pieces.append(Paragraph(alternative, BlockKind.CAPTION))

    def _list(self, listed: _Element) -> None:
        self._caption(listed)
        items: list[Item] = []
        _add_items(listed, None, items)
        self.pieces.append(ItemList(tuple(items)))
        for table in topmost(listed, {"table"}):
            self._table(table)

    def _table(self, table: _Element) -> None:
        self._caption(table)
        frame = only_column(table)
        for cell in frame:
            self._blocks(_words.runs(cell, _BLOCKS))
        if not frame:
            self.pieces.append(table_of(table, _words, _is_bold, self._name))
        for row in find_all(table, "tfoot/tr"):
            self.pieces.append(Paragraph(_words.text(row)))


def _add_items(listed: _Element, parent: int | None, items: list[Item]) -> None:
    """Items of a list, nested ones after the item they hang on. A caption that is no letter or number is a bullet."""
    for element in find_all(listed, "item"):
        place, caption = len(items), _words.text(find(element, "caption"))
        text = _words.text(element, {"caption", "list", "table"})
        items.append(Item(f"{caption} {text}" if any(map(str.isalnum, caption)) else text, parent))
        for nested in topmost(element, {"list"}, closed={"table"}):
            _add_items(nested, place, items)


def _numbered_footnotes(label: _Element) -> dict[_Element, list[str]]:
    """By block the footnotes in it. Their marks take their places: ``*``, ``†`` and so on, as they are printed."""
    notes: dict[_Element, list[str]] = {}
    marks: dict[str, str] = {}
    for block in (block for text in label.iter("{*}text") for block in text):
        for number, note in enumerate(block.iter("{*}footnote")):
            mark = _mark(number)
            notes.setdefault(block, []).append(f"{mark} {text_of(note)}")
            marks[note.get("ID", "")] = mark
            note.clear(keep_tail=True)
            note.text = mark
    for pointer in label.iter("{*}footnoteRef"):
        pointer.text = marks.get(pointer.get("IDREF", ""))
    return notes


def _mark(number: int) -> str:
    """``*`` to ``#``, then the same doubled, trebled, and with a number."""
    time, place = divmod(number, len(_MARKS))
    return _MARKS[place] * (time + 1) if time < 3 else f"{_MARKS[place]}{time + 1}"


def _code(section: _Element, name: str = "code") -> str:
    return attribute(find(section, "code"), name)


def _titles(section: _Element) -> list[str]:
    """The title of a section, or what its code is called; a boxed warning says that it is one."""
    title, code = _words.text(find(section, "title")), _code(section)
    if code == _BOXED_WARNING and title and "boxed" not in title.casefold():
        return [_called(section), title]
    return list(filter(None, [title or (_called(section) if code != _UNCLASSIFIED else "")]))


def _called(section: _Element) -> str:
    """What the code of a section is called."""
    if _code(section) == _PRODUCT_DATA:
        return "Product data"
    return _SECTION.sub("", _code(section, "displayName"))


def _first_heading(section: _Element, blocks: Sequence[str | _Element]) -> _Element | None:
    """The first paragraph of a section without a title, if it is set off as a heading of what follows.

    Before a list it is none: it leads into that.
    """
    first = blocks[0] if blocks and find(section, "title") is None else None
    if first is None or isinstance(first, str) or local_name(first) != "paragraph":
        return None
    follows = not _is_list(blocks[1]) if len(blocks) > 1 else find(section, "component/section") is not None
    return first if follows and is_heading(first, _is_styled) else None


def _is_list(block: str | _Element) -> bool:
    return not isinstance(block, str) and local_name(block) == "list"


def _styles(element: _Element) -> set[str]:
    return set(element.get("styleCode", "").casefold().split()) if local_name(element) == "content" else set()


def _is_styled(element: _Element) -> bool:
    return not _styles(element).isdisjoint(_STYLES)


def _is_bold(element: _Element) -> bool:
    return "bold" in _styles(element)


def _squeezed(text: str) -> str:
    return "".join(text.split())


def _product_table(section: _Element) -> list[Piece]:
    """Names, ingredients and codes of the products of a section, a row for each and for each part of a kit."""
    rows = []
    for holder in find_all(section, "subject/manufacturedProduct"):
        for product in find_all(holder, "manufacturedProduct"):
            rows.append(_product(product, holder))
            rows += [_product(p, part) for part in find_all(product, "part") for p in find_all(part, "partProduct")]
    return [Table(_PRODUCT_HEADER, tuple(rows))] if rows else []


def _product(product: _Element, holder: _Element) -> tuple[str, ...]:
    ingredients = [(node.get("classCode", ""), _ingredient(node)) for node in find_all(product, "ingredient")]
    return (
        _words.text(find(product, "name")),
        ", ".join(map(_words.text, find_all(product, "asEntityWithGeneric/genericMedicine/name"))),
        _shown(find_all(product, "formCode")),
        _shown(find_all(holder, "consumedIn/substanceAdministration/routeCode")),
        "; ".join(text for kind, text in ingredients if kind.startswith("ACTI")),
        "; ".join(text for kind, text in ingredients if kind == "IACT"),
        _code(product),
    )


def _shown(codes: Sequence[_Element]) -> str:
    return ", ".join(attribute(code, "displayName") for code in codes)


def _ingredient(ingredient: _Element) -> str:
    """``Minoxidil 50 mg in 1 g``"""
    amounts = [_amount(find(ingredient, f"quantity/{part}")) for part in ("numerator", "denominator")]
    name = _words.text(find(ingredient, "ingredientSubstance/name"))
    return " ".join(filter(None, [name, " in ".join(amount for amount in amounts if amount not in ("", "1"))]))


def _amount(quantity: _Element | None) -> str:
    """Value and unit; ``1`` as unit means that things are counted."""
    value, unit = (attribute(quantity, name) for name in ("value", "unit"))
    return f"{value} {unit}" if unit not in ("", "1") else value


def _stated(label: _Element, title: str, disclaimers: Sequence[str]) -> Stated:
    roots = {"set id": attribute(find(label, "setId"), "root"), "id": attribute(find(label, "id"), "root")}
    identifiers = {**roots, "version": attribute(find(label, "versionNumber"), "value")}
    kind = _code(label, "displayName")
    animal = _ANIMAL.search(kind)
    is_label = bool(_LABEL.search(kind)) or _code(label) in _LABELS
    set_id = identifiers["set id"]
    return Stated(
        title=title or None,
        publisher=_words.text(find(label, "author/assignedEntity/representedOrganization/name")) or None,
        date=iso_date(attribute(find(label, "effectiveTime"), "value")[:8]),
        url=f"{_DAILYMED}{set_id}" if _SET_ID.fullmatch(set_id) else None,
        kind=kind.lower() or None,
        evidence_level=EvidenceLevel.LABEL if is_label and not animal else None,
        identifiers={scheme: value for scheme, value in identifiers.items() if value},
        notes=tuple(_notes(label, kind if animal else "")),
        disclaimers=tuple(disclaimers),
    )


def _notes(label: _Element, animal: str) -> Iterator[str]:
    """That the label is of a drug for animals, or that the drug is marketed without approval."""
    if animal:
        yield animal.lower()
    categories = [_code(approval, "displayName") for approval in label.iter("{*}approval")]
    yield from dict.fromkeys(
        f"marketing category: {category}" for category in categories if _NOT_APPROVED.search(category)
    )
