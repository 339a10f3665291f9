from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

import pytest

from temsiqa.documents.corpus import UNREADABLE, corpus_files, corpus_hash, digest, fingerprints, read_corpus
from temsiqa.documents.read import read_file
from temsiqa.errors import CorpusError, DocumentError
from temsiqa.model import Document

GOOD = b"# Otters\n\nOtters sleep afloat.\n"


def write(folder: Path, files: dict[str, bytes]) -> Path:
    """Writes files by their names."""
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return folder


class CountingReader:
    """``read_file`` that remembers what it was asked for."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def __call__(self, path: Path, name: str) -> Iterable[Document | DocumentError]:
        """What ``read_file`` finds."""
        self.asked.append(name)
        return read_file(path, name)


def test_one_broken_file_does_not_harm_the_others(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "b/good.md": GOOD,
            "a.TXT": GOOD,
            "b/broken.md": b"\xff",
            "README.md": GOOD,
            ".hidden/c.md": GOOD,
            "b/.d.md": GOOD,
            "e.csv": GOOD,
            "b/good.md.meta.yaml": b"title: Otters of the coast",
        },
    )
    (tmp_path / "folder.md").mkdir()
    (tmp_path / "b" / "round").symlink_to(tmp_path, target_is_directory=True)
    (tmp_path / "dangling.md").symlink_to(tmp_path / "nowhere")
    (tmp_path / "loop.md").symlink_to(tmp_path / "loop.md")
    corpus = read_corpus(tmp_path, read_file)
    assert [document.id for document in corpus.documents] == ["a.TXT", "b/good.md"]
    assert [str(problem).split(":")[0] for problem in corpus.problems] == ["b/broken.md", "dangling.md", "loop.md"]
    assert corpus.documents[1].provenance.title == "Otters of the coast"


def test_files_in_no_known_format_are_named(tmp_path: Path) -> None:
    corpus = read_corpus(write(tmp_path, {"a.md": GOOD, "b.png": b"\x89PNG", "c/d.xlsx": b"\0"}), read_file)
    assert corpus.passed_over == ("b.png", "c/d.xlsx")
    assert corpus.problems == ()


def test_a_link_brings_no_file_of_elsewhere_in(tmp_path: Path) -> None:
    outside = write(tmp_path / "outside", {"secret.md": GOOD, "folder/secret.md": GOOD})
    corpus = write(tmp_path / "corpus", {"a.md": GOOD})
    (corpus / "b.md").symlink_to(outside / "secret.md")
    (corpus / "c").symlink_to(outside / "folder", target_is_directory=True)
    (corpus / "d.md").symlink_to("a.md")
    assert corpus_files(corpus) == [corpus / "a.md", corpus / "d.md"]
    (tmp_path / "by-link").symlink_to(corpus, target_is_directory=True)
    assert list(fingerprints(tmp_path / "by-link")) == ["a.md", "d.md"]


def test_a_folder_of_broken_files(tmp_path: Path) -> None:
    write(tmp_path, {"a.md": b"\xff", "b.md": b""})
    with pytest.raises(CorpusError, match=r"holds no readable document .*first of 2 problems: a\.md: byte 0"):
        read_corpus(tmp_path, read_file)


def test_an_empty_folder(tmp_path: Path) -> None:
    assert corpus_files(tmp_path) == []
    with pytest.raises(CorpusError, match=r"holds no readable document \(Markdown, plain text, .*\); add one"):
        read_corpus(tmp_path, read_file)


@pytest.mark.parametrize("name", ["missing", "file.md"])
def test_a_corpus_that_is_no_folder(tmp_path: Path, name: str) -> None:
    (tmp_path / "file.md").write_bytes(GOOD)
    with pytest.raises(CorpusError, match=r": no such folder; name the folder of the literature with --corpus$"):
        read_corpus(tmp_path / name, read_file)


def test_progress_is_told(tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    write(tmp_path, {"a.md": GOOD, "b.md": b"\xff", "c.png": b""})
    read_corpus(tmp_path, read_file, progress=lambda done, total: told.append((done, total)))
    assert told == [(1, 3), (2, 3), (3, 3)]


def test_what_is_known_is_not_read_again(tmp_path: Path) -> None:
    write(tmp_path, {"a.md": GOOD, "b.md": GOOD, "c.md": b"\xff", "d.png": b"\x89PNG"})
    first = read_corpus(tmp_path, read_file)
    known = {name: (fingerprint, first.documents_of[name]) for name, fingerprint in first.files.items()}
    del known["c.md"]
    reader = CountingReader()
    again = read_corpus(tmp_path, reader, known)
    assert reader.asked == ["c.md"]
    assert (again.documents, again.passed_over, again.files) == (first.documents, ("d.png",), first.files)
    write(tmp_path, {"a.md": GOOD + b"More.", "b.meta.yaml": b"title: Otters of the coast"})
    reader = CountingReader()
    changed = read_corpus(tmp_path, reader, known)
    assert reader.asked == ["a.md", "b.md", "c.md"]
    assert [document.provenance.title for document in changed.documents] == ["Otters", "Otters of the coast"]


def test_an_unreadable_file_is_tried_again(tmp_path: Path) -> None:
    write(tmp_path, {"a.md": GOOD})
    os.mkfifo(tmp_path / "pipe.md")
    reader = CountingReader()
    corpus = read_corpus(tmp_path, reader, {"pipe.md": (UNREADABLE, ())})
    assert reader.asked == ["a.md", "pipe.md"]
    assert corpus.files["pipe.md"] == UNREADABLE


def test_a_fingerprint_changes_with_the_file_and_its_sidecar(tmp_path: Path) -> None:
    write(tmp_path, {"a.md": GOOD, "b.md": GOOD})
    seen = [fingerprints(tmp_path)["a.md"]]
    for changes in ({"a.md": GOOD + b"."}, {"a.meta.yaml": b"title: x"}, {"a.meta.yaml": b"title: y"}, {"a.md": b""}):
        write(tmp_path, changes)
        seen.append(fingerprints(tmp_path)["a.md"])
    assert len(set(seen)) == 5
    assert fingerprints(tmp_path)["b.md"] == digest(tmp_path / "b.md")


def test_a_hash_changes_with_names_and_contents(tmp_path: Path) -> None:
    seen = {corpus_hash(write(tmp_path, {"a.md": GOOD}))}
    (tmp_path / "a.md").rename(tmp_path / "b.md")
    seen.add(corpus_hash(tmp_path))
    seen.add(corpus_hash(write(tmp_path, {os.fsdecode(b"\xff.md"): GOOD})))
    seen.add(corpus_hash(write(tmp_path, {"b.md": b""})))
    assert len(seen) == 4
    assert corpus_hash(write(tmp_path, {"README.md": GOOD, "table.csv": b"1"})) in seen


def test_only_files_of_bearable_size_are_hashed(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.md")
    with (tmp_path / "huge.md").open("wb") as file:
        file.truncate(100_000_001)
    write(tmp_path, {"a.md": GOOD})
    found = fingerprints(tmp_path)
    assert (found["pipe.md"], found["huge.md"]) == (UNREADABLE, UNREADABLE)
    assert digest(tmp_path / "a.md", largest=5) == digest(tmp_path / "missing.md") == UNREADABLE


def test_a_name_too_long_to_have_a_sidecar(tmp_path: Path) -> None:
    name = f"{'x' * 250}.md"
    assert [document.id for document in read_corpus(write(tmp_path, {name: GOOD}), read_file).documents] == [name]
