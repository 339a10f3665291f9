"""ZIP and gzip, untrusted: bounded in size, ratio and number of members; names that lead elsewhere are refused."""

from __future__ import annotations

import gzip
import io
import stat
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import PurePosixPath

from temsiqa.errors import DocumentError

LARGEST_CONTENT = 200_000_000
LARGEST_FILE = 100_000_000
MOST_MEMBERS = 10_000
_TROUBLE = (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError, ValueError)


def members(data: bytes, name: str) -> Iterator[tuple[str, bytes] | DocumentError]:
    """Path and content of each file in an archive, in the archive's order; an error for each that is refused.

    Raises ``DocumentError`` when the archive is damaged as a whole or holds too much.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            files = [info for info in archive.infolist() if not info.is_dir()]
            if len(files) > MOST_MEMBERS:
                raise DocumentError(f"{name}: holds {len(files)} files, more than {MOST_MEMBERS}; split it")
            left = LARGEST_CONTENT
            for info in files:
                found = _member(archive, info, name, left)
                left -= len(found) if isinstance(found, bytes) else 0
                yield (info.filename, found) if isinstance(found, bytes) else found
    except _TROUBLE as error:
        raise DocumentError(f"{name}: damaged archive ({type(error).__name__}: {error}); pack it again") from error


def _member(archive: zipfile.ZipFile, info: zipfile.ZipInfo, name: str, left: int) -> bytes | DocumentError:
    inside = f"{name}/{info.filename}"
    path = PurePosixPath(info.filename.replace("\\", "/"))
    if path.is_absolute() or ".." in path.parts or ":" in path.parts[0]:
        return DocumentError(f"{name}: holds {info.filename!r}, a path that leads out of it; pack it again without")
    if stat.S_ISLNK(info.external_attr >> 16):
        return DocumentError(f"{inside}: a link; pack the file itself")
    if info.flag_bits & 1:
        return DocumentError(f"{inside}: encrypted; pack it without a password")
    largest = min(LARGEST_FILE, left)
    try:
        with archive.open(info) as file:
            content = file.read(largest + 1)  # what the archive says of its sizes is not to be trusted
    except _TROUBLE as error:
        return DocumentError(f"{inside}: damaged ({type(error).__name__}); pack it again")
    if len(content) > largest:
        return DocumentError(f"{inside}: unpacks to more than {largest // 1_000_000} MB; split it")
    return content


def gunzip(data: bytes, name: str) -> bytes:
    """The content of a gzip file. Raises ``DocumentError`` when it is damaged or too large."""
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(data)) as file:
            content = file.read(LARGEST_FILE + 1)
    except _TROUBLE as error:
        raise DocumentError(f"{name}: damaged gzip file ({error}); compress it again") from error
    if len(content) > LARGEST_FILE:
        raise DocumentError(f"{name}: unpacks to more than {LARGEST_FILE // 1_000_000} MB; split it")
    return content
