"""Plain text and copied pages → Document: the mess is mended into Markdown, then read as Markdown."""

from __future__ import annotations

from temsiqa.documents.canonical import clean
from temsiqa.documents.front_matter import split_front_matter
from temsiqa.documents.markdown import read_body
from temsiqa.documents.mess import mend
from temsiqa.model import Document


def read_text(text: str, name: str) -> Document:
    """The document of a text file. Raises ``DocumentError`` when nothing can be quoted from it."""
    front, body = split_front_matter(clean(text), name)
    return read_body(mend(body), front, name)
