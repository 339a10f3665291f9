"""What is found in one file, wherever it lies."""

from __future__ import annotations

import gzip
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from document_support import markdown_document
from temsiqa.documents.formats import Format
from temsiqa.documents.inspection import Inspection, inspect_file
from temsiqa.documents.read import read_file
from temsiqa.errors import DocumentError
from temsiqa.model import Document

TEXT = "# A trial\n\nTwelve patients took part.\n\n## Results\n\nNone of them fell ill.\n"
RECORDS = "".join(f'{{"_id": "{n}", "title": "T{n}", "text": "Mouse {n} was well."}}\n' for n in (1, 2))


@pytest.fixture
def paged() -> Inspection:
    """A document of two pages; the heading of its second section ends the first."""
    document = markdown_document(TEXT, "a.pdf")
    document = replace(document, pages=(0, document.text.index("None of")))
    return Inspection(Path("a.pdf"), Format.PDF, None, (document,), ())


@pytest.mark.parametrize(
    ("name", "data", "format"),
    [
        ("a.md", TEXT.encode(), Format.MARKDOWN),
        ("a.txt", TEXT.encode(), Format.TEXT),
        ("a.md.gz", gzip.compress(TEXT.encode()), Format.GZIP),
        ("a.jsonl", RECORDS.encode(), Format.JSONL),
    ],
)
def test_a_file_is_inspected_with_its_sidecar(tmp_path: Path, name: str, data: bytes, format: Format) -> None:
    (tmp_path / name).write_bytes(data)
    assert inspect_file(tmp_path / name, read_file).sidecar is None
    sidecar = tmp_path / f"{name}.meta.yaml"
    sidecar.write_text("publisher: Ward\n", encoding="utf-8")
    found = inspect_file(tmp_path / name, read_file)
    assert (found.file, found.format, found.sidecar, found.problems) == (tmp_path / name, format, sidecar, ())
    assert {document.provenance.publisher for document in found.documents} == {"Ward"}
    assert all(document.id.startswith(name) for document in found.documents)


def test_parts_that_cannot_be_read_are_told_beside_the_others(tmp_path: Path) -> None:
    (tmp_path / "set.jsonl").write_text(RECORDS + "{\n", encoding="utf-8")
    found = inspect_file(tmp_path / "set.jsonl", read_file)
    assert [document.id for document in found.documents] == ["set.jsonl/1", "set.jsonl/2"]
    assert [str(problem).startswith("set.jsonl: record 3") for problem in found.problems] == [True]


@pytest.mark.parametrize(
    ("name", "data", "word"),
    [
        ("none.md", None, "none.md"),
        ("empty.md", b"", "empty.md: no sentence"),
        ("broken.pdf", b"hello", "broken.pdf"),
        ("image.png", b"\x89PNG", "image.png: in no format that is read here (Markdown, "),
    ],
)
def test_a_file_without_a_document_is_one_error(tmp_path: Path, name: str, data: bytes | None, word: str) -> None:
    if data is not None:
        (tmp_path / name).write_bytes(data)
    with pytest.raises(DocumentError) as error:
        inspect_file(tmp_path / name, read_file)
    assert word in str(error.value)


def test_the_format_of_what_broke_its_reader_is_not_asked_for_again(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "bomb.zip", "w") as archive:
        archive.writestr("a.md", TEXT)

    def read(path: Path, name: str) -> Iterator[Document | DocumentError]:
        path.unlink()
        yield DocumentError(f"{name}: not read within 60 seconds")

    with pytest.raises(DocumentError, match="60 seconds"):
        inspect_file(tmp_path / "bomb.zip", read)


@pytest.mark.parametrize("name", ["set.jsonl/2", "2"])
def test_one_of_many_is_found_by_its_id_or_its_name(tmp_path: Path, name: str) -> None:
    (tmp_path / "set.jsonl").write_text(RECORDS, encoding="utf-8")
    found = inspect_file(tmp_path / "set.jsonl", read_file)
    assert [document.id for document in found.only(name).documents] == ["set.jsonl/2"]
    with pytest.raises(DocumentError, match=r"3: none of the 2 documents of set\.jsonl"):
        found.only("3")
    with pytest.raises(DocumentError, match=r"holds 2 documents"):
        found.on_page(1)


def test_a_page_holds_the_blocks_that_stand_on_it(paged: Inspection) -> None:
    (whole,) = paged.documents
    shown = [paged.on_page(page).documents[0].blocks for page in (1, 2)]
    assert shown[0] + shown[1] == whole.blocks
    assert [whole.quote(block.span) for block in shown[1]] == ["None of them fell ill."]


def test_a_block_that_crosses_the_page_stands_on_both(paged: Inspection) -> None:
    (document,) = paged.documents
    crossing = replace(document, pages=(0, document.text.index("of them")))
    found = replace(paged, documents=(crossing,))
    assert found.on_page(1).documents[0].blocks == document.blocks
    assert found.on_page(2).documents[0].blocks == document.blocks[-1:]


def test_a_page_that_is_not_there_is_refused(paged: Inspection) -> None:
    with pytest.raises(DocumentError, match=r"page 3: a\.pdf has 2 pages"):
        paged.on_page(3)
    unpaged = replace(paged, documents=(replace(paged.documents[0], pages=()),))
    with pytest.raises(DocumentError, match="no pages in its format"):
        unpaged.on_page(1)
