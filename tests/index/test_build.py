"""Building never harms what is served, and the same inputs give the same generation."""

from __future__ import annotations

import errno
import os
import resource
import shutil
import tempfile
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

import pytest

from support import HashEncoder, build_index, no_progress, recipe_for, write_corpus
from temsiqa.errors import CorpusError, IndexBusyError, IndexFolderError, SettingsError
from temsiqa.index.build import LOCK, UNFINISHED, build, is_current, recipe
from temsiqa.index.encode import DEFAULT_ENCODER, SentenceEncoder, Vectors
from temsiqa.index.generation import CURRENT, Generation, current_name, load_current
from temsiqa.index.lexical import LexicalIndex
from temsiqa.index.manifest import FORMAT_VERSION, MANIFEST
from temsiqa.settings import DEFAULT_GLOSSARY

ENCODER = HashEncoder()


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """A tiny corpus of this test's own."""
    return write_corpus(tmp_path / "corpus")


@pytest.fixture
def index(tmp_path: Path, corpus: Path) -> Path:
    """An index of ``corpus``."""
    build_index(tmp_path / "index", corpus, ENCODER)
    return tmp_path / "index"


def test_a_build_makes_its_generation_current(tmp_path: Path, corpus: Path) -> None:
    built = build_index(tmp_path / "new" / "index", corpus, ENCODER)
    generation = load_current(tmp_path / "new" / "index")
    assert (generation.name, generation.manifest) == (built.generation, built.manifest)
    assert generation.manifest.recipe == recipe_for(corpus, ENCODER)
    assert {p.name for p in (tmp_path / "new" / "index").iterdir()} == {CURRENT, LOCK, built.generation}


def test_progress_tells_of_every_text(tmp_path: Path, corpus: Path) -> None:
    told: list[tuple[str, int, int]] = []
    wanted = recipe_for(corpus, ENCODER)
    build(tmp_path, corpus, wanted, ENCODER, DEFAULT_GLOSSARY, lambda *report: told.append(report))
    assert told[0] == ("reading", 3, 3)
    assert told[-1][0] == "encoding"
    assert told[-1][1] == told[-1][2] > 0


def test_what_cannot_be_read_is_recorded(tmp_path: Path, corpus: Path) -> None:
    (corpus / "broken.md").write_bytes(b"\xff\xfe")
    built = build_index(tmp_path / "index", corpus, ENCODER)
    assert built.manifest.documents == 3
    assert len(built.manifest.problems) == 1
    assert built.manifest.problems[0].startswith("broken.md: ")


def test_the_same_corpus_gives_the_same_generation(tmp_path: Path, corpus: Path) -> None:
    one, other = tmp_path / "one", tmp_path / "other"
    assert build_index(one, corpus, ENCODER) == build_index(other, write_corpus(tmp_path / "copy"), ENCODER)
    assert _files(one / current_name(one)) == _files(other / current_name(other))


@pytest.mark.slow
def test_the_literature_gives_the_same_generation_twice(
    tmp_path: Path, corpus_index: Path, sentence_encoder: SentenceEncoder
) -> None:
    """In the same process; see ``test_lexical`` and ``test_kill`` for builds in processes of their own."""
    built = build_index(tmp_path, Path(__file__).parents[2] / "corpus", sentence_encoder)
    assert built.generation == current_name(corpus_index)
    assert _files(tmp_path / built.generation) == _files(corpus_index / built.generation)


def test_recipe_names_everything_that_goes_in(corpus: Path) -> None:
    wanted = recipe(corpus, DEFAULT_ENCODER, DEFAULT_GLOSSARY)
    assert (wanted.format, wanted.encoder) == (FORMAT_VERSION, DEFAULT_ENCODER)
    assert [len(digest) for digest in (wanted.weights, wanted.corpus, wanted.glossary)] == [64, 64, 64]
    decisive = {"markdown-it-py", "pylatexenc", "sentencex", "PyStemmer", "bm25s", "faiss-cpu"}
    assert set(wanted.software) == {"temsiqa", "sentence-transformers", "torch", *decisive}
    assert wanted == recipe(corpus, DEFAULT_ENCODER, DEFAULT_GLOSSARY)


def test_an_index_is_current_until_an_input_changes(tmp_path: Path, index: Path, corpus: Path) -> None:
    assert is_current(index, recipe_for(corpus, ENCODER))
    changed, added, renamed, removed = (write_corpus(tmp_path / name) for name in ("a", "b", "c", "d"))
    with (changed / "guides" / "giving.md").open("a", encoding="utf-8") as file:
        file.write("!")
    shutil.copy(added / "guides" / "giving.md", added / "another.md")
    (renamed / "guides").rename(renamed / "other")
    (removed / "guides" / "giving.md").unlink()
    for other in (changed, added, renamed, removed):
        assert not is_current(index, recipe_for(other, ENCODER))


def test_an_index_is_current_whatever_else_lies_in_the_corpus(index: Path, corpus: Path) -> None:
    for name in ("README.md", "picture.png", ".hidden.md"):
        (corpus / name).write_text("text", encoding="utf-8")
    assert is_current(index, recipe_for(corpus, ENCODER))


def test_another_glossary_or_encoder_is_not_current(tmp_path: Path, index: Path, corpus: Path) -> None:
    glossary = tmp_path / "glossary.yaml"
    glossary.write_bytes(DEFAULT_GLOSSARY.read_bytes())
    wanted = recipe_for(corpus, ENCODER, glossary)
    assert is_current(index, wanted)
    glossary.write_bytes(DEFAULT_GLOSSARY.read_bytes() + b"# more\n")
    assert not is_current(index, recipe_for(corpus, ENCODER, glossary))
    for field, value in (("encoder", "other"), ("weights", "other"), ("format", 2), ("software", {})):
        assert not is_current(index, wanted.model_copy(update={field: value}))


def test_a_damaged_index_is_not_current_and_is_mended_by_building(index: Path, corpus: Path) -> None:
    folder, wanted = index / current_name(index), recipe_for(corpus, ENCODER)
    sound = _files(folder)
    for path in [index / CURRENT, *(folder / name for name in sound)]:
        path.write_bytes(path.read_bytes()[:-1])
        assert not is_current(index, wanted)
        build_index(index, corpus, ENCODER)
        assert is_current(index, wanted)
        assert _files(folder) == sound
    for missing in (index / CURRENT, folder):
        shutil.rmtree(missing) if missing.is_dir() else missing.unlink()
        assert not is_current(index, wanted)
        build_index(index, corpus, ENCODER)
        assert is_current(index, wanted)
    assert not is_current(index.parent / "nowhere", wanted)


def test_missing_inputs_are_named(tmp_path: Path, corpus: Path) -> None:
    with pytest.raises(SettingsError, match=r"glossary\.yaml: glossary cannot be read"):
        recipe(corpus, DEFAULT_ENCODER, tmp_path / "glossary.yaml")
    with pytest.raises(CorpusError, match="no such folder"):
        recipe(tmp_path / "nowhere", DEFAULT_ENCODER, DEFAULT_GLOSSARY)
    with pytest.raises(SettingsError, match="'nowhere'"):
        recipe(corpus, "nowhere", DEFAULT_GLOSSARY)


def test_nothing_to_read_leaves_the_index_as_it_was(tmp_path: Path, index: Path) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    before = _files(index)
    with pytest.raises(CorpusError, match="holds no readable document"):
        build_index(index, empty, ENCODER)
    assert _files(index) == before
    assert not _unfinished(index)


@pytest.mark.parametrize("changed", ["corpus", "glossary", "encoder", "weights"])
def test_a_recipe_that_no_longer_holds_is_not_recorded(index: Path, corpus: Path, changed: str) -> None:
    """The corpus may change while the encoder is being loaded."""
    wanted, before = recipe_for(corpus, ENCODER).model_copy(update={changed: "earlier"}), _files(index)
    with pytest.raises(CorpusError, match=f": {changed} changed while the index was being built; build again"):
        build(index, corpus, wanted, ENCODER, DEFAULT_GLOSSARY, no_progress)
    assert _files(index) == before
    assert not _unfinished(index)


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
    first = threading.Thread(target=build_index, args=(index, other, encoder))
    first.start()
    assert encoder.started.wait(30)
    with pytest.raises(IndexBusyError, match=f"process {os.getpid()} is building here") as caught:
        build_index(index, corpus, ENCODER)
    assert caught.value.retryable
    assert load_current(index).name == served
    assert len(_unfinished(index)) == 1
    encoder.may_go_on.set()
    first.join(30)
    assert is_current(index, recipe_for(other, ENCODER))
    assert build_index(index, corpus, ENCODER).generation == served
    assert load_current(index).name == served


def test_a_lock_left_by_a_process_that_died_holds_nobody_up(index: Path, corpus: Path) -> None:
    (index / LOCK).write_text("999999", encoding="ascii")
    build_index(index, corpus, ENCODER)
    assert (index / LOCK).read_text(encoding="ascii") == str(os.getpid())


def test_an_index_folder_that_cannot_be_locked_is_named(
    index: Path, corpus: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Some network file systems keep no locks; that is not another process at work."""
    monkeypatch.setattr("fcntl.flock", _failing(errno.ENOLCK))
    with pytest.raises(IndexFolderError, match="No locks available"):
        build_index(index, corpus, ENCODER)


@pytest.mark.parametrize("limit", [0, 3, 20, 100, 1_000, 2_000, 5_000, 10_000])
def test_a_full_disk_leaves_the_current_generation(tmp_path: Path, index: Path, limit: int) -> None:
    """The system itself refuses to write more than ``limit`` bytes into a file."""
    corpus, before = write_corpus(tmp_path / "other", "Temsirolimus keeps in the cold."), _files(index)
    with _file_limit(limit), pytest.raises(IndexFolderError, match="cannot be written") as caught:
        build_index(index, corpus, ENCODER)
    assert str(caught.value).startswith(f"{index}: ")
    assert "free space or name another folder with --index" in str(caught.value)
    assert _files(index) == before
    assert not _unfinished(index)
    build_index(index, corpus, ENCODER)
    assert is_current(index, recipe_for(corpus, ENCODER))


@contextmanager
def _file_limit(size: int) -> Iterator[None]:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.mark.parametrize("operation", ["os.fsync", "pathlib.Path.rename", "pathlib.Path.replace", "os.fchmod"])
def test_every_step_that_fails_leaves_a_sound_generation(
    tmp_path: Path, index: Path, monkeypatch: pytest.MonkeyPatch, operation: str
) -> None:
    """Each call of ``operation`` fails once; a failed build is whole or not there, and the next one succeeds."""
    corpora = [write_corpus(tmp_path / "one", "It keeps."), write_corpus(tmp_path / "two", "It keeps in the cold.")]
    failures = 0
    while True:
        corpus = corpora[failures % 2]
        with monkeypatch.context() as patched:
            countdown = _Countdown(patched, operation, failures)
            if countdown.builds(index, corpus):
                break
        failures += 1
        load_current(index)
        assert not _unfinished(index)
    assert failures >= 1
    assert is_current(index, recipe_for(corpus, ENCODER))


class _Countdown:
    """Lets ``operation`` work a number of times, then fail with a full disk."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, operation: str, works: int) -> None:
        module, _, name = operation.rpartition(".")
        owner = {"os": os, "pathlib.Path": Path}[module]
        original, self._left = getattr(owner, name), works

        def count(*arguments: object) -> object:
            self._left -= 1
            if self._left == -1:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            return original(*arguments)

        monkeypatch.setattr(owner, name, count)

    def builds(self, index: Path, corpus: Path) -> bool:
        """Whether a build got through before it was its turn to fail."""
        try:
            build_index(index, corpus, ENCODER)
        except IndexFolderError:
            return False
        return True


def test_a_folder_that_may_not_be_written_is_named(index: Path, corpus: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    served = load_current(index).name
    monkeypatch.setattr(tempfile, "mkdtemp", _failing(errno.EROFS))
    with pytest.raises(IndexFolderError, match=r"Read-only file system.*--index"):
        build_index(index, corpus, ENCODER)
    assert load_current(index).name == served


def test_a_file_in_the_place_of_the_index_folder_is_named(tmp_path: Path, corpus: Path) -> None:
    (tmp_path / "file").write_text("", encoding="ascii")
    for place in (tmp_path / "file", tmp_path / "file" / "index"):
        with pytest.raises(IndexFolderError) as caught:
            build_index(place, corpus, ENCODER)
        assert str(caught.value).startswith(f"{place}: cannot be written")


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
    name = build_index(index, write_corpus(tmp_path / "other", "It keeps."), ENCODER).generation

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
        names.append(build_index(index, corpus, ENCODER).generation)
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
        build_index(index, write_corpus(tmp_path / f"corpus{number}", f"Round {number}."), ENCODER)
    assert all((folder / MANIFEST).is_file() for folder in others)
    assert (index / "notes.txt").is_file()


def test_what_a_dead_builder_left_is_removed(index: Path, corpus: Path) -> None:
    (index / f"{UNFINISHED}abc" / "passages.bm25").mkdir(parents=True)
    (index / f"{UNFINISHED}def").write_text("", encoding="ascii")
    build_index(index, corpus, ENCODER)
    assert not _unfinished(index)


def test_the_index_can_be_read_by_another_user(index: Path) -> None:
    assert (index / CURRENT).stat().st_mode & 0o777 == 0o644
    assert (index / current_name(index)).stat().st_mode & 0o777 == 0o755


def test_readers_never_see_a_mix_while_builds_alternate(tmp_path: Path) -> None:
    """Three corpora in turn, so that the generation being read may also be retired."""
    index, expected = tmp_path / "index", dict[str, tuple[str, bytes]]()
    corpora = [write_corpus(tmp_path / f"corpus{number}", f"This is corpus {number}.") for number in range(3)]
    for corpus in corpora:
        build_index(index, corpus, ENCODER)
        expected[current_name(index)] = _content(load_current(index))
    assert len(set(expected.values())) == 3
    builder = threading.Thread(target=lambda: [build_index(index, corpora[turn % 3], ENCODER) for turn in range(30)])
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


def _files(folder: Path) -> dict[str, bytes]:
    paths = (p for p in folder.rglob("*") if p.is_file() and p.name != LOCK)
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


def _unfinished(index: Path) -> list[Path]:
    return list(index.glob(f"{UNFINISHED}*"))
