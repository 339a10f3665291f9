"""Archives that are bombs, lie about themselves, or lead elsewhere."""

from __future__ import annotations

import gzip
import io
import struct
import warnings
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from functools import reduce

from documents.hostile.bait import SENTENCE, Bait, Hostile

MEGABYTE = 1_000_000
GOOD = SENTENCE.encode()


def zipped(files: Iterable[tuple[str | zipfile.ZipInfo, bytes]], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A ZIP archive."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", compression) as archive, warnings.catch_warnings(action="ignore"):
        for name, content in files:
            archive.writestr(name, content, compression)
    return packed.getvalue()


def markdown_zip(*names: str) -> bytes:
    """An archive of good files with these names."""
    return zipped([(name, GOOD) for name in names])


def swollen(filling: bytes, megabytes: int) -> bytes:
    """A raw deflate stream of so many megabytes of one byte, made without compressing them all."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    block = packer.compress(filling * MEGABYTE) + packer.flush(zlib.Z_FULL_FLUSH)
    return block * megabytes + b"\x03\0"


def sum_of(filling: bytes, megabytes: int, sum_up: Callable[[bytes, int], int], first: int) -> int:
    """The checksum of what ``swollen`` unpacks to."""
    block = filling * MEGABYTE
    return reduce(lambda so_far, _: sum_up(block, so_far), range(megabytes), first)


def bomb(megabytes: int, stated: int, count: int = 1) -> bytes:
    """An archive of members that each unpack to so many zeros and state another size."""
    data, packed, directory = swollen(b"\0", megabytes), b"", b""
    checksum = sum_of(b"\0", megabytes, zlib.crc32, 0)
    for number in range(count):
        name = f"{number:04}.md".encode()
        sizes = struct.pack("<IIIHH", checksum, len(data), stated, len(name), 0)
        fields = struct.pack("<HHHHH", 20, 0, 8, 0, 33) + sizes
        directory += b"PK\x01\x02\x14\0" + fields + bytes(10) + struct.pack("<I", len(packed)) + name
        packed += b"PK\x03\x04" + fields + name + data
    end = struct.pack("<HHHHIIH", 0, 0, count, count, len(directory), len(packed), 0)
    return packed + directory + b"PK\x05\x06" + end


def overlapping(count: int) -> bytes:
    """An archive whose members are all one and the same stretch of it."""
    data = zipped([("a.md", GOOD * 10_000)])
    at, end = data.index(b"PK\x01\x02"), data.index(b"PK\x05\x06")
    directory = data[at:end] * count
    tail = struct.pack("<HHHHIIH", 0, 0, count, count, len(directory), at, 0)
    return data[:at] + directory + b"PK\x05\x06" + tail


def encrypted(data: bytes) -> bytes:
    """An archive whose first member is said to be encrypted."""
    at = data.index(b"PK\x01\x02")
    return data[:6] + b"\x01" + data[7 : at + 8] + b"\x01" + data[at + 9 :]


def link(target: str) -> bytes:
    """An archive that holds a symbolic link."""
    info = zipfile.ZipInfo("link.md")
    info.external_attr = 0o120777 << 16
    return zipped([(info, target.encode())])


def matryoshka(depth: int, width: int, innermost: bytes) -> bytes:
    """Archives of archives of archives."""
    data = innermost
    for _ in range(depth):
        data = zipped([(f"{n}.zip", data) for n in range(width)])
    return data


def archives(bait: Bait) -> Iterator[Hostile]:
    """ZIP and gzip."""
    yield from bombs()
    yield from damaged()
    file = str(bait.file)
    yield Hostile("traversal.zip", markdown_zip(f"../../../../..{file}.md", "a/../../b.md", ".."))
    yield Hostile("absolute.zip", markdown_zip(f"{file}.md", "//host/share/a.md"))
    yield Hostile("backslash.zip", markdown_zip("..\\..\\a.md", "C:\\a.md", "c:a.md", "\\\\host\\a.md"))
    yield Hostile("link.zip", link(file))
    yield Hostile("encrypted.zip", encrypted(markdown_zip("a.md")))
    yield Hostile("names.zip", markdown_zip(".", "a\nb.md", "\u202egpj.md", "a" * 60_000 + ".md", "a/" * 9_000))
    yield Hostile("not-utf8.zip", markdown_zip("naïve.md").replace("naïve".encode(), b"na\xff\xfeve"))
    yield Hostile("nul-name.zip", markdown_zip("aaa.md").replace(b"aaa.md", b"a\0a.md"))
    yield Hostile("same-name.zip", markdown_zip("a.md", "a.md", "a.md"))


def bombs() -> Iterator[Hostile]:
    """A great deal in little space."""
    yield Hostile("bomb.zip", bomb(300, 300 * MEGABYTE))
    yield Hostile("bomb-understated.zip", bomb(300, 10_000))
    yield Hostile("bomb-overstated.zip", bomb(1, 0xFFFFFFF0))
    yield Hostile("bomb-many.zip", bomb(20, 20 * MEGABYTE, count=11))
    yield Hostile("bomb-bzip2.zip", zipped([("a.md", bytes(20 * MEGABYTE))], zipfile.ZIP_BZIP2))
    yield Hostile("bomb.md.gz", b"\x1f\x8b\x08" + bytes(7) + swollen(b" ", 3_000))
    yield Hostile("matryoshka.zip", matryoshka(30, 1, markdown_zip("a.md")))
    yield Hostile("widening.zip", matryoshka(3, 10, zipped([("a.md", bytes(MEGABYTE))])))
    yield Hostile("overlapping.zip", overlapping(2_000))
    yield Hostile("many.zip", markdown_zip(*(f"{n}.md" for n in range(20_000))))
    yield Hostile("many-bad.zip", markdown_zip(*(f"../{n}.md" for n in range(9_000))))
    yield Hostile("sidecar-bomb.zip", zipped([("a.md", GOOD), ("a.md.meta.yaml", bytes(9 * MEGABYTE))]))


def damaged() -> Iterator[Hostile]:
    """What a fault or a forger left."""
    sound, stored = markdown_zip("a.md"), zipped([("a.md", GOOD)], zipfile.ZIP_STORED)
    yield Hostile("checksum.zip", stored.replace(GOOD, b"x" * len(GOOD)))
    yield Hostile("cut.zip", sound[:-10])
    yield Hostile("no-directory.zip", sound[: sound.index(b"PK\x01\x02")])
    yield Hostile("directory-elsewhere.zip", sound[:-6] + b"\xff\xff\xff\x7f" + sound[-2:])
    yield Hostile("count.zip", sound[:-14] + b"\xff\xff\xff\xff" + sound[-10:])
    yield Hostile("cut.md.gz", gzip.compress(GOOD * 1_000)[:-20])
    yield Hostile("thrice.md.gz", gzip.compress(gzip.compress(gzip.compress(GOOD))))
    yield Hostile("many-parts.md.gz", gzip.compress(b"a ") * 20_000)
    yield Hostile("junk.gz", b"\x1f\x8b\x08\xff" + b"\xff" * 1_000)
