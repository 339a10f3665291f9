"""Bytes that are no UTF-8, and files that are not what their names say."""

from __future__ import annotations

import json
from collections.abc import Iterator

from documents.hostile.bait import SENTENCE, Bait, Hostile
from documents.hostile.packed import zipped

SUFFIXES = ("md", "txt", "html", "xml", "pdf", "docx", "nbib", "jsonl", "zip", "gz")
ENCODINGS = ("utf-16", "utf-16-le", "utf-32", "utf-7", "latin-1", "iso2022_jp", "cp037")


def texts(words: str, encoding: str) -> dict[str, str]:
    """The same words in each format of text, by suffix."""
    return {
        "md": words,
        "txt": words,
        "jsonl": json.dumps({"_id": "1", "title": "a", "text": words}, ensure_ascii=False),
        "nbib": f"PMID- 1\nTI  - Otters\nAB  - {words}\n",
        "html": f"<html><body><p>{words}</p></body></html>",
        "xml": f'<?xml version="1.0" encoding="{encoding}"?><article><front/><body><p>{words}</p></body></article>',
    }


def encodings(bait: Bait) -> Iterator[Hostile]:
    """Every encoding in every format of text; bytes that are no text in any of them."""
    for encoding in ENCODINGS:
        for suffix, text in texts(f"{SENTENCE} näive ones too. {'é' * 50}", encoding).items():
            yield Hostile(f"{encoding}.{suffix}", text.encode(encoding, "replace"))
    for suffix in SUFFIXES:
        yield Hostile(f"empty.{suffix}", b"")
        yield Hostile(f"ff.{suffix}", b"\xff" * 10_000)
        yield Hostile(f"zero.{suffix}", bytes(10_000))
        yield Hostile(f"marks.{suffix}", b"\xef\xbb\xbf" * 1_000)
    yield Hostile("overlong.md", b"Otters \xc0\xaf\xe0\x80\xaf sleep.")
    yield Hostile("surrogates.md", b"Otters \xed\xa0\x80\xed\xb0\x80 sleep.")


def lies(bait: Bait) -> Iterator[Hostile]:
    """Files that are not what their names say, or whose names say too much."""
    for suffix in SUFFIXES:
        yield Hostile(f"program.{suffix}", b"MZ\x90\x00" + bytes(60) + b"PE\0\0" + bytes(2_000))
        yield Hostile(f"picture.{suffix}", b"\x89PNG\r\n\x1a\n" + bytes(2_000))
    page, archive = f"<html><body><p>{SENTENCE}</p>".encode(), zipped([("a.md", SENTENCE.encode())])
    yield Hostile("pdf.docx", b"%PDF-1.7\nOtters")
    yield Hostile("page.pdf", page)
    yield Hostile("archive.xml", archive)
    yield Hostile("markdown.docx", SENTENCE.encode())
    yield Hostile("polyglot.pdf", b"%PDF-1.7\n" + page + archive)
    yield Hostile(f"{'x' * 248}.md.txt", b"\xff")
    yield Hostile("-rf.md", b"")
    yield Hostile("$(reboot); `reboot`.md", b"")
