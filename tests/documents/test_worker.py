from __future__ import annotations

import json
import os
import sys
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from temsiqa.documents.read import read_file
from temsiqa.documents.worker import Limits, ReadingProcess
from temsiqa.errors import DocumentError
from temsiqa.model import Document

GOOD = "Otters sleep afloat."
LIMITS = Limits(seconds=1, memory=300 << 20)

# A text of one of these words makes its reader misbehave; Python loads this module of that name when it starts.
MISBEHAVIOUR = """
import os, socket, subprocess, time
import temsiqa.documents.read as read

honest = read.read_text

def hold(count):
    return [bytearray(1 << 26) for _ in range(count)]

def say():
    print('{"error": "forged"}')
    os.write(1, b'{"error": "forged"}\\n')

def fail():
    raise KeyError("two\\nlines \\ud800")

def nest():
    return nest()

def loop():
    while True:
        pass

def tried(deed):
    try:
        deed()
    except PermissionError:
        return None
    raise SystemError(f"{deed} was allowed")

def stray():
    tried(lambda: socket.create_connection(("127.0.0.1", 1)))
    tried(lambda: socket.getaddrinfo("example.org", 80))
    tried(lambda: subprocess.run(["true"]))
    tried(lambda: os.system("true"))
    tried(os.fork)
    tried(lambda: open("/etc/passwd"))
    tried(lambda: open("b.txt"))
    tried(lambda: os.open("/dev/zero", os.O_RDONLY))
    tried(lambda: open("written", "w"))
    tried(lambda: open(os.path.abspath("a.txt"), "r+"))
    tried(lambda: os.open("written", os.O_CREAT | os.O_WRONLY))
    tried(lambda: os.remove("a.txt"))
    tried(lambda: os.rename("a.txt", "b.txt"))
    tried(lambda: os.mkdir("made"))
    tried(lambda: os.symlink("a.txt", "link"))
    tried(lambda: os.truncate("a.txt", 0))
    tried(lambda: os.chmod("a.txt", 0o777))
    tried(lambda: os.kill(1, 0))

DEEDS = {
    "loop": loop,
    "sleep": lambda: time.sleep(99),
    "nap": lambda: time.sleep(0.4),
    "hold": lambda: hold(16),
    "fail": fail,
    "nest": nest,
    "say": say,
    "abort": os.abort,
    "leave": lambda: os._exit(3),
    "stray": stray,
}

def read_text(text, name):
    DEEDS.get(text.strip(), lambda: None)()
    return honest(text, name)

read.read_text = read_text
"""


@pytest.fixture
def reader(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ReadingProcess]:
    """A reading process that can be made to misbehave, in a working folder of its own."""
    (tmp_path / "python").mkdir()
    (tmp_path / "python" / "sitecustomize.py").write_text(MISBEHAVIOUR, encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path / "python"), prepend=os.pathsep)
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    with ReadingProcess(LIMITS) as reading:
        yield reading


@pytest.fixture
def answer(reader: ReadingProcess) -> Callable[[str], list[str]]:
    """The texts and messages that the reading process finds in the file ``a.txt`` of a given text."""

    def ask(text: str) -> list[str]:
        Path("a.txt").write_text(text, encoding="utf-8")
        return [item.text if isinstance(item, Document) else str(item) for item in reader(Path("a.txt"), "a.txt")]

    return ask


def offspring(process: psutil.Process) -> list[psutil.Process]:
    """The server that it started, and the reader of that."""
    return process.children(recursive=True)


def test_documents_arrive_as_they_are(tmp_path: Path, reader: ReadingProcess) -> None:
    records = [{"_id": str(n), "title": "Größe 薬", "text": f"{GOOD} Dose {n} [1]."} for n in range(300)]
    (tmp_path / "a.jsonl").write_text("\n".join([*map(json.dumps, records), "{"]), encoding="utf-8")
    expected = list(read_file(tmp_path / "a.jsonl", "deep/a.jsonl"))
    found = list(reader(tmp_path / "a.jsonl", "deep/a.jsonl"))
    assert len(found) == 301
    assert found[:300] == expected[:300]
    assert str(found[300]) == str(expected[300])
    assert isinstance(found[300], DocumentError)


def test_a_file_in_no_format_has_no_answer(tmp_path: Path, reader: ReadingProcess) -> None:
    (tmp_path / "a.png").write_bytes(b"\x89PNG")
    assert list(reader(tmp_path / "a.png", "a.png")) == []


@pytest.mark.parametrize("name", [b"caf\xe9.txt", b"two\nlines.txt", '"薬".txt'.encode(), b"x" * 250 + b".txt"])
def test_any_name_passes(tmp_path: Path, reader: ReadingProcess, name: bytes) -> None:
    path = tmp_path / os.fsdecode(name)
    path.write_text(GOOD)
    expected, found = list(read_file(path, path.name)), list(reader(path, path.name))
    assert list(map(str, found)) == list(map(str, expected))


@pytest.mark.parametrize(
    ("deed", "message"),
    [
        ("loop", "not read within 1 seconds"),
        ("sleep", "not read within 1 seconds"),
        ("hold", "needs more than 300 MB"),
        ("nest", "nested too deeply"),
        ("fail", "its reader fails (KeyError('two\\nlines \\ud800'))"),
        ("abort", "it breaks its reader, or needs more than 300 MB"),
        ("leave", "it breaks its reader, or needs more than 300 MB"),
    ],
)
def test_a_reader_that_dies_costs_its_file_only(answer: Callable[[str], list[str]], deed: str, message: str) -> None:
    assert answer(GOOD) == [GOOD]
    (server,) = psutil.Process().children()
    assert answer(deed) == [f"a.txt: {message}; remove, split or convert the file"]
    assert answer(GOOD) == [GOOD]
    assert psutil.Process().children() == [server]


def test_what_a_library_prints_is_no_answer(answer: Callable[[str], list[str]]) -> None:
    assert answer("say") == ["say"]


def test_a_reader_touches_nothing_else(answer: Callable[[str], list[str]]) -> None:
    assert answer("stray") == ["stray"]
    assert [path.name for path in Path.cwd().iterdir()] == ["a.txt"]


def test_a_server_that_dies_is_replaced(answer: Callable[[str], list[str]]) -> None:
    answer(GOOD)
    (server,) = psutil.Process().children()
    server.kill()
    server.wait()
    assert answer(GOOD) == [GOOD]


def test_no_module_of_the_working_folder_is_run(answer: Callable[[str], list[str]]) -> None:
    for name in ("json.py", "temsiqa.py", "pydantic.py", "resource.py"):
        Path(name).write_text("raise SystemExit")
    assert answer(GOOD) == [GOOD]


def test_an_answer_that_nobody_hears_to_its_end_is_forgotten(tmp_path: Path, reader: ReadingProcess) -> None:
    lines = [json.dumps({"_id": str(n), "title": "Otters", "text": GOOD}) for n in range(2_000)]
    (tmp_path / "many.jsonl").write_text("\n".join(lines))
    (tmp_path / "good.txt").write_text(GOOD)
    answers = reader(tmp_path / "many.jsonl", "many.jsonl")
    next(answers)
    del answers
    (found,) = reader(tmp_path / "good.txt", "good.txt")
    assert isinstance(found, Document)
    assert found.id == "good.txt"


def test_documents_found_before_an_end_are_kept(tmp_path: Path, reader: ReadingProcess) -> None:
    lines = [json.dumps({"_id": str(n), "title": "Otters", "text": f"{GOOD} " * 50}) for n in range(500)]
    (tmp_path / "many.jsonl").write_text("\n".join(lines))
    answers = reader(tmp_path / "many.jsonl", "many.jsonl")
    found = [next(answers)]
    time.sleep(1.5)  # so that the reader, whose pipe is full, dies over a line
    found += answers
    assert len(found) > 5
    assert all(isinstance(item, Document) for item in found[:-1])
    assert str(found[-1]).startswith("many.jsonl: not read within 1 seconds")


def test_time_is_counted_for_each_document(tmp_path: Path, reader: ReadingProcess) -> None:
    with zipfile.ZipFile(tmp_path / "z.zip", "w") as archive:
        for number in range(4):
            archive.writestr(f"{number}.txt", "nap")
    began = time.monotonic()
    found = list(reader(tmp_path / "z.zip", "z.zip"))
    assert time.monotonic() - began > LIMITS.seconds
    assert [item.id for item in found if isinstance(item, Document)] == [f"z.zip/{number}.txt" for number in range(4)]
    assert len(found) == 4


def test_no_process_is_left(tmp_path: Path, reader: ReadingProcess) -> None:
    with zipfile.ZipFile(tmp_path / "z.zip", "w") as archive:
        archive.writestr("0.txt", GOOD)
        archive.writestr("1.txt", "loop")
    with ReadingProcess(Limits(seconds=99)) as reading:
        answers = reading(tmp_path / "z.zip", "z.zip")
        next(answers)
        started = offspring(psutil.Process())
        assert len(started) == 2
        began = time.monotonic()
    assert psutil.wait_procs(started, timeout=10)[1] == []
    assert time.monotonic() - began < 20


def test_no_process_outlives_its_parent(tmp_path: Path, reader: ReadingProcess) -> None:
    (tmp_path / "a.txt").write_text("loop")
    code = (
        "from pathlib import Path\n"
        "from temsiqa.documents.worker import Limits, ReadingProcess\n"
        f"with ReadingProcess(Limits(2)) as reading: list(reading(Path({str(tmp_path / 'a.txt')!r}), 'a.txt'))\n"
    )
    parent = psutil.Popen([sys.executable, "-c", code])
    while len(started := offspring(parent)) < 2:
        time.sleep(0.05)
    parent.kill()
    parent.wait()
    assert psutil.wait_procs(started, timeout=10)[1] == []


def test_a_process_that_cannot_start_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.txt").write_text(GOOD)
    monkeypatch.setattr(sys, "executable", "/bin/false")
    with ReadingProcess(LIMITS) as reading:
        (problem,) = reading(tmp_path / "a.txt", "a.txt")
    assert str(problem).startswith("a.txt: its answer has no end")
