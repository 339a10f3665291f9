from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from document_support import PARAGRAPHS
from temsiqa.documents.sentences import split_sentences, whole_sentence
from temsiqa.model import BlockKind, Span


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("One. Two.", ["One.", "Two."]),
        ("It grows.[1][2] It stops.[3]", ["It grows.[1][2]", "It stops.[3]"]),
        ("It took 3.5 hours. Then it ended.", ["It took 3.5 hours.", "Then it ended."]),
        ("Otters, e.g. sea otters, sleep. Moles dig.", ["Otters, e.g. sea otters, sleep.", "Moles dig."]),
        ("🙂 is one character. 𝛼 too.", ["🙂 is one character.", "𝛼 too."]),
        ("No stop at the end", ["No stop at the end"]),
        ("", []),
        ("   ", []),
    ],
)
def test_sentences_and_their_exact_spans(text: str, sentences: list[str]) -> None:
    found = split_sentences(text, 100, BlockKind.PARAGRAPH)
    assert [text[s.span.start - 100 : s.span.end - 100] for s in found] == sentences


def test_a_whole_sentence_is_never_split() -> None:
    sentence = whole_sentence("Author: A. Date: B. [3]", 7, BlockKind.BYLINE, (Span(0, 5),))
    assert sentence.span == Span(7, 30)
    assert (sentence.lead, sentence.markers) == ((Span(0, 5),), ("3",))


@given(st.one_of(PARAGRAPHS, st.text()).map(lambda text: " ".join(text.split())))
def test_nothing_but_blanks_stands_between_sentences(text: str) -> None:
    position = 0
    for sentence in split_sentences(text, 0, BlockKind.PARAGRAPH):
        assert not text[position : sentence.span.start].strip()
        assert text[sentence.span.start : sentence.span.end].strip()
        position = sentence.span.end
    assert not text[position:].strip()


def test_a_text_longer_than_any_paragraph_is_split_in_linear_time() -> None:
    text = "The dose was 25 mg. It went well. " * 5_000
    sentences = split_sentences(text.strip(), 0, BlockKind.PARAGRAPH)
    assert {text[s.span.start : s.span.end] for s in sentences} == {"The dose was 25 mg.", "It went well."}
    assert len(sentences) == 10_000


def test_a_text_without_any_stop_is_cut_all_the_same() -> None:
    sentences = split_sentences("a" * 50_000, 0, BlockKind.PARAGRAPH)
    assert sum(s.span.end - s.span.start for s in sentences) == 50_000
