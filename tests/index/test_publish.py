"""An index folder has one writer, which changes what is served in one step, or not at all."""

from __future__ import annotations

import errno
import itertools
import os
import resource
import sys
import tempfile
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

import pytest

from builders import changes_a_file
from index_support import files_in, quick_build, quick_recipe, unfinished
from support import HashEncoder, write_corpus
from temsiqa.errors import IndexBusyError, IndexFolderError
from temsiqa.index.build import is_current
from temsiqa.index.encode import Vectors
from temsiqa.index.generation import CURRENT, Generation, current_name, load_current
from temsiqa.index.lexical import LexicalIndex
from temsiqa.index.manifest import MANIFEST
from temsiqa.index.publish import LOCK, UNFINISHED


class _Waiting(HashEncoder):
    """Encodes once it may."""

    def __init__(self) -> None:
        self.started, self.may_go_on = threading.Event(), threading.Event()

    def encode(self, texts: Sequence[str]) -> Vectors:
        """As ``HashEncoder``."""
        self.started.set()
        assert self.may_go_on.wait(30)
        return super().encode(texts)


def test_a_second_builder_is_told_who_builds_and_succeeds_later(tmp_path: Path, index: Path, corpus: Path) -> None:
    served, encoder = current_name(index), _Waiting()
    other = write_corpus(tmp_path / "other", "Temsirolimus keeps in the cold.")
    first = threading.Thread(target=quick_build, args=(index, other, encoder))
    first.start()
    assert encoder.started.wait(30)
    with pytest.raises(IndexBusyError, match=f"process {os.getpid()} is building here") as caught:
        quick_build(index, corpus)
    assert caught.value.retryable
    assert load_current(index).name == served
    assert len(unfinished(index)) == 1
    encoder.may_go_on.set()
    first.join(30)
    assert is_current(index, quick_recipe(other))
    assert quick_build(index, corpus).generation == served
    assert load_current(index).name == served


def test_a_lock_left_by_a_process_that_died_holds_nobody_up(index: Path, corpus: Path) -> None:
    (index / LOCK).write_text("999999", encoding="ascii")
    quick_build(index, corpus)
    assert (index / LOCK).read_text(encoding="ascii") == str(os.getpid())


def test_an_index_folder_that_cannot_be_locked_is_named(
    index: Path, corpus: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Some network file systems keep no locks; that is not another process at work."""
    monkeypatch.setattr("fcntl.flock", _failing(errno.ENOLCK))
    with pytest.raises(IndexFolderError, match="No locks available"):
        quick_build(index, corpus)


def test_a_full_disk_leaves_the_current_generation(tmp_path: Path, index: Path) -> None:
    """The system itself refuses to write more into a file: of each, in turn, the last byte is missing."""
    corpus, before = write_corpus(tmp_path / "other", "Temsirolimus keeps in the cold."), files_in(index)
    new = quick_build(tmp_path / "elsewhere", corpus).generation
    for limit in {0, 3, *(len(data) - 1 for data in files_in(tmp_path / "elsewhere" / new).values())}:
        with _file_limit(limit), pytest.raises(IndexFolderError, match="cannot be written") as caught:
            quick_build(index, corpus)
        assert str(caught.value).startswith(f"{index}: ")
        assert "free space or name another folder with --index" in str(caught.value)
        assert files_in(index) == before
        assert not unfinished(index)
    assert quick_build(index, corpus).generation == new == load_current(index).name


@contextmanager
def _file_limit(size: int) -> Iterator[None]:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.mark.parametrize("operation", ["os.fsync", "os.fchmod"])
def test_every_step_that_fails_leaves_a_sound_generation(
    tmp_path: Path, index: Path, monkeypatch: pytest.MonkeyPatch, operation: str
) -> None:
    """Each call of ``operation`` fails once; a failed build is whole or not there, and the next one succeeds."""
    original, failing = getattr(os, operation.partition(".")[2]), _Countdown()

    def step(*arguments: object) -> object:
        failing.count()
        return original(*arguments)

    monkeypatch.setattr(operation, step)
    _check_failures(tmp_path, index, failing, at_least=1)


def test_every_change_of_a_file_that_fails_leaves_a_sound_generation(tmp_path: Path, index: Path) -> None:
    failing = _Countdown()

    def audit(event: str, arguments: tuple[object, ...]) -> None:
        if event not in _REMOVES and changes_a_file(event, arguments, index):
            failing.count()

    sys.addaudithook(audit)  # for good, but it does nothing without a countdown
    _check_failures(tmp_path, index, failing, at_least=20)


# A full disk keeps nobody from removing a file.
_REMOVES = frozenset({"os.remove", "os.rmdir", "shutil.rmtree"})


class _Countdown:
    """Finds the disk full once, at the step that it is told; steps are counted from 1, and 0 is none."""

    def __init__(self) -> None:
        self.left = 0

    def count(self) -> None:
        """One step."""
        self.left -= 1
        if self.left == 0:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def _check_failures(folder: Path, index: Path, failing: _Countdown, at_least: int) -> None:
    corpora = [write_corpus(folder / "one", "It keeps."), write_corpus(folder / "two", "It keeps in the cold.")]
    failures = 0
    for step in itertools.count(1):
        served, corpus, failing.left = current_name(index), corpora[step % 2], step
        try:
            quick_build(index, corpus)
        except IndexFolderError as error:
            failures += "No space left" in str(error)
        if failing.left > 0:  # the build was through before
            break
        failing.left = 0
        assert load_current(index).name == served or is_current(index, quick_recipe(corpus))
        assert not unfinished(index)
    assert failures >= at_least
    assert is_current(index, quick_recipe(corpus))


def test_a_folder_that_may_not_be_written_is_named(index: Path, corpus: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    served = load_current(index).name
    monkeypatch.setattr(tempfile, "mkdtemp", _failing(errno.EROFS))
    with pytest.raises(IndexFolderError, match=r"Read-only file system.*--index"):
        quick_build(index, corpus)
    assert load_current(index).name == served


def _failing(number: int) -> object:
    def fail(*arguments: object, **named: object) -> NoReturn:
        raise OSError(number, os.strerror(number))

    return fail


def test_everything_is_on_disk_before_it_is_current(
    tmp_path: Path, index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Files and folder first, then the name of the folder, then CURRENT itself, then the rename of CURRENT."""
    steps: list[str] = []
    sync, rename, replace = os.fsync, Path.rename, Path.replace

    def syncing(handle: int) -> None:
        steps.append(str(Path(f"/proc/self/fd/{handle}").readlink()))
        sync(handle)

    def renaming(self: Path, target: Path) -> Path:
        steps.append(f"{self} -> {target}")
        return rename(self, target)

    def replacing(self: Path, target: Path) -> Path:
        steps.append(f"{self} => {target}")
        return replace(self, target)

    monkeypatch.setattr(os, "fsync", syncing)
    monkeypatch.setattr(Path, "rename", renaming)
    monkeypatch.setattr(Path, "replace", replacing)
    name = quick_build(index, write_corpus(tmp_path / "other", "It keeps.")).generation

    named = next(i for i, step in enumerate(steps) if step.endswith(f" -> {index / name}"))
    switched = next(i for i, step in enumerate(steps) if step.endswith(f" => {index / CURRENT}"))
    unfinished, pointer = steps[named].split(" -> ")[0], steps[switched].split(" => ")[0]
    everything = {str(Path(unfinished) / p.relative_to(index / name)) for p in (index / name).rglob("*")}
    assert everything | {unfinished} <= set(steps[:named])
    assert {str(index), pointer} <= set(steps[named:switched])
    assert str(index) in steps[switched:]


def test_generations_are_kept_and_pruned(tmp_path: Path, index: Path) -> None:
    """The former generation stays, for a server that is about to load it; older ones go."""
    names = [current_name(index)]
    for number in range(3):
        corpus = write_corpus(tmp_path / f"corpus{number}", f"Round {number}.")
        names.append(quick_build(index, corpus).generation)
        kept = {p.name for p in index.iterdir() if p.is_dir()}
        assert kept == set(names[-2:])


def test_folders_of_others_are_left_alone(tmp_path: Path, index: Path, corpus: Path) -> None:
    """Many programs call a file manifest.json."""
    others = [index / name for name in ("extension", "another", "backup-of-" + current_name(index), "e" * 31)]
    for folder in others:
        folder.mkdir()
        (folder / MANIFEST).write_text("{}", encoding="ascii")
    (index / "notes.txt").write_text("notes", encoding="ascii")
    for number in range(3):
        quick_build(index, write_corpus(tmp_path / f"corpus{number}", f"Round {number}."))
    assert all((folder / MANIFEST).is_file() for folder in others)
    assert (index / "notes.txt").is_file()


def test_what_a_dead_builder_left_is_removed_before_anything_is_written(tmp_path: Path, index: Path) -> None:
    """It may be what fills the disk."""
    (index / f"{UNFINISHED}abc" / "passages.bm25").mkdir(parents=True)
    (index / f"{UNFINISHED}def").write_text("", encoding="ascii")
    encoder = _Looking(index)
    quick_build(index, write_corpus(tmp_path / "other", "Temsirolimus keeps in the cold."), encoder)
    assert [len(found) for found in encoder.found] == [1]
    assert not unfinished(index)


class _Looking(HashEncoder):
    """Notes what is unfinished while it encodes."""

    def __init__(self, index: Path) -> None:
        self._index, self.found = index, list[list[Path]]()

    def encode(self, texts: Sequence[str]) -> Vectors:
        """As ``HashEncoder``."""
        self.found.append(unfinished(self._index))
        return super().encode(texts)


def test_the_index_can_be_read_by_another_user(index: Path) -> None:
    assert (index / CURRENT).stat().st_mode & 0o777 == 0o644
    assert (index / current_name(index)).stat().st_mode & 0o777 == 0o755


def test_readers_never_see_a_mix_while_builds_alternate(tmp_path: Path) -> None:
    """Three corpora in turn, so that the generation being read may also be retired."""
    index, expected = tmp_path / "index", dict[str, tuple[str, bytes]]()
    corpora = [write_corpus(tmp_path / f"corpus{number}", f"This is corpus {number}.") for number in range(3)]
    for corpus in corpora:
        quick_build(index, corpus)
        expected[current_name(index)] = _content(load_current(index))
    assert len(set(expected.values())) == 3
    builder = threading.Thread(target=lambda: [quick_build(index, corpora[turn % 3]) for turn in range(30)])
    builder.start()
    seen = list[str]()
    while builder.is_alive() or not seen:
        generation = load_current(index)
        assert _content(generation) == expected[generation.name]
        seen.append(generation.name)
    builder.join()
    assert set(seen) == set(expected)


def _content(generation: Generation) -> tuple[str, bytes]:
    """Something of every file."""
    texts = [d.text for d in generation.documents.values()] + [p.text for p in generation.passages]
    dense = generation.passage_vectors.reconstruct_n(0, len(generation.passages))
    words = [lexical.scores(["corpus", "temsirolimus"]) for lexical in _lexical(generation)]
    return "\n".join(texts), b"".join(array.tobytes() for array in (dense, generation.sentence_vectors, *words))


def _lexical(generation: Generation) -> tuple[LexicalIndex, LexicalIndex]:
    return generation.passage_words, generation.sentence_words
