from __future__ import annotations

import gzip
import io
import json
import os
import unicodedata
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from temsiqa.documents import read
from temsiqa.documents.outline import Outline, Paragraph
from temsiqa.documents.read import read_document, read_file
from temsiqa.documents.stated import Stated
from temsiqa.errors import DocumentError
from temsiqa.model import Document

GOOD = b"# Otters\n\nOtters sleep afloat.\n"
OTHER = b"# Seals\n\nSeals sleep ashore.\n"


def problem_of(path: Path) -> str:
    """The message with which ``path`` is refused; one line."""
    with pytest.raises(DocumentError) as error:
        read_document(path, path.name)
    assert "\n" not in str(error.value)
    return str(error.value)


def found_in(path: Path) -> tuple[dict[str, Document], list[str]]:
    """The documents of a file by id, and the messages of its problems."""
    found = list(read_file(path, path.name))
    documents = [item for item in found if isinstance(item, Document)]
    assert len({document.id for document in documents}) == len(documents)
    return {document.id: document for document in documents}, [str(e) for e in found if isinstance(e, DocumentError)]


def write(path: Path, data: bytes) -> Path:
    """Writes a file and says where it is."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path


def zipped(files: dict[str, bytes]) -> bytes:
    """A ZIP archive."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return packed.getvalue()


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
    assert problem_of(write(tmp_path / "a.md", data)) == message


def test_a_byte_order_mark_is_no_text(tmp_path: Path) -> None:
    path = write(tmp_path / "a.md", b"\xef\xbb\xbf---\ntitle: T\n---\nText.")
    document = read_document(path, "a.md")
    assert (document.text, document.provenance.title) == ("Text.", "T")


def test_a_file_that_is_none(tmp_path: Path) -> None:
    (tmp_path / "folder.md").mkdir()
    (tmp_path / "loop.md").symlink_to(tmp_path / "loop.md")
    (tmp_path / "zero.md").symlink_to("/dev/zero")
    os.mkfifo(tmp_path / "pipe.md")
    for name in ("folder.md", "pipe.md", "zero.md"):
        assert problem_of(tmp_path / name) == f"{name}: no regular file; remove it"
    assert problem_of(tmp_path / "loop.md").startswith("loop.md: cannot be read (")
    assert problem_of(tmp_path / "missing.md").startswith("missing.md: cannot be read (No such file")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_without_permission(tmp_path: Path) -> None:
    path = write(tmp_path / "a.md", GOOD)
    path.chmod(0)
    assert problem_of(path).startswith("a.md: cannot be read (Permission denied)")


def test_a_file_that_is_too_large(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    with path.open("wb") as file:
        file.truncate(100_000_001)
    assert problem_of(path) == "a.md: larger than 100 MB; split it"


def test_a_format_without_reader(tmp_path: Path) -> None:
    assert found_in(write(tmp_path / "a.png", b"\x89PNG\r\n")) == ({}, [])
    assert problem_of(tmp_path / "a.png").startswith("a.png: in no format that is read here (Markdown, plain text, ")


def test_a_name_that_promises_another_format(tmp_path: Path) -> None:
    path = write(tmp_path / "a.pdf", GOOD)
    assert problem_of(path) == "a.pdf: its content is no PDF, as .pdf promises; export it again or rename it"


@pytest.mark.parametrize("name", [b"caf\xe9.md", b"two\nlines.md", "over\u202eride.md".encode()])
def test_a_name_that_is_no_line_of_text(tmp_path: Path, name: bytes) -> None:
    problem = problem_of(write(tmp_path / os.fsdecode(name), GOOD))
    assert "rename the file" in problem
    assert problem.isascii()


@pytest.mark.parametrize("name", ["naïve  薬.md", unicodedata.normalize("NFD", "é.md"), f"{'x' * 252}.md"])
def test_a_name_that_is_one_stays_as_it_is(tmp_path: Path, name: str) -> None:
    assert list(found_in(write(tmp_path / name, GOOD))[0]) == [name]
    assert problem_of(write(tmp_path / name, b"")).startswith(f"{name}: no sentence, ")


def test_a_sidecar_is_applied(tmp_path: Path) -> None:
    path = write(tmp_path / "deep" / "a.md", b"---\ntitle: Wrong\ndate: 2020\n---\n" + GOOD)
    write(tmp_path / "deep" / "a.meta.yaml", b"title: Otters of the coast")
    provenance = read_document(path, "deep/a.md").provenance
    assert (provenance.title, provenance.date) == ("Otters of the coast", "2020")


def test_a_broken_sidecar_is_a_problem_of_its_own_name(tmp_path: Path) -> None:
    path = write(tmp_path / "deep" / "a.md", GOOD)
    write(tmp_path / "deep" / "a.meta.yaml", b"titel: Otters")
    (problem,) = read_file(path, "deep/a.md")
    assert str(problem).startswith("deep/a.meta.yaml: field 'titel' is unknown")


def test_an_archive_is_read_like_a_folder(tmp_path: Path) -> None:
    data = zipped(
        {
            "b/a.md": GOOD,
            "README.md": OTHER,
            ".hidden/c.md": OTHER,
            "__MACOSX/b/._a.md": OTHER,
            "picture.png": b"\x89PNG",
            "../out.md": OTHER,
            "two\nlines.md": OTHER,
            "broken.md": b"\xff",
            "seals.txt.gz": gzip.compress(b"Seals sleep ashore."),
            "b/a.md.meta.yaml": b"title: Otters of the coast",
            "data.csv": b"1,2",
        }
    )
    documents, problems = found_in(write(tmp_path / "z.zip", data))
    assert list(documents) == ["z.zip/b/a.md", "z.zip/seals.txt.gz"]
    assert documents["z.zip/b/a.md"].provenance.title == "Otters of the coast"
    assert documents["z.zip/seals.txt.gz"].text == "Seals sleep ashore."
    assert problems == [
        "z.zip/../out.md: a path that leads out of the archive; pack it again without",
        "'z.zip/two\\nlines.md': its name holds control characters or is not UTF-8; rename the file",
        "z.zip/broken.md: byte 0 is not UTF-8; save the file as UTF-8",
    ]


def test_the_sidecar_of_an_archive_speaks_of_all_that_have_none(tmp_path: Path) -> None:
    members = {"a.md": GOOD, "b.md": OTHER, "b.meta.yaml": b"licence: CC0"}
    path = write(tmp_path / "z.zip", zipped(members))
    write(tmp_path / "z.zip.meta.yaml", b"title: All of them\nlicence: CC BY 4.0\n")
    documents, _ = found_in(path)
    assert [(d.provenance.title, d.provenance.licence) for d in documents.values()] == [
        ("Otters", "CC BY 4.0"),
        ("Seals", "CC0"),
    ]


def test_broken_sidecars_of_an_archive(tmp_path: Path) -> None:
    data = zipped({"a.md": GOOD, "b.md": OTHER, "a.meta.yaml": b"titel: x", "../b.meta.yaml": b""})
    documents, problems = found_in(write(tmp_path / "z.zip", data))
    assert list(documents) == ["z.zip/b.md"]
    assert [problem.split(":")[0] for problem in problems] == ["z.zip/../b.meta.yaml", "z.zip/a.meta.yaml"]


def test_archives_in_archives(tmp_path: Path) -> None:
    inner = zipped({"a.md": GOOD})
    innermost = zipped({"inner.zip": inner})
    path = write(tmp_path / "z.zip", zipped({"one.zip": inner, "two.zip": innermost, "b.md": OTHER}))
    documents, problems = found_in(path)
    assert list(documents) == ["z.zip/one.zip/a.md", "z.zip/b.md"]
    assert problems == ["z.zip/two.zip/inner.zip: an archive in an archive in an archive; unpack it first"]


def test_a_gzip_file_is_what_it_holds(tmp_path: Path) -> None:
    assert found_in(write(tmp_path / "a.MD.GZ", gzip.compress(GOOD)))[0]["a.MD.GZ"].text.startswith("Otters")
    assert found_in(write(tmp_path / "a.tar.gz", gzip.compress(b"\0" * 1024))) == ({}, [])
    twice = gzip.compress(gzip.compress(gzip.compress(GOOD)))
    assert problem_of(write(tmp_path / "a.gz", twice)).startswith("a.gz: an archive in an archive")


def test_a_path_that_comes_twice_in_an_archive(tmp_path: Path) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("a.md", GOOD)
        with pytest.warns(UserWarning, match="Duplicate name"):
            archive.writestr("a.md", OTHER)
    documents, problems = found_in(write(tmp_path / "z.zip", packed.getvalue()))
    assert documents["z.zip/a.md"].text.startswith("Otters")
    assert problems == ["z.zip/a.md: comes twice; remove one"]


def of_parts(*parts: str) -> read.Reader:
    """A reader that finds a document of each name."""

    def reader(data: bytes, name: str) -> Iterator[Outline | DocumentError]:
        for part in parts:
            yield Outline((Paragraph("Otters sleep."),), Stated(title=part[:9]), part)

    return reader


def test_a_file_of_several_documents(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(read, "reader_of", lambda format: of_parts("1", "2", "1", "a\nb", "x" * 201))
    write(tmp_path / "a.meta.yaml", b"title: All of them\nlicence: CC0")
    documents, problems = found_in(write(tmp_path / "a.md", GOOD))
    assert [(id, d.provenance.title, d.provenance.licence) for id, d in documents.items()] == [
        ("a.md/1", "1", "CC0"),
        ("a.md/2", "2", "CC0"),
    ]
    assert problems[0] == "a.md/1: comes twice; remove one"
    assert [p.partition(" is too long or no plain line")[0] for p in problems[1:]] == [
        "a.md: 'a\\nb'",
        f"a.md: '{'x' * 40}'",
    ]


def test_what_a_file_says_stays_on_one_short_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def reader(data: bytes, name: str) -> Iterator[Outline | DocumentError]:
        yield DocumentError(f"{name}: two\nlines \u202e \ud800" + "x" * 5_000)
        raise DocumentError(f"{name}: two\rlines")

    monkeypatch.setattr(read, "reader_of", lambda format: reader)
    _, problems = found_in(write(tmp_path / "a.md", GOOD))
    assert problems[0].startswith("a.md: two lines    x")
    assert len(problems[0]) == 1_000
    assert problems[1] == "a.md: two lines"


def test_a_file_of_nothing_but_problems(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(read, "reader_of", lambda format: of_parts(*["1"] * 5_000))
    _, problems = found_in(write(tmp_path / "a.md", GOOD))
    assert len(problems) == 1_001
    assert problems[-1] == "a.md: more than 1000 parts of it cannot be read; mend or remove it"


def test_one_document_is_asked_for(tmp_path: Path) -> None:
    lines = "\n".join(json.dumps({"_id": str(n), "title": "Otters", "text": "Otters sleep."}) for n in range(2))
    path = write(tmp_path / "a.jsonl", lines.encode())
    assert problem_of(path) == "a.jsonl: holds 2 documents, not one; name another file"
