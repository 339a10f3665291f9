"""Plain text and copied pages → outline: the mess is mended into Markdown, then read as Markdown."""

from __future__ import annotations

from temsiqa.documents.canonical import clean
from temsiqa.documents.markdown import read_body
from temsiqa.documents.mess import mend
from temsiqa.documents.outline import Outline
from temsiqa.documents.stated import split_front_matter


def read_text(text: str, name: str) -> Outline:
    """The outline of a text file. Raises ``DocumentError`` when its head is malformed."""
    stated, body = split_front_matter(clean(text), name)
    return read_body(mend(body), stated)
