from __future__ import annotations

import io
import time
import zipfile
from pathlib import PurePosixPath

import pytest

from temsiqa.documents.formats import Format, format_of, may_hold_literature
from temsiqa.errors import DocumentError

PROLOGUE = b'<?xml version="1.0"?>\n<!-- a note -->\n'
JATS_DOCTYPE = b'<!DOCTYPE article PUBLIC "-//NLM//DTD JATS//EN" "JATS.dtd">\n'
JATS = b'<article article-type="review"><front><article-meta/></front></article>'
SPL = b'<document xmlns="urn:hl7-org:v3"><title>Label</title></document>'


def zipped(*names: str) -> bytes:
    """A ZIP archive of empty files."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name in names:
            archive.writestr(name, "")
    return packed.getvalue()


@pytest.mark.parametrize(
    ("name", "data", "found"),
    [
        ("a.md", b"# Otters", Format.MARKDOWN),
        ("a.MARKDOWN", b"", Format.MARKDOWN),
        ("a.txt", b"Otters", Format.TEXT),
        ("LICENCE", b"Otters", Format.TEXT),
        ("a.html", b"<p>Otters</p>", Format.HTML),
        ("a.htm", b"Otters &amp; <b>seals", Format.HTML),
        ("a.html", b"<article class='x'><p>Otters</p></article>", Format.HTML),
        ("a", b"<!DOCTYPE html>\n<html><body>", Format.HTML),
        ("a.md", b"\xef\xbb\xbf<!doctype html><HTML lang=en>", Format.HTML),
        ("a.txt", "<html><body>Otters".encode("utf-16"), Format.HTML),
        ("a.pdf", b"%PDF-1.7", Format.PDF),
        ("a.bin", b"HTTP/1.1 200 OK\r\n\r\n%PDF-1.4", Format.PDF),
        ("a.nxml", PROLOGUE + JATS_DOCTYPE + JATS, Format.JATS),
        ("a.xml", b"<!DOCTYPE article [\n<!ENTITY x 'y>'>\n] >" + JATS, Format.JATS),
        ("a.xml", JATS.decode().join(("<?xml version='1.0' encoding='utf-16'?>", "")).encode("utf-16"), Format.JATS),
        ("a.xml", PROLOGUE + SPL, Format.SPL),
        ("a.xml", b"<v3:document xmlns:v3='urn:hl7-org:v3'/>", Format.SPL),
        ("a.xml", b"<!DOCTYPE PubmedArticleSet SYSTEM 'p.dtd'><PubmedArticleSet/>", Format.PUBMED),
        ("a.xml", b"<PubmedArticle/>", Format.PUBMED),
        ("a.txt", b"\n\nPMID- 123\nTI  - Otters", Format.NBIB),
        ("a.nbib", b"PMID- 123", Format.NBIB),
        ("a.jsonl", b'{"_id": "1", "text": "Otters"}', Format.JSONL),
        ("a.json", b'\n { "id": 1}', Format.JSONL),
        ("a.docx", zipped("[Content_Types].xml", "word/document.xml"), Format.DOCX),
        ("a.zip", zipped("[Content_Types].xml", "word/document2.xml"), Format.DOCX),
        ("a.docx", zipped("word/document.xml"), Format.DOCX),
        ("a.zip", zipped("a.md"), Format.ZIP),
        ("a.zip", zipped("word/a.md"), Format.ZIP),
        ("a.docx", zipped("word/document.xml")[:-30], Format.ZIP),
        ("a.gz", b"\x1f\x8b\x08", Format.GZIP),
    ],
)
def test_a_format_is_told_by_content(name: str, data: bytes, found: Format) -> None:
    assert format_of(data, name) is found


@pytest.mark.parametrize(
    ("name", "data", "found"),
    [
        ("paper.docx", b"%PDF-1.7", Format.PDF),
        ("paper.pdf", PROLOGUE + JATS, Format.JATS),
        ("paper.md", zipped("a.md"), Format.ZIP),
        ("paper.xml", b"<html><body>", Format.HTML),
        ("export.txt", b"<PubmedArticleSet/>", Format.PUBMED),
        ("paper.pdf", b"\x1f\x8b\x08", Format.GZIP),
    ],
)
def test_a_name_that_lies_is_passed_over(name: str, data: bytes, found: Format) -> None:
    assert format_of(data, name) is found


@pytest.mark.parametrize(
    ("name", "data", "found"),
    [
        ("a.md", b"<article><front>", Format.MARKDOWN),
        ("a.md", b"<html><body>", Format.MARKDOWN),
        ("a.txt", b"<div>Otters</div>", Format.TEXT),
        ("a.txt", b'{"sets": "in braces"}', Format.TEXT),
        ("a.md", b"PMID: 123", Format.MARKDOWN),
    ],
)
def test_a_text_is_what_its_name_says(name: str, data: bytes, found: Format) -> None:
    assert format_of(data, name) is found


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.png", b"\x89PNG\r\n"),
        ("a", b"\x7fELF\x02\x00\x00"),
        ("a", b""),
        ("a.json", b"[1, 2]"),
        ("a.xlsx", zipped("[Content_Types].xml", "xl/workbook.xml")),
        ("a.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"),
        ("a.rst", b"Otters"),
    ],
)
def test_what_is_read_nowhere(name: str, data: bytes) -> None:
    assert format_of(data, name) is None


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("a.pdf", b"MZ\x90\x00", "its content is no PDF, as .pdf promises"),
        ("a.pdf", b"", "its content is no PDF, as .pdf promises"),
        ("a.DOCX", b"Otters", "its content is no Word document, as .docx promises"),
        ("a.docx", zipped("[Content_Types].xml", "xl/workbook.xml"), "its content is no Word document"),
        ("a.docx", zipped("a.md"), "its content is no Word document"),
        ("a.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "encrypted, or of an older Word"),
        ("a.xml", b"<rss/>", "its content is no JATS, SPL or PubMed XML, as .xml promises"),
        ("a.xml", b"<document/>", "its content is no JATS, SPL or PubMed XML"),
        ("a.nxml", b"<article xmlns='http://docbook.org/ns/docbook'/>", "its content is no JATS, SPL or PubMed XML"),
        ("a.html", b"\x00\x01", "its content is no HTML"),
        ("a.nbib", b"TY  - JOUR", "its content is no NBIB"),
        ("a.jsonl", b"[1]", "its content is no JSON lines"),
        ("a.zip", b"Rar!\x1a\x07", "its content is no ZIP archive"),
        ("a.gz", b"Otters", "its content is no gzip file"),
    ],
)
def test_a_promise_that_is_not_kept_is_told(name: str, data: bytes, said: str) -> None:
    with pytest.raises(DocumentError) as error:
        format_of(data, name)
    assert str(error.value).startswith(f"{name}: {said}")


@pytest.mark.parametrize(
    "start",
    [
        "<!DOCTYPE " + "a" * 65_000,
        "<!DOCTYPE" + " " * 65_000,
        "<!DOCTYPE a [" + "]" * 65_000,
        "<!DOCTYPE a [" + "] " * 32_000,
        "<!--" * 16_000,
        "<?" * 32_000,
        "<" + "a:" * 32_000,
        " " * 65_000,
        "{" * 65_000,
    ],
)
def test_no_text_takes_long_to_tell(start: str) -> None:
    began = time.process_time()
    with pytest.raises(DocumentError):
        format_of(start.encode(), "a.xml")
    assert time.process_time() - began < 0.5


@pytest.mark.parametrize("path", ["a.md", "b/c.pdf", "../a.md", "./a.md", "README.txt", "~a.md"])
def test_what_may_hold_literature(path: str) -> None:
    assert may_hold_literature(PurePosixPath(path))


@pytest.mark.parametrize(
    "path",
    [
        "README.md",
        "b/README.md",
        "queries.jsonl",
        ".git/a.md",
        "b/.a.md",
        "~$paper.docx",
        "__MACOSX/._a.md",
        "a.csv",
        "a.TSV",
        "a.meta.yaml",
    ],
)
def test_what_holds_no_literature(path: str) -> None:
    assert not may_hold_literature(PurePosixPath(path))
