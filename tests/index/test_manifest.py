"""The manifest: every file of a generation with its checksum, and the generation named after it."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import pytest

from temsiqa.answering.operating_point import operating_points
from temsiqa.errors import IndexFolderError
from temsiqa.index.manifest import (
    FORMAT_VERSION,
    MANIFEST,
    FileRecord,
    Manifest,
    Recipe,
    is_name,
    read_manifest,
    record_files,
    verify_files,
    write_manifest,
)

RECIPE = Recipe(
    format=FORMAT_VERSION,
    encoder="e",
    weights="w",
    corpus="c",
    books={"sources": "s"},
    glossary="g",
    answering="a",
    software={"temsiqa": "0"},
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A generation of two files, one of them in a folder of its own."""
    unnamed = tmp_path / "unnamed"
    (unnamed / "inner").mkdir(parents=True)
    (unnamed / "one").write_bytes(b"one")
    (unnamed / "inner" / "two").write_bytes(b"two")
    return unnamed.rename(tmp_path / write_manifest(_manifest(unnamed), unnamed))


def _manifest(folder: Path, recipe: Recipe = RECIPE) -> Manifest:
    return Manifest(
        recipe=recipe,
        dimension=1,
        documents=1,
        passages=1,
        sentences=1,
        problems=("broken.md: not UTF-8",),
        passed_over=("picture.png",),
        suspects={},
        operating_points=operating_points(),
        files=record_files(folder),
    )


def test_records_every_file_but_the_manifest(folder: Path) -> None:
    assert record_files(folder) == {
        "one": FileRecord(bytes=3, sha256=hashlib.sha256(b"one").hexdigest()),
        "inner/two": FileRecord(bytes=3, sha256=hashlib.sha256(b"two").hexdigest()),
    }


def test_reads_what_it_wrote(folder: Path) -> None:
    manifest = read_manifest(folder)
    assert manifest == _manifest(folder)
    verify_files(manifest, folder)


def test_a_generation_is_named_after_its_manifest(folder: Path) -> None:
    assert is_name(folder.name)
    assert hashlib.sha256((folder / MANIFEST).read_bytes()).hexdigest().startswith(folder.name)


@pytest.mark.parametrize(
    "text", ["", "a", "a" * 31, "a" * 33, "g" * 32, "A" * 32, "a" * 32 + "\n", ".building-" + "a" * 22]
)
def test_what_is_no_name(text: str) -> None:
    assert not is_name(text)


@pytest.mark.parametrize("content", [b"", b"{}", b"null", b"\xff", b'{"recipe": {"format": 1}}'])
def test_manifest_of_another_kind_is_refused(tmp_path: Path, content: bytes) -> None:
    folder = tmp_path / hashlib.sha256(content).hexdigest()[:32]
    folder.mkdir()
    (folder / MANIFEST).write_bytes(content)
    _refused(folder, folder / MANIFEST, "another version")


def test_manifest_of_another_format_is_refused(folder: Path) -> None:
    newer = _manifest(folder, RECIPE.model_copy(update={"format": FORMAT_VERSION + 1}))
    renamed = folder.rename(folder.parent / write_manifest(newer, folder))
    _refused(renamed, renamed / MANIFEST, f"format {FORMAT_VERSION + 1}, this version reads {FORMAT_VERSION}")


def test_folder_of_another_name_is_refused(folder: Path) -> None:
    renamed = folder.rename(folder.with_name("a" * 32))
    _refused(renamed, renamed / MANIFEST, "does not belong to this generation")


def test_missing_manifest_and_missing_folder_are_refused(folder: Path) -> None:
    (folder / MANIFEST).unlink()
    _refused(folder, folder / MANIFEST, "missing")
    gone = folder.with_name("a" * 32)
    _refused(gone, gone / MANIFEST, "missing")


@pytest.mark.parametrize("name", ["one", "inner/two"])
def test_damaged_file_is_named(folder: Path, name: str) -> None:
    path = folder / name
    for content, reason in ((b"onE", "checksum"), (b"on", "2 bytes instead of 3"), (b"", "0 bytes instead of 3")):
        path.write_bytes(content)
        _refused(folder, path, reason)
    path.unlink()
    _refused(folder, path, "missing")
    path.mkdir()
    _refused(folder, path, "build again")


@pytest.mark.parametrize("name", ["three", "inner/three", "foreign/three", "inner/manifest.json"])
def test_foreign_file_is_named(folder: Path, name: str) -> None:
    (folder / name).parent.mkdir(exist_ok=True)
    (folder / name).write_bytes(b"three")
    _refused(folder, folder / name, "not part of this generation")


def test_file_that_never_ends_is_not_waited_for(folder: Path) -> None:
    (folder / "one").unlink()
    os.mkfifo(folder / "one")
    _refused(folder, folder / "one", "0 bytes instead of 3")


def test_folder_that_vanishes_while_it_is_listed_is_refused(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    manifest = read_manifest(folder)

    def vanish(self: Path, pattern: str) -> list[Path]:
        raise FileNotFoundError(2, "No such file or directory", str(self))

    monkeypatch.setattr(Path, "rglob", vanish)
    with pytest.raises(IndexFolderError, match="temsiqa index"):
        verify_files(manifest, folder)


def _refused(folder: Path, path: Path, reason: str) -> None:
    with pytest.raises(IndexFolderError) as caught:
        verify_files(read_manifest(folder), folder)
    message = str(caught.value)
    assert message.startswith(f"{path}: ")
    assert reason in message
    assert "temsiqa index" in message
