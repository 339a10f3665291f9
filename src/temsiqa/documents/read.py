"""File → documents, by the reader of its format."""

from __future__ import annotations

import re
import stat
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from temsiqa.documents.archive import gunzip, members
from temsiqa.documents.assemble import assemble
from temsiqa.documents.formats import Format, format_of
from temsiqa.documents.markdown import read_markdown
from temsiqa.documents.outline import Outline
from temsiqa.documents.sidecar import SIDECAR, read_sidecar, sidecar_of, with_sidecar
from temsiqa.documents.stated import Stated
from temsiqa.documents.text import read_text
from temsiqa.errors import DocumentError
from temsiqa.model import Document

LARGEST_FILE = 100_000_000
_DEEPEST_ARCHIVE = 2  # a gzip file in an archive, or an archive that was gzipped
# A file's name becomes a document's id: one line of text. Lone surrogates stand for bytes that are not UTF-8.
_NO_NAME = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")

Reader = Callable[[bytes, str], Iterable[Outline | DocumentError]]


def reader_of(format: Format) -> Reader:
    """The reader of a format that holds documents. The libraries of some take half a second to load: not before."""
    match format:
        case Format.MARKDOWN:
            return lambda data, name: [read_markdown(_decode(data, name), name)]
        case Format.TEXT:
            return lambda data, name: [read_text(_decode(data, name), name)]
        case Format.HTML:
            from temsiqa.documents.html import read_html as read
        case Format.PDF:
            from temsiqa.documents.pdf import read_pdf as read
        case Format.DOCX:
            from temsiqa.documents.docx import read_docx as read
        case Format.JATS:
            from temsiqa.documents.jats import read_jats as read
        case Format.SPL:
            from temsiqa.documents.spl import read_spl as read
        case Format.PUBMED:
            from temsiqa.documents.pubmed import read_pubmed_xml as read
        case Format.NBIB:
            from temsiqa.documents.nbib import read_nbib as read
        case Format.JSONL:
            from temsiqa.documents.jsonl import read_jsonl as read
        case Format.ZIP | Format.GZIP:
            raise ValueError(f"{format.value} holds files, not documents")
    return read


def read_file(path: Path, name: str) -> Iterator[Document | DocumentError]:
    """The documents of one file, whose ids begin with ``name``, and an error for each part that cannot be read.

    Nothing comes when the file is in no format that is read here. A sidecar beside it has the last word on provenance.
    Raises nothing: what is wrong with the file as a whole comes as an error too.
    """
    try:
        _check_name(name)
        sidecar = sidecar_of(path)
        stated = read_sidecar(_bytes(sidecar, sidecar.name), f"{name}{SIDECAR}") if sidecar else None
        yield from _documents(_bytes(path, name), name, stated)
    except DocumentError as error:
        yield error


def read_document(path: Path, name: str) -> Document:
    """The document of a file that holds one. Raises ``DocumentError`` with the file's name and reason."""
    found = list(read_file(path, name))
    if len(found) == 1 and isinstance(found[0], Document):
        return found[0]
    errors = [item for item in found if isinstance(item, DocumentError)]
    if errors:
        raise errors[0]
    formats = ", ".join(format.value for format in Format)
    reason = f"holds {len(found)} documents, not one" if found else f"in no format that is read here ({formats})"
    raise DocumentError(f"{name}: {reason}; name another file")


def _documents(data: bytes, name: str, stated: Stated | None, depth: int = 0) -> Iterator[Document | DocumentError]:
    """What ``data`` holds. Raises ``DocumentError`` when it is bad as a whole."""
    inner = name.rpartition("/")[2]
    match format_of(data, inner.removesuffix(".gz") if depth else inner):
        case None:
            return
        case Format.GZIP | Format.ZIP if depth >= _DEEPEST_ARCHIVE:
            raise DocumentError(f"{name}: an archive in an archive in an archive; unpack it first")
        case Format.GZIP:
            yield from _documents(gunzip(data, name), name, stated, depth + 1)
        case Format.ZIP:
            yield from _of_archive(data, name, stated, depth + 1)
        case format:
            yield from _outlined(reader_of(format)(data, name), name, stated)


def _of_archive(data: bytes, name: str, stated: Stated | None, depth: int) -> Iterator[Document | DocumentError]:
    """The documents of an archive, like those of a folder: by the paths of its members, sidecars applied."""
    found: dict[str, bytes] = {}
    for member in members(data, name):
        if isinstance(member, DocumentError):
            yield member
        else:
            found[member[0]] = member[1]
    for path, content in found.items():
        inside = f"{name}/{path}"
        sidecar = found.get(path + SIDECAR)
        if path.endswith(SIDECAR) or any(part.startswith((".", "__MACOSX")) for part in path.split("/")):
            continue
        try:
            _check_name(inside)
            own = read_sidecar(sidecar, inside + SIDECAR) if sidecar else stated
            yield from _documents(content, inside, own, depth)
        except DocumentError as error:
            yield error


def _outlined(
    outlines: Iterable[Outline | DocumentError], name: str, stated: Stated | None
) -> Iterator[Document | DocumentError]:
    ids: set[str] = set()
    for outline in outlines:
        if isinstance(outline, DocumentError):
            yield outline
            continue
        identity = f"{name}/{outline.part}" if outline.part else name
        if identity in ids:
            yield DocumentError(f"{identity}: comes twice; remove one")
            continue
        ids.add(identity)
        try:
            yield assemble(with_sidecar(outline, stated) if stated else outline, identity)
        except DocumentError as error:
            yield error


def _check_name(name: str) -> None:
    if _NO_NAME.search(name):
        raise DocumentError(f"{name!a}: its name holds control characters or is not UTF-8; rename the file")


def _bytes(path: Path, name: str) -> bytes:
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            raise DocumentError(f"{name}: no regular file; remove it")
        if status.st_size > LARGEST_FILE:
            raise DocumentError(f"{name}: larger than {LARGEST_FILE // 1_000_000} MB; split it")
        return path.read_bytes()
    except OSError as error:
        raise DocumentError(f"{name}: cannot be read ({error.strerror}); check the file and its permissions") from error


def _decode(data: bytes, name: str) -> str:
    if b"\x00" in data:
        raise DocumentError(f"{name}: holds NUL bytes, so it is no text file; convert it or remove it")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise DocumentError(f"{name}: byte {error.start} is not UTF-8; save the file as UTF-8") from error
