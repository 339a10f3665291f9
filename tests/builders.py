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


def run_command(arguments: list[str], log: Path) -> None:
    """The command line ``temsiqa`` with ``arguments``, its output in ``log``."""
    handle = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    os.dup2(handle, 1)
    os.dup2(handle, 2)
    sys.argv = ["temsiqa", *arguments]
    main()


def build_and_die(index: Path, corpus: Path, operation: int) -> None:
    """Builds with the hash encoder, and is killed before file operation number ``operation`` inside ``index``."""
    left = operation

    def count(event: str, arguments: tuple[object, ...]) -> None:
        nonlocal left
        if event in _FILE_OPERATIONS and str(arguments[0]).startswith(str(index)):
            left -= 1
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(count)
    build_index(index, corpus, HashEncoder())


_FILE_OPERATIONS = frozenset(
    {"open", "os.chmod", "os.mkdir", "os.remove", "os.rename", "os.rmdir", "os.scandir", "os.truncate", "shutil.rmtree"}
)
