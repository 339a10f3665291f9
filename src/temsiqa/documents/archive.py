"""ZIP and gzip, untrusted: bounded in size and number of members; names that lead elsewhere are refused."""

from __future__ import annotations

import gzip
import io
import re
import stat
import zipfile
import zlib
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import PurePosixPath

from temsiqa.errors import DocumentError

LARGEST_FILE = 100_000_000
LARGEST_CONTENT = 200_000_000
MOST_MEMBERS = 10_000
# What these two modules raise for damaged files.
TROUBLE = (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError, ValueError)
_LEADS_ELSEWHERE = re.compile(r"[/\\]|[A-Za-z]:|(?:.*[/\\])?\.\.(?:[/\\]|$)", re.DOTALL)
_USUAL_COMPRESSION = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)


def members(data: bytes, name: str, wanted: Callable[[str], bool]) -> Iterator[tuple[str, bytes] | DocumentError]:
    """Path and content of each wanted file in an archive, in the archive's order; an error for each that is refused.

    Raises ``DocumentError`` when the archive is damaged as a whole or holds too much.
    """
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except TROUBLE as error:
        raise DocumentError(f"{name}: damaged archive ({error}); pack it again") from error
    with archive:
        files = [info for info in archive.infolist() if not info.filename.endswith("/") and wanted(info.filename)]
        if len(files) > MOST_MEMBERS:
            raise DocumentError(f"{name}: holds {len(files)} files, more than {MOST_MEMBERS}; split it")
        if _overlap(files):
            raise DocumentError(f"{name}: damaged archive (its members overlap); pack it again")
        left = LARGEST_CONTENT
        for info in files:
            left -= info.file_size
            if left < 0:
                raise DocumentError(f"{name}: unpacks to more than {LARGEST_CONTENT // 1_000_000} MB; split it")
            try:
                yield info.filename, _content(archive, info, f"{name}/{info.filename}")
            except DocumentError as error:
                yield error


def _overlap(files: list[zipfile.ZipInfo]) -> bool:
    """Whether one stretch of an archive stands for several members: so a small one may unpack to a great deal."""
    ordered = sorted(files, key=lambda info: info.header_offset)
    return any(one.header_offset + one.compress_size >= other.header_offset for one, other in pairwise(ordered))


def _content(archive: zipfile.ZipFile, info: zipfile.ZipInfo, name: str) -> bytes:
    """What a member holds. Where the size that its archive states is wrong, so is the checksum of what is read."""
    if not PurePosixPath(info.filename).name or _LEADS_ELSEWHERE.match(info.filename):
        raise DocumentError(f"{name}: a path that leads out of the archive; pack it again without")
    if stat.S_ISLNK(info.external_attr >> 16):
        raise DocumentError(f"{name}: a link; pack the file itself")
    if info.flag_bits & 1:
        raise DocumentError(f"{name}: encrypted; pack it without a password")
    if info.compress_type not in _USUAL_COMPRESSION:  # the others unpack a block as large as they like at once
        raise DocumentError(f"{name}: of an unusual compression; pack it again as a plain ZIP file")
    if info.file_size > LARGEST_FILE:
        raise DocumentError(f"{name}: unpacks to more than {LARGEST_FILE // 1_000_000} MB; split it")
    try:
        with archive.open(info) as file:
            return file.read(info.file_size)
    except TROUBLE as error:
        raise DocumentError(f"{name}: damaged ({type(error).__name__}); pack it again") from error


def gunzip(data: bytes, name: str) -> bytes:
    """The content of a gzip file. Raises ``DocumentError`` when it is damaged or too large."""
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(data)) as file:
            content = file.read(LARGEST_FILE + 1)
    except TROUBLE as error:
        raise DocumentError(f"{name}: damaged gzip file ({error}); compress it again") from error
    if len(content) > LARGEST_FILE:
        raise DocumentError(f"{name}: unpacks to more than {LARGEST_FILE // 1_000_000} MB; split it")
    return content
