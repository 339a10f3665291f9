"""Hits → the sentences, rows or list that answer, or nothing."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import compress

import numpy as np
from numpy.typing import NDArray

from temsiqa.answering.expected import Expectation, expectation
from temsiqa.index.encode import Vectors
from temsiqa.index.generation import Generation
from temsiqa.index.words import terms
from temsiqa.model import BlockKind, EvidenceLevel, Hit, Query, Sentence, Span

MOST_STATEMENTS = 3
MOST_WORDS = 110
LONGEST_LIST = 140

_ASKS_FOR_LIST = re.compile(
    r"\b(?:list|all|every|which|kinds?|types?|ways?|examples?|signs|symptoms|effects|reactions|problems|risks|aes?|events)\b"
    r"|\bwhat (?:are|else|other)\b",
    re.IGNORECASE,
)
_ASKS_FOR_COMBINATION = re.compile(
    r"\b(?:tak(?:e|ing)|with|together|ok|okay|safe|safely|interact\w*|mix\w*|combin\w*|avoid|allowed|plus|and|versus|vs|"
    r"compared|instead|switch\w*)\b",
    re.IGNORECASE,
)
_ON_DOSE_OR_SAFETY = re.compile(
    r"\b(?:dos(?:e|es|age|ing)|m?c?g|milligrams?|how (?:much|often|many)|infus\w*|schedule|too much|overdose|safe\w*|"
    r"danger\w*|risks?|side[- ]effects?|advers\w+|toxic\w*|react\w*|allerg\w*|interact\w*|avoid|contraindicat\w*|"
    r"allowed|pregnan\w*|breast-?feed\w*|vaccin\w*|alcohol|grapefruit|tak(?:e|ing)|mix\w*|combin\w*|together|can i|"
    r"should i|warn\w*|precaution\w*|monitor\w*|hold|withh\w+|stop\w*|skip\w*|missed|liver|hepatic|renal|kidneys?)\b",
    re.IGNORECASE,
)
# A label speaks of people.
_ON_ANIMALS = re.compile(
    r"\b(?:mice|mouse|rats?|animals?|xenografts?|pdx|cell lines?|in vitro|preclinical)\b", re.IGNORECASE
)
_WEAK = frozenset({EvidenceLevel.VENDOR_NOTE, EvidenceLevel.ENCYCLOPAEDIA, EvidenceLevel.UNVERIFIED})
# Bylines and reference lists answer only questions on the document, which these words give away.
_ASKS_FOR_BYLINE = frozenset(terms("author date cat cas catalogue catalog publisher cite published wrote written"))
_ASKS_FOR_REFERENCES = frozenset(terms("reference references bibliography citations cite cites cited sources"))


@dataclass(frozen=True, slots=True)
class OperatingPoint:
    """Weights of the evidence for an answer, and how much of it is needed, or else the literature is said to be silent.

    Set by hand on the development questions; a fitted model with its risk-coverage curve is to take their place.
    """

    passage: float = 0.4
    lexical: float = 0.35
    expected: float = 0.08
    source: float = 0.25
    question: float = 0.80
    coverage: float = 0.15
    topics: float = 0.60
    names: float = 0.10
    base: float = -1.33
    spread: float = 0.52
    lowest: float = 0.20
    margin: float = 0.70

    def threshold(self, sentences: int) -> float:
        """The support that an answer needs among so many sentences.

        The more there are, the more alike is the best by chance: the expected maximum of n standard normal draws grows
        as the square root of 2 ln n (Cramér 1946, Mathematical Methods of Statistics, section 28.6).
        """
        return max(self.lowest, self.base + self.spread * math.sqrt(2 * math.log(max(sentences, 2))))


@dataclass(frozen=True, slots=True)
class Selection:
    """Neighbouring sentences of one document that make one statement."""

    document: str
    section: tuple[str, ...]
    sentences: tuple[Sentence, ...]
    score: float


@dataclass(frozen=True, slots=True)
class Ranking:
    """Candidate sentences by number, best first, with their scores."""

    numbers: tuple[int, ...]
    scores: NDArray[np.float32]

    def only(self, kept: Sequence[bool]) -> Ranking:
        """The candidates whose place in ``kept`` is true."""
        return Ranking(tuple(compress(self.numbers, kept)), self.scores[np.array(kept, dtype=bool)])


class Selector:
    """Chooses from the passages of one generation."""

    def __init__(self, generation: Generation, point: OperatingPoint | None = None) -> None:
        self._generation = generation
        self._point = point or OperatingPoint()
        self._threshold = self._point.threshold(len(generation.sentences))
        self._starts = np.searchsorted(generation.passage_of, np.arange(len(generation.passages) + 1))

    def select(self, query: Query, vector: Vectors, hits: Sequence[Hit]) -> tuple[Selection, ...]:
        """What answers ``query``, best first; empty when the literature does not answer."""
        if not query.asked:
            return ()
        expected = expectation(query.question)
        ranking = self._after_label(query, self._rank(query, vector, hits, expected), expected)
        if not ranking.numbers or self._support(query, ranking, expected) < self._threshold:
            return ()
        whole = self._whole_list(query, ranking)
        return (whole,) if whole else self._best(ranking)

    def nearest(self, hits: Sequence[Hit], count: int) -> tuple[Selection, ...]:
        """The first sentences of the best passages: related, no answer."""
        near = [self._generation.passages[hit.passage] for hit in hits[:count]]
        return tuple(Selection(p.document, p.section, p.sentences[:1], 0.0) for p in near)

    def _rank(self, query: Query, vector: Vectors, hits: Sequence[Hit], expected: Expectation | None) -> Ranking:
        unasked, on_subject = _unasked(query), self._on_subject(query)
        numbers = [
            number
            for hit in hits
            for number in range(self._starts[hit.passage], self._starts[hit.passage + 1])
            if on_subject[number] and self._may_answer(number, unasked)
        ]
        if not numbers:
            return Ranking((), np.zeros(0, dtype=np.float32))
        generation, point = self._generation, self._point
        lexical = generation.sentence_words.scores(query.terms)
        passages = {hit.passage: point.passage * hit.dense + point.question * hit.question for hit in hits}
        scores = (
            generation.sentence_vectors[numbers] @ vector
            + np.array([passages[generation.passage_of[n]] for n in numbers], dtype=np.float32)
            + point.lexical * lexical[numbers] / max(float(lexical.max()), 1.0)
        )
        if query.sources:
            named = [generation.document_of(n).id in query.sources for n in numbers]
            scores = scores + point.source * np.array(named, dtype=np.float32)
        if expected:
            fits = [bool(expected.answer.search(self._text(n))) for n in numbers]
            scores = scores + point.expected * np.array(fits, dtype=np.float32)
        order = np.argsort(-scores, kind="stable")
        return Ranking(tuple(numbers[i] for i in order), scores[order])

    def _after_label(self, query: Query, ranking: Ranking, expected: Expectation | None) -> Ranking:
        """On dose and safety weak sources are not heard where a label carries an answer of its own.

        However well a planted text fits the question, it cannot win against what regulators approved.
        """
        if not _ON_DOSE_OR_SAFETY.search(query.question) or _ON_ANIMALS.search(query.text):
            return ranking
        levels = [self._generation.document_of(n).provenance.evidence_level for n in ranking.numbers]
        of_label = ranking.only([level is EvidenceLevel.LABEL for level in levels])
        if not of_label.numbers or self._support(query, of_label, expected) < self._threshold:
            return ranking
        return ranking.only([level not in _WEAK for level in levels])

    def _may_answer(self, number: int, unasked: Collection[BlockKind]) -> bool:
        """A lead-in or the caption of a table says nothing alone, and what is not asked for stays out."""
        kind, text = self._generation.sentences[number].kind, self._text(number)
        is_title = kind is BlockKind.CAPTION and text.lower().startswith("table")
        return kind not in unasked and not text.endswith(":") and not is_title

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

    def _support(self, query: Query, ranking: Ranking, expected: Expectation | None) -> float:
        """How well the best candidates carry the question: likeness and words covered, less what is missing."""
        best = ranking.numbers[:MOST_STATEMENTS]
        if expected and not any(expected.answer.search(self._text(n)) for n in best):
            return 0.0
        words = self._generation.sentence_words
        weights = {term: words.weight(term) for term in query.asked}
        covered = sum(weight for term, weight in weights.items() if term in words)
        coverage = covered / sum(weights.values()) if weights else 0.0
        likeness = float(ranking.scores[0])
        missing = self._point.topics * len(query.topics) + self._point.names * len(query.names)
        return likeness + self._point.coverage * coverage - missing

    def _whole_list(self, query: Query, ranking: Ranking) -> Selection | None:
        """The whole list when the question asks for one and most of the best candidates are items of the same."""
        if not _ASKS_FOR_LIST.search(query.question):
            return None
        generation = self._generation
        leads = [_list_of(generation, number) for number in ranking.numbers[:4]]
        lead, count = Counter(leads).most_common(1)[0]
        if lead is None or count < 2 or leads[0] != lead:
            return None
        passage = generation.passages[generation.passage_of[ranking.numbers[0]]]
        document = generation.documents[passage.document]
        kind = generation.sentences[ranking.numbers[0]].kind
        items = tuple(s for b in document.blocks for s in b.sentences if s.kind is kind and s.lead == lead[1])
        if sum(len(document.quote(s.span).split()) for s in items) > LONGEST_LIST:
            return None
        return Selection(passage.document, passage.section, items, float(ranking.scores[0]))

    def _best(self, ranking: Ranking) -> tuple[Selection, ...]:
        """The best sentences that are nearly as good as the first, within the word budget."""
        chosen: list[Selection] = []
        words = 0
        for number, score in zip(ranking.numbers, ranking.scores.tolist(), strict=True):
            if len(chosen) == MOST_STATEMENTS or (chosen and score < self._point.margin * chosen[0].score):
                break
            selection = self._around(number, score)
            length = sum(
                len(self._generation.documents[selection.document].quote(s.span).split()) for s in selection.sentences
            )
            seen = {s.span for c in chosen for s in c.sentences if c.document == selection.document}
            if seen.intersection(s.span for s in selection.sentences) or (chosen and words + length > MOST_WORDS):
                continue
            chosen.append(selection)
            words += length
        return tuple(chosen)

    def _around(self, number: int, score: float) -> Selection:
        """The sentence; of a question-and-answer pair the whole answer, which was written to stand together."""
        generation = self._generation
        sentence = generation.sentences[number]
        passage = generation.passages[generation.passage_of[number]]
        together = (sentence,)
        if sentence.kind is BlockKind.FAQ:
            together = tuple(s for s in passage.sentences if s.kind is BlockKind.FAQ and s.lead == sentence.lead)
        return Selection(passage.document, passage.section, together, score)

    def _text(self, number: int) -> str:
        return self._generation.document_of(number).quote(self._generation.sentences[number].span)


def _unasked(query: Query) -> frozenset[BlockKind]:
    """The kinds of text on the document itself that ``query`` does not ask for."""
    wanted = {BlockKind.BYLINE: _ASKS_FOR_BYLINE, BlockKind.REFERENCES: _ASKS_FOR_REFERENCES}
    return frozenset(kind for kind, asking in wanted.items() if not asking.intersection(query.asked))


def _list_of(generation: Generation, number: int) -> tuple[str, tuple[Span, ...]] | None:
    """The list that a sentence is an item of: its document and lead-in."""
    sentence = generation.sentences[number]
    if sentence.kind is BlockKind.REFERENCES or (sentence.kind is BlockKind.LIST and sentence.lead):
        return generation.document_of(number).id, sentence.lead
    return None
