"""File → documents, by the reader of its format."""

from __future__ import annotations

import re
import stat
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path, PurePosixPath

from temsiqa.documents.archive import LARGEST_FILE, gunzip, members
from temsiqa.documents.assemble import assemble
from temsiqa.documents.formats import Format, format_of, may_hold_literature
from temsiqa.documents.markdown import read_markdown
from temsiqa.documents.outline import Outline
from temsiqa.documents.sidecar import SIDECAR, of_several, read_sidecar, sidecar_names, sidecar_of, with_sidecar
from temsiqa.documents.stated import Stated
from temsiqa.documents.text import read_text
from temsiqa.errors import DocumentError
from temsiqa.model import Document

MOST_PROBLEMS = 1_000
_LONGEST_PART = 200
_LONGEST_PROBLEM = 1_000
_DEEPEST_ARCHIVE = 2  # a gzip file in an archive, or an archive that was gzipped
# A file's name becomes a document's id: one line of text. Lone surrogates stand for bytes that are not UTF-8.
_NO_NAME = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")

_GZ = re.compile(r"\.gz\Z", re.IGNORECASE)

Reader = Callable[[bytes, str], Iterable[Outline | DocumentError]]


def reader_of(format: Format) -> Reader:
    """The reader of a format that holds documents. The libraries of some take half a second to load: not before."""
    match format:
        case Format.MARKDOWN:
            return lambda data, name: [read_markdown(_decode(data, name), name)]
        case Format.TEXT:
            return lambda data, name: [read_text(_decode(data, name), name)]
        case Format.HTML:
            from temsiqa.documents.html.reader import read_html as read
        case Format.PDF:
            from temsiqa.documents.pdf.reader import read_pdf as read
        case Format.DOCX:
            from temsiqa.documents.docx.reader import read_docx as read
        case Format.JATS:
            from temsiqa.documents.jats.reader import read_jats as read
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


def load_readers() -> None:
    """Loads every reader with its library, so that a process that is forked from this one need not."""
    for format in Format:
        if format not in (Format.ZIP, Format.GZIP):
            reader_of(format)


def read_file(path: Path, name: str) -> Iterator[Document | DocumentError]:
    """The documents of one file, whose ids begin with ``name``, and an error for each part that cannot be read.

    Nothing comes when the file is in no format that is read here. A sidecar beside it has the last word on provenance.
    What is wrong with the file as a whole comes as an error too. No id comes twice; errors are one line each.
    """
    try:
        yield from _checked(_of_file(path, name), name)
    except DocumentError as error:
        yield _in_short(error)


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


def _checked(found: Iterable[Document | DocumentError], name: str) -> Iterator[Document | DocumentError]:
    """``found`` without a second document of the same id. Raises ``DocumentError`` when all too much is wrong."""
    ids: set[str] = set()
    problems = 0
    for item in found:
        if isinstance(item, Document) and item.id not in ids:
            ids.add(item.id)
            yield item
            continue
        problems += 1
        if problems > MOST_PROBLEMS:
            raise DocumentError(f"{name}: more than {MOST_PROBLEMS} parts of it cannot be read; mend or remove it")
        yield DocumentError(f"{item.id}: comes twice; remove one") if isinstance(item, Document) else _in_short(item)


def _in_short(error: DocumentError) -> DocumentError:
    """The error on one line of bounded length: what a file says may stand in it."""
    return DocumentError(_NO_NAME.sub(" ", str(error))[:_LONGEST_PROBLEM])


def _of_file(path: Path, name: str) -> Iterator[Document | DocumentError]:
    _check_name(name)
    data = _bytes(path, name)
    sidecar = sidecar_of(path)
    stated = _stated(sidecar, str(PurePosixPath(name).with_name(sidecar.name))) if sidecar else None
    yield from _documents(data, name, stated)


def _stated(sidecar: Path, name: str) -> Stated:
    return read_sidecar(_bytes(sidecar, name), name)


def _documents(data: bytes, name: str, stated: Stated | None, depth: int = 0) -> Iterator[Document | DocumentError]:
    """What ``data`` holds. Raises ``DocumentError`` when it is bad as a whole."""
    match format_of(data, _GZ.sub("", name) if depth else name):
        case None:
            return
        case Format.GZIP | Format.ZIP if depth >= _DEEPEST_ARCHIVE:
            raise DocumentError(f"{name}: an archive in an archive in an archive; unpack it first")
        case Format.GZIP:
            yield from _documents(gunzip(data, name), name, stated, depth + 1)
        case Format.ZIP:
            yield from _of_archive(data, name, stated and of_several(stated), depth + 1)
        case format:
            yield from _outlined(reader_of(format)(data, name), name, stated)


def _of_archive(data: bytes, name: str, stated: Stated | None, depth: int) -> Iterator[Document | DocumentError]:
    """The documents of an archive, like those of a folder: READMEs and hidden files left out, sidecars applied."""
    sidecars: dict[str, bytes] = {}
    for member in members(data, name, lambda path: path.endswith(SIDECAR)):
        if isinstance(member, DocumentError):
            yield member
        else:
            sidecars[member[0]] = member[1]
    for member in members(data, name, lambda path: may_hold_literature(PurePosixPath(path))):
        if isinstance(member, DocumentError):
            yield member
            continue
        try:
            yield from _of_member(*member, name, sidecars, stated, depth)
        except DocumentError as error:
            yield error


def _of_member(
    path: str, content: bytes, archive: str, sidecars: Mapping[str, bytes], stated: Stated | None, depth: int
) -> Iterator[Document | DocumentError]:
    name = f"{archive}/{path}"
    _check_name(name)
    for sidecar in (str(PurePosixPath(path).with_name(own)) for own in sidecar_names(PurePosixPath(path).name)):
        if sidecar in sidecars:
            stated = read_sidecar(sidecars[sidecar], f"{archive}/{sidecar}")
            break
    yield from _documents(content, name, stated, depth)


def _outlined(
    outlines: Iterable[Outline | DocumentError], name: str, stated: Stated | None
) -> Iterator[Document | DocumentError]:
    for outline in outlines:
        try:
            yield outline if isinstance(outline, DocumentError) else _assembled(outline, name, stated)
        except DocumentError as error:
            yield error


def _assembled(outline: Outline, name: str, stated: Stated | None) -> Document:
    if not outline.part:
        return assemble(with_sidecar(outline, stated) if stated else outline, name)
    if len(outline.part) > _LONGEST_PART or _NO_NAME.search(outline.part):
        raise DocumentError(
            f"{name}: {outline.part[:40]!a} is too long or no plain line to name a document; shorten it"
        )
    return assemble(with_sidecar(outline, of_several(stated)) if stated else outline, f"{name}/{outline.part}")


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
