"""What runs in processes that are to be killed; a module of its own, so that a process can import it by name."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path
from threading import RLock

from tqdm import tqdm  # type: ignore[import-untyped]

from support import HashEncoder, build_index
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


def build_and_die(index: Path, corpus: Path, glossary: Path, change: int) -> None:
    """Builds with the hash encoder, and is killed before change number ``change`` to a file inside ``index``."""
    left = change

    def count(event: str, arguments: tuple[object, ...]) -> None:
        nonlocal left
        changes = event in _CHANGES or (event == "open" and isinstance(arguments[2], int) and arguments[2] & _TO_WRITE)
        if changes and str(arguments[0]).startswith(str(index)):
            left -= 1
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(count)
    build_index(index, corpus, HashEncoder(), glossary)


_CHANGES = frozenset({"os.chmod", "os.mkdir", "os.remove", "os.rename", "os.rmdir", "os.truncate", "shutil.rmtree"})
_TO_WRITE = os.O_WRONLY | os.O_RDWR
