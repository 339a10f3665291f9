"""Puts files into the folder of the literature and takes them out; a build meets each whole or not at all."""

from __future__ import annotations

import os
import shutil
import stat
from dataclasses import dataclass
from pathlib import Path, PurePath
from tempfile import TemporaryDirectory

from temsiqa.documents.archive import LARGEST_FILE
from temsiqa.documents.corpus import FileReader, corpus_files
from temsiqa.documents.formats import may_hold_literature
from temsiqa.documents.sidecar import SIDECAR, read_sidecar, sidecar_names, sidecar_of, write_sidecar
from temsiqa.documents.stated import Stated
from temsiqa.errors import CorpusError, DocumentError
from temsiqa.model import Document

_OF_ONE_DOCUMENT = frozenset({"title", "url"})


@dataclass(frozen=True, slots=True)
class Added:
    """A file by its name in the corpus, with what was found in it."""

    file: str
    documents: tuple[Document, ...]
    problems: tuple[DocumentError, ...]


def add_file(corpus: Path, file: Path, to: str, stated: Stated, read: FileReader, replace: bool = False) -> Added:
    """Copies ``file`` into the folder ``to`` of the corpus; what ``stated`` says of it goes into its sidecar.

    It is read as it would lie there, with its sidecar, and moved to its place in one step if that went well. Raises
    ``DocumentError`` when nothing can be read in it, by its name it would be passed over, or a file of that name is
    there that is not to be replaced.
    """
    name = PurePath(_inside(corpus, to), file.name).as_posix()
    target = corpus / name
    if not may_hold_literature(PurePath(name)):
        raise DocumentError(f"{name}: would be passed over, as READMEs, data and hidden files are; rename it")
    if os.path.lexists(target) and not replace:
        raise DocumentError(f"{name}: lies in {corpus} already; give --replace, or another folder with --to")
    try:
        with TemporaryDirectory(prefix=".adding-", dir=corpus) as stage:
            staged = Path(stage, name)
            _copy(file, staged)
            _state(staged, sidecar_of(file) or sidecar_of(target), stated)
            added = _read(staged, name, stated, read)
            _publish(staged, target)
    except OSError as error:
        reason = f"cannot be added as {name} ({error.strerror or error}); check both places and the space left"
        raise DocumentError(f"{file}: {reason}") from error
    return added


def file_of(corpus: Path, name: str, read: FileReader) -> Path:
    """The file of the corpus that ``name`` names, or that holds the document of that id and no other.

    Raises ``DocumentError`` when there is none, or several documents would go with it.
    """
    files = {path.relative_to(corpus).as_posix(): path for path in corpus_files(corpus)}
    if name not in files and PurePath(name).is_relative_to(corpus):
        name = PurePath(name).relative_to(corpus).as_posix()  # as a shell completes it
    parts = name.split("/")
    beginnings = ("/".join(parts[:count]) for count in range(len(parts), 0, -1))
    file = next((beginning for beginning in beginnings if beginning in files), None)
    if file is None:
        raise DocumentError(f"{name}: no document of {corpus}; see: temsiqa documents list")
    if file != name:
        _check_alone(name, file, [item.id for item in read(files[file], file) if isinstance(item, Document)])
    return files[file]


def with_sidecars(path: Path) -> tuple[Path, ...]:
    """``path``, and the sidecars beside it that speak of no other file."""
    of_others = {sidecar_of(other) for other in path.parent.iterdir() if other != path}
    sidecars = map(path.with_name, dict.fromkeys(sidecar_names(path.name)))
    return (path, *(sidecar for sidecar in sidecars if sidecar.is_file() and sidecar not in of_others))


def remove_files(paths: tuple[Path, ...]) -> None:
    """Removes ``paths`` in their order. Raises ``CorpusError`` when one cannot be removed."""
    for path in paths:
        try:
            path.unlink(missing_ok=True)
        except OSError as error:
            raise CorpusError(f"{path}: cannot be removed ({error.strerror}); check its permissions") from error


def _inside(corpus: Path, to: str) -> PurePath:
    """``to`` as a folder of the corpus. Raises ``CorpusError`` when it leads elsewhere."""
    if not corpus.is_dir():
        raise CorpusError(f"{corpus}: no such folder; name the folder of the literature with --corpus")
    folder = PurePath(to)
    leads_out = folder.is_absolute() or ".." in folder.parts
    if leads_out or not (corpus / folder).resolve().is_relative_to(corpus.resolve()):
        raise CorpusError(f"{to}: leads out of {corpus}; name a folder inside it with --to")
    return folder


def _copy(source: Path, target: Path) -> None:
    """Copies a regular file of bearable size, down to the disk."""
    status = source.stat()
    if not stat.S_ISREG(status.st_mode):
        raise DocumentError(f"{source}: no regular file; name a file")
    if status.st_size > LARGEST_FILE:
        raise DocumentError(f"{source}: larger than {LARGEST_FILE // 1_000_000} MB; split it")
    target.parent.mkdir(parents=True, exist_ok=True)
    with source.open("rb") as original, target.open("wb") as copy:
        shutil.copyfileobj(original, copy)
    _to_disk(target)


def _state(staged: Path, before: Path | None, stated: Stated) -> None:
    """Puts a sidecar beside the staged file: the one that it had ``before``, with what is stated now on top."""
    sidecar = staged.with_name(staged.name + SIDECAR)
    if before:
        _copy(before, sidecar)
    if stated.model_fields_set:
        said = read_sidecar(sidecar.read_bytes(), before.name) if before else Stated()
        disclaimers = tuple(dict.fromkeys([*said.disclaimers, *stated.disclaimers]))
        now = {field: getattr(stated, field) for field in stated.model_fields_set}
        write_sidecar(said.model_copy(update={**now, "disclaimers": disclaimers}), sidecar)
        _to_disk(sidecar)


def _read(staged: Path, name: str, stated: Stated, read: FileReader) -> Added:
    found = list(read(staged, name))
    documents = tuple(item for item in found if isinstance(item, Document))
    problems = tuple(item for item in found if isinstance(item, DocumentError))
    if not documents:
        raise problems[0] if problems else DocumentError(f"{name}: in no format that is read here; convert it")
    if stated.model_fields_set & _OF_ONE_DOCUMENT and [document.id for document in documents] != [name]:
        raise DocumentError(f"{name}: holds documents of their own titles and addresses; add it without --title, --url")
    return Added(name, documents, problems)


def _publish(staged: Path, target: Path) -> None:
    """The sidecar goes first: a document must never stand there without its disclaimers."""
    target.parent.mkdir(parents=True, exist_ok=True)
    sidecar = staged.with_name(staged.name + SIDECAR)
    if sidecar.exists():
        sidecar.replace(target.with_name(sidecar.name))
    staged.replace(target)
    _to_disk(target.parent)


def _to_disk(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _check_alone(name: str, file: str, held: list[str]) -> None:
    if name not in held:
        raise DocumentError(f"{name}: not in {file}; name the file itself, or see: temsiqa inspect")
    if len(held) > 1:
        raise DocumentError(f"{name}: one of the {len(held)} documents of {file}; name the file to remove them all")
