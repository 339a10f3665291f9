"""This project's own questions → pairs: what answers them, and what retrieval finds for them that does not."""

from __future__ import annotations

import random
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

from temsiqa.answering.candidates import CandidateFinder
from temsiqa.answering.expected import expectation
from temsiqa.documents.worker import Limits, ReadingProcess
from temsiqa.index.build import Inputs, build, recipe
from temsiqa.index.encode import DEFAULT_ENCODER, SentenceEncoder
from temsiqa.index.generation import Generation, load_current
from temsiqa.model import Audience
from temsiqa.retrieval.retrieve import Retriever
from temsiqa.retrieval.understand import Understanding
from temsiqa.settings import Settings
from training.cases import Case, Part, original_cases, own_cases
from training.examples import Pair

_PASSAGES, _ANSWERS, _HARDEST, _OTHERS, _AMONG_BEST = 12, 3, 3, 2, 24


def own_pairs(corpus: Path, originals: Path, rng: random.Random) -> Iterator[Pair]:
    """The pairs of the questions on the literature in ``corpus`` and of those on the three ``originals``."""
    encoder = SentenceEncoder(DEFAULT_ENCODER)
    literature = _generation(corpus, encoder)
    yield from _pairs(own_cases(False, frozenset(literature.documents)), literature, encoder, rng)
    yield from _pairs(original_cases(Part.TRAINED), _generation(originals, encoder), encoder, rng)


def _generation(corpus: Path, encoder: SentenceEncoder) -> Generation:
    with tempfile.TemporaryDirectory() as folder, ReadingProcess(Limits()) as read:
        inputs = Inputs(corpus, DEFAULT_ENCODER, Settings().glossary)
        build(Path(folder), inputs, recipe(inputs), encoder, read, lambda stage, done, total: None, strict=False)
        return load_current(Path(folder))


def _pairs(
    cases: Iterable[Case], generation: Generation, encoder: SentenceEncoder, rng: random.Random
) -> Iterator[Pair]:
    """Up to three answering sentences of each question; the best three that do not answer it, and two of the next 21.

    Of many answers the best found are taken.
    """
    understanding, retriever = Understanding(generation, encoder.vocabulary), Retriever(generation)
    finder = CandidateFinder(generation)
    for case in cases:
        query = understanding.understand(case.question, case.history)
        vector = encoder.encode([query.text])[0]
        hits = retriever.retrieve(query, vector, Audience(case.audience), _PASSAGES)
        found = finder.find(query, vector, hits, expectation(query.question)).numbers
        unfound = sorted(set(range(len(generation.sentences))).difference(found))
        right = [n for n in (*found, *unfound) if case.answers(generation.document_of(n), generation.sentences[n])]
        wrong = [n for n in found if n not in right][:_AMONG_BEST]
        yield from (Pair(query.text, finder.context(n), answers=True) for n in right[:_ANSWERS])
        others = wrong[_HARDEST:]
        chosen = (*wrong[:_HARDEST], *rng.sample(others, min(_OTHERS, len(others))))
        yield from (Pair(query.text, finder.context(n), answers=False) for n in chosen)
