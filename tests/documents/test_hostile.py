"""Every hostile file ends in documents or in problems of one line, and harms neither the next file nor aught else."""

from __future__ import annotations

import gzip
import os
import re
import socket
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from document_support import assert_sound
from documents.hostile import FAMILIES, Bait, Hostile
from temsiqa.documents.corpus import read_corpus
from temsiqa.documents.worker import Limits, ReadingProcess
from temsiqa.errors import DocumentError
from temsiqa.model import Document

pytestmark = pytest.mark.slow

LIMITS = Limits(seconds=3, memory=768 << 20)
GOOD = "Seals sleep ashore."
WITHHELD = "what nobody may read"
# A reader that would load this as a pickle would create a file beside it.
PICKLE = b"cos\nsystem\n(S'touch %s'\ntR."
LIMITED = re.compile(r"not read within|breaks its reader|needs more than")


@dataclass(frozen=True, slots=True)
class Trap:
    """A reading process amid all that it must leave alone."""

    read: ReadingProcess
    folder: Path
    bait: Bait
    listener: socket.socket

    def lay(self, hostile: Hostile) -> Path:
        """Writes a hostile file, with its sidecar."""
        path = self.folder / "corpus" / hostile.name
        path.write_bytes(hostile.data)
        if hostile.sidecar is not None:
            path.with_name(f"{path.name}.meta.yaml").write_bytes(hostile.sidecar)
        return path

    def assert_untouched(self) -> None:
        """Nobody called, nobody opened the secret, and no file appeared."""
        with pytest.raises(BlockingIOError):
            self.listener.accept()
        assert self.bait.file.stat().st_atime == 0
        assert sorted(path.name for path in self.bait.file.parent.iterdir()) == ["secret", "secret.pickle.gz"]

    def assert_reads_on(self) -> None:
        """The next file is read as ever."""
        good = self.folder / "good.md"
        assert [item.text for item in self.read(good, "good.md") if isinstance(item, Document)] == [GOOD]


@pytest.fixture(scope="module")
def trap(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Trap]:
    """One trap for all: what a hostile file breaks, the next one shows."""
    folder = tmp_path_factory.mktemp("trap")
    (folder / "corpus").mkdir()
    (folder / "outside").mkdir()
    (folder / "good.md").write_text(GOOD)
    secret = folder / "outside" / "secret"
    secret.write_text(WITHHELD)
    (folder / "outside" / "secret.pickle.gz").write_bytes(gzip.compress(PICKLE % bytes(secret.with_name("loaded"))))
    os.utime(secret, (0, 0))
    with socket.create_server(("127.0.0.1", 0)) as listener, ReadingProcess(LIMITS) as reading:
        listener.setblocking(False)
        bait = Bait(secret, f"http://127.0.0.1:{listener.getsockname()[1]}/")
        yield Trap(reading, folder, bait, listener)


def assert_told(problem: str, name: str) -> None:
    """One line that names the file, and no failure that its reader did not foresee."""
    assert problem.startswith((f"{name}: ", f"{name}/", f"{name}.meta.yaml: ", repr(name)[:-1]))
    assert problem.isprintable()
    assert len(problem) <= 1_100
    assert WITHHELD not in problem
    assert "its reader fails" not in problem


def assert_bearable(item: Document | DocumentError, name: str) -> None:
    """A sound document of that file, or a problem of it."""
    if isinstance(item, DocumentError):
        assert_told(str(item), name)
    else:
        assert item.id == name or item.id.startswith(f"{name}/")
        assert WITHHELD not in repr(item)
        if len(item.text) < 100_000:  # beyond, it takes seconds
            assert_sound(item)


def assert_survived(trap: Trap, hostile: Hostile) -> None:
    """The file ends in something, in time, and nothing else is harmed."""
    path = trap.lay(hostile)
    began = time.monotonic()
    found = list(trap.read(path, hostile.name))
    path.unlink()
    assert time.monotonic() - began < 3 * LIMITS.seconds
    assert found
    for item in found:
        assert_bearable(item, hostile.name)
    problems = [str(item) for item in found if isinstance(item, DocumentError)]
    assert hostile.endless or not any(map(LIMITED.search, problems))
    trap.assert_untouched()
    trap.assert_reads_on()


@pytest.mark.parametrize("family", FAMILIES)
def test_hostile_files(trap: Trap, family: str) -> None:
    failures: dict[str, str] = {}
    names: list[str] = []
    for hostile in FAMILIES[family](trap.bait):
        names.append(hostile.name)
        try:
            assert_survived(trap, hostile)
        except AssertionError as error:
            failures[hostile.name] = str(error)[:500]
    assert failures == {}
    assert len(set(names)) == len(names) > 20


@pytest.mark.parametrize("name", ["pipe.md", "pipe.pdf", "zero.md", "memory.md", "folder.md", "loop.md", "gone.md"])
def test_what_is_no_file(trap: Trap, name: str) -> None:
    path = trap.folder / name
    if name.startswith("pipe"):
        os.mkfifo(path)
    elif name == "folder.md":
        path.mkdir()
    else:
        targets = {"zero.md": "/dev/zero", "memory.md": "/proc/self/mem", "loop.md": "loop.md", "gone.md": "nowhere"}
        path.symlink_to(targets[name])
    (problem,) = trap.read(path, name)
    assert_told(str(problem), name)
    trap.assert_reads_on()


def test_a_file_of_a_terabyte(trap: Trap) -> None:
    path = trap.folder / "terabyte.md"
    with path.open("wb") as file:
        file.truncate(10**12)
    (problem,) = trap.read(path, path.name)
    path.unlink()
    assert str(problem) == "terabyte.md: larger than 100 MB; split it"


def test_a_sidecar_that_leads_elsewhere(trap: Trap) -> None:
    path = trap.folder / "led.md"
    path.write_text(GOOD)
    path.with_name("led.meta.yaml").symlink_to(trap.bait.file)
    path.with_name("led.md.meta.yaml").symlink_to("/dev/zero")
    (document,) = trap.read(path, path.name)
    assert isinstance(document, Document)
    trap.assert_untouched()


@pytest.mark.parametrize("name", [b"\xff\xfe.pdf", b"a\nb.docx", b"a\x1b[2J.html", "a\u202egpj.zip".encode()])
def test_names_of_files_that_are_no_line(trap: Trap, name: bytes) -> None:
    path = trap.folder / os.fsdecode(name)
    path.write_bytes(b"")
    (problem,) = trap.read(path, path.name)
    assert str(problem).isascii()
    assert str(problem).isprintable()


def test_a_corpus_of_hostile_files(trap: Trap, tmp_path: Path) -> None:
    bounded = [h for family in ("Word", "YAML", "records") for h in FAMILIES[family](trap.bait) if not h.endless]
    for hostile in bounded[::4]:
        (tmp_path / hostile.name).write_bytes(hostile.data)
    (tmp_path / "0.md").write_text(GOOD)
    (tmp_path / "zz.md").write_text(GOOD)
    corpus = read_corpus(tmp_path, trap.read)
    assert [corpus.documents_of[name][0].text for name in ("0.md", "zz.md")] == [GOOD, GOOD]
    assert all(corpus.documents_of[hostile.name] or corpus.problems_of[hostile.name] for hostile in bounded[::4])
    trap.assert_untouched()
