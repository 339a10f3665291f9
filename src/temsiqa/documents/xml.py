"""XML from untrusted files: no entities, no network, bounded size and depth."""

from __future__ import annotations

import html
from collections.abc import Collection, Iterator
from functools import cache

from lxml import etree

from temsiqa.documents.canonical import clean, one_line
from temsiqa.errors import DocumentError


def parse_xml(data: bytes, name: str) -> etree._Element:
    """The root element. Raises ``DocumentError`` when it is not well formed, or declares entities of its own.

    Document type definitions are not loaded, so an entity that only one of them defines cannot be known either.
    """
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True, remove_pis=True, huge_tree=False
    )
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise DocumentError(f"{name}: no well-formed XML ({one_line(str(error))}); mend or convert it") from error
    declared = root.getroottree().docinfo.internalDTD
    if declared is not None and any(True for _ in declared.iterentities()):
        raise DocumentError(f"{name}: declares XML entities, which are not read; write out what they stand for")
    return root


def local_name(element: etree._Element) -> str:
    """The name of an element without its namespace; empty for what is no element, such as an entity."""
    return etree.QName(element).localname if isinstance(element.tag, str) else ""


def text_of(element: etree._Element | None) -> str:
    """All the words in an element, cleaned, on one line; empty when there is no element."""
    return one_line(clean("".join(element.itertext()))) if element is not None else ""


def attribute(element: etree._Element | None, name: str) -> str:
    """The value of an attribute, cleaned, on one line; empty when there is none."""
    return one_line(clean(element.get(name, ""))) if element is not None else ""


def find(element: etree._Element, path: str) -> etree._Element | None:
    """The first element at ``path`` (names parted by ``/``), whatever namespaces they are in."""
    return element.find(_in_any_namespace(path))


def find_all(element: etree._Element, path: str) -> list[etree._Element]:
    """All elements at ``path`` (names parted by ``/``), whatever namespaces they are in."""
    return element.findall(_in_any_namespace(path))


@cache
def _in_any_namespace(path: str) -> str:
    return "/".join(f"{{*}}{name}" for name in path.split("/"))


def topmost(element: etree._Element, names: Collection[str], closed: Collection[str] = ()) -> Iterator[etree._Element]:
    """Descendants with one of ``names``, but none inside another, nor inside an element named in ``closed``."""
    walker = etree.iterwalk(element, events=("start",))
    for _, node in walker:
        if node is element:
            continue
        if local_name(node) in names:
            yield node
            walker.skip_subtree()
        elif local_name(node) in closed:
            walker.skip_subtree()


def write_out_entities(root: etree._Element) -> None:
    """Puts characters in place of the entities that the document type defines; nearly all bear the names of HTML's."""
    for parent in dict.fromkeys(entity.getparent() for entity in root.iter(etree.Entity)):
        if parent is not None:
            _write_out(parent)


def _write_out(parent: etree._Element) -> None:
    before, words = None, [parent.text or ""]
    for child in [*parent, None]:
        if child is not None and isinstance(child, etree._Entity):
            words += [html.unescape(child.text or ""), child.tail or ""]
            parent.remove(child)
            continue
        if before is None:
            parent.text = "".join(words)
        else:
            before.tail = "".join(words)
        before, words = child, [child.tail or ""] if child is not None else []
