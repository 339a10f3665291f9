from __future__ import annotations

import gzip
import io
import random
import struct
import zipfile
from collections.abc import Callable

import pytest

from temsiqa.documents import archive
from temsiqa.documents.archive import gunzip, members
from temsiqa.errors import DocumentError

TWO = {"b.md": b"Otters.", "deep/er/a.md": b"Seals."}


def zipped(files: dict[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A ZIP archive."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", compression) as found:
        for name, content in files.items():
            found.writestr(name, content)
    return packed.getvalue()


def everything(path: str) -> bool:
    """Every member is wanted."""
    return True


def unpacked(data: bytes, wanted: Callable[[str], bool] = everything) -> tuple[dict[str, bytes], list[str]]:
    """The members of ``z.zip`` and the messages of those that are refused, one line each."""
    found = list(members(data, "z.zip", wanted))
    problems = [str(item) for item in found if isinstance(item, DocumentError)]
    return dict(item for item in found if not isinstance(item, DocumentError)), problems


def refusal(data: bytes) -> str:
    """The message with which the whole archive is refused."""
    with pytest.raises(DocumentError) as error:
        list(members(data, "z.zip", everything))
    return str(error.value)


def test_members_come_in_the_order_of_the_archive() -> None:
    assert list(members(zipped(TWO), "z.zip", everything)) == list(TWO.items())
    assert unpacked(zipped(TWO, zipfile.ZIP_STORED)) == (TWO, [])


def test_only_what_is_wanted_is_unpacked() -> None:
    damaged = zipped(TWO, zipfile.ZIP_STORED).replace(b"Seals", b"Whale")
    assert unpacked(damaged, lambda path: path == "b.md") == ({"b.md": b"Otters."}, [])
    assert unpacked(damaged)[1] == ["z.zip/deep/er/a.md: damaged (BadZipFile); pack it again"]


def test_folders_are_no_members() -> None:
    assert unpacked(zipped({"deep/": b"", "deep/a.md": b"Seals."})) == ({"deep/a.md": b"Seals."}, [])


@pytest.mark.parametrize(
    "path",
    [
        "../a.md",
        "deep/../../a.md",
        "deep\\..\\a.md",
        "/etc/a.md",
        "\\a.md",
        "\\\\host\\share\\a.md",
        "C:a.md",
        "c:\\a.md",
        "..",
        "deep/..",
        ".",
    ],
)
def test_a_path_that_leads_out_is_refused(path: str) -> None:
    found, problems = unpacked(zipped({path: b"Otters.", "good.md": b"Seals."}))
    assert found == {"good.md": b"Seals."}
    assert problems == [f"z.zip/{path}: a path that leads out of the archive; pack it again without"]


@pytest.mark.parametrize("path", ["..a.md", "a..md", "deep/...", "Dose: a note.md", "./a.md", "a.md\n"])
def test_a_path_that_only_looks_so_is_read(path: str) -> None:
    assert unpacked(zipped({path: b"Otters."})) == ({path: b"Otters."}, [])


def test_a_member_without_a_name() -> None:
    data = zipped({"a": b"Otters."})
    nameless = data.replace(struct.pack("<HH", 1, 0) + b"a", struct.pack("<HH", 0, 0))  # in the entry of its header
    central = data.rindex(b"PK\x01\x02")
    nameless = data[: central + 28] + b"\0\0" + data[central + 30 : central + 46] + data[central + 47 :]
    nameless = nameless[:-10] + struct.pack("<I", len(nameless) - 22 - central) + nameless[-6:]
    assert unpacked(nameless)[1] == ["z.zip/: a path that leads out of the archive; pack it again without"]


def test_a_link_is_refused() -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as found:
        link = zipfile.ZipInfo("link.md")
        link.external_attr = 0o120777 << 16
        found.writestr(link, "/etc/passwd")
    assert unpacked(packed.getvalue()) == ({}, ["z.zip/link.md: a link; pack the file itself"])


def with_central_field(data: bytes, offset: int, form: str, value: int) -> bytes:
    """``data`` with a field of its first central entry overwritten."""
    at = data.index(b"PK\x01\x02") + offset
    return data[:at] + struct.pack(form, value) + data[at + struct.calcsize(form) :]


def test_an_encrypted_member_is_refused() -> None:
    data = with_central_field(zipped(TWO), 8, "<H", 1)
    assert unpacked(data) == (
        {"deep/er/a.md": b"Seals."},
        ["z.zip/b.md: encrypted; pack it without a password"],
    )


@pytest.mark.parametrize("compression", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_compression_that_cannot_be_bounded_is_refused(compression: int) -> None:
    assert unpacked(zipped({"a.md": b"Otters."}, compression))[1] == [
        "z.zip/a.md: of an unusual compression; pack it again as a plain ZIP file"
    ]


@pytest.mark.parametrize("size", [3, 6])
def test_a_size_that_is_understated_is_found_out(size: int) -> None:
    found, problems = unpacked(with_central_field(zipped(TWO), 24, "<I", size))
    assert "b.md" not in found
    assert problems == ["z.zip/b.md: damaged (BadZipFile); pack it again"]


def test_a_size_that_is_overstated_does_no_harm() -> None:
    assert unpacked(with_central_field(zipped(TWO), 24, "<I", 10_000)) == (TWO, [])


def test_a_wrong_checksum_is_found_out() -> None:
    assert unpacked(with_central_field(zipped(TWO), 16, "<I", 1))[1] == [
        "z.zip/b.md: damaged (BadZipFile); pack it again"
    ]


def test_a_member_that_is_too_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "LARGEST_FILE", 2_000_000)
    data = zipped({"bomb.md": bytes(2_000_001), "good.md": b"Otters."})
    assert unpacked(data) == ({"good.md": b"Otters."}, ["z.zip/bomb.md: unpacks to more than 2 MB; split it"])


def test_members_that_are_too_large_together(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "LARGEST_CONTENT", 2_000_000)
    found = members(zipped({"a": bytes(1_500_000), "b": bytes(1_500_000)}), "z.zip", everything)
    assert next(found) == ("a", bytes(1_500_000))
    with pytest.raises(DocumentError, match=r"^z\.zip: unpacks to more than 2 MB; split it$"):
        next(found)


def test_too_many_members(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "MOST_MEMBERS", 2)
    assert unpacked(zipped(TWO)) == (TWO, [])
    assert refusal(zipped({**TWO, "c": b""})) == "z.zip: holds 3 files, more than 2; split it"


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04", zipped(TWO)[:-20], zipped(TWO)[:60]])
def test_a_damaged_archive(data: bytes) -> None:
    assert refusal(data).startswith("z.zip: damaged archive (")


def test_an_empty_archive() -> None:
    assert unpacked(zipped({})) == ({}, [])


def test_no_damage_breaks_the_reader() -> None:
    dice, sound = random.Random(7), zipped({**TWO, "c.md": bytes(300)})
    for _ in range(1_000):
        data = bytearray(sound)
        for _ in range(dice.randint(1, 4)):
            data[dice.randrange(len(data))] = dice.choice([0, 1, 255, dice.randrange(256)])
        try:
            _, problems = unpacked(bytes(data))
        except DocumentError as error:
            problems = [str(error)]
        assert all(problem.startswith("z.zip") for problem in problems)


def test_members_that_share_their_bytes() -> None:
    data = zipped({"a.md": b"Otters."})
    at, end = data.index(b"PK\x01\x02"), data.index(b"PK\x05\x06")
    twice = data[:end] + data[at:end] + data[end : end + 8] + struct.pack("<HHIIH", 2, 2, 2 * (end - at), at, 0)
    assert refusal(twice) == "z.zip: damaged archive (its members overlap); pack it again"


def test_gzip() -> None:
    assert gunzip(gzip.compress(b"Otters."), "a.md.gz") == b"Otters."
    assert gunzip(gzip.compress(b"Otters. ") + gzip.compress(b"Seals."), "a.md.gz") == b"Otters. Seals."


@pytest.mark.parametrize(
    "data",
    [
        gzip.compress(b"Otters.")[:-4],
        gzip.compress(b"Otters.")[:12],
        gzip.compress(b"Otters.")[:-8] + bytes(8),
        gzip.compress(b"Otters.") + b"junk",
        b"\x1f\x8b\x08" + b"\xff" * 50,
    ],
)
def test_a_damaged_gzip_file(data: bytes) -> None:
    with pytest.raises(DocumentError, match=r"^a\.gz: damaged gzip file \(.+\); compress it again$"):
        gunzip(data, "a.gz")


def test_a_gzip_file_that_is_too_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "LARGEST_FILE", 2_000_000)
    assert len(gunzip(gzip.compress(bytes(2_000_000)), "a.gz")) == 2_000_000
    with pytest.raises(DocumentError, match=r"^a\.gz: unpacks to more than 2 MB; split it$"):
        gunzip(gzip.compress(bytes(2_000_001)), "a.gz")
