from __future__ import annotations

from pathlib import Path

import pytest

from support import HashEncoder, build_index
from temsiqa.answering.select import MOST_STATEMENTS, MOST_WORDS, OperatingPoint, Selection, Selector
from temsiqa.index.generation import Generation, load_current
from temsiqa.model import Audience
from temsiqa.retrieval.retrieve import Retriever
from temsiqa.retrieval.understand import Understanding

DOCUMENT = """---
title: Guide to temsirolimus
publisher: Vendorama
evidence_level: vendor note
references:
  - {marker: 1, text: First source}
---
# Guide to temsirolimus

Author: Ada Vendorama. Date: May 2026

Cat. No.: V-77

## Warnings

Serious side effects of temsirolimus that need help at once are:

- **Breathing:** swelling of the throat.
- **Liver:** yellow skin.
- **Bleeding:** bleeding that goes on.

## Mice

Table: tumours in mice [1]

| Tumour | Mice | Dose |
| --- | --- | --- |
| 786-O | nude | 2 mg/kg for 21 days |
| RENCA | BALB/c | not specified |

### What if a visit is missed?

Call the ward on the same day. Two doses are never given at once.

## References

1. First source [example.org]
2. Second source [example.com]
"""


@pytest.fixture(scope="module")
def generation(tmp_path_factory: pytest.TempPathFactory, hash_encoder: HashEncoder) -> Generation:
    folder = tmp_path_factory.mktemp("select")
    (folder / "guide.md").write_text(DOCUMENT, encoding="utf-8")
    build_index(folder / "index", folder, hash_encoder)
    return load_current(folder / "index")


def select(generation: Generation, question: str, point: OperatingPoint | None = None) -> tuple[Selection, ...]:
    query = Understanding(generation, HashEncoder.vocabulary).understand(question, ())
    vector = HashEncoder().encode([query.text])[0]
    hits = Retriever(generation).retrieve(query, vector, Audience.RESEARCHER, 12)
    return Selector(generation, point).select(query, vector, hits)


def quotes(generation: Generation, selections: tuple[Selection, ...]) -> list[str]:
    return [generation.documents[s.document].quote(sentence.span) for s in selections for sentence in s.sentences]


def test_a_row_is_one_sentence(generation: Generation) -> None:
    found = select(generation, "what dose did the 786-O nude mice get")
    assert quotes(generation, found)[0] == "786-O | nude | 2 mg/kg for 21 days"


def test_a_question_for_a_list_gets_the_whole_list(generation: Generation) -> None:
    found = select(generation, "which serious side effects need help: breathing, liver, bleeding?")
    assert quotes(generation, found) == [
        "Breathing: swelling of the throat.",
        "Liver: yellow skin.",
        "Bleeding: bleeding that goes on.",
    ]
    assert len(found) == 1


def test_a_list_that_was_cut_into_passages_is_whole_all_the_same(tmp_path: Path, hash_encoder: HashEncoder) -> None:
    items = [f"{n} red itching swollen weeping blistered skin patches of rash {n}" for n in range(12)]
    listed = "\n".join(f"- {item}" for item in items)
    text = f"# Rash\n\nThe kinds of rash are:\n\n{listed}\n"
    (tmp_path / "rash.md").write_text(text, encoding="utf-8")
    build_index(tmp_path / "index", tmp_path, hash_encoder)
    generation = load_current(tmp_path / "index")
    assert len(generation.passages) > 1
    assert quotes(generation, select(generation, "which kinds of rash are there")) == items


def test_an_answer_of_a_pair_stays_together(generation: Generation) -> None:
    found = select(generation, "what if a visit is missed")
    assert quotes(generation, found[:1]) == ["Call the ward on the same day.", "Two doses are never given at once."]


def test_a_lead_in_is_never_an_answer(generation: Generation) -> None:
    for question in (
        "serious side effects of temsirolimus",
        "what needs help at once",
        "which side effects are serious",
    ):
        assert not any(quote.endswith(":") for quote in quotes(generation, select(generation, question)))


def test_bylines_and_references_answer_only_questions_on_the_document(generation: Generation) -> None:
    assert quotes(generation, select(generation, "who is the author of the guide"))[0].startswith("Author: Ada")
    assert "First source" in quotes(generation, select(generation, "which references does the guide list"))[0]
    everything = OperatingPoint(lowest=-9, base=-9, margin=-9)
    for question in ("temsirolimus in mice", "vendorama guide to temsirolimus"):
        found = quotes(generation, select(generation, question, everything))
        assert not any(q.startswith(("Author", "Cat. No.", "First source")) for q in found)


def test_other_topics_and_empty_questions_are_not_answered(generation: Generation) -> None:
    assert select(generation, "is temsirolimus removed by haemodialysis") == ()
    assert select(generation, "does pembrolizumab cause bleeding") == ()
    assert select(generation, "") == ()
    assert select(generation, "?!") == ()


def test_a_question_for_a_figure_is_not_answered_without_one(generation: Generation) -> None:
    assert select(generation, "how many patients had bleeding") == ()
    assert select(generation, "what percentage had bleeding") == ()


def test_threshold_decides(generation: Generation) -> None:
    question = "does it harm the liver"
    assert select(generation, question, OperatingPoint(lowest=-9, base=-9))
    assert select(generation, question, OperatingPoint(lowest=9)) == ()


def test_more_sentences_need_more_support() -> None:
    point = OperatingPoint(base=-1.0, spread=0.5, lowest=0.2)
    assert point.threshold(1) == point.threshold(2) == point.threshold(10) == 0.2
    assert point.threshold(1000) == pytest.approx(-1 + 0.5 * 3.7169, abs=1e-4)


def test_an_answer_is_short(generation: Generation) -> None:
    found = select(
        generation, "temsirolimus liver bleeding mice dose visit", OperatingPoint(lowest=-9, base=-9, margin=-9)
    )
    assert 1 <= len(found) <= MOST_STATEMENTS
    assert sum(len(quote.split()) for quote in quotes(generation, found)) <= MOST_WORDS
    spans = [sentence.span for s in found for sentence in s.sentences]
    assert len(spans) == len(set(spans))
