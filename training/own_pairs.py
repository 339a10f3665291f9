"""This project's own questions → pairs: what answers them, and what retrieval finds for them that does not."""

from __future__ import annotations

import random
import tempfile
from collections.abc import Iterator
from pathlib import Path

from temsiqa.answering.candidates import CandidateFinder
from temsiqa.answering.expected import expectation
from temsiqa.documents.worker import Limits, ReadingProcess
from temsiqa.index.build import Inputs, build, recipe
from temsiqa.index.encode import DEFAULT_ENCODER, SentenceEncoder
from temsiqa.index.generation import load_current
from temsiqa.model import Audience
from temsiqa.retrieval.retrieve import Retriever
from temsiqa.retrieval.understand import Understanding
from temsiqa.settings import Settings
from training.cases import own_cases
from training.examples import Pair

_PASSAGES, _ANSWERS, _OTHERS, _AMONG_BEST = 12, 3, 6, 24


def own_pairs(corpus: Path, rng: random.Random) -> Iterator[Pair]:
    """Up to three answering sentences of each question, and six of the best 24 candidates that do not answer it."""
    encoder = SentenceEncoder(DEFAULT_ENCODER)
    with tempfile.TemporaryDirectory() as folder, ReadingProcess(Limits()) as read:
        inputs = Inputs(corpus, DEFAULT_ENCODER, Settings().glossary)
        build(Path(folder), inputs, recipe(inputs), encoder, read, lambda stage, done, total: None, strict=False)
        generation = load_current(Path(folder))
    understanding, retriever = Understanding(generation, encoder.vocabulary), Retriever(generation)
    finder = CandidateFinder(generation)
    for case in own_cases(False, frozenset(generation.documents)):
        query = understanding.understand(case.question, ())
        vector = encoder.encode([query.text])[0]
        hits = retriever.retrieve(query, vector, Audience(case.audience), _PASSAGES)
        numbers = finder.find(query, vector, hits, expectation(query.question)).numbers
        holds = [bool(case.facts(generation.document_of(n), s)) for n, s in enumerate(generation.sentences)]
        right = [n for n, answers in enumerate(holds) if answers]
        wrong = [n for n in numbers if not holds[n]][:_AMONG_BEST]
        for chosen, answers in (
            (rng.sample(right, min(_ANSWERS, len(right))), True),
            (rng.sample(wrong, min(_OTHERS, len(wrong))), False),
        ):
            yield from (Pair(query.text, finder.context(n), answers) for n in chosen)
