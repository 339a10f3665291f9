"""The real leaflets that are kept beside the repository: not a word of them may be lost."""

from __future__ import annotations

import html
import re
from collections import Counter
from pathlib import Path

import pytest

from document_support import assert_sound, words_of
from temsiqa.documents.read import read_document
from temsiqa.model import BlockKind

# Blocks of each leaflet; its sections, which the headings open.
LEAFLETS = {
    "leaflet_tyverb.html": ({BlockKind.PARAGRAPH: 85, BlockKind.LIST: 19, BlockKind.HEADING: 8}, 7),
    "leaflet_xtandi.html": ({BlockKind.PARAGRAPH: 46, BlockKind.LIST: 10, BlockKind.HEADING: 8}, 7),
}


def plain(page: str) -> str:
    """The text of a page by the simplest of means."""
    body = page.partition("<body>")[2]
    return html.unescape(re.sub(r"<[^<>]*>", " ", body))


@pytest.mark.parametrize("name", LEAFLETS)
def test_a_leaflet_is_read_whole(sets: Path, name: str) -> None:
    path = sets / "data" / "formats" / name
    if not path.is_file():
        pytest.skip(f"no {path}")
    document = read_document(path, name)
    assert_sound(document)
    assert words_of(document.text) == words_of(plain(path.read_text(encoding="utf-8")))
    blocks, sections = LEAFLETS[name]
    assert Counter(block.kind for block in document.blocks) == blocks
    assert len({block.section for block in document.blocks if block.section}) == sections
    assert document.provenance.title.startswith("Package leaflet: ")
    assert (document.references, document.disclaimers) == ((), ())
