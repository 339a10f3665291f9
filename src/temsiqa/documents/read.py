"""File → Document, by the reader of its format; a folder → all of its documents and what could not be read."""

from __future__ import annotations

import re
import stat
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from temsiqa.documents.assemble import assemble
from temsiqa.documents.markdown import read_markdown
from temsiqa.documents.outline import Outline
from temsiqa.documents.sources import SOURCES, read_sources, with_sources
from temsiqa.documents.text import read_text
from temsiqa.errors import CorpusError, DocumentError
from temsiqa.model import Document

Reader = Callable[[str, str], Outline]
READERS: Mapping[str, Reader] = MappingProxyType({".md": read_markdown, ".txt": read_text})
LARGEST_FILE = 20_000_000
_NOT_LITERATURE = frozenset({"README.md"})
# A file's name becomes a document's id: one line of text. Lone surrogates stand for bytes that are not UTF-8.
_NO_NAME = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Corpus:
    """The documents of a folder, by id, and one error for each file that could not be read."""

    documents: tuple[Document, ...]
    problems: tuple[DocumentError, ...]


def corpus_files(folder: Path) -> list[Path]:
    """The files of ``folder`` that a reader knows, sorted; hidden ones and READMEs left out."""
    if not folder.is_dir():
        raise CorpusError(f"{folder}: no such folder; name the folder of the literature with --corpus")
    return sorted(
        path
        for path in folder.rglob("*")
        if path.suffix.lower() in READERS
        and path.name not in _NOT_LITERATURE
        and not any(part.startswith(".") for part in path.relative_to(folder).parts)
        and not path.is_dir()
        and path.resolve().is_relative_to(folder.resolve())  # a link must not bring other files of the machine in
    )


def corpus_inputs(folder: Path) -> list[Path]:
    """Every file that what is read from ``folder`` depends on: the documents and the book of sources."""
    book = folder / SOURCES
    return [*corpus_files(folder), *([book] if book.is_file() else [])]


def read_corpus(folder: Path) -> Corpus:
    """Reads what can be read. Raises ``CorpusError`` when the folder is missing or nothing in it is readable."""
    documents: list[Document] = []
    problems: list[DocumentError] = []
    sources = read_sources(folder)
    for path in corpus_files(folder):
        try:
            document = read_document(path, path.relative_to(folder).as_posix())
            documents.append(with_sources(document, sources))
        except DocumentError as error:
            problems.append(error)
    if not documents:
        reason = f"; first of {len(problems)} problems: {problems[0]}" if problems else ""
        known = ", ".join(READERS)
        raise CorpusError(f"{folder}: holds no readable document ({known}){reason}; add one or name another --corpus")
    return Corpus(tuple(documents), tuple(problems))


def read_document(path: Path, name: str) -> Document:
    """The document of one file, with ``name`` as its id. Raises ``DocumentError`` with the file's name and reason."""
    if _NO_NAME.search(name):
        raise DocumentError(f"{name!a}: its name holds control characters or is not UTF-8; rename the file")
    reader = READERS.get(path.suffix.lower())
    if reader is None:
        raise DocumentError(f"{name}: no reader for {path.suffix or 'a name without suffix'}; use {', '.join(READERS)}")
    return assemble(reader(_decode(path, name), name), name)


def _decode(path: Path, name: str) -> str:
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            raise DocumentError(f"{name}: no regular file; remove it")
        if status.st_size > LARGEST_FILE:
            raise DocumentError(f"{name}: larger than {LARGEST_FILE // 1_000_000} MB; split it")
        data = path.read_bytes()
    except OSError as error:
        raise DocumentError(f"{name}: cannot be read ({error.strerror}); check the file and its permissions") from error
    if b"\x00" in data:
        raise DocumentError(f"{name}: holds NUL bytes, so it is no text file; convert it or remove it")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise DocumentError(f"{name}: byte {error.start} is not UTF-8; save the file as UTF-8") from error
