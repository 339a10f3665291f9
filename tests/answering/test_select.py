from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest

from support import HashEncoder, build_index
from temsiqa.answering.operating_point import Logistic, OperatingPoint, OperatingPoints
from temsiqa.answering.select import MOST_STATEMENTS, MOST_WORDS, SAME, Choice, Selection, Selector
from temsiqa.errors import IndexFolderError
from temsiqa.index.generation import Generation, load_current
from temsiqa.model import Audience, BlockKind
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


def point(threshold: float) -> OperatingPoint:
    """One that ranks by shared words and likeness, and is as sure as the best sentence is like the question."""
    ranking = Logistic(weights={"sentence": 1.0, "passage": 0.4, "lexical": 0.35, "question": 0.8}, intercept=0.0)
    decision = Logistic(weights={"best": 4.0, "unknown": -2.0, "topics": -2.4}, intercept=-1.6)
    return OperatingPoint(
        method="by hand", data="none", cross_encoder=None, sentence=ranking, answer=decision, threshold=threshold
    )


def choose(generation: Generation, question: str, threshold: float = 0.5) -> Choice:
    points = OperatingPoints(with_cross_encoder=point(threshold), without=point(threshold))
    manifest = generation.manifest.model_copy(update={"operating_points": points})
    query = Understanding(generation, HashEncoder.vocabulary).understand(question, ())
    vector = HashEncoder().encode([query.text])[0]
    hits = Retriever(generation).retrieve(query, vector, Audience.RESEARCHER, 12)
    return Selector(replace(generation, manifest=manifest)).choose(query, vector, hits)


def select(generation: Generation, question: str, threshold: float = 0.5) -> tuple[Selection, ...]:
    return choose(generation, question, threshold).selections


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


def test_bylines_and_references_are_aside_unless_a_question_is_on_the_document(generation: Generation) -> None:
    assert quotes(generation, select(generation, "who is the author of the guide"))[0].startswith("Author: Ada")
    assert "First source" in quotes(generation, select(generation, "which references does the guide list", 0.4))[0]
    for question, is_aside in (("temsirolimus in mice", True), ("which author wrote on temsirolimus in mice", False)):
        candidates = choose(generation, question, threshold=0.0).candidates
        bylines = [generation.sentences[n].kind is BlockKind.BYLINE for n in candidates.numbers]
        assert any(bylines)
        assert (candidates.only(bylines).features["aside"] == is_aside).all()
        others = [generation.sentences[n].kind is BlockKind.TABLE for n in candidates.numbers]
        assert not candidates.only(others).features["aside"].any()


def test_other_topics_and_empty_questions_are_not_answered(generation: Generation) -> None:
    assert select(generation, "is temsirolimus removed by haemodialysis") == ()
    assert select(generation, "does pembrolizumab cause bleeding") == ()
    assert select(generation, "") == ()
    assert select(generation, "?!") == ()


def test_a_question_for_a_figure_is_not_answered_without_one(generation: Generation) -> None:
    assert select(generation, "how many patients had bleeding") == ()
    assert select(generation, "what percentage had bleeding") == ()


def test_where_something_holds_the_kind_of_thing_asked_for_nothing_else_is_a_candidate(generation: Generation) -> None:
    choice = choose(generation, "what dose did the mice get", threshold=0.0)
    assert choice.candidates.features["expected"].all()
    assert not choose(generation, "which mice got a dose", threshold=0.0).candidates.features["expected"].any()


def test_threshold_decides(generation: Generation) -> None:
    question = "does it harm the liver"
    assert select(generation, question, threshold=0.0)
    assert select(generation, question, threshold=1.0) == ()


def test_a_choice_says_how_it_was_made(generation: Generation) -> None:
    choice = choose(generation, "what dose did the 786-O nude mice get")
    assert list(choice.candidates.log_odds) == sorted(choice.candidates.log_odds, reverse=True)
    assert choice.features["best"] == pytest.approx(float(choice.candidates.log_odds[0]))
    assert (choice.features["topics"], choice.features["missing"]) == (0.0, 0.0)
    assert choice.features["size"] == pytest.approx(math.sqrt(2 * math.log(len(generation.sentences))))
    sure = 4 * choice.features["best"] - 2 * choice.features["unknown"] - 1.6
    assert choice.probability == pytest.approx(1 / (1 + math.exp(-sure)), abs=1e-5)
    assert choice.threshold == 0.5


def test_the_cross_encoder_that_the_generation_was_fitted_with_is_demanded(generation: Generation) -> None:
    other = SimpleNamespace(fingerprint="another")
    with pytest.raises(IndexFolderError, match=r"another cross-encoder .* build again"):
        Selector(generation, other)  # type: ignore[arg-type]


def test_what_was_said_in_nearly_the_same_words_is_not_said_again(tmp_path: Path, hash_encoder: HashEncoder) -> None:
    text = "Temsirolimus causes a red rash on the arms."
    for name in ("first", "second"):
        (tmp_path / f"{name}.md").write_text(f"# Skin\n\n{text}\n", encoding="utf-8")
    build_index(tmp_path / "index", tmp_path, hash_encoder)
    found = select(load_current(tmp_path / "index"), "does temsirolimus cause a red rash on the arms", threshold=0.0)
    assert len(found) == 1


@pytest.mark.parametrize(("dose", "count"), [("75 mg", 2), ("25 mg [7]", 1)], ids=["figure", "marker"])
def test_other_figures_say_something_else(tmp_path: Path, hash_encoder: HashEncoder, dose: str, count: int) -> None:
    text = "People of one arm had temsirolimus every week as a slow drip into a vein, at {}, for as long as it helped."
    for name, given in (("first", "25 mg"), ("second", dose)):
        (tmp_path / f"{name}.md").write_text(f"# Arms\n\n{text.format(given)}\n", encoding="utf-8")
    build_index(tmp_path / "index", tmp_path, hash_encoder)
    generation = load_current(tmp_path / "index")
    assert float(generation.sentence_vectors[0] @ generation.sentence_vectors[1]) > SAME
    found = select(generation, "temsirolimus every week as a slow drip into a vein", threshold=0.0)
    assert len(found) == count


def test_the_same_words_are_not_said_again_under_another_heading(tmp_path: Path, hash_encoder: HashEncoder) -> None:
    for name, heading in (("first", "Quill otter pebble marsh"), ("second", "Bench heron gravel brook")):
        text = f"# Skin\n\n## {heading}\n\nTemsirolimus causes rash.\n"
        (tmp_path / f"{name}.md").write_text(text, encoding="utf-8")
    build_index(tmp_path / "index", tmp_path, hash_encoder)
    generation = load_current(tmp_path / "index")
    assert float(generation.sentence_vectors[0] @ generation.sentence_vectors[1]) < SAME
    assert len(select(generation, "does temsirolimus cause rash", threshold=0.0)) == 1


def test_an_answer_is_short(generation: Generation) -> None:
    found = select(generation, "temsirolimus liver bleeding mice dose visit", threshold=0.0)
    assert 1 <= len(found) <= MOST_STATEMENTS
    assert sum(len(quote.split()) for quote in quotes(generation, found)) <= MOST_WORDS
    spans = [sentence.span for s in found for sentence in s.sentences]
    assert len(spans) == len(set(spans))
