"""A folder → all of its documents, what could not be read, and what is no literature."""

from __future__ import annotations

import hashlib
import math
import os
import stat
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from temsiqa.documents.archive import LARGEST_FILE
from temsiqa.documents.formats import Format, may_hold_literature
from temsiqa.documents.sidecar import sidecar_of
from temsiqa.documents.sources import read_sources, with_sources
from temsiqa.errors import CorpusError, DocumentError
from temsiqa.model import Document

UNREADABLE = "unreadable"

FileReader = Callable[[Path, str], Iterable[Document | DocumentError]]
Count = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Corpus:
    """The documents of a folder by the file that holds them, and one error for each thing that could not be read.

    ``files`` maps the name of each file to its fingerprint.
    """

    files: Mapping[str, str]
    documents_of: Mapping[str, tuple[Document, ...]]
    problems_of: Mapping[str, tuple[DocumentError, ...]]

    @property
    def documents(self) -> tuple[Document, ...]:
        """All documents, in the order of their files."""
        return tuple(document for documents in self.documents_of.values() for document in documents)

    @property
    def problems(self) -> tuple[DocumentError, ...]:
        """All problems, in the order of their files."""
        return tuple(problem for problems in self.problems_of.values() for problem in problems)

    @property
    def passed_over(self) -> tuple[str, ...]:
        """The files in no format that is read here."""
        return tuple(name for name in self.files if not self.documents_of[name] and not self.problems_of[name])


def corpus_files(folder: Path) -> list[Path]:
    """The files of ``folder`` that may hold literature, sorted. Links that lead out of it are left out.

    Raises ``CorpusError`` when there is no such folder.
    """
    if not folder.is_dir():
        raise CorpusError(f"{folder}: no such folder; name the folder of the literature with --corpus")
    root = os.path.realpath(folder)
    return sorted(
        path
        for path in folder.rglob("*")
        if may_hold_literature(path.relative_to(folder)) and not path.is_dir() and _lies_in(root, path)
    )


def _lies_in(root: str, path: Path) -> bool:
    """Whether ``path`` is a file of ``root`` itself: a link must not bring other files of the machine in."""
    return Path(os.path.realpath(path)).is_relative_to(root)


def fingerprints(folder: Path) -> dict[str, str]:
    """The SHA-256 of each file of a corpus, with that of its sidecar, by name; ``UNREADABLE`` where there is none."""
    return {path.relative_to(folder).as_posix(): _fingerprint(path) for path in corpus_files(folder)}


def corpus_hash(folder: Path) -> str:
    """SHA-256 over names and fingerprints of all files of a corpus."""
    whole = hashlib.sha256()
    for name, fingerprint in fingerprints(folder).items():
        whole.update(name.encode("utf-8", "surrogateescape") + f"\0{fingerprint}\0".encode())
    return whole.hexdigest()


def read_corpus(
    folder: Path,
    read: FileReader,
    known: Mapping[str, tuple[str, tuple[Document, ...]]] | None = None,
    progress: Count = lambda done, total: None,
) -> Corpus:
    """Reads what can be read. Raises ``CorpusError`` when the folder is missing or nothing in it is readable.

    ``known`` maps names of files to the fingerprint and the documents that they had before: those that still have it
    are not read again.
    """
    files = fingerprints(folder)
    sources = read_sources(folder)
    documents_of: dict[str, tuple[Document, ...]] = {}
    problems_of: dict[str, tuple[DocumentError, ...]] = {}
    for done, (name, fingerprint) in enumerate(files.items(), 1):
        before = (known or {}).get(name)
        unchanged = before is not None and before[0] == fingerprint != UNREADABLE
        found = before[1] if before and unchanged else tuple(read(folder / name, name))
        documents_of[name] = tuple(with_sources(item, sources) for item in found if isinstance(item, Document))
        problems_of[name] = tuple(item for item in found if isinstance(item, DocumentError))
        progress(done, len(files))
    corpus = Corpus(files, documents_of, problems_of)
    if not corpus.documents:
        raise CorpusError(_nothing_readable(folder, corpus.problems))
    return corpus


def _nothing_readable(folder: Path, problems: tuple[DocumentError, ...]) -> str:
    reason = f"; first of {len(problems)} problems: {problems[0]}" if problems else ""
    known = ", ".join(format.value for format in Format)
    return f"{folder}: holds no readable document ({known}){reason}; add one or name another --corpus"


def _fingerprint(path: Path) -> str:
    own, sidecar = digest(path, LARGEST_FILE), sidecar_of(path)
    if sidecar is None or own == UNREADABLE:
        return own
    return hashlib.sha256(f"{own}{digest(sidecar)}".encode()).hexdigest()


def digest(path: Path, largest: float = math.inf) -> str:
    """The SHA-256 of a file, ``UNREADABLE`` if it is larger than ``largest`` bytes or none: a pipe would never end."""
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode) or status.st_size > largest:
            return UNREADABLE
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return UNREADABLE
