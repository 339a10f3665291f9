from __future__ import annotations

import os
from pathlib import Path

import pytest

from temsiqa.documents.read import corpus_files, read_corpus, read_document
from temsiqa.errors import CorpusError, DocumentError

GOOD = b"# Otters\n\nOtters sleep afloat.\n"


def problem_of(path: Path) -> str:
    """The message with which ``path`` is refused; one line."""
    with pytest.raises(DocumentError) as error:
        read_document(path, path.name)
    assert "\n" not in str(error.value)
    return str(error.value)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"\x89PNG\r\n\x1a\n\xff\xfe", "a.md: byte 0 is not UTF-8; save the file as UTF-8"),
        (b"good \xe9t\xe9", "a.md: byte 5 is not UTF-8; save the file as UTF-8"),
        (b"\xff\xfea\x00", "a.md: holds NUL bytes, so it is no text file; convert it or remove it"),
        (b"a\x00b", "a.md: holds NUL bytes, so it is no text file; convert it or remove it"),
        (b"\xed\xa0\x80", "a.md: byte 0 is not UTF-8; save the file as UTF-8"),
        (b"", "a.md: no sentence, list or table in it that could be quoted; add text or remove the file"),
    ],
)
def test_bytes_that_are_no_text(tmp_path: Path, data: bytes, message: str) -> None:
    path = tmp_path / "a.md"
    path.write_bytes(data)
    assert problem_of(path) == message


def test_a_byte_order_mark_is_no_text(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    path.write_bytes(b"\xef\xbb\xbf---\ntitle: T\n---\nText.")
    document = read_document(path, "a.md")
    assert (document.text, document.provenance.title) == ("Text.", "T")


def test_a_file_that_is_none(tmp_path: Path) -> None:
    (tmp_path / "folder.md").mkdir()
    (tmp_path / "loop.md").symlink_to(tmp_path / "loop.md")
    os.mkfifo(tmp_path / "pipe.md")
    assert problem_of(tmp_path / "folder.md") == "folder.md: no regular file; remove it"
    assert problem_of(tmp_path / "pipe.md") == "pipe.md: no regular file; remove it"
    assert problem_of(tmp_path / "loop.md").startswith("loop.md: cannot be read (")
    assert problem_of(tmp_path / "missing.md").startswith("missing.md: cannot be read (No such file")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_without_permission(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    path.write_bytes(GOOD)
    path.chmod(0)
    assert problem_of(path).startswith("a.md: cannot be read (Permission denied)")


def test_a_file_that_is_too_large(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    with path.open("wb") as file:
        file.truncate(20_000_001)
    assert problem_of(path) == "a.md: larger than 20 MB; split it"


def test_a_format_without_reader(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(GOOD)
    assert problem_of(tmp_path / "a.pdf") == "a.pdf: no reader for .pdf; use .md, .txt"


@pytest.mark.parametrize("name", [b"caf\xe9.md", b"two\nlines.md", "over\u202eride.md".encode()])
def test_a_name_that_is_no_line_of_text(tmp_path: Path, name: bytes) -> None:
    path = tmp_path / os.fsdecode(name)
    path.write_bytes(GOOD)
    problem = problem_of(path)
    assert "rename the file" in problem
    assert problem.isascii()


def test_one_broken_file_does_not_harm_the_others(tmp_path: Path) -> None:
    for name, data in {
        "b/good.md": GOOD,
        "a.TXT": GOOD,
        "b/broken.md": b"\xff",
        "README.md": GOOD,
        ".hidden/c.md": GOOD,
        "b/.d.md": GOOD,
        "e.csv": GOOD,
    }.items():
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(data)
    (tmp_path / "folder.md").mkdir()
    (tmp_path / "b" / "round").symlink_to(tmp_path, target_is_directory=True)
    (tmp_path / "dangling.md").symlink_to(tmp_path / "nowhere")
    corpus = read_corpus(tmp_path)
    assert [document.id for document in corpus.documents] == ["a.TXT", "b/good.md"]
    assert [str(problem).split(":")[0] for problem in corpus.problems] == ["b/broken.md", "dangling.md"]


def test_a_folder_of_broken_files(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_bytes(b"\xff")
    (tmp_path / "b.md").write_bytes(b"")
    with pytest.raises(CorpusError, match=r"holds no readable document .*first of 2 problems: a\.md: byte 0"):
        read_corpus(tmp_path)


def test_an_empty_folder(tmp_path: Path) -> None:
    assert corpus_files(tmp_path) == []
    with pytest.raises(CorpusError, match=r"holds no readable document \(\.md, \.txt\); add one"):
        read_corpus(tmp_path)


@pytest.mark.parametrize("name", ["missing", "file.md"])
def test_a_corpus_that_is_no_folder(tmp_path: Path, name: str) -> None:
    (tmp_path / "file.md").write_bytes(GOOD)
    with pytest.raises(CorpusError, match=r": no such folder; name the folder of the literature with --corpus$"):
        read_corpus(tmp_path / name)
