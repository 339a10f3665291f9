"""A generation in memory: one immutable built index, verified before it serves."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import faiss
import numpy as np
from numpy.typing import NDArray
from pydantic import TypeAdapter

from temsiqa.documents.disputes import DISPUTES, Dispute, read_disputes
from temsiqa.documents.premises import PREMISES, Premise, read_premises
from temsiqa.errors import IndexFolderError, UnknownDocumentError
from temsiqa.index.encode import Vectors
from temsiqa.index.lexical import LexicalIndex
from temsiqa.index.manifest import Manifest, is_name, read_manifest, verify_files
from temsiqa.model import Document, Passage, Sentence

CURRENT = "CURRENT"
DOCUMENTS, PASSAGES, GLOSSARY, FILES = "documents.json", "passages.json", "glossary.yaml", "files.json"
PASSAGE_VECTORS, SENTENCE_VECTORS = "passages.faiss", "sentences.npy"
PASSAGE_WORDS, SENTENCE_WORDS = "passages.bm25", "sentences.bm25"


@dataclass(frozen=True, slots=True)
class FileEntry:
    """One file of the corpus: its fingerprint, the ids of its documents, and how many things in it were not read."""

    fingerprint: str
    documents: tuple[str, ...]
    problems: int


document_list = TypeAdapter(tuple[Document, ...])
passage_list = TypeAdapter(tuple[Passage, ...])
file_entries = TypeAdapter(dict[str, FileEntry])

_Loaded = TypeVar("_Loaded")


@dataclass(frozen=True, slots=True)
class Generation:
    """Sentence ``i`` of the generation stands in passage ``passage_of[i]``; passages keep their sentences together."""

    name: str
    manifest: Manifest
    files: dict[str, FileEntry]
    documents: dict[str, Document]
    passages: tuple[Passage, ...]
    sentences: tuple[Sentence, ...]
    passage_of: NDArray[np.int64]
    passage_vectors: faiss.Index
    passage_words: LexicalIndex
    sentence_vectors: Vectors
    sentence_words: LexicalIndex
    glossary: str
    disputes: tuple[Dispute, ...]
    premises: tuple[Premise, ...]

    def document(self, name: str) -> Document:
        """The document of that id. Raises ``UnknownDocumentError``."""
        try:
            return self.documents[name]
        except KeyError as error:
            raise UnknownDocumentError(
                f"document {name!r} is not in generation {self.name[:8]}; see GET /v1/documents for those that are"
            ) from error

    def document_of(self, sentence: int) -> Document:
        """The document that holds sentence number ``sentence``."""
        return self.documents[self.passages[self.passage_of[sentence]].document]


def current_name(index: Path) -> str:
    """The name of the current generation of an index folder. Raises ``IndexFolderError`` when there is none."""
    path = index / CURRENT
    try:
        text = path.read_bytes().decode("ascii", "replace")
    except OSError as error:
        raise IndexFolderError(
            f"{path}: missing or unreadable, so nothing is built here; run: temsiqa index"
        ) from error
    name = text[:-1]
    if not text.endswith("\n") or not is_name(name) or not (index / name).is_dir():
        raise IndexFolderError(f"{path}: names {text[:40]!r}, which is no generation here; build again: temsiqa index")
    return name


def load_current(index: Path) -> Generation:
    """The current generation, every file checked first. Raises ``IndexFolderError`` naming what is wrong.

    One that builders replaced and removed while it was being read is not damaged: then the new one is read.
    """
    while True:
        name = current_name(index)
        try:
            return load_generation(index / name)
        except IndexFolderError:
            if current_name(index) == name:
                raise


def load_named(index: Path, name: str) -> Generation:
    """The generation of that name, current or not. Raises ``IndexFolderError`` when it is not in the index folder."""
    if not is_name(name) or not (index / name).is_dir():
        raise IndexFolderError(f"{index}: holds no generation {name[:40]!r}; name the index folder that does")
    return load_generation(index / name)


def load_generation(folder: Path) -> Generation:
    """The generation in ``folder``, every file checked first. Raises ``IndexFolderError`` naming what is wrong."""
    manifest = read_manifest(folder)
    verify_files(manifest, folder)
    documents = _load(folder / DOCUMENTS, lambda path: document_list.validate_json(path.read_bytes()))
    passages = _load(folder / PASSAGES, lambda path: passage_list.validate_json(path.read_bytes()))
    sentences, passage_of = number_sentences(passages)
    generation = Generation(
        name=folder.name,
        manifest=manifest,
        files=_load(folder / FILES, lambda path: file_entries.validate_json(path.read_bytes())),
        documents={document.id: document for document in documents},
        passages=passages,
        sentences=sentences,
        passage_of=passage_of,
        passage_vectors=_load(folder / PASSAGE_VECTORS, _load_faiss),
        passage_words=_load(folder / PASSAGE_WORDS, LexicalIndex.load),
        sentence_vectors=_load(folder / SENTENCE_VECTORS, _load_array),
        sentence_words=_load(folder / SENTENCE_WORDS, LexicalIndex.load),
        glossary=_load(folder / GLOSSARY, lambda path: path.read_text(encoding="utf-8")),
        disputes=_load(folder / DISPUTES, _in_its_folder(read_disputes)),
        premises=_load(folder / PREMISES, _in_its_folder(read_premises)),
    )
    _check_sizes(generation, folder)
    return generation


def _load(path: Path, load: Callable[[Path], _Loaded]) -> _Loaded:
    """What ``load`` makes of ``path``; how a library refuses a file that is not its own is documented by none."""
    try:
        return load(path)
    except Exception as error:
        reason = f"cannot be loaded ({type(error).__name__}: {error}); build again with: temsiqa index"
        raise IndexFolderError(f"{path}: {' '.join(reason.split())}") from error


def _in_its_folder(read: Callable[[Path], _Loaded]) -> Callable[[Path], _Loaded]:
    """For files that a corpus may lack, and a generation may not: there they are empty."""

    def load(path: Path) -> _Loaded:
        path.stat()
        return read(path.parent)

    return load


def _load_faiss(path: Path) -> faiss.Index:
    """The kind of index that is built here; FAISS itself would read any other kind too, even one that is none."""
    index = faiss.deserialize_index(np.frombuffer(path.read_bytes(), dtype=np.uint8))
    if not isinstance(index, faiss.IndexFlatIP):
        raise TypeError(f"{type(index).__name__} instead of IndexFlatIP")
    return index


def _load_array(path: Path) -> Vectors:
    """A plain array and nothing else, unlike ``np.load``, which opens archives too."""
    with path.open("rb") as file:
        return np.asarray(np.lib.format.read_array(file, allow_pickle=False))


def _check_sizes(generation: Generation, folder: Path) -> None:
    """Raises ``IndexFolderError`` when the files are sound, each for itself, but do not belong together."""
    dimension, vectors = generation.manifest.dimension, generation.passage_vectors
    passages, sentences = len(generation.passages), len(generation.sentences)
    for name, found, expected in (
        (DOCUMENTS, (len(generation.documents),), (generation.manifest.documents,)),
        (FILES, (sum(len(entry.documents) for entry in generation.files.values()),), (generation.manifest.documents,)),
        (PASSAGES, (passages, sentences), (generation.manifest.passages, generation.manifest.sentences)),
        (PASSAGE_VECTORS, (vectors.ntotal, vectors.d), (passages, dimension)),
        (SENTENCE_VECTORS, generation.sentence_vectors.shape, (sentences, dimension)),
        (PASSAGE_WORDS, (len(generation.passage_words),), (passages,)),
        (SENTENCE_WORDS, (len(generation.sentence_words),), (sentences,)),
    ):
        if found != expected:
            raise IndexFolderError(f"{folder / name}: holds {found}, not {expected}; build again with: temsiqa index")


def number_sentences(passages: Sequence[Passage]) -> tuple[tuple[Sentence, ...], NDArray[np.int64]]:
    """All sentences in order, and for each the number of its passage, int64 of shape (number of sentences,)."""
    sentences = tuple(s for passage in passages for s in passage.sentences)
    passage_of = np.repeat(np.arange(len(passages)), [len(p.sentences) for p in passages])
    return sentences, passage_of
