"""What runs in processes that are to be killed; a module of its own, so that a process can import it by name."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path
from threading import RLock

from tqdm import tqdm  # type: ignore[import-untyped]

from index_support import quick_build
from temsiqa.cli import main

PRELOADED = ["builders", "pytest", "sentence_transformers", "temsiqa.console", "temsiqa.index.build", "torch"]

tqdm.set_lock(RLock())  # its own lock is shared by all forks, and one that is killed would keep it


def run_command(arguments: list[str], glossary: Path, log: Path) -> None:
    """The command line ``temsiqa`` with ``arguments``, its output in ``log``."""
    os.environ["TEMSIQA_GLOSSARY"] = str(glossary)
    handle = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    os.dup2(handle, 1)
    os.dup2(handle, 2)
    sys.argv = ["temsiqa", *arguments]
    main()


def build_and_die(index: Path, corpus: Path, change: int) -> None:
    """Builds with the hash encoder, and is killed before change number ``change`` to a file inside ``index``."""
    left = change

    def count(event: str, arguments: tuple[object, ...]) -> None:
        nonlocal left
        if changes_a_file(event, arguments, index):
            left -= 1
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(count)
    quick_build(index, corpus)


def changes_a_file(event: str, arguments: tuple[object, ...], folder: Path) -> bool:
    """Whether an audit event is the system's word that something inside ``folder`` is about to be changed."""
    to_write = event == "open" and isinstance(arguments[2], int) and bool(arguments[2] & (os.O_WRONLY | os.O_RDWR))
    return (to_write or event in _CHANGES) and str(arguments[0]).startswith(str(folder))


_CHANGES = frozenset({"os.chmod", "os.mkdir", "os.remove", "os.rename", "os.rmdir", "os.truncate", "shutil.rmtree"})
