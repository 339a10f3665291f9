"""The manifest of a generation: what it is made of, and a SHA-256 for every file, since FAISS and bm25s keep none.

A generation's name is the SHA-256 of its manifest, so the manifest itself cannot change unseen either.
"""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from temsiqa.answering.operating_point import OperatingPoints
from temsiqa.errors import IndexFolderError

MANIFEST = "manifest.json"
FORMAT_VERSION = 4
_NAME = re.compile(r"[0-9a-f]{32}")


class FileRecord(BaseModel):
    """Size and checksum of one file."""

    model_config = ConfigDict(frozen=True)

    bytes: int
    sha256: str


class Recipe(BaseModel):
    """Everything a generation is made from; an equal recipe means nothing has to be built.

    ``answering`` is the hash of the operating points, ``books`` are the hashes of what stands beside all documents: the
    book of sources, disputes, premises and the list of retractions.
    """

    model_config = ConfigDict(frozen=True)

    format: int
    encoder: str
    weights: str
    corpus: str
    books: dict[str, str]
    glossary: str
    answering: str
    software: dict[str, str]


class Manifest(BaseModel):
    """The recipe, the counts, what could not be read or is no literature, and the files of a generation.

    ``suspects`` says of each document that looks slipped in why it does, ``operating_points`` from where on it answers.
    """

    model_config = ConfigDict(frozen=True)

    recipe: Recipe
    dimension: int
    documents: int
    passages: int
    sentences: int
    problems: tuple[str, ...]
    passed_over: tuple[str, ...]
    suspects: dict[str, str]
    operating_points: OperatingPoints
    files: dict[str, FileRecord]


def record_files(folder: Path) -> dict[str, FileRecord]:
    """Size and checksum of every file below ``folder``, by path."""
    paths = sorted(p for p in folder.rglob("*") if p.is_file() and p.name != MANIFEST)
    return {p.relative_to(folder).as_posix(): record(p.read_bytes()) for p in paths}


def record(data: bytes) -> FileRecord:
    """Size and checksum of ``data``."""
    return FileRecord(bytes=len(data), sha256=hashlib.sha256(data).hexdigest())


def write_manifest(manifest: Manifest, folder: Path) -> str:
    """Writes the manifest and returns the name of the generation."""
    data = (manifest.model_dump_json(indent=2) + "\n").encode()
    (folder / MANIFEST).write_bytes(data)
    return _name(data)


def is_name(text: str) -> bool:
    """Whether ``text`` can be the name of a generation; no other folder is ever taken for one."""
    return bool(_NAME.fullmatch(text))


def _name(manifest: bytes) -> str:
    return hashlib.sha256(manifest).hexdigest()[:32]


def read_manifest(folder: Path) -> Manifest:
    """The manifest of the generation in ``folder``. Raises ``IndexFolderError`` when it is not the one written."""
    path = folder / MANIFEST
    try:
        data = path.read_bytes()
    except OSError as error:
        raise IndexFolderError(f"{path}: missing or unreadable; build again with: temsiqa index") from error
    if _name(data) != folder.name:
        raise IndexFolderError(f"{path}: does not belong to this generation or is damaged; build again: temsiqa index")
    try:
        manifest = Manifest.model_validate_json(data)
    except ValidationError as error:
        raise IndexFolderError(f"{path}: written by another version of temsiqa; build again: temsiqa index") from error
    if manifest.recipe.format != FORMAT_VERSION:
        raise IndexFolderError(
            f"{path}: format {manifest.recipe.format}, this version reads {FORMAT_VERSION}; build again: temsiqa index"
        )
    return manifest


def verify_files(manifest: Manifest, folder: Path) -> None:
    """Raises ``IndexFolderError`` naming the first file that is missing, foreign, cut short or changed."""
    try:
        present = {p.relative_to(folder).as_posix() for p in folder.rglob("*") if not p.is_dir()}
    except OSError as error:
        raise IndexFolderError(f"{folder}: missing or unreadable; build again with: temsiqa index") from error
    for name in sorted(present - set(manifest.files) - {MANIFEST}):
        raise IndexFolderError(f"{folder / name}: not part of this generation; remove it or build again: temsiqa index")
    for name, expected in manifest.files.items():
        path = folder / name
        try:
            size = path.stat().st_size
            intact = size == expected.bytes and record(path.read_bytes()) == expected
        except OSError as error:
            raise IndexFolderError(f"{path}: missing or unreadable; build again with: temsiqa index") from error
        if size != expected.bytes:
            raise IndexFolderError(f"{path}: {size} bytes instead of {expected.bytes}; build again: temsiqa index")
        if not intact:
            raise IndexFolderError(f"{path}: its checksum is wrong, the file is damaged; build again: temsiqa index")
