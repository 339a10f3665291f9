"""Corpus → a new generation beside the old one, made current by one atomic rename.

Dying at any moment leaves the current generation as it was: everything is written into a folder of its own, fsynced,
renamed to its final name, and only then named in CURRENT.
"""

from __future__ import annotations

import fcntl
import hashlib
import io
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import faiss
import numpy as np

from temsiqa import __version__
from temsiqa.documents.read import corpus_inputs, read_corpus
from temsiqa.errors import CorpusError, IndexBusyError, IndexFolderError, SettingsError
from temsiqa.index.encode import Encoder, Vectors, encode_all, identify
from temsiqa.index.generation import (
    CURRENT,
    DOCUMENTS,
    GLOSSARY,
    PASSAGE_VECTORS,
    PASSAGE_WORDS,
    PASSAGES,
    SENTENCE_VECTORS,
    SENTENCE_WORDS,
    current_name,
    document_list,
    number_sentences,
    passage_list,
)
from temsiqa.index.lexical import LexicalIndex
from temsiqa.index.manifest import (
    FORMAT_VERSION,
    MANIFEST,
    Manifest,
    Recipe,
    is_name,
    read_manifest,
    record_files,
    verify_files,
    write_manifest,
)
from temsiqa.index.passages import make_passages, passage_text
from temsiqa.model import Document, Passage
from temsiqa.retrieval.glossary import read_glossary

LOCK = ".lock"
UNFINISHED = ".building-"
KEPT_GENERATIONS = 2
# Whatever decides sentences, offsets, terms or vectors: a generation of other releases is built anew.
_SOFTWARE = (
    "bm25s",
    "faiss-cpu",
    "markdown-it-py",
    "pylatexenc",
    "PyStemmer",
    "sentence-transformers",
    "sentencex",
    "torch",
)

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Built:
    """The generation that a build made current, and its manifest."""

    generation: str
    manifest: Manifest


def recipe(corpus: Path, model: str, glossary: Path) -> Recipe:
    """What a generation of these inputs would be made from; reads files but encodes nothing.

    Raises ``SettingsError`` when encoder or glossary are not there, ``CorpusError`` when the corpus is not.
    """
    name, weights = identify(model)
    return Recipe(
        format=FORMAT_VERSION,
        encoder=name,
        weights=weights,
        corpus=_hash_files(corpus),
        glossary=hashlib.sha256(_read_glossary(glossary)).hexdigest(),
        software={"temsiqa": __version__, **{package: version(package) for package in _SOFTWARE}},
    )


def is_current(index: Path, wanted: Recipe) -> bool:
    """Whether the current generation of ``index`` was made from this recipe and is undamaged."""
    try:
        folder = index / current_name(index)
        return read_manifest(folder).recipe == wanted and _is_intact(folder)
    except IndexFolderError:
        return False


def build(index: Path, corpus: Path, wanted: Recipe, encoder: Encoder, glossary: Path, progress: Progress) -> Built:
    """Builds a generation and makes it current.

    Raises ``CorpusError`` when nothing can be read or it changed since ``wanted`` was taken, and ``IndexBusyError``
    when another process is building here.
    ``progress`` is told the stage, how much is done and how much there is.
    """
    try:
        index.mkdir(parents=True, exist_ok=True)
        with _locked(index), _workspace(index) as folder:
            manifest = _write_generation(folder, corpus, wanted, encoder, glossary, progress)
            name = write_manifest(manifest, folder)
            _sync_tree(folder)
            _publish(index, folder, name)
            _prune(index, keep=name)
    except OSError as error:
        reason = f"cannot be written ({error.strerror or error}); free space or name another folder with --index"
        raise IndexFolderError(f"{index}: {reason}") from error
    return Built(name, manifest)


def _write_generation(
    folder: Path, corpus: Path, wanted: Recipe, encoder: Encoder, glossary: Path, progress: Progress
) -> Manifest:
    read, glossary_bytes = read_corpus(corpus), _read_glossary(glossary)
    _check_unchanged(wanted, corpus, glossary_bytes, encoder)
    progress("reading", len(read.documents), len(read.documents) + len(read.problems))
    documents = {document.id: document for document in read.documents}
    passages = tuple(p for document in read.documents for p in make_passages(document, encoder.fits))
    sentences, _ = number_sentences(passages)
    in_context = [_in_context(documents[p.document], p, i) for p in passages for i in range(len(p.sentences))]

    (folder / DOCUMENTS).write_bytes(document_list.dump_json(read.documents))
    (folder / PASSAGES).write_bytes(passage_list.dump_json(passages))
    (folder / GLOSSARY).write_bytes(glossary_bytes)
    LexicalIndex.build(p.text for p in passages).save(folder / PASSAGE_WORDS)
    LexicalIndex.build(in_context).save(folder / SENTENCE_WORDS)
    _write_vectors(folder, encoder, [p.text for p in passages], in_context, progress)
    return Manifest(
        recipe=wanted,
        dimension=encoder.dimension,
        documents=len(documents),
        passages=len(passages),
        sentences=len(sentences),
        problems=tuple(str(problem) for problem in read.problems),
        files=record_files(folder),
    )


def _check_unchanged(wanted: Recipe, corpus: Path, glossary: bytes, encoder: Encoder) -> None:
    """A generation must not record a recipe that it was not made from: time has passed since the recipe was taken."""
    found = {
        "corpus": _hash_files(corpus),
        "glossary": hashlib.sha256(glossary).hexdigest(),
        "encoder": encoder.name,
        "weights": encoder.fingerprint,
    }
    changed = [name for name, value in found.items() if value != getattr(wanted, name)]
    if changed:
        raise CorpusError(f"{corpus}: {', '.join(changed)} changed while the index was being built; build again")


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


def _in_context(document: Document, passage: Passage, number: int) -> str:
    """A sentence with its innermost heading and its lead, as it is looked up and encoded."""
    return passage_text(document, passage.section[-1:], (passage.sentences[number],))


def _write_vectors(
    folder: Path, encoder: Encoder, of_passages: list[str], of_sentences: list[str], progress: Progress
) -> None:
    """Vectors of passages and of sentences in their context; a text that comes twice is encoded once."""
    texts = {text: number for number, text in enumerate(dict.fromkeys([*of_passages, *of_sentences]))}
    done = 0

    def advance(count: int) -> None:
        nonlocal done
        done += count
        progress("encoding", done, len(texts))

    vectors = encode_all(encoder, list(texts), advance)
    (folder / PASSAGE_VECTORS).write_bytes(_flat_index(vectors[[texts[t] for t in of_passages]]).tobytes())
    buffer = io.BytesIO()
    np.save(buffer, vectors[[texts[t] for t in of_sentences]], allow_pickle=False)
    (folder / SENTENCE_VECTORS).write_bytes(buffer.getvalue())


def _flat_index(vectors: Vectors) -> np.ndarray:
    index = faiss.IndexFlatIP(vectors.shape[1])
    index.add(vectors)
    return np.asarray(faiss.serialize_index(index))


def _publish(index: Path, folder: Path, name: str) -> None:
    """Gives the finished folder its name, then names it in CURRENT: the one step that changes what is served."""
    final = index / name
    if final.exists() and _is_intact(final):
        shutil.rmtree(folder)
    else:
        if final.exists():
            final.rename(Path(tempfile.mkdtemp(prefix=UNFINISHED, dir=index)) / name)
        folder.rename(final)
    _sync(index)
    with tempfile.NamedTemporaryFile("w", dir=index, prefix=UNFINISHED, delete=False, encoding="ascii") as file:
        file.write(name + "\n")
        file.flush()
        os.fsync(file.fileno())
        os.fchmod(file.fileno(), 0o644)
    Path(file.name).replace(index / CURRENT)
    _sync(index)


def _is_intact(folder: Path) -> bool:
    try:
        verify_files(read_manifest(folder), folder)
    except IndexFolderError:
        return False
    return True


def _sync_tree(folder: Path) -> None:
    for path in [*folder.rglob("*"), folder]:
        _sync(path)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def _locked(index: Path) -> Iterator[None]:
    """One builder at a time; the lock goes with its process, however that ends."""
    with (index / LOCK).open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            file.seek(0)
            holder = file.read().strip() or "unknown"
            raise IndexBusyError(f"{index}: process {holder} is building here; wait for it and try again") from error
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield


@contextmanager
def _workspace(index: Path) -> Iterator[Path]:
    """A new folder for what is unfinished. Nothing unfinished is left behind, by a build that fails neither."""
    _remove_unfinished(index)
    try:
        folder = Path(tempfile.mkdtemp(prefix=UNFINISHED, dir=index))
        folder.chmod(0o755)  # the server may run as another user than the builder
        yield folder
    finally:
        _remove_unfinished(index)


def _remove_unfinished(index: Path) -> None:
    for path in index.glob(f"{UNFINISHED}*"):
        shutil.rmtree(path) if path.is_dir() else path.unlink()


def _prune(index: Path, keep: str) -> None:
    """Retires all but the newest generations; one that a server holds lives on in its memory.

    Each goes as a whole, by its name, so that none is met or left half removed; the workspace removes what is in it.
    """
    generations = [p for p in index.iterdir() if is_name(p.name) and p.name != keep and (p / MANIFEST).is_file()]
    generations.sort(key=lambda p: (p / MANIFEST).stat().st_mtime, reverse=True)
    for path in generations[KEPT_GENERATIONS - 1 :]:
        path.rename(index / f"{UNFINISHED}{path.name}")


def _hash_files(corpus: Path) -> str:
    """SHA-256 over names and contents of all that is read; an unreadable file counts by its name."""
    digest = hashlib.sha256()
    for path in corpus_inputs(corpus):
        digest.update(path.relative_to(corpus).as_posix().encode("utf-8", "surrogateescape"))
        try:
            digest.update(hashlib.sha256(path.read_bytes()).digest())
        except OSError:
            digest.update(b"unreadable")
    return digest.hexdigest()
