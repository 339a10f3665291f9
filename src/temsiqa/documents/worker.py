"""Reads untrusted files in a process of its own, which may die: bounded in time and memory, without network.

The process takes one JSON line a file (``[path, name]``) and answers with one JSON line for each document or error that
it finds, then with an empty ``{}``. Nothing that it says is ever executed or unpickled.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from pydantic import TypeAdapter

from temsiqa.errors import DocumentError
from temsiqa.model import Document

_FORBIDDEN = ("socket.", "subprocess.", "os.exec", "os.fork", "os.posix_spawn", "os.spawn", "os.system", "shutil.")
_LARGEST_REPLY = 500_000_000


@dataclass(frozen=True, slots=True)
class Limits:
    """What reading one file may cost: wall-clock seconds, and bytes of address space."""

    seconds: float = 60.0
    memory: int = 1 << 30


@dataclass(frozen=True, slots=True)
class _Reply:
    document: Document | None = None
    error: str | None = None


_reply = TypeAdapter(_Reply)


class ReadingProcess:
    """A ``FileReader`` whose work is done elsewhere, one file at a time. A context manager: it ends its process."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._end()

    def __call__(self, path: Path, name: str) -> Iterator[Document | DocumentError]:
        """The documents and errors of a file; an error too when reading it takes too long or too much."""
        finished = False
        try:
            for reply in self._replies([os.fspath(path.absolute()), name]):
                yield reply.document or DocumentError(str(reply.error))
            finished = True
        except (OSError, ValueError):
            yield DocumentError(f"{name}: {self._why()}; remove, split or convert the file")
        finally:
            if not finished:  # what is left of its answer must not be taken for that on another file
                self._end()

    def _replies(self, request: list[str]) -> Iterator[_Reply]:
        """Raises ``ValueError`` or ``OSError`` when the process dies or talks nonsense."""
        process = self._process = self._process or self._start()
        questions, answers = process.stdin, process.stdout
        if questions is None or answers is None:
            raise OSError("no pipes")
        questions.write(json.dumps(request).encode() + b"\n")
        questions.flush()
        received = 0
        while received <= _LARGEST_REPLY:
            line = answers.readline()
            received += len(line)
            reply = _reply.validate_json(line)
            if reply == _Reply():
                return
            yield reply
        raise ValueError("too much of an answer")

    def _start(self) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", __name__, str(self._limits.seconds), str(self._limits.memory)]
        return subprocess.Popen(  # noqa: S603 - this very module
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )

    def _why(self) -> str:
        """Why the process ended, as far as its exit code tells."""
        process = self._process
        if process is not None and process.poll() is None:
            process.kill()
        if process is not None and process.wait() == -signal.SIGALRM:
            return f"not read within {self._limits.seconds:g} seconds"
        return f"it breaks its reader, or needs more than {self._limits.memory >> 20} MB"

    def _end(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.communicate()
            self._process = None


def _confine(memory: int) -> None:
    """From here on no network, no other process, no file written, and no more memory than allowed."""
    import resource

    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))

    def refuse(event: str, args: tuple[object, ...]) -> None:
        if event.startswith(_FORBIDDEN):
            raise PermissionError(f"{event} is not for a reader")

    sys.addaudithook(refuse)


def main() -> None:
    """Serves requests from standard input until it ends."""
    seconds, memory = float(sys.argv[1]), int(sys.argv[2])
    from temsiqa.documents.read import read_file

    replies = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # whatever a library prints is no reply
    _confine(memory)
    for line in sys.stdin.buffer:
        path, name = json.loads(line)
        signal.setitimer(signal.ITIMER_REAL, seconds)  # not handled, so no code can keep the signal from ending it
        for found in read_file(Path(path), name):
            reply = _Reply(document=found) if isinstance(found, Document) else _Reply(error=str(found))
            replies.write(_reply.dump_json(reply) + b"\n")
        signal.setitimer(signal.ITIMER_REAL, 0)
        replies.write(b"{}\n")
        replies.flush()


if __name__ == "__main__":
    main()
