"""What tests share: a tiny corpus, an encoder that needs no model, and an index of both. Fixtures: ``conftest.py``."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np

from temsiqa.answering.operating_point import OperatingPoints
from temsiqa.documents.read import read_file
from temsiqa.index.build import Built, Inputs, build, recipe
from temsiqa.index.encode import Encoder, Vectors
from temsiqa.index.generation import Generation
from temsiqa.index.manifest import Recipe
from temsiqa.index.words import STOP_WORDS, terms
from temsiqa.settings import DEFAULT_GLOSSARY

REPOSITORY = Path(__file__).parent.parent
ANY_MODEL = (
    Path(__file__).parent / "any-model"
)  # stands in while a recipe is taken: no weights, so no time to hash them

TINY_CORPUS = {
    "guides/giving.md": """---
title: "Giving temsirolimus"
publisher: "Ward Handbook"
kind: "guideline"
evidence_level: guideline
disclaimers:
  - "This handbook does not replace the advice of a clinician."
---
# Giving temsirolimus

## Dose

Temsirolimus is given as an infusion once a week. The infusion of temsirolimus takes 30 to 60 minutes.

## Side effects

The most common side effects of temsirolimus are:

- rash
- mouth sores
- weakness
""",
    "notes/half-life.md": """---
title: "Half-life of temsirolimus"
publisher: "Test Chemicals"
date: "2025-12"
kind: "vendor technical note"
evidence_level: vendor note
disclaimers:
  - "For research use only."
references:
  - {marker: 1, text: "A population study of temsirolimus", url: null}
---
# Half-life of temsirolimus

The half-lives of temsirolimus and sirolimus differ [1].

| Parameter | Temsirolimus | Sirolimus |
| --- | --- | --- |
| Half-life | 17 hours | 55 hours |
""",
    "reviews/mechanism.md": """---
title: "How temsirolimus works"
kind: "review"
evidence_level: review
---
# How temsirolimus works

Temsirolimus inhibits mTOR, a kinase that drives the growth of tumour cells. Temsirolimus is converted to sirolimus.
""",
}
INFUSION_QUESTION = "How long does the infusion of temsirolimus take?"
INFUSION_ANSWER = "30 to 60 minutes"


def write_corpus(folder: Path, addition: str = "") -> Path:
    """The tiny corpus in ``folder``, with ``addition`` as one more paragraph of its last document."""
    for name, text in TINY_CORPUS.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    if addition:
        with path.open("a", encoding="utf-8") as file:
            file.write(f"\n{addition}\n")
    return folder


class HashEncoder:
    """An ``Encoder`` without a model: texts are near each other by the words that they share.

    The vector of a word is drawn from its SHA-256, that of a text is the sum over its words, at length 1.
    """

    name = "hash-encoder"
    fingerprint = hashlib.sha256(b"hash-encoder 1").hexdigest()
    dimension = 64
    vocabulary = STOP_WORDS | {"cause", "long", "take", "work", "week", "common", "weather", "price"}

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors, float32 of shape (len(texts), dimension)."""
        sums = [sum((_word_vector(term) for term in terms(text)), _word_vector("")) for text in texts]
        vectors = np.array(sums).reshape(len(texts), self.dimension)
        return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), dtype=np.float32)

    def fits(self, text: str) -> bool:
        """Whether ``text`` has at most 60 terms."""
        return len(terms(text)) <= 60


@cache
def _word_vector(word: str) -> np.ndarray:
    seed = int.from_bytes(hashlib.sha256(word.encode()).digest()[:8], "big")
    return np.random.default_rng(seed).standard_normal(HashEncoder.dimension) * (0.1 if word == "" else 1)


def recipe_for(corpus: Path, encoder: Encoder, glossary: Path = DEFAULT_GLOSSARY) -> Recipe:
    """The recipe of ``corpus`` as ``encoder`` would encode it."""
    taken = recipe(Inputs(corpus, str(ANY_MODEL), glossary))
    return taken.model_copy(update={"encoder": encoder.name, "weights": encoder.fingerprint})


def build_index(index: Path, corpus: Path, encoder: Encoder, glossary: Path = DEFAULT_GLOSSARY) -> Built:
    """Builds ``corpus`` into the index folder ``index`` and makes it current, without a word."""
    inputs = Inputs(corpus, str(ANY_MODEL), glossary)
    return build(index, inputs, recipe_for(corpus, encoder, glossary), encoder, read_file, no_progress, strict=False)


def no_progress(stage: str, done: int, total: int) -> None:
    """A ``Progress`` that tells nobody."""


def outspoken(generation: Generation) -> Generation:
    """The same generation, never silent where there is a candidate: what ships was fitted to the real encoder."""
    points = generation.manifest.operating_points
    always = OperatingPoints(
        with_cross_encoder=points.with_cross_encoder.model_copy(update={"threshold": 0.0}),
        without=points.without.model_copy(update={"threshold": 0.0}),
    )
    return replace(generation, manifest=generation.manifest.model_copy(update={"operating_points": always}))
