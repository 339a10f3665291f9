"""How an index folder changes: one writer at a time, a folder of its own for what is unfinished, one atomic rename.

Dying at any moment leaves the current generation as it was.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from temsiqa.errors import IndexBusyError, IndexFolderError
from temsiqa.index.generation import CURRENT
from temsiqa.index.manifest import MANIFEST, is_name, read_manifest, verify_files

LOCK = ".lock"
UNFINISHED = ".building-"
KEPT_GENERATIONS = 2


@contextmanager
def locked(index: Path) -> Iterator[None]:
    """One builder at a time; the lock goes with its process, however that ends. Raises ``IndexBusyError``."""
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
def workspace(index: Path) -> Iterator[Path]:
    """A new folder for what is unfinished. Nothing unfinished is left behind, by a build that fails neither."""
    _remove_unfinished(index)
    try:
        folder = Path(tempfile.mkdtemp(prefix=UNFINISHED, dir=index))
        folder.chmod(0o755)  # the server may run as another user than the builder
        yield folder
    finally:
        _remove_unfinished(index)


def publish(index: Path, folder: Path, name: str) -> None:
    """Gives the finished folder its name, then names it in CURRENT: the one step that changes what is served."""
    _sync_tree(folder)
    final = index / name
    if final.exists() and is_intact(final):
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


def prune(index: Path, keep: str) -> None:
    """Retires all but the newest generations; one that a server holds lives on in its memory.

    Each goes as a whole, by its name, so that none is met or left half removed; the workspace removes what is in it.
    """
    generations = [p for p in index.iterdir() if is_name(p.name) and p.name != keep and (p / MANIFEST).is_file()]
    generations.sort(key=lambda p: (p / MANIFEST).stat().st_mtime, reverse=True)
    for path in generations[KEPT_GENERATIONS - 1 :]:
        path.rename(index / f"{UNFINISHED}{path.name}")


def is_intact(folder: Path) -> bool:
    """Whether every file of the generation in ``folder`` is as it was written."""
    try:
        verify_files(read_manifest(folder), folder)
    except IndexFolderError:
        return False
    return True


def _remove_unfinished(index: Path) -> None:
    for path in index.glob(f"{UNFINISHED}*"):
        shutil.rmtree(path) if path.is_dir() else path.unlink()


def _sync_tree(folder: Path) -> None:
    for path in [*folder.rglob("*"), folder]:
        _sync(path)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
