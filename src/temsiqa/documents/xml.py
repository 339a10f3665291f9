"""XML from untrusted files: no entities, no network, bounded size and depth."""

from __future__ import annotations

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
