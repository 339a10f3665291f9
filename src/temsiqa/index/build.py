"""Corpus → a new generation beside the old one, made current by one atomic rename.

What the current generation already holds is not made again: files that did not change are not read, and texts that are
still there are not encoded.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import faiss
import numpy as np

from temsiqa import __version__
from temsiqa.documents.corpus import Corpus, FileReader, corpus_hash, digest, read_corpus
from temsiqa.documents.sources import SOURCES
from temsiqa.errors import CorpusError, IndexFolderError, SettingsError
from temsiqa.index.encode import Encoder, Vectors, encode_all, identify
from temsiqa.index.former import Former, former
from temsiqa.index.generation import (
    DOCUMENTS,
    FILES,
    GLOSSARY,
    PASSAGE_VECTORS,
    PASSAGE_WORDS,
    PASSAGES,
    SENTENCE_VECTORS,
    SENTENCE_WORDS,
    FileEntry,
    current_name,
    document_list,
    file_entries,
    passage_list,
)
from temsiqa.index.lexical import LexicalIndex
from temsiqa.index.manifest import FORMAT_VERSION, Manifest, Recipe, read_manifest, record_files, write_manifest
from temsiqa.index.passages import in_context, make_passages
from temsiqa.index.publish import is_intact, locked, prune, publish, workspace
from temsiqa.model import Document, Passage
from temsiqa.retrieval.glossary import read_glossary

# Whatever decides sentences, offsets, terms or vectors: a generation of other releases is built anew.
_SOFTWARE = (
    "bm25s",
    "faiss-cpu",
    "lxml",
    "markdown-it-py",
    "pdfplumber",
    "pylatexenc",
    "PyStemmer",
    "python-docx",
    "sentence-transformers",
    "sentencex",
    "torch",
)

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Inputs:
    """Where everything that a generation is made from lies; ``encoder`` is a name or a folder."""

    corpus: Path
    encoder: str
    glossary: Path
    retractions: Path | None = None


@dataclass(frozen=True, slots=True)
class Changes:
    """Files of the corpus against those of the generation before, and how many of all texts had to be encoded."""

    added: tuple[str, ...]
    changed: tuple[str, ...]
    deleted: tuple[str, ...]
    encoded: int
    texts: int


@dataclass(frozen=True, slots=True)
class Built:
    """The generation that a build made current, its manifest, and what was new in it."""

    generation: str
    manifest: Manifest
    changes: Changes


def recipe(inputs: Inputs) -> Recipe:
    """What a generation of these inputs would be made from; reads files but encodes nothing.

    Raises ``SettingsError`` when encoder or glossary are not there, ``CorpusError`` when the corpus is not.
    """
    name, weights = identify(inputs.encoder)
    return Recipe(
        format=FORMAT_VERSION,
        encoder=name,
        weights=weights,
        corpus=corpus_hash(inputs.corpus),
        books=_books(inputs),
        glossary=hashlib.sha256(_read_glossary(inputs.glossary)).hexdigest(),
        software={"temsiqa": __version__, **{package: version(package) for package in _SOFTWARE}},
    )


def is_current(index: Path, wanted: Recipe) -> bool:
    """Whether the current generation of ``index`` was made from this recipe and is undamaged."""
    try:
        folder = index / current_name(index)
        return read_manifest(folder).recipe == wanted and is_intact(folder)
    except IndexFolderError:
        return False


def build(
    index: Path, inputs: Inputs, wanted: Recipe, encoder: Encoder, read: FileReader, progress: Progress, strict: bool
) -> Built:
    """Builds a generation and makes it current.

    Raises ``CorpusError`` when nothing can be read or it changed since ``wanted`` was taken, with ``strict`` when
    anything cannot be read, and ``IndexBusyError`` when another process is building here.
    ``progress`` is told the stage, how much is done and how much there is.
    """
    try:
        index.mkdir(parents=True, exist_ok=True)
        with locked(index), workspace(index) as folder:
            before = former(index, wanted)
            corpus = read_corpus(inputs.corpus, read, before.known, lambda *count: progress("reading", *count))
            if strict and corpus.problems:
                raise CorpusError(f"{inputs.corpus}: {len(corpus.problems)} not read, first: {corpus.problems[0]}")
            content = _Content.of(corpus, inputs, encoder, before)
            _check_unchanged(wanted, inputs, encoder)
            encoded = _write(folder, content, inputs, encoder, before, progress)
            manifest = _manifest(folder, content, corpus, wanted, encoder)
            name = write_manifest(manifest, folder)
            publish(index, folder, name)
            prune(index, keep=name)
    except OSError as error:
        reason = f"cannot be written ({error.strerror or error}); free space or name another folder with --index"
        raise IndexFolderError(f"{index}: {reason}") from error
    return Built(name, manifest, _changes(before.files, content.files, encoded, content))


@dataclass(frozen=True, slots=True)
class _Content:
    """What a generation holds: documents, passages, and each sentence as it is encoded, in the order of passages."""

    files: Mapping[str, FileEntry]
    documents: Mapping[str, Document]
    passages: Sequence[Passage]
    sentences: Sequence[str]

    @classmethod
    def of(cls, corpus: Corpus, inputs: Inputs, encoder: Encoder, before: Former) -> _Content:
        files = {
            name: FileEntry(corpus.files[name], tuple(d.id for d in documents), len(corpus.problems_of.get(name, ())))
            for name, documents in corpus.documents_of.items()
        }
        read = corpus.documents
        documents = {document.id: document for document in read}
        passages = [p for d in read for p in before.passages_of(d) or make_passages(d, encoder.fits)]
        sentences = [in_context(documents[p.document], p, i) for p in passages for i in range(len(p.sentences))]
        return cls(files, documents, passages, sentences)


def _write(
    folder: Path, content: _Content, inputs: Inputs, encoder: Encoder, before: Former, progress: Progress
) -> int:
    """Writes the files of a generation and returns how many texts had to be encoded."""
    of_passages = [passage.text for passage in content.passages]
    (folder / FILES).write_bytes(file_entries.dump_json(dict(content.files)))
    (folder / DOCUMENTS).write_bytes(document_list.dump_json(tuple(content.documents.values())))
    (folder / PASSAGES).write_bytes(passage_list.dump_json(tuple(content.passages)))
    (folder / GLOSSARY).write_bytes(_read_glossary(inputs.glossary))
    LexicalIndex.build(of_passages).save(folder / PASSAGE_WORDS)
    LexicalIndex.build(content.sentences).save(folder / SENTENCE_WORDS)
    vectors, encoded = _encode([*of_passages, *content.sentences], encoder, before, progress)
    (folder / PASSAGE_VECTORS).write_bytes(_flat_index(vectors[: len(of_passages)]).tobytes())
    buffer = io.BytesIO()
    np.save(buffer, vectors[len(of_passages) :], allow_pickle=False)
    (folder / SENTENCE_VECTORS).write_bytes(buffer.getvalue())
    return encoded


def _encode(texts: Sequence[str], encoder: Encoder, before: Former, progress: Progress) -> tuple[Vectors, int]:
    """The vectors of ``texts``, and how many were new; a text that comes twice is encoded once."""
    new = [text for text in dict.fromkeys(texts) if text not in before.vectors]
    done = 0

    def advance(count: int) -> None:
        nonlocal done
        done += count
        progress("encoding", done, len(new))

    fresh = dict(zip(new, encode_all(encoder, new, advance), strict=True)) if new else {}
    rows = [fresh[text] if text in fresh else before.vectors[text] for text in texts]
    return np.array(rows, dtype=np.float32).reshape(len(texts), encoder.dimension), len(new)


def _flat_index(vectors: Vectors) -> np.ndarray:
    index = faiss.IndexFlatIP(vectors.shape[1])
    index.add(vectors)
    return np.asarray(faiss.serialize_index(index))


def _manifest(folder: Path, content: _Content, corpus: Corpus, wanted: Recipe, encoder: Encoder) -> Manifest:
    return Manifest(
        recipe=wanted,
        dimension=encoder.dimension,
        documents=len(content.documents),
        passages=len(content.passages),
        sentences=len(content.sentences),
        problems=tuple(str(problem) for problem in corpus.problems),
        passed_over=corpus.passed_over,
        files=record_files(folder),
    )


def _changes(old: Mapping[str, FileEntry], new: Mapping[str, FileEntry], encoded: int, content: _Content) -> Changes:
    return Changes(
        added=tuple(name for name in new if name not in old),
        changed=tuple(name for name in new if name in old and new[name].fingerprint != old[name].fingerprint),
        deleted=tuple(name for name in old if name not in new),
        encoded=encoded,
        texts=len({*(passage.text for passage in content.passages), *content.sentences}),
    )


def _check_unchanged(wanted: Recipe, inputs: Inputs, encoder: Encoder) -> None:
    """A generation must not record a recipe that it was not made from: time has passed since the recipe was taken."""
    found = {
        "corpus": corpus_hash(inputs.corpus),
        "books": _books(inputs),
        "glossary": hashlib.sha256(_read_glossary(inputs.glossary)).hexdigest(),
        "encoder": encoder.name,
        "weights": encoder.fingerprint,
    }
    changed = [name for name, value in found.items() if value != getattr(wanted, name)]
    if changed:
        raise CorpusError(f"{inputs.corpus}: {', '.join(changed)} changed while the index was being built; build again")


def _books(inputs: Inputs) -> dict[str, str]:
    """Hashes of what every document depends on."""
    return {
        "sources": digest(inputs.corpus / SOURCES),
        "retractions": digest(inputs.retractions) if inputs.retractions else "none",
    }


def _read_glossary(path: Path) -> bytes:
    """The bytes of a sound glossary: what is published must be fit to answer from. Raises ``SettingsError``."""
    try:
        data = path.read_bytes()
        read_glossary(data.decode("utf-8"), str(path))
    except OSError as error:
        raise SettingsError(f"{path}: glossary cannot be read ({error.strerror}); name another file") from error
    except UnicodeDecodeError as error:
        raise SettingsError(f"{path}: glossary is not UTF-8; save it as UTF-8") from error
    return data
