"""What assembling adds to a reader's pieces: pages, leads, notices, references."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from document_support import assert_sound
from temsiqa.documents.assemble import assemble
from temsiqa.documents.outline import Heading, Item, ItemList, Outline, PageTurn, Pair, Paragraph, Piece, Table
from temsiqa.documents.stated import Stated
from temsiqa.model import BlockKind, Document


def document(*pieces: Piece, curated: bool = True) -> Document:
    return assemble(Outline(pieces, Stated(), curated=curated), "a.pdf")


def pages_of(found: Document, words: str) -> tuple[int, ...]:
    """The pages of the sentence that holds ``words``."""
    (sentence,) = (s for b in found.blocks for s in b.sentences if words in found.quote(s.span))
    return found.pages_of(sentence.span)


def test_a_sentence_knows_the_pages_that_it_stands_on() -> None:
    found = document(Paragraph("One here. Two goes\fover."), PageTurn(), Paragraph("Three."))
    assert [pages_of(found, words) for words in ("One", "Two", "Three")] == [(1,), (1, 2), (3,)]


def test_pages_turn_in_what_is_sorted_out() -> None:
    sales = Paragraph("Request a quote today\fand buy now.")
    found = document(Paragraph("One."), sales, Paragraph("Two."), curated=False)
    assert pages_of(found, "Two") == (2,)
    assert "quote" not in found.text


def test_a_heading_that_ends_a_page_stays_on_it() -> None:
    found = document(Paragraph("One."), Heading(2, "Dose"), PageTurn(), Paragraph("Two."))
    heading = next(block for block in found.blocks if block.kind is BlockKind.HEADING)
    assert (found.pages_of(heading.span), pages_of(found, "Two")) == ((1,), (2,))


def test_a_whole_caption_leads_its_table() -> None:
    found = document(Paragraph("Table 1. Doses of it. All of them."), Table(("a", "b"), (("1", "2"),)))
    (row,) = (s for b in found.blocks if b.kind is BlockKind.TABLE for s in b.sentences)
    assert [found.quote(lead) for lead in row.lead] == ["Table 1.", "Doses of it.", "All of them.", "a | b"]


def test_a_heading_without_words_closes_a_section() -> None:
    found = document(Heading(1, "Title"), Heading(2, "Dose"), Paragraph("One."), Heading(2, ""), Paragraph("Two."))
    assert [block.section for block in found.blocks if block.sentences] == [("Dose",), ()]


TEXTS = st.lists(st.sampled_from(["Rash came.", "Dose of", "25 mg [1].", "Buy now.", "\f"]), min_size=1).map(
    lambda parts: " ".join(parts).replace(" \f ", "\f").strip(" \f") or "Rash."
)
PIECES = st.one_of(
    st.builds(Heading, st.integers(1, 4), st.sampled_from(["Dose", "", "Contact us", "Why?", "References"])),
    st.builds(Paragraph, TEXTS),
    st.lists(TEXTS, min_size=1, max_size=3).map(lambda texts: ItemList(tuple(Item(text) for text in texts))),
    st.builds(Pair, TEXTS, TEXTS),
    st.just(PageTurn()),
)


@given(st.lists(PIECES, min_size=1, max_size=8), st.booleans())
def test_quotes_and_pages_hold_for_all_pieces(pieces: list[Piece], curated: bool) -> None:
    found = document(*pieces, Heading(1, "End"), Paragraph("The end."), curated=curated)
    assert_sound(found)
    turns = sum(str(piece).count("\\x0c") + isinstance(piece, PageTurn) for piece in pieces)
    assert pages_of(found, "The end.") == ((turns + 1,) if turns else ())
