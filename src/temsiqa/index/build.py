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
from temsiqa.answering.operating_point import SHIPPED, operating_points
from temsiqa.documents.corpus import Corpus, FileReader, corpus_hash, digest, read_corpus
from temsiqa.documents.disputes import DISPUTES, read_disputes
from temsiqa.documents.premises import PREMISES, read_premises
from temsiqa.documents.retractions import Retractions, read_retractions, with_retractions
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
from temsiqa.index.passages import make_passages, sentences_in_context
from temsiqa.index.publish import is_intact, locked, prune, publish, workspace
from temsiqa.index.suspects import find_suspects, marked
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
        answering=digest(SHIPPED),
        software={"temsiqa": __version__, **{package: version(package) for package in _SOFTWARE}},
    )


def is_current(index: Path, wanted: Recipe) -> bool:
    """Whether the current generation of ``index`` was made from this recipe, lacks nothing, and is undamaged.

    What could not be read is worth another try, which may be given more time or memory.
    """
    try:
        folder = index / current_name(index)
        manifest = read_manifest(folder)
        return manifest.recipe == wanted and not manifest.problems and is_intact(folder)
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
            content = _read(inputs, encoder, read, before, progress)
            if strict and content.problems:
                raise CorpusError(f"{inputs.corpus}: {len(content.problems)} not read, first: {content.problems[0]}")
            vectors, encoded = _encode(content, encoder, before.vectors, progress)
            suspects = find_suspects(content.documents, content.passages, vectors.of_sentences)
            _check_unchanged(wanted, inputs, encoder)
            _write(folder, content, vectors, suspects)
            manifest = _manifest(folder, content, wanted, encoder, suspects)
            name = write_manifest(manifest, folder)
            publish(index, folder, name)
            prune(index, keep=name)
    except OSError as error:
        reason = f"cannot be written ({error.strerror or error}); free space or name another folder with --index"
        raise IndexFolderError(f"{index}: {reason}") from error
    return Built(name, manifest, _changes(before.files, content, encoded))


@dataclass(frozen=True, slots=True)
class _Content:
    """What a generation holds; ``sentences`` are those of the passages, in order, each as it is encoded.

    ``notes`` are the files of the corpus that say something of its sentences, by name.
    """

    files: Mapping[str, FileEntry]
    documents: Mapping[str, Document]
    passages: Sequence[Passage]
    sentences: Sequence[str]
    glossary: bytes
    notes: Mapping[str, bytes]
    problems: tuple[str, ...]
    passed_over: tuple[str, ...]


def _read(inputs: Inputs, encoder: Encoder, read: FileReader, before: Former, progress: Progress) -> _Content:
    retractions = read_retractions(inputs.retractions) if inputs.retractions else Retractions("", {})
    corpus = read_corpus(inputs.corpus, read, before.known, lambda *count: progress("reading", *count))
    documents = {document.id: with_retractions(document, retractions) for document in corpus.documents}
    passages = [p for d in documents.values() for p in before.passages_of(d) or make_passages(d, encoder.fits)]
    return _Content(
        _file_entries(corpus),
        documents,
        passages,
        list(sentences_in_context(documents, passages)),
        inputs.glossary.read_bytes(),
        _read_notes(inputs.corpus),
        (*_unused(retractions), *map(str, corpus.problems)),
        corpus.passed_over,
    )


def _read_notes(corpus: Path) -> dict[str, bytes]:
    """Disputes and premises as they stand, empty lists where there are none. Raises ``CorpusError`` on bad ones."""
    read_disputes(corpus)
    read_premises(corpus)
    paths = (corpus / name for name in (DISPUTES, PREMISES))
    return {path.name: path.read_bytes() if path.is_file() else b"[]\n" for path in paths}


def _unused(retractions: Retractions) -> tuple[str, ...]:
    """One line on all the lines of a list that could not be used: there may be thousands."""
    lines = retractions.problems
    return (f"{lines[0]} ({len(lines)} lines of this list are not used)",) if lines else ()


def _file_entries(corpus: Corpus) -> dict[str, FileEntry]:
    """By name; what is no Unicode in it is escaped."""
    return {
        name.encode("utf-8", "backslashreplace").decode(): FileEntry(
            fingerprint,
            tuple(document.id for document in corpus.documents_of[name]),
            len(corpus.problems_of[name]),
        )
        for name, fingerprint in corpus.files.items()
    }


@dataclass(frozen=True, slots=True)
class _Vectors:
    """Those of the passages and those of their sentences, float32 of shape (number of texts, dimension)."""

    of_passages: Vectors
    of_sentences: Vectors


def _encode(
    content: _Content, encoder: Encoder, known: Mapping[str, Vectors], progress: Progress
) -> tuple[_Vectors, int]:
    """The vectors of all texts, and how many were not known; a text that comes twice is encoded once."""
    texts = [*(passage.text for passage in content.passages), *content.sentences]
    new = [text for text in dict.fromkeys(texts) if text not in known]
    done = 0

    def advance(count: int) -> None:
        nonlocal done
        done += count
        progress("encoding", done, len(new))

    fresh = dict(zip(new, encode_all(encoder, new, advance), strict=True))
    rows = [fresh[text] if text in fresh else known[text] for text in texts]
    vectors = np.array(rows, dtype=np.float32).reshape(len(texts), encoder.dimension)
    return _Vectors(vectors[: len(content.passages)], vectors[len(content.passages) :]), len(new)


def _write(folder: Path, content: _Content, vectors: _Vectors, suspects: Mapping[str, str]) -> None:
    """Writes the files of a generation; what is suspected of a document stands in it."""
    documents = [marked(d, suspects[d.id]) if d.id in suspects else d for d in content.documents.values()]
    (folder / FILES).write_bytes(file_entries.dump_json(dict(content.files)))
    (folder / DOCUMENTS).write_bytes(document_list.dump_json(tuple(documents)))
    (folder / PASSAGES).write_bytes(passage_list.dump_json(tuple(content.passages)))
    (folder / GLOSSARY).write_bytes(content.glossary)
    for name, note in content.notes.items():
        (folder / name).write_bytes(note)
    LexicalIndex.build(passage.text for passage in content.passages).save(folder / PASSAGE_WORDS)
    LexicalIndex.build(content.sentences).save(folder / SENTENCE_WORDS)
    (folder / PASSAGE_VECTORS).write_bytes(_flat_index(vectors.of_passages).tobytes())
    buffer = io.BytesIO()
    np.save(buffer, vectors.of_sentences, allow_pickle=False)
    (folder / SENTENCE_VECTORS).write_bytes(buffer.getvalue())


def _flat_index(vectors: Vectors) -> np.ndarray:
    index = faiss.IndexFlatIP(vectors.shape[1])
    index.add(vectors)
    return np.asarray(faiss.serialize_index(index))


def _manifest(folder: Path, content: _Content, wanted: Recipe, encoder: Encoder, suspects: dict[str, str]) -> Manifest:
    return Manifest(
        recipe=wanted,
        dimension=encoder.dimension,
        documents=len(content.documents),
        passages=len(content.passages),
        sentences=len(content.sentences),
        problems=content.problems,
        passed_over=content.passed_over,
        suspects=suspects,
        operating_points=operating_points(),
        files=record_files(folder),
    )


def _changes(old: Mapping[str, FileEntry], content: _Content, encoded: int) -> Changes:
    new = content.files
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
        "glossary": digest(inputs.glossary),
        "encoder": encoder.name,
        "weights": encoder.fingerprint,
    }
    changed = [name for name, value in found.items() if value != getattr(wanted, name)]
    if changed:
        raise CorpusError(f"{inputs.corpus}: {', '.join(changed)} changed while the index was being built; build again")


def _books(inputs: Inputs) -> dict[str, str]:
    """Hashes of what is no document but stands beside them all."""
    return {
        "sources": digest(inputs.corpus / SOURCES),
        "disputes": digest(inputs.corpus / DISPUTES),
        "premises": digest(inputs.corpus / PREMISES),
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
