"""Which format a file is in: told by its content; its name decides only between texts that carry no signature."""

from __future__ import annotations

import io
import re
import zipfile
from enum import StrEnum
from pathlib import PurePosixPath

from temsiqa.errors import DocumentError


class Format(StrEnum):
    """What can be read, by the name that people know it by."""

    MARKDOWN = "Markdown"
    TEXT = "plain text"
    HTML = "HTML"
    PDF = "PDF"
    DOCX = "DOCX"
    JATS = "JATS XML"
    SPL = "SPL XML"
    PUBMED = "PubMed XML"
    NBIB = "NBIB"
    JSONL = "JSON lines"
    ZIP = "ZIP archive"
    GZIP = "gzip"


_LOOKED_AT = 65_536
_BY_SUFFIX = {".md": Format.MARKDOWN, ".markdown": Format.MARKDOWN, ".txt": Format.TEXT, ".text": Format.TEXT}
_HTML_SUFFIXES = frozenset({".html", ".htm", ".xhtml"})
# A file of such a name is meant to be read: if its content is something else, that has to be told.
_PROMISES = frozenset({".pdf", ".docx", ".xml", ".nxml", ".nbib", ".jsonl", ".zip", ".gz", *_HTML_SUFFIXES})
_ROOTS = {
    "html": Format.HTML,
    "article": Format.JATS,
    "PubmedArticleSet": Format.PUBMED,
    "PubmedArticle": Format.PUBMED,
    "PubmedBookArticle": Format.PUBMED,
}
_SPL_NAMESPACE = "urn:hl7-org:v3"
_PROLOGUE = re.compile(r"(?:\s+|<\?.*?\?>|<!--.*?-->)+", re.DOTALL)
_DOCTYPE = re.compile(r"<!DOCTYPE\s+(?P<root>[\w:.-]+)(?:[^\[>]*\[.*?\])?[^>]*>", re.DOTALL | re.IGNORECASE)
_ELEMENT = re.compile(r"<(?:[\w.-]+:)?(?P<root>[\w.-]+)(?P<attributes>[^>]*)")
_TAGGED_RECORD = re.compile(r"PMID- ?\d")
_JSON_OBJECT = re.compile(r'\s*\{\s*"')


def format_of(data: bytes, name: str) -> Format | None:
    """The format of a file, or None when it is in none that is read here.

    Raises ``DocumentError`` when its name promises a format that its content is not in.
    """
    suffix = PurePosixPath(name).suffix.lower()
    found = _by_signature(data) or _by_markup(data, suffix) or _by_suffix(data, suffix)
    if found is None and suffix in _PROMISES:
        raise DocumentError(f"{name}: its content is not what {suffix} promises; export it again or rename it")
    return found


def _by_signature(data: bytes) -> Format | None:
    if b"%PDF-" in data[:1024]:
        return Format.PDF
    if data.startswith(b"\x1f\x8b"):
        return Format.GZIP
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _kind_of_zip(data)
    return None


def _kind_of_zip(data: bytes) -> Format | None:
    """Office files are archives too; of those only Word's are read. A damaged one is told by who unpacks it."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError):
        return Format.ZIP
    if "[Content_Types].xml" in names:
        return Format.DOCX if "word/document.xml" in names else None
    return Format.ZIP


def _by_markup(data: bytes, suffix: str) -> Format | None:
    """By the root element, the first tag or the first brace."""
    encoding = "utf-16" if data.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    start = data[:_LOOKED_AT].decode(encoding, "replace")
    opening = _PROLOGUE.match(start)
    at = opening.end() if opening else 0
    doctype = _DOCTYPE.match(start, at)
    after = _PROLOGUE.match(start, doctype.end()) if doctype else None
    element = _ELEMENT.match(start, after.end() if after else doctype.end() if doctype else at)
    if (element and suffix not in (".md", ".markdown")) or (doctype and element):
        found = _by_root(element["root"], start)
        if found:
            return found
    if suffix in _HTML_SUFFIXES and "<" in start:
        return Format.HTML
    if _TAGGED_RECORD.match(start.lstrip()):
        return Format.NBIB
    if _JSON_OBJECT.match(start) and suffix not in _BY_SUFFIX:
        return Format.JSONL
    return None


def _by_root(root: str, start: str) -> Format | None:
    if root == "document":
        return Format.SPL if _SPL_NAMESPACE in start else None
    return _ROOTS.get(root) or _ROOTS.get(root.lower())


def _by_suffix(data: bytes, suffix: str) -> Format | None:
    if suffix == "":
        return Format.TEXT if data.strip() and b"\x00" not in data[:_LOOKED_AT] else None
    return _BY_SUFFIX.get(suffix)
