"""Reads untrusted files in processes of their own, which may die: bounded in time and memory, without network.

A server process takes one JSON line a file (``[path, name]``) and forks a reader, which answers with one JSON line for
each document or error that it finds and ends; its exit code is the last line. So every file meets a reader that no
other file has touched, and whatever happens to it is known. Nothing that is said is ever executed or unpickled.
"""

from __future__ import annotations

import json
import math
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import IO, BinaryIO, NoReturn, Self

from pydantic import TypeAdapter, ValidationError

from temsiqa.errors import DocumentError
from temsiqa.model import Document

_FORBIDDEN = (
    *("socket.", "subprocess.", "shutil.", "tempfile.", "os.exec", "os.fork", "os.posix_spawn", "os.spawn"),
    *("os.system", "os.chmod", "os.chown", "os.link", "os.mkdir", "os.remove", "os.rename", "os.rmdir", "os.symlink"),
    *("os.truncate", "os.utime", "os.kill"),
)
_TO_WRITE = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
_LARGEST_ANSWER = 500_000_000
_LONGEST_FAILURE = 200
TIMES_FOR_MANY = 20


@dataclass(frozen=True, slots=True)
class Limits:
    """What reading one file may cost: seconds until its next document is found, and bytes of address space.

    A file that holds many documents, or many files, may take ``TIMES_FOR_MANY`` times those seconds of computing.
    """

    seconds: float = 60.0
    memory: int = 1 << 30


@dataclass(frozen=True, slots=True)
class _Reply:
    """One line of an answer; ``ended`` is the exit code of the reader, in the last line."""

    document: Document | None = None
    error: str | None = None
    ended: int | None = None


_reply = TypeAdapter(_Reply)


class ReadingProcess:
    """A ``FileReader`` whose work is done elsewhere, one file at a time. A context manager: it ends its processes."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._end()

    def __call__(self, path: Path, name: str) -> Iterator[Document | DocumentError]:
        """The documents and errors of a file; an error too when reading it takes too long or too much."""
        ended: int | None = None
        try:
            with suppress(OSError):  # the server is gone
                for reply in self._replies(path, name):
                    ended = reply.ended
                    if ended is None:
                        yield reply.document or DocumentError(str(reply.error))
        finally:
            if ended is None:  # what is left of its answer must not be taken for that on another file
                self._end()
        if ended != 0:
            yield DocumentError(f"{name}: {self._reason(ended)}; remove, split or convert the file")

    def _replies(self, path: Path, name: str) -> Iterator[_Reply]:
        """The answer, up to the line that ends it unless it has none. Raises ``OSError`` when the server is gone."""
        questions, answers = self._pipes()
        questions.write(json.dumps([os.fspath(path.absolute()), name]).encode() + b"\n")
        questions.flush()
        left = _LARGEST_ANSWER
        while left > 0 and (line := answers.readline(left)):
            left -= len(line)
            reply = _understood(line)
            if reply:
                yield reply
            if reply and reply.ended is not None:
                return

    def _pipes(self) -> tuple[IO[bytes], IO[bytes]]:
        """Where to ask the server and where it answers; it is started when there is none."""
        if self._process is None or self._process.poll() is not None:
            self._end()
            self._process = self._start()
        if self._process.stdin is None or self._process.stdout is None:
            raise OSError("no pipes")
        return self._process.stdin, self._process.stdout

    def _start(self) -> subprocess.Popen[bytes]:
        # -P: a module of the working folder must not be taken for one of ours. A session of its own can be ended whole.
        command = [sys.executable, "-P", "-m", __name__, str(self._limits.seconds), str(self._limits.memory)]
        return subprocess.Popen(  # noqa: S603 - this very module
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )

    def _reason(self, ended: int | None) -> str:
        """Why there is no whole answer, as far as the exit code of the reader tells."""
        if ended is None:
            return f"its answer has no end, or more than {_LARGEST_ANSWER // 1_000_000} MB"
        if ended == -signal.SIGALRM:
            return f"not read within {self._limits.seconds:g} seconds"
        if ended == -signal.SIGXCPU:
            return f"not read within {self._limits.seconds * TIMES_FOR_MANY:g} seconds of computing"
        return f"it breaks its reader, or needs more than {self._limits.memory >> 20} MB"

    def _end(self) -> None:
        if self._process is not None:
            with suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.communicate()
            self._process = None


def _understood(line: bytes) -> _Reply | None:
    """What a line says, or None for one that its reader died over."""
    try:
        return _reply.validate_json(line)
    except ValidationError:
        return None


def main() -> None:
    """Serves requests from standard input until it ends, each by a reader of its own."""
    from temsiqa.documents.read import load_readers

    limits = Limits(float(sys.argv[1]), int(sys.argv[2]))
    replies = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # whatever a library prints is no reply
    load_readers()
    for line in sys.stdin.buffer:
        path, name = json.loads(line)
        reader = os.fork()
        if reader == 0:
            _read(Path(path), name, limits, replies)
        ended = os.waitstatus_to_exitcode(os.waitpid(reader, 0)[1])
        replies.write(b"\n")  # its last line may be half a line
        _say(_Reply(ended=ended), replies)


def _read(path: Path, name: str, limits: Limits, replies: BinaryIO) -> NoReturn:
    """All that a forked process does: it must never come back to what its server does."""
    ended = 1
    try:
        _confine(path, limits)
        _answer(path, name, limits, replies)
        ended = 0
    finally:
        os._exit(ended)


def _answer(path: Path, name: str, limits: Limits, replies: BinaryIO) -> None:
    from temsiqa.documents.read import read_file

    try:
        for found in read_file(path, name):
            signal.setitimer(signal.ITIMER_REAL, limits.seconds)
            _say(_Reply(document=found) if isinstance(found, Document) else _Reply(error=str(found)), replies)
    except Exception as error:  # noqa: BLE001 - whatever a library makes of a hostile file is an error of that file
        _say(_Reply(error=f"{name}: {_failure(error, limits)}; remove, split or convert the file"), replies)


def _failure(error: Exception, limits: Limits) -> str:
    match error:
        case MemoryError():
            return f"needs more than {limits.memory >> 20} MB"
        case RecursionError():
            return "nested too deeply"
    return f"its reader fails ({ascii(error)[:_LONGEST_FAILURE]})"


def _say(reply: _Reply, replies: BinaryIO) -> None:
    replies.write(_reply.dump_json(reply) + b"\n")
    replies.flush()


def _confine(path: Path, limits: Limits) -> None:
    """From here on no network, no process, no file but this one to read, and no more time and memory than allowed."""
    import resource

    from temsiqa.documents.sidecar import sidecar_names

    signal.setitimer(signal.ITIMER_REAL, limits.seconds)  # not handled, so no code can keep the signal from ending it
    computing = math.ceil(limits.seconds * TIMES_FOR_MANY)
    resource.setrlimit(resource.RLIMIT_CPU, (computing, computing + 1))
    resource.setrlimit(resource.RLIMIT_AS, (limits.memory, limits.memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    own = {str(path), *(str(path.with_name(name)) for name in sidecar_names(path.name))}
    libraries = tuple({sys.prefix, sys.base_prefix, *filter(None, sys.path)})

    def refuse(event: str, args: tuple[object, ...]) -> None:
        if event.startswith(_FORBIDDEN) or (event == "open" and not _may_open(*args)):
            raise PermissionError(f"{event} is not for a reader")

    def _may_open(file: object, mode: object, flags: object) -> bool:
        reads = not isinstance(flags, int) or not flags & _TO_WRITE
        return reads and (str(file) in own or str(file).startswith(libraries))

    sys.addaudithook(refuse)


if __name__ == "__main__":
    main()
