"""A generation serves whole and unchanged, or not at all."""

from __future__ import annotations

import io
import json
import os
import random
import shutil
import signal
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import faiss
import numpy as np
import pytest

from support import INFUSION_QUESTION, HashEncoder, build_index, write_corpus
from temsiqa.assistant import Assistant
from temsiqa.documents.disputes import DISPUTES
from temsiqa.documents.premises import PREMISES
from temsiqa.errors import IndexFolderError, UnknownDocumentError
from temsiqa.index.generation import (
    CURRENT,
    DOCUMENTS,
    FILES,
    GLOSSARY,
    PASSAGE_VECTORS,
    PASSAGE_WORDS,
    PASSAGES,
    SENTENCE_VECTORS,
    SENTENCE_WORDS,
    current_name,
    load_current,
    load_generation,
)
from temsiqa.index.manifest import MANIFEST, read_manifest, record_files, write_manifest
from temsiqa.safety.policy import load_policy
from temsiqa.settings import Settings

BM25_FILES = (
    "data.csc.index.npy",
    "indices.csc.index.npy",
    "indptr.csc.index.npy",
    "params.index.json",
    "vocab.index.json",
)
EVERY_FILE = (
    *(MANIFEST, FILES, DOCUMENTS, PASSAGES, GLOSSARY, DISPUTES, PREMISES, PASSAGE_VECTORS, SENTENCE_VECTORS),
    *(f"{folder}/{name}" for folder in (PASSAGE_WORDS, SENTENCE_WORDS) for name in BM25_FILES),
)
FLIPS, CUTS = 6, 3


@pytest.fixture
def index(tiny_index: Path, tmp_path: Path) -> Path:
    """A copy of ``tiny_index`` to be damaged."""
    return shutil.copytree(tiny_index, tmp_path / "index")


@pytest.fixture(autouse=True)
def _alarm() -> Iterator[None]:
    """Ends a test that hangs."""

    def stop(number: int, frame: object) -> None:
        raise AssertionError("hangs")

    before = signal.signal(signal.SIGALRM, stop)
    signal.alarm(60)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)


def test_loads_what_was_built(tiny_index: Path) -> None:
    generation = load_current(tiny_index)
    manifest = generation.manifest
    assert generation.name == current_name(tiny_index)
    assert set(generation.documents) == {"guides/giving.md", "notes/half-life.md", "reviews/mechanism.md"}
    assert (manifest.documents, manifest.passages, manifest.sentences) == (
        len(generation.documents),
        len(generation.passages),
        len(generation.sentences),
    )
    assert generation.passage_vectors.ntotal == len(generation.passages)
    assert generation.sentence_vectors.shape == (len(generation.sentences), manifest.dimension)
    assert generation.passage_of.shape == (len(generation.sentences),)
    assert (len(generation.passage_words), len(generation.sentence_words)) == (manifest.passages, manifest.sentences)
    for number, sentence in enumerate(generation.sentences):
        assert sentence in generation.passages[generation.passage_of[number]].sentences
        assert generation.document_of(number).quote(sentence.span).strip()


def test_every_file_is_known_here(tiny_index: Path) -> None:
    folder = tiny_index / current_name(tiny_index)
    assert {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()} == set(EVERY_FILE)
    assert len(EVERY_FILE) * (FLIPS + CUTS) >= 100


def test_unknown_document_is_named(tiny_index: Path) -> None:
    generation = load_current(tiny_index)
    assert generation.document("guides/giving.md").id == "guides/giving.md"
    with pytest.raises(UnknownDocumentError, match=r"'other\.md'"):
        generation.document("other.md")


@pytest.mark.parametrize("name", [CURRENT, *EVERY_FILE])
def test_damaged_file_is_refused_and_named(index: Path, name: str) -> None:
    path = _path(index, name)
    sound = path.read_bytes()
    for damaged in _damages(sound, random.Random(name)):
        assert damaged != sound
        path.write_bytes(damaged)
        _refused(index, path)
    path.unlink()
    _refused(index, path)
    path.mkdir()
    _refused(index, path)
    path.rmdir()
    path.write_bytes(sound)
    load_current(index)


def _damages(sound: bytes, chance: random.Random) -> Iterator[bytes]:
    """Random bits flipped, random ends cut off, and the usual suspects."""
    yield from (_flipped(sound, chance.randrange(8 * len(sound))) for _ in range(FLIPS))
    yield from (sound[: chance.randrange(len(sound))] for _ in range(CUTS))
    yield from (b"", sound[:-1], sound + b"\n", bytes(len(sound)), sound[::-1] + b"\0")


def _flipped(data: bytes, bit: int) -> bytes:
    changed = bytearray(data)
    changed[bit // 8] ^= 1 << bit % 8
    return bytes(changed)


def test_every_single_bit_of_current_counts(index: Path) -> None:
    path = index / CURRENT
    sound = path.read_bytes()
    for bit in range(8 * len(sound)):
        path.write_bytes(_flipped(sound, bit))
        _refused(index, path)


@pytest.mark.parametrize("content", [b"..\n", b"\n", b"/\n", b"x" * 5000, b"\0" * 33, b".building-x\n", "é".encode()])
def test_current_that_names_no_generation_is_refused(index: Path, content: bytes) -> None:
    (index / CURRENT).write_bytes(content)
    _refused(index, index / CURRENT)


@pytest.mark.parametrize("seed", range(20))
def test_two_files_swapped_are_refused(index: Path, seed: int) -> None:
    one, other = (_path(index, name) for name in random.Random(seed).sample(EVERY_FILE, 2))
    first, second = one.read_bytes(), other.read_bytes()
    one.write_bytes(second)
    other.write_bytes(first)
    _refused(index, one, other)


@pytest.mark.parametrize("name", [name for name in EVERY_FILE if name not in (MANIFEST, GLOSSARY, DISPUTES, PREMISES)])
def test_file_of_another_generation_is_refused(index: Path, tmp_path: Path, name: str) -> None:
    other = tmp_path / "other"
    build_index(other, write_corpus(tmp_path / "corpus", "Temsirolimus keeps in the cold."), HashEncoder())
    here, there = _path(index, name), _path(other, name)
    if here.read_bytes() != there.read_bytes():
        shutil.copyfile(there, here)
        _refused(index, here)


@pytest.mark.parametrize("name", ["notes.txt", f"{PASSAGE_WORDS}/corpus.jsonl", "foreign/notes.txt", ".hidden"])
def test_foreign_file_is_refused(index: Path, name: str) -> None:
    path = _path(index, name)
    path.parent.mkdir(exist_ok=True)
    path.write_text("{}", encoding="utf-8")
    _refused(index, path)


def test_folder_of_other_content_is_refused(tmp_path: Path) -> None:
    _refused(tmp_path / "nowhere", tmp_path / "nowhere" / CURRENT)
    (tmp_path / "photos").mkdir()
    _refused(tmp_path, tmp_path / CURRENT)
    (tmp_path / CURRENT).write_text("photos\n", encoding="ascii")
    _refused(tmp_path, tmp_path / CURRENT)
    (tmp_path / ("a" * 32)).mkdir()
    (tmp_path / CURRENT).write_text("a" * 32 + "\n", encoding="ascii")
    _refused(tmp_path, tmp_path / ("a" * 32) / MANIFEST)


def test_renamed_generation_is_refused(index: Path) -> None:
    folder = index / current_name(index)
    renamed = folder.rename(index / ("a" * 32))
    _refused(index, index / CURRENT)
    (index / CURRENT).write_text("a" * 32 + "\n", encoding="ascii")
    _refused(index, renamed / MANIFEST)


def test_generation_of_another_format_is_refused(index: Path) -> None:
    folder = index / current_name(index)
    manifest = read_manifest(folder)
    newer = manifest.model_copy(update={"recipe": manifest.recipe.model_copy(update={"format": 99})})
    _refused(index, _publish(folder, write_manifest(newer, folder)) / MANIFEST)


class _Bomb:
    """Makes a file when it is unpickled."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __reduce__(self) -> tuple[object, tuple[object, ...]]:
        return os.mkdir, (str(self._path),)


@pytest.mark.parametrize("name", [name for name in EVERY_FILE if name.endswith((".npy", ".faiss"))])
def test_pickle_is_refused_even_with_a_matching_manifest(index: Path, tmp_path: Path, name: str) -> None:
    buffer = io.BytesIO()
    np.save(buffer, np.array([_Bomb(tmp_path / "exploded")], dtype=object), allow_pickle=True)
    _refused(index, _plant(index, name, buffer.getvalue()))
    assert not (tmp_path / "exploded").exists()
    np.load(io.BytesIO(buffer.getvalue()), allow_pickle=True)
    assert (tmp_path / "exploded").exists()


def _archive() -> bytes:
    buffer = io.BytesIO()
    np.savez(buffer, a=np.zeros(3))
    return buffer.getvalue()


def _array(shape: tuple[int, ...]) -> bytes:
    buffer = io.BytesIO()
    np.save(buffer, np.zeros(shape, dtype=np.float32))
    return buffer.getvalue()


@pytest.mark.parametrize(
    "content",
    [b"", b"[]", b"{}", b"[{}]", b"\xff\xfe", b"null", _array((0,)), _array((3, 3))],
    ids=["empty", "list", "mapping", "mappings", "not UTF-8", "null", "vector", "matrix"],
)
@pytest.mark.parametrize("name", [name for name in EVERY_FILE if name not in (MANIFEST, GLOSSARY, DISPUTES, PREMISES)])
def test_strange_content_is_refused_even_with_a_matching_manifest(index: Path, name: str, content: bytes) -> None:
    _refused(index, _plant(index, name, content))


def test_archive_is_no_array(index: Path) -> None:
    _refused(index, _plant(index, SENTENCE_VECTORS, _archive()))


@pytest.mark.parametrize("content", [b"[{}]", b"\xff\xfe", b"- [", b"text", b"{a: 1}"])
@pytest.mark.parametrize("name", [DISPUTES, PREMISES])
def test_entries_that_cannot_be_read_are_refused(index: Path, name: str, content: bytes) -> None:
    _refused(index, _plant(index, name, content))


def test_glossary_that_is_no_text_is_refused(index: Path) -> None:
    _refused(index, _plant(index, GLOSSARY, b"\xff"))


@pytest.mark.parametrize("name", [name for name in EVERY_FILE if name != MANIFEST])
def test_generation_that_lacks_a_file_is_refused_even_with_a_matching_manifest(index: Path, name: str) -> None:
    _refused(index, _plant(index, name, None))


def test_files_that_do_not_belong_together_are_refused(index: Path) -> None:
    vectors = faiss.IndexFlatIP(HashEncoder.dimension)
    vectors.add(np.eye(1, HashEncoder.dimension, dtype=np.float32))
    _refused(index, _plant(index, PASSAGE_VECTORS, np.asarray(faiss.serialize_index(vectors)).tobytes()))


def test_params_cannot_choose_another_engine(index: Path) -> None:
    params = json.loads(_path(index, f"{PASSAGE_WORDS}/params.index.json").read_text(encoding="utf-8"))
    params["backend"] = "unheard of"
    params["num_docs"] += 1
    _refused(index, _plant(index, f"{PASSAGE_WORDS}/params.index.json", json.dumps(params).encode()))


def test_generation_that_was_replaced_while_it_was_read_is_read_anew(
    index: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = current_name(index)
    corpus = write_corpus(tmp_path / "corpus", "Temsirolimus keeps in the cold.")

    def replaced(folder: Path) -> object:
        monkeypatch.undo()
        build_index(index, corpus, HashEncoder())
        shutil.rmtree(folder)
        return load_generation(folder)

    monkeypatch.setattr("temsiqa.index.generation.load_generation", replaced)
    assert load_current(index).name == current_name(index) != first


def test_assistant_refuses_passages_of_another_encoder(tiny_index: Path, hash_encoder: HashEncoder) -> None:
    """A query is never encoded by another model than its passages, be it another name or other weights."""
    generation, policy = load_current(tiny_index), load_policy(None)
    assert Assistant(generation, hash_encoder, policy).answer(INFUSION_QUESTION).generation == generation.name
    for changed in ({"encoder": "other"}, {"weights": "0" * 64}):
        recipe = generation.manifest.recipe.model_copy(update=changed)
        other = replace(generation, manifest=generation.manifest.model_copy(update={"recipe": recipe}))
        with pytest.raises(IndexFolderError, match="build again with: temsiqa index") as caught:
            Assistant(other, hash_encoder, policy)
        assert generation.name[:8] in str(caught.value)


@pytest.mark.model
def test_opening_an_index_of_another_encoder_is_refused(tiny_index: Path) -> None:
    with pytest.raises(IndexFolderError, match=r"encoded by hash-encoder .* the encoder here is all-MiniLM-L6-v2"):
        Assistant.open(Settings(index=tiny_index))


def _path(index: Path, name: str) -> Path:
    """``CURRENT`` of an index folder, or a file of its current generation."""
    return index / CURRENT if name == CURRENT else index / current_name(index) / name


def _plant(index: Path, name: str, content: bytes | None) -> Path:
    """Puts ``content`` (None: nothing) in the place of a file and makes manifest, name and CURRENT match it."""
    folder = index / current_name(index)
    if content is None:
        (folder / name).unlink()
    else:
        (folder / name).write_bytes(content)
    manifest = read_manifest(folder).model_copy(update={"files": record_files(folder)})
    path = _publish(folder, write_manifest(manifest, folder)) / name
    return path.parent if path.parent.suffix == ".bm25" else path


def _publish(folder: Path, name: str) -> Path:
    renamed = folder.rename(folder.with_name(name))
    (folder.parent / CURRENT).write_text(name + "\n", encoding="ascii")
    return renamed


def _refused(index: Path, *paths: Path) -> None:
    """Loading names one of ``paths`` first, then what is wrong, then the mend, all on one line."""
    with pytest.raises(IndexFolderError) as caught:
        load_current(index)
    message = str(caught.value)
    assert message.startswith(tuple(f"{path}: " for path in paths)), message
    assert "temsiqa index" in message
    assert "\n" not in message
