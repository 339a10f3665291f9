"""Query → hits: dense and lexical ranks fused, with the evidence level as a prior."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from temsiqa.index.encode import Vectors
from temsiqa.index.generation import Generation
from temsiqa.model import Audience, EvidenceLevel, Hit, Query
from temsiqa.retrieval.questions import QuestionIndex

DEPTH = 50
_RANK_CONSTANT = 60.0
_STRONGEST_FIRST = tuple(EvidenceLevel)
# The prior breaks near-ties and no more: the step from label to unverified weighs about three ranks at the top.
_PRIOR_WEIGHT = 0.0008
_FOR_EXPERTS = frozenset({EvidenceLevel.PRECLINICAL, EvidenceLevel.VENDOR_NOTE})
_FOR_EXPERTS_STEPS = 2


class Retriever:
    """Finds passages of one generation."""

    def __init__(self, generation: Generation) -> None:
        self.generation = generation
        self._questions = QuestionIndex(generation)

    def retrieve(self, query: Query, vector: Vectors, audience: Audience, count: int) -> tuple[Hit, ...]:
        """The best ``count`` passages for a query and its unit vector, float32 of shape (dimension,).

        Reciprocal rank fusion of the rankings by vector, by words and by like questions (Cormack, Clarke and
        Büttcher 2009, doi 10.1145/1571941.1572114).
        """
        depth = min(DEPTH, len(self.generation.passages))
        dense = self.generation.passage_vectors.search(vector[np.newaxis], depth)[1][0].tolist()
        lexical = self.generation.passage_words.scores(query.terms)
        fused: dict[int, float] = {}
        alike = self._questions.overlaps(query.words)
        for ranking in (dense, _best(lexical), list(alike)):
            for rank, number in enumerate(ranking, 1):
                fused[number] = fused.get(number, 0.0) + 1 / (_RANK_CONSTANT + rank)
        scores = {number: score + self._prior(number, audience) for number, score in fused.items()}
        best = sorted(scores, key=lambda number: (-scores[number], number))[:count]
        return tuple(Hit(n, scores[n], self._similarity(n, vector), float(lexical[n]), alike.get(n, 0.0)) for n in best)

    def _similarity(self, passage: int, vector: Vectors) -> float:
        return float(self.generation.passage_vectors.reconstruct(passage) @ vector)

    def _prior(self, passage: int, audience: Audience) -> float:
        """A small bonus for stronger evidence; for patients, texts written for laboratories step back."""
        level = self.generation.documents[self.generation.passages[passage].document].provenance.evidence_level
        steps = len(_STRONGEST_FIRST) - _STRONGEST_FIRST.index(level)
        if audience is Audience.PATIENT and level in _FOR_EXPERTS:
            steps -= _FOR_EXPERTS_STEPS
        return _PRIOR_WEIGHT * steps


def _best(scores: NDArray[np.float32]) -> list[int]:
    """Numbers of the positive scores, best first, ties by number, at most ``DEPTH``."""
    order = np.argsort(-scores, kind="stable")[:DEPTH]
    return [int(number) for number in order if scores[number] > 0]
