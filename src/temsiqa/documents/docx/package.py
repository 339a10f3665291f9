"""The package of a Word document: checked, and stripped of all but its text, before a library opens it."""

from __future__ import annotations

import io
import posixpath
import zipfile

from docx import Document
from docx.document import Document as WordDocument
from docx.exceptions import PythonDocxError
from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.exceptions import OpcError
from docx.oxml.ns import qn
from lxml import etree

from temsiqa.documents.archive import members
from temsiqa.documents.canonical import one_line
from temsiqa.documents.xml import find_all, parse_xml
from temsiqa.errors import DocumentError

_TYPES = "[Content_Types].xml"
_NO_RELATIONS = b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"/>'
_OLD_WORD = b"\xd0\xcf\x11\xe0"
# Neither images nor macros nor anything outside the file is ever opened. Addresses of links are text.
_KEPT = frozenset(
    {
        RELATIONSHIP_TYPE.OFFICE_DOCUMENT,
        RELATIONSHIP_TYPE.CORE_PROPERTIES,
        RELATIONSHIP_TYPE.STYLES,
        RELATIONSHIP_TYPE.NUMBERING,
        RELATIONSHIP_TYPE.FOOTNOTES,
        RELATIONSHIP_TYPE.ENDNOTES,
    }
)
_TROUBLE = (PythonDocxError, OpcError, etree.LxmlError, AttributeError, IndexError, KeyError, TypeError, ValueError)


def open_docx(data: bytes, name: str) -> WordDocument:
    """The document, without images, macros and embedded files.

    Raises ``DocumentError`` when it is no Word document, damaged, too large, or holds XML with entities of its own.
    """
    if data.startswith(_OLD_WORD):
        raise DocumentError(f"{name}: encrypted, or in Word's format before 2007; save it as .docx without a password")
    parts: dict[str, bytes] = {}
    for member in members(data, name, lambda path: path.endswith((".xml", ".rels"))):
        if isinstance(member, DocumentError):
            raise member
        parts[member[0]] = member[1]
    try:
        document = Document(_text_only(parts, name))
    except _TROUBLE as error:
        raise DocumentError(f"{name}: no sound Word document ({one_line(str(error))}); save it again") from error
    if document.part.element.find(qn("w:body")) is None:
        raise DocumentError(f"{name}: its main document has no body; save it as a plain .docx again")
    return document


def _text_only(parts: dict[str, bytes], name: str) -> io.BytesIO:
    """A package of the main document and the parts that its text needs."""
    root, found = _related(parts, "", name)
    main = found.pop(RELATIONSHIP_TYPE.OFFICE_DOCUMENT, "")
    if not main or _TYPES not in parts:
        raise DocumentError(f"{name}: lacks the main document or its type; save it as a plain .docx again")
    relations, beside = _related(parts, main, name)
    types = parse_xml(parts[_TYPES], f"{name}/{_TYPES}")
    for declared in find_all(types, "Override"):
        if declared.get("PartName", "").lstrip("/") == main:  # a template or a document with macros holds text as well
            declared.set("ContentType", CONTENT_TYPE.WML_DOCUMENT_MAIN)
    kept = {_TYPES: types, _relations_of(""): root, _relations_of(main): relations}
    for path in (main, *found.values(), *beside.values()):
        kept[path] = parse_xml(parts[path], f"{name}/{path}")
    return _packed(kept)


def _related(parts: dict[str, bytes], source: str, name: str) -> tuple[etree._Element, dict[str, str]]:
    """The relations of a part without those that are not needed or lead nowhere, and the path of each kind that is."""
    path = _relations_of(source)
    relations = parse_xml(parts.get(path, _NO_RELATIONS), f"{name}/{path}")
    found: dict[str, str] = {}
    for relation in list(relations):
        kind, target = relation.get("Type", ""), _target(source, relation.get("Target", ""))
        is_external = relation.get("TargetMode") == "External"
        if kind in _KEPT and not is_external and target in parts and kind not in found:
            found[kind] = target
        elif not (is_external and kind == RELATIONSHIP_TYPE.HYPERLINK):
            relations.remove(relation)
    return relations, found


def _relations_of(part: str) -> str:
    """Where the relations of a part are kept; those of the package belong to the part without a name."""
    folder, own = posixpath.split(part)
    return posixpath.join(folder, "_rels", f"{own}.rels")


def _target(source: str, target: str) -> str:
    """The path of what a part relates to, absolute or seen from the part."""
    return posixpath.normpath(posixpath.join("/", posixpath.dirname(source), target)).lstrip("/")


def _packed(parts: dict[str, etree._Element]) -> io.BytesIO:
    package = io.BytesIO()
    with zipfile.ZipFile(package, "w") as archive:
        for path, content in parts.items():
            archive.writestr(path, etree.tostring(content))
    return package
