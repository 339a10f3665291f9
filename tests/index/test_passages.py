from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from document_support import MARKDOWN, fixture, markdown_document, text_document
from temsiqa.documents.markers import without_markers
from temsiqa.index.passages import make_passages, passage_text
from temsiqa.model import BlockKind, Document


def at_most(words: int) -> Callable[[str], bool]:
    """A window of so many words."""
    return lambda text: len(text.split()) <= words


def assert_whole(document: Document, window: int) -> None:
    """Every sentence stands in one passage, in order, with its leads, and within the window where it can."""
    passages = make_passages(document, at_most(window))
    sentences = [s for block in document.blocks for s in block.sentences]
    assert [s for passage in passages for s in passage.sentences] == sentences
    sections = {s: block.section for block in document.blocks for s in block.sentences}
    for passage in passages:
        assert {sections[s] for s in passage.sentences} == {passage.section}
        assert passage.text.endswith(passage_text(document, passage.section, passage.sentences))
        assert at_most(window)(passage.text) or len(passage.sentences) == 1
        for span in (span for s in passage.sentences for span in (*s.lead, s.span)):
            assert without_markers(document.quote(span), document.markers) in passage.text


@settings(deadline=None)
@given(MARKDOWN, st.integers(1, 60))
def test_passages_cover_a_document(body: str, window: int) -> None:
    assert_whole(markdown_document(f"---\nevidence_level: review\n---\n{body}\n\nThe end.", "a.md"), window)


@pytest.mark.parametrize("name", ["leaflet.txt", "shape.txt", "comparison.txt"])
@pytest.mark.parametrize("window", [8, 25, 200])
def test_passages_cover_a_messy_page(name: str, window: int) -> None:
    assert_whole(text_document(fixture(name), name), window)


def test_rows_repeat_header_and_caption_when_a_table_is_cut() -> None:
    head = "---\nevidence_level: review\nreferences: [{marker: 5, text: R}]\n---\n"
    document = markdown_document(f"{head}## A\n\nTable: B\n\n| x | y |\n| - | - |\n| 1 | 2 |\n| 3 | 4 [5] |", "a.md")
    assert [passage.text for passage in make_passages(document, at_most(9))] == [
        "A. Table: B x | y 1 | 2",
        "A. Table: B x | y 3 | 4",
    ]
    assert [passage.text for passage in make_passages(document, at_most(99))] == ["A. Table: B x | y 1 | 2 3 | 4"]


def test_pairs_stand_alone_and_paragraphs_join() -> None:
    document = markdown_document("## A\n\nOne.\n\nTwo.\n\n- Q: Why? A: So.\n- Q: When? A: Now.", "a.md")
    assert [passage.text for passage in make_passages(document, at_most(99))] == [
        "A. One. Two.",
        "A. Why? So.",
        "A. When? Now.",
    ]


def test_references_are_found_by_the_title_of_their_document() -> None:
    document = text_document(fixture("comparison.txt"), "comparison.txt")
    texts = [p.text for p in make_passages(document, at_most(99)) if p.sentences[0].kind is BlockKind.REFERENCES]
    assert texts[0].startswith("Orvexamide In Otters: A Guide Across Itch Models. Benchquill. References. itch.example")


def test_what_stands_in_no_section_stands_under_the_title() -> None:
    document = markdown_document("# Otters asleep.\n\nOne here. Two here.", "a.md")
    assert [p.text for p in make_passages(document, at_most(4))] == [
        "Otters asleep. One here.",
        "Otters asleep. Two here.",
    ]
