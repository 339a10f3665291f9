"""The commands on documents: what they print and change, and that everything wrong is one line and an exit code."""

from __future__ import annotations

import json
import os
import pty
import select
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Self

import pytest
from pydantic import TypeAdapter

from command_support import Run, assert_refused, runner  # noqa: F401 - a fixture
from support import write_corpus
from temsiqa.assistant import Assistant
from temsiqa.documents.read import read_file
from temsiqa.documents.sidecar import read_sidecar
from temsiqa.documents.worker import Limits
from temsiqa.errors import DocumentError
from temsiqa.model import Document
from temsiqa.server.schemas import DocumentSummary

NOTE = "# A note\n\nTemsirolimus is kept in the dark.\n"
RECORDS = "".join(f'{{"_id": "{n}", "title": "T{n}", "text": "Mouse {n} was well."}}\n' for n in (1, 2))


class ReadHere:
    """Stands in for the reading process, which takes a second to start."""

    def __init__(self, limits: Limits) -> None:
        """Limits nothing."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def __call__(self, path: Path, name: str) -> Iterator[Document | DocumentError]:
        """What the reading process would say."""
        return read_file(path, name)


@pytest.fixture
def read_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Files are read in this process."""
    monkeypatch.setattr("temsiqa.documents.worker.ReadingProcess", ReadHere)


@pytest.fixture
def corpus(tmp_path: Path, read_here: None) -> Path:
    """The tiny corpus, where commands look for it, and files beside it to add."""
    (tmp_path / "note.md").write_text(NOTE, encoding="utf-8")
    (tmp_path / "set.jsonl").write_text(RECORDS, encoding="utf-8")
    return write_corpus(tmp_path / "corpus")


def names(corpus: Path) -> set[str]:
    """The files of a corpus."""
    return {path.relative_to(corpus).as_posix() for path in corpus.rglob("*") if path.is_file()}


def test_documents_are_listed(run: Run, tiny_index: Path) -> None:
    ran = run("documents", "list", "--index", tiny_index)
    assert (ran.code, ran.err) == (0, "")
    assert "notes/half-life.md\n" in ran.out
    assert "vendor note · 2025-12 · 1 reference · 1 disclaimer" in ran.out
    assert ran.out.endswith("3 of 3 documents\n")


@pytest.mark.parametrize(("words", "found"), [("NOTES/", 1), ("how temsirolimus WORKS", 1), (".md", 3), ("none", 0)])
def test_the_list_is_narrowed_by_part_of_an_id_or_a_title(run: Run, tiny_index: Path, words: str, found: int) -> None:
    assert run("documents", "list", words, "--index", tiny_index).out.endswith(f"{found} of 3 documents\n")
    assert len(json.loads(run("documents", "list", words, "--json", "--index", tiny_index).out)) == found


def test_the_list_as_json_is_that_of_http(run: Run, tiny_index: Path, tiny_assistant: Assistant) -> None:
    listed = json.loads(run("documents", "list", "--json", "--index", tiny_index).out)
    expected = map(DocumentSummary.of, tiny_assistant.generation.documents.values())
    assert listed == [summary.model_dump(mode="json") for summary in expected]


def test_a_document_is_shown(run: Run, tiny_index: Path) -> None:
    ran = run("documents", "show", "notes/half-life.md", "--index", tiny_index)
    assert (ran.code, ran.err) == (0, "")
    assert "not stated" in ran.out
    assert "A population study of temsirolimus" in ran.out
    assert "Half-life | 17 hours | 55 hours" not in ran.out
    whole = run("documents", "show", "notes/half-life.md", "--text", "--index", tiny_index)
    assert "Half-life | 17 hours | 55 hours" in whole.out


def test_a_document_as_json_is_the_whole_document(run: Run, tiny_index: Path, tiny_assistant: Assistant) -> None:
    ran = run("documents", "show", "guides/giving.md", "--json", "--index", tiny_index)
    shown = TypeAdapter(Document).validate_json(ran.out)
    assert shown == tiny_assistant.generation.document("guides/giving.md")


def test_a_document_that_is_not_there_is_one_line(run: Run, tiny_index: Path) -> None:
    ran = run("documents", "show", "none\x1b.md", "--index", tiny_index)
    assert_refused(ran, "none", "temsiqa documents list")
    assert_refused(run("documents", "list", "--index", "none"), "temsiqa index")


def test_a_file_is_added_and_shown(run: Run, corpus: Path) -> None:
    stated = ("--title", "In the dark", "--author", "A", "--author", "B", "--date", "2015-04", "--disclaimer", "Draft.")
    ran = run("documents", "add", "note.md", "--to", "notes", *stated, "--evidence-level", "randomised trial")
    assert (ran.code, ran.err) == (0, "")
    for words in ("added corpus/notes/note.md", "In the dark", "A, B", "randomised trial", "now run: temsiqa index"):
        assert words in ran.out
    written = read_sidecar((corpus / "notes" / "note.md.meta.yaml").read_bytes(), "x")
    assert written.model_dump(exclude_defaults=True) == {
        "title": "In the dark",
        "authors": ("A", "B"),
        "date": "2015-04",
        "evidence_level": "randomised trial",
        "disclaimers": ("Draft.",),
    }


def test_a_file_without_anything_stated_gets_no_sidecar(run: Run, corpus: Path) -> None:
    before = names(corpus)
    assert run("documents", "add", "note.md").code == 0
    assert names(corpus) - before == {"note.md"}


def test_files_that_cannot_be_read_are_named_and_the_others_added(run: Run, corpus: Path, tmp_path: Path) -> None:
    (tmp_path / "bad.md").write_bytes(b"\xff\xfe\x00")
    (tmp_path / "set.jsonl").write_text(RECORDS + "{\n", encoding="utf-8")
    ran = run("documents", "add", "bad.md", "note.md", "none.md", "set.jsonl")
    assert ran.code == 1
    lines = ran.err.splitlines()
    assert [line.split(":")[:2] for line in lines[:2]] == [["temsiqa", " bad.md"], ["temsiqa", " none.md"]]
    assert lines[2].startswith("not read: set.jsonl: record 3")
    assert {"note.md", "set.jsonl"} < names(corpus)
    assert "set.jsonl/1: T1" in ran.out


def test_nothing_that_can_be_read_is_one_line(run: Run, corpus: Path) -> None:
    before = names(corpus)
    assert_refused(run("documents", "add", "none.md"), "none.md")
    assert_refused(run("documents", "add", "note.md", "--to", "../.."), "leads out")
    assert_refused(run("documents", "add", "note.md", "--corpus", "none"), "none", "--corpus")
    assert names(corpus) == before


@pytest.mark.parametrize("option", ["--title", "--url"])
def test_what_belongs_to_one_document_is_not_stated_of_two_files(run: Run, corpus: Path, option: str) -> None:
    assert_refused(run("documents", "add", "note.md", "set.jsonl", option, "x"), option, "one by one", code=2)
    assert "note.md" not in names(corpus)


def test_a_file_is_replaced_on_request_only(run: Run, corpus: Path, tmp_path: Path) -> None:
    assert run("documents", "add", "note.md").code == 0
    (tmp_path / "note.md").write_text(NOTE.replace("dark", "cold"), encoding="utf-8")
    assert_refused(run("documents", "add", "note.md"), "--replace")
    assert "dark" in (corpus / "note.md").read_text(encoding="utf-8")
    assert run("documents", "add", "note.md", "--replace").code == 0
    assert "cold" in (corpus / "note.md").read_text(encoding="utf-8")


def test_what_was_added_as_json(run: Run, corpus: Path) -> None:
    ran = run("documents", "add", "note.md", "set.jsonl", "--json")
    told = json.loads(ran.out)
    assert [(file["file"], [d["id"] for d in file["documents"]], file["problems"]) for file in told] == [
        ("note.md", ["note.md"], []),
        ("set.jsonl", ["set.jsonl/1", "set.jsonl/2"], []),
    ]


def test_documents_are_removed_with_their_sidecars(run: Run, corpus: Path) -> None:
    run("documents", "add", "note.md", "--title", "T")
    ran = run("documents", "remove", "note.md", "corpus/guides/giving.md", "note.md", "--yes")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.splitlines() == [
        "removed corpus/note.md",
        "removed corpus/note.md.meta.yaml",
        "removed corpus/guides/giving.md",
        "now run: temsiqa index",
    ]
    assert names(corpus) == {"notes/half-life.md", "reviews/mechanism.md"}


def test_what_was_removed_as_json(run: Run, corpus: Path) -> None:
    ran = run("documents", "remove", "guides/giving.md", "--yes", "--json")
    assert json.loads(ran.out) == ["guides/giving.md"]


@pytest.mark.parametrize("name", ["none.md", "../note.md", "set.jsonl/1", "set.jsonl/9"])
def test_nothing_is_removed_when_one_of_them_cannot_be(run: Run, corpus: Path, name: str) -> None:
    run("documents", "add", "set.jsonl")
    before = names(corpus)
    assert_refused(run("documents", "remove", "guides/giving.md", name, "--yes"), name)
    assert names(corpus) == before


def test_without_a_terminal_nothing_is_removed_unasked(run: Run, corpus: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin.isatty", lambda: False)
    assert_refused(run("documents", "remove", "guides/giving.md"), "guides/giving.md", "--yes")
    assert (corpus / "guides" / "giving.md").exists()


@pytest.mark.parametrize(
    ("typed", "code", "stays"), [(b"y\n", 0, False), (b"n\n", 1, True), (b"\n", 1, True), (b"\x03", 130, True)]
)
def test_on_a_terminal_it_asks_first(tmp_path: Path, typed: bytes, code: int, stays: bool) -> None:
    write_corpus(tmp_path / "corpus")
    terminal, far_end = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-c", "from temsiqa.cli import main; main()", "documents", "remove", "guides/giving.md"],
        cwd=tmp_path,
        stdin=far_end,
        stdout=far_end,
        stderr=far_end,
        start_new_session=True,
        preexec_fn=lambda: os.close(os.open(os.ttyname(0), os.O_RDWR)),  # makes it the controlling terminal
    ) as removing:
        os.close(far_end)
        shown = read_until(terminal, b"Remove?")
        os.write(terminal, typed)
        shown += read_until(terminal, b"", typed)
    os.close(terminal)
    assert b"corpus/guides/giving.md" in shown
    assert b"Traceback" not in shown
    assert removing.returncode == code
    assert (tmp_path / "corpus" / "guides" / "giving.md").exists() == stays


def read_until(terminal: int, words: bytes, again: bytes = b"") -> bytes:
    """What comes from a terminal up to ``words``, or up to its end; while nothing comes, ``again`` is typed.

    An interrupt that comes after the question and before Python reads the answer is noted, and the reading goes on.
    """
    found = b""
    while not words or words not in found:
        try:
            if not select.select([terminal], [], [], 1.0)[0]:
                os.write(terminal, again)
                continue
            found += os.read(terminal, 4096)
        except OSError:  # the other end was closed
            break
    return found


def test_a_file_is_inspected_wherever_it_lies(run: Run, corpus: Path, tmp_path: Path) -> None:
    (tmp_path / "note.md.meta.yaml").write_text("publisher: Ward\n", encoding="utf-8")
    ran = run("inspect", tmp_path / "note.md")
    assert (ran.code, ran.err) == (0, "")
    start = NOTE.index("Temsirolimus") - len("# ")
    for words in (
        "Markdown",
        "Ward",
        "not stated",
        "A note",
        f"{start}–{start + 33}",
        "Temsirolimus is kept in the dark.",
    ):
        assert words in ran.out


def test_an_inspection_as_json_is_whole(run: Run, corpus: Path, tmp_path: Path) -> None:
    (tmp_path / "set.jsonl").write_text(RECORDS + "{\n", encoding="utf-8")
    told = json.loads(run("inspect", "set.jsonl", "--json").out)
    documents = TypeAdapter(tuple[Document, ...]).validate_python(told.pop("documents"))
    assert documents == tuple(d for d in read_file(tmp_path / "set.jsonl", "set.jsonl") if isinstance(d, Document))
    (problem,) = told.pop("problems")
    assert problem.startswith("set.jsonl: record 3")
    assert told == {"file": "set.jsonl", "format": "JSON lines", "sidecar": None}


def test_one_document_of_many_is_inspected(run: Run, corpus: Path) -> None:
    assert "to see one: --document ID" in run("inspect", "set.jsonl").out
    ran = run("inspect", "set.jsonl", "--document", "2")
    assert "Mouse 2 was well." in ran.out
    assert "Mouse 1" not in ran.out
    assert_refused(run("inspect", "set.jsonl", "--document", "3"), "3", "set.jsonl")
    assert_refused(run("inspect", "set.jsonl", "--page", "1"), "2 documents")


def test_what_could_not_be_read_is_named_after_the_rest(run: Run, corpus: Path, tmp_path: Path) -> None:
    (tmp_path / "set.jsonl").write_text(RECORDS + "{\n", encoding="utf-8")
    ran = run("inspect", "set.jsonl")
    assert ran.code == 0
    assert ran.err.startswith("not read: set.jsonl: record 3")


def test_a_file_that_cannot_be_inspected_is_one_line(run: Run, corpus: Path, tmp_path: Path) -> None:
    (tmp_path / "bad\x1b.md").write_bytes(b"\xff\xfe\x00")
    assert_refused(run("inspect", "bad\x1b.md"), "bad")
    assert_refused(run("inspect", "none.md"), "none.md")
    assert_refused(run("inspect", tmp_path), "no regular file")
    assert_refused(run("inspect", "note.md", "--page", "1"), "no pages")
    assert_refused(run("inspect", "note.md", "--page", "0"), "--page", code=2)


def test_the_reading_process_keeps_to_the_limits_of_the_settings(
    run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "note.md").write_text(NOTE, encoding="utf-8")
    assert "kept in the dark" in run("inspect", "note.md").out
    monkeypatch.setenv("TEMSIQA_READ_SECONDS", "0.000001")
    assert_refused(run("inspect", "note.md"), "note.md", "second")
