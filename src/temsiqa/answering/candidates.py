"""Hits → the sentences that may answer, each with the features that speak for it."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from temsiqa.answering.cross_encoder import CrossEncoder
from temsiqa.answering.expected import Expectation
from temsiqa.index.encode import Vectors
from temsiqa.index.generation import Generation
from temsiqa.index.passages import in_context
from temsiqa.index.words import terms
from temsiqa.model import BlockKind, Hit, Query

Features = dict[str, NDArray[np.float32]]

# What the first features rank lower is not read together with the question: that would take too long.
READ_TOGETHER = 16
_ASKS_FOR_COMBINATION = re.compile(
    r"\b(?:tak(?:e|ing)|with|together|ok|okay|safe|safely|interact\w*|mix\w*|combin\w*|avoid|allowed|plus|and|versus|vs|"
    r"compared|instead|switch\w*|worr\w*|problem|issue|matter|clash\w*|affect\w*)\b",
    re.IGNORECASE,
)
# Bylines, reference lists and disclaimers answer questions on the document, which these words give away.
_ASKS_FOR_BYLINE = frozenset(
    terms("author date cat cas catalogue catalog code order supplier publisher cite published wrote written")
)
_ASKS_FOR_REFERENCES = frozenset(terms("reference ref bibliography citations cite cites cited sources paper title"))
_ASKS_FOR_NOTICE = frozenset(
    terms(
        "disclaimer ruo reagent warranty guarantee liability intended educational verified reliable accurate accuracy "
        "trust rely trustworthy ai generated crowd sourced machine robot chatgpt support"
    )
)


@dataclass(frozen=True, slots=True)
class Candidates:
    """Sentences by number, best first; ``features`` has one row of them for each name, ``log_odds`` their judgement."""

    numbers: tuple[int, ...]
    features: Features
    log_odds: NDArray[np.float32]

    def only(self, kept: Sequence[bool]) -> Candidates:
        """The candidates whose place in ``kept`` is true."""
        places = np.flatnonzero(np.array(kept, dtype=bool))
        return self._at(places)

    def best_first(self, log_odds: NDArray[np.float32]) -> Candidates:
        """The same candidates under another judgement; ties keep their order."""
        judged = Candidates(self.numbers, self.features, log_odds)
        return judged._at(np.argsort(-log_odds, kind="stable"))

    def first(self, count: int) -> Candidates:
        """The best ``count``."""
        return self._at(np.arange(min(count, len(self.numbers))))

    def _at(self, places: NDArray[np.intp]) -> Candidates:
        return Candidates(
            tuple(self.numbers[place] for place in places.tolist()),
            {name: values[places] for name, values in self.features.items()},
            self.log_odds[places],
        )


class CandidateFinder:
    """Finds candidates in the passages of one generation."""

    def __init__(self, generation: Generation, cross_encoder: CrossEncoder | None = None) -> None:
        self._generation = generation
        self._cross_encoder = cross_encoder
        self._starts = np.searchsorted(generation.passage_of, np.arange(len(generation.passages) + 1))

    def find(self, query: Query, vector: Vectors, hits: Sequence[Hit], expected: Expectation | None) -> Candidates:
        """The candidates of ``hits`` in a first order, by a plain sum of their features."""
        on_subject = self._on_subject(query)
        numbers = [
            number
            for hit in hits
            for number in range(self._starts[hit.passage], self._starts[hit.passage + 1])
            if on_subject[number] and self._may_answer(number)
        ]
        features = self._features(numbers, query, vector, hits, expected)
        found = Candidates(tuple(numbers), features, np.zeros(len(numbers), dtype=np.float32))
        return found.best_first(_first_order(features))

    def read_together(self, query: Query, candidates: Candidates) -> Candidates:
        """The best ``READ_TOGETHER`` with the feature ``cross``, if there is a cross-encoder; else all as they are."""
        if not self._cross_encoder:
            return candidates
        best = candidates.first(READ_TOGETHER)
        sentences = [self.context(number) for number in best.numbers]
        cross = self._cross_encoder.log_odds(query.text, sentences)
        return Candidates(best.numbers, {**best.features, "cross": cross}, best.log_odds)

    def context(self, number: int) -> str:
        """Sentence ``number`` with its heading and its lead, as it was encoded."""
        passage_number = int(self._generation.passage_of[number])
        passage = self._generation.passages[passage_number]
        document = self._generation.documents[passage.document]
        return in_context(document, passage, number - int(self._starts[passage_number]))

    def text(self, number: int) -> str:
        """Sentence ``number`` as it stands."""
        return self._generation.document_of(number).quote(self._generation.sentences[number].span)

    def _features(
        self,
        numbers: list[int],
        query: Query,
        vector: Vectors,
        hits: Sequence[Hit],
        expected: Expectation | None,
    ) -> Features:
        """Of each candidate; float32 of shape (number of candidates,).

        ``sentence`` and ``passage`` are cosines with the query, ``lexical`` is the share of the best BM25 score,
        ``covered`` that of the question's terms (by inverse document frequency) in the sentence, ``question`` how far
        its passage answers a question put in the same words; ``source`` says that its document was named,
        ``expected`` that it holds the kind of thing asked for, ``aside`` that it is on the document itself, which
        the question hardly asks about.
        """
        generation, unasked = self._generation, _unasked(query)
        lexical = generation.sentence_words.scores(query.terms)
        by_passage = {hit.passage: hit for hit in hits}
        own = [by_passage[int(generation.passage_of[n])] for n in numbers]
        values = {
            "sentence": generation.sentence_vectors[numbers] @ vector,
            "passage": [hit.dense for hit in own],
            "lexical": lexical[numbers] / max(float(lexical.max(initial=0.0)), 1.0),
            "covered": self._covered(query)[numbers],
            "question": [hit.question for hit in own],
            "source": [generation.document_of(n).id in query.sources for n in numbers],
            "expected": [bool(expected and expected.answer.search(self.context(n))) for n in numbers],
            "aside": [generation.sentences[n].kind in unasked for n in numbers],
        }
        return {name: np.asarray(column, dtype=np.float32) for name, column in values.items()}

    def _covered(self, query: Query) -> NDArray[np.float32]:
        words = self._generation.sentence_words
        weights = {term: words.weight(term) for term in query.asked}
        covered = np.zeros(len(self._generation.sentences), dtype=np.float32)
        for term, weight in weights.items():
            covered += weight * (words.scores([term]) > 0)
        return covered / max(sum(weights.values()), math.ulp(1.0))

    def _may_answer(self, number: int) -> bool:
        """A lead-in, a question or the caption of a table says nothing alone."""
        kind, text = self._generation.sentences[number].kind, self.text(number)
        is_title = kind is BlockKind.CAPTION and text.lower().startswith("table")
        return not text.endswith((":", "?")) and not is_title

    def _on_subject(self, query: Query) -> NDArray[np.bool_]:
        """Which sentences speak of the other drug or name asked about: it is not answered from texts on this drug.

        Unless it is asked whether the two go together, they must speak of something else in the question too.
        """
        words = self._generation.sentence_words
        speaking = np.full(len(self._generation.sentences), not query.subjects)
        for names in query.subjects:
            speaking |= words.scores(names) > 0
        others = set(query.asked).difference(*query.subjects)
        if query.subjects and others and not _ASKS_FOR_COMBINATION.search(query.question):
            speaking &= words.scores(sorted(others)) > 0
        return speaking


def _first_order(features: Features) -> NDArray[np.float32]:
    """Set by hand; it only decides which candidates are read together with the question, and is no judgement."""
    weights = {
        "sentence": 1.0,
        "passage": 0.4,
        "lexical": 0.35,
        "question": 0.8,
        "source": 0.25,
        "expected": 0.08,
        "aside": -0.3,
    }
    return np.asarray(sum(weight * features[name] for name, weight in weights.items()), dtype=np.float32)


def _unasked(query: Query) -> frozenset[BlockKind]:
    """The kinds of text on the document itself that no word of ``query`` asks for."""
    wanted = {
        BlockKind.BYLINE: _ASKS_FOR_BYLINE,
        BlockKind.REFERENCES: _ASKS_FOR_REFERENCES,
        BlockKind.NOTICE: _ASKS_FOR_NOTICE,
    }
    return frozenset(kind for kind, asking in wanted.items() if not asking.intersection(query.asked))
