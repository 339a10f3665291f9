"""Query → hits: likeness of vectors and of words fused, with like questions and the evidence level on top."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from temsiqa.index.encode import Vectors
from temsiqa.index.generation import Generation
from temsiqa.model import Audience, EvidenceLevel, Hit, Query
from temsiqa.retrieval.questions import QuestionIndex

Scores = NDArray[np.float32]

# Tuned on the 809 training claims of SciFact; anything from 0.6 to 0.75 is as good there.
_DENSE_WEIGHT = 0.65
# A question put in the very same words decides, whatever else is alike.
_QUESTION_WEIGHT = 0.5
# The prior breaks near-ties and no more: from label to unverified it is 0.08, where the best score is about 0.8.
_PRIOR_WEIGHT = 0.01
_STRONGEST_FIRST = tuple(EvidenceLevel)
_FOR_EXPERTS = frozenset({EvidenceLevel.PRECLINICAL, EvidenceLevel.VENDOR_NOTE})
_FOR_EXPERTS_STEPS = 2
_BELOW_ANY = -2.0  # inner products of unit vectors begin at -1


class Retriever:
    """Finds passages of one generation."""

    def __init__(self, generation: Generation) -> None:
        self.generation = generation
        self._questions = QuestionIndex(generation)
        self._retracted = np.array(
            [generation.documents[p.document].provenance.retracted is not None for p in generation.passages], dtype=bool
        )
        levels = [generation.documents[p.document].provenance.evidence_level for p in generation.passages]
        self._priors = {
            audience: np.array([_prior(level, audience) for level in levels], dtype=np.float32) for audience in Audience
        }

    def retrieve(
        self, query: Query, vector: Vectors, audience: Audience, count: int, retracted: bool = False
    ) -> tuple[Hit, ...]:
        """The best ``count`` passages for a query and its unit vector, float32 of shape (dimension,).

        Every passage is scored, ties go by number. Those of retracted documents come only with ``retracted``.
        """
        dense, lexical = self._dense(vector), self.generation.passage_words.scores(query.terms)
        scores = fused(dense, lexical) + self._priors[audience]
        alike = self._questions.overlaps(query.words)
        for passage, overlap in alike.items():
            scores[passage] += _QUESTION_WEIGHT * overlap
        if not retracted:
            scores[self._retracted] = -np.inf
        best = [n for n in np.argsort(-scores, kind="stable")[:count].tolist() if np.isfinite(scores[n])]
        return tuple(Hit(n, float(scores[n]), float(dense[n]), float(lexical[n]), alike.get(n, 0.0)) for n in best)

    def _dense(self, vector: Vectors) -> Scores:
        """The cosine of each passage with ``vector``; a search by range gives all of them without sorting."""
        _, cosines, numbers = self.generation.passage_vectors.range_search(vector[np.newaxis], _BELOW_ANY)
        dense = np.empty(len(self.generation.passages), dtype=np.float32)
        dense[numbers] = cosines
        return dense


def fused(dense: Scores, lexical: Scores) -> Scores:
    """A convex combination of cosines and of BM25 scores, these divided by the best of them.

    Unlike ranks, scores tell how far one is ahead (Bruch, Gai and Ingber 2023, doi 10.1145/3596512).
    """
    best = float(lexical.max()) or 1.0
    return np.asarray(_DENSE_WEIGHT * dense + (1 - _DENSE_WEIGHT) / best * lexical, dtype=np.float32)


def _prior(level: EvidenceLevel, audience: Audience) -> float:
    """A small bonus for stronger evidence; for patients, texts written for laboratories step back."""
    steps = len(_STRONGEST_FIRST) - _STRONGEST_FIRST.index(level)
    if audience is Audience.PATIENT and level in _FOR_EXPERTS:
        steps -= _FOR_EXPERTS_STEPS
    return _PRIOR_WEIGHT * steps
