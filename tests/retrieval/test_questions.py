from __future__ import annotations

import pytest

from support import HashEncoder, build_index
from temsiqa.index.generation import Generation, load_current
from temsiqa.retrieval.questions import QuestionIndex, question_words

DOCUMENT = """# Questions

### What is temsirolimus?

Temsirolimus is a drug.

### How is temsirolimus given?

Temsirolimus is given as a drip.

## Dose

The dose is 25 mg.
"""


@pytest.fixture(scope="module")
def generation(tmp_path_factory: pytest.TempPathFactory, hash_encoder: HashEncoder) -> Generation:
    folder = tmp_path_factory.mktemp("questions")
    (folder / "faq.md").write_text(DOCUMENT, encoding="utf-8")
    build_index(folder / "index", folder, hash_encoder)
    return load_current(folder / "index")


def answered(generation: Generation, question: str) -> dict[str, float]:
    """The sections whose question is alike, and how much."""
    found = QuestionIndex(generation).overlaps(question.split())
    return {generation.passages[n].section[-1]: overlap for n, overlap in found.items()}


def test_the_same_words_are_found_best_first(generation: Generation) -> None:
    assert answered(generation, "what is temsirolimus") == {"What is temsirolimus?": 1.0}
    assert answered(generation, "how is temsirolimus usually given") == {"How is temsirolimus given?": 0.8}


def test_the_brand_is_the_drug(generation: Generation) -> None:
    assert question_words(["torisel"]) == question_words(["temsirolimus"])
    assert answered(generation, "what is torisel") == {"What is temsirolimus?": 1.0}


@pytest.mark.parametrize("question", ["", "what is the dose of temsirolimus in children", "dose", "is it a pill"])
def test_other_questions_find_none(generation: Generation, question: str) -> None:
    assert answered(generation, question) == {}
