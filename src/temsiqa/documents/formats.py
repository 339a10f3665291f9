"""Which format a file is in: told by its content; its name decides only between texts that carry no signature."""

from __future__ import annotations

import io
import re
import zipfile
from enum import StrEnum
from pathlib import PurePath, PurePosixPath

from temsiqa.documents.archive import TROUBLE
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
_MARKDOWN_SUFFIXES = frozenset({".md", ".markdown"})
_HTML_SUFFIXES = frozenset({".html", ".htm", ".xhtml"})
_BY_SUFFIX = {**dict.fromkeys(_MARKDOWN_SUFFIXES, Format.MARKDOWN), ".txt": Format.TEXT, ".text": Format.TEXT}
# A file of such a name is meant to be read: if its content is something else, that has to be told.
_PROMISES = {
    ".pdf": "PDF",
    ".docx": "Word document",
    **dict.fromkeys([".xml", ".nxml"], "JATS, SPL or PubMed XML"),
    **dict.fromkeys(_HTML_SUFFIXES, "HTML"),
    ".nbib": "NBIB",
    ".jsonl": "JSON lines",
    ".zip": "ZIP archive",
    ".gz": "gzip file",
}
_ROOTS = {
    "html": Format.HTML,
    "PubmedArticleSet": Format.PUBMED,
    "PubmedArticle": Format.PUBMED,
    "PubmedBookArticle": Format.PUBMED,
}
_OLD_OFFICE = b"\xd0\xcf\x11\xe0"
# Quantifiers that give nothing back: what does not match must not be tried in every length.
_PROLOGUE = re.compile(r"(?:\s++|<\?.*?\?>|<!--.*?-->)++", re.DOTALL)
_DOCTYPE = re.compile(r"<!DOCTYPE\s++[\w:.-]++[^\[>]*+(?:\[.*?\]\s*+)?>", re.DOTALL | re.IGNORECASE)
_ELEMENT = re.compile(r"<(?:[\w.-]+:)?(?P<root>[\w.-]+)")
_TAGGED_RECORD = re.compile(r"\s*+PMID- ?\d")
_JSON_OBJECT = re.compile(r'\s*+\{\s*+"')

_NOT_LITERATURE = frozenset({"README.md", "queries.jsonl", "queries.jsonl.gz"})
_DATA_BESIDE = frozenset({".yaml", ".yml", ".csv", ".tsv"})
_HIDDEN = re.compile(r"\.(?!\.?$)|~\$|__MACOSX")


def may_hold_literature(path: PurePath) -> bool:
    """Whether a file of a folder or archive is looked into: no hidden one, no README, no data that lies beside."""
    return (
        path.name not in _NOT_LITERATURE
        and path.suffix.lower() not in _DATA_BESIDE
        and not any(map(_HIDDEN.match, path.parts))
    )


def format_of(data: bytes, name: str) -> Format | None:
    """The format of a file, or None when it is in none that is read here.

    Raises ``DocumentError`` when its name promises a format that its content is not in.
    """
    suffix = PurePosixPath(name).suffix.lower()
    found = _by_signature(data, suffix) or _by_markup(data, suffix) or _by_suffix(data, suffix)
    if found is None and suffix == ".docx" and data.startswith(_OLD_OFFICE):
        raise DocumentError(f"{name}: encrypted, or of an older Word; save it as .docx without a password")
    if found is None and suffix in _PROMISES:
        promise = _PROMISES[suffix]
        raise DocumentError(f"{name}: its content is no {promise}, as {suffix} promises; export it again or rename it")
    return found


def _by_signature(data: bytes, suffix: str) -> Format | None:
    if b"%PDF-" in data[:1024]:
        return Format.PDF
    if data.startswith(b"\x1f\x8b"):
        return Format.GZIP
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _kind_of_zip(data, suffix)
    return None


def _kind_of_zip(data: bytes, suffix: str) -> Format | None:
    """Office files are archives too; of those only Word's are read. A damaged one is told by who unpacks it."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = set(archive.namelist())
    except TROUBLE:
        return Format.ZIP
    is_office = "[Content_Types].xml" in names or suffix == ".docx"
    if is_office:
        return Format.DOCX if any(name.startswith("word/") for name in names) else None
    return Format.ZIP


def _by_markup(data: bytes, suffix: str) -> Format | None:
    """By the root element, the first tag or the first brace."""
    encoding = "utf-16" if data.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    start = data[:_LOOKED_AT].decode(encoding, "replace")
    at = _past(_PROLOGUE, start, 0)
    after_doctype = _past(_DOCTYPE, start, at)
    element = _ELEMENT.match(start, _past(_PROLOGUE, start, after_doctype))
    if element and (after_doctype > at or suffix not in _MARKDOWN_SUFFIXES):
        found = _by_root(element["root"], start)
        if found:
            return found
    if suffix in _HTML_SUFFIXES and "<" in start:
        return Format.HTML
    if _TAGGED_RECORD.match(start):
        return Format.NBIB
    if _JSON_OBJECT.match(start) and suffix not in _BY_SUFFIX:
        return Format.JSONL
    return None


def _past(pattern: re.Pattern[str], text: str, at: int) -> int:
    """Where a match at ``at`` ends, or ``at`` when there is none."""
    found = pattern.match(text, at)
    return found.end() if found else at


def _by_root(root: str, start: str) -> Format | None:
    """By the root element, and by what tells it from that of another vocabulary of the same name."""
    if root == "document":
        return Format.SPL if "urn:hl7-org:v3" in start else None
    if root == "article":
        return Format.JATS if "<front" in start else None
    return _ROOTS.get(root) or _ROOTS.get(root.lower())


def _by_suffix(data: bytes, suffix: str) -> Format | None:
    if suffix == "":
        return Format.TEXT if data.strip() and b"\x00" not in data[:_LOOKED_AT] else None
    return _BY_SUFFIX.get(suffix)
