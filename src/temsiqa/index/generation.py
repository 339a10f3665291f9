"""A generation in memory: one immutable built index, verified before it serves."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import faiss
import numpy as np
from numpy.typing import NDArray
from pydantic import TypeAdapter

from temsiqa.errors import IndexFolderError, UnknownDocumentError
from temsiqa.index.encode import Vectors
from temsiqa.index.lexical import LexicalIndex
from temsiqa.index.manifest import Manifest, read_manifest, verify_files
from temsiqa.model import Document, Passage, Sentence

CURRENT = "CURRENT"
DOCUMENTS, PASSAGES, GLOSSARY = "documents.json", "passages.json", "glossary.yaml"
PASSAGE_VECTORS, SENTENCE_VECTORS = "passages.faiss", "sentences.npy"
PASSAGE_WORDS, SENTENCE_WORDS = "passages.bm25", "sentences.bm25"

document_list = TypeAdapter(tuple[Document, ...])
passage_list = TypeAdapter(tuple[Passage, ...])


@dataclass(frozen=True, slots=True)
class Generation:
    """Sentence ``i`` of the generation stands in passage ``passage_of[i]``; passages keep their sentences together."""

    name: str
    manifest: Manifest
    documents: dict[str, Document]
    passages: tuple[Passage, ...]
    sentences: tuple[Sentence, ...]
    passage_of: NDArray[np.int64]
    passage_vectors: faiss.Index
    passage_words: LexicalIndex
    sentence_vectors: Vectors
    sentence_words: LexicalIndex
    glossary: str

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
        name = path.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise IndexFolderError(
            f"{path}: missing or unreadable, so nothing is built here; run: temsiqa index"
        ) from error
    if not (index / name).is_dir() or not name.isalnum():
        raise IndexFolderError(f"{path}: names {name[:40]!r}, which is no generation here; build again: temsiqa index")
    return name


def load_current(index: Path) -> Generation:
    """The current generation, every file checked first. Raises ``IndexFolderError`` naming what is wrong."""
    return load_generation(index / current_name(index))


def load_generation(folder: Path) -> Generation:
    """The generation in ``folder``, every file checked first. Raises ``IndexFolderError`` naming what is wrong."""
    manifest = read_manifest(folder)
    verify_files(manifest, folder)
    documents = document_list.validate_json((folder / DOCUMENTS).read_bytes())
    passages = passage_list.validate_json((folder / PASSAGES).read_bytes())
    sentences, passage_of = number_sentences(passages)
    return Generation(
        name=folder.name,
        manifest=manifest,
        documents={document.id: document for document in documents},
        passages=passages,
        sentences=sentences,
        passage_of=passage_of,
        passage_vectors=faiss.deserialize_index(np.frombuffer((folder / PASSAGE_VECTORS).read_bytes(), dtype=np.uint8)),
        passage_words=LexicalIndex.load(folder / PASSAGE_WORDS),
        sentence_vectors=np.load(io.BytesIO((folder / SENTENCE_VECTORS).read_bytes()), allow_pickle=False),
        sentence_words=LexicalIndex.load(folder / SENTENCE_WORDS),
        glossary=(folder / GLOSSARY).read_text(encoding="utf-8"),
    )


def number_sentences(passages: Sequence[Passage]) -> tuple[tuple[Sentence, ...], NDArray[np.int64]]:
    """All sentences in order, and for each the number of its passage, int64 of shape (number of sentences,)."""
    sentences = tuple(s for passage in passages for s in passage.sentences)
    passage_of = np.repeat(np.arange(len(passages)), [len(p.sentences) for p in passages])
    return sentences, passage_of
