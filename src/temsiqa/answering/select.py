"""Hits → the sentences, rows or list that answer, or nothing."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import zip_longest

import numpy as np

from temsiqa.answering.candidates import CandidateFinder, Candidates
from temsiqa.answering.cross_encoder import CrossEncoder
from temsiqa.answering.expected import Expectation, expectation
from temsiqa.answering.operating_point import probability
from temsiqa.errors import IndexFolderError
from temsiqa.index.encode import Vectors
from temsiqa.index.generation import Generation
from temsiqa.model import BlockKind, EvidenceLevel, Hit, Query, Sentence, Span

MOST_STATEMENTS = 3
MOST_WORDS = 110
LONGEST_LIST = 140
# In log-odds: what is this much less likely to answer than the best is left out; and how alike a repetition is.
_MARGIN = 1.75
SAME = 0.9

_FIGURE = re.compile(r"(?<![\d\[])\d+(?:[.,]\d+)*(?![\d\]])")  # a number in brackets is a marker
_ASKS_FOR_LIST = re.compile(
    r"\b(?:list|all|every|which|kinds?|types?|ways?|examples?|signs|symptoms|effects|reactions|problems|risks|aes?|events)\b"
    r"|\bwhat (?:are|else|other)\b",
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


@dataclass(frozen=True, slots=True)
class Selection:
    """Neighbouring sentences of one document that make one statement."""

    document: str
    section: tuple[str, ...]
    sentences: tuple[Sentence, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """What was selected, and why: the candidates, the features of the decision and the probability of an answer.

    ``selections`` is empty when ``probability`` is below ``threshold``: then the literature is said to be silent.
    """

    selections: tuple[Selection, ...]
    candidates: Candidates
    features: dict[str, float]
    probability: float
    threshold: float


class Selector:
    """Chooses from the passages of one generation."""

    def __init__(self, generation: Generation, cross_encoder: CrossEncoder | None = None) -> None:
        """Raises ``IndexFolderError`` when the generation's operating point is for another cross-encoder."""
        points = generation.manifest.operating_points
        self._generation = generation
        self._point = points.with_cross_encoder if cross_encoder else points.without
        if cross_encoder and self._point.cross_encoder != cross_encoder.fingerprint:
            raise IndexFolderError(
                f"generation {generation.name[:8]} answers with another cross-encoder than this version has; "
                "build again with: temsiqa index"
            )
        self._finder = CandidateFinder(generation, cross_encoder)

    def choose(self, query: Query, vector: Vectors, hits: Sequence[Hit]) -> Choice:
        """What answers ``query``, best first, or nothing when the literature does not answer."""
        expected = expectation(query.question)
        found = self._of_expected_kind(query, self._finder.find(query, vector, hits, expected))
        candidates = self._judged(query, found)
        candidates = self._after_label(query, candidates, expected)
        features = self.decision_features(query, candidates, expected)
        chance = self._probability(features, candidates)
        selections: tuple[Selection, ...] = ()
        if candidates.numbers and query.asked and chance >= self._point.threshold:
            whole = self._whole_list(query, candidates)
            selections = (whole,) if whole else self._best(candidates)
        return Choice(selections, candidates, features, chance, self._point.threshold)

    def decision_features(self, query: Query, candidates: Candidates, expected: Expectation | None) -> dict[str, float]:
        """What speaks for and against an answer from the best candidates.

        ``best`` is the log-odds of the first, ``unknown`` the share of terms of which the literature has none,
        ``topics`` how many things are asked about that it has no word for, ``missing`` whether a kind of figure was
        asked for that none of the first three holds, and ``size`` the expected maximum of as many standard normal draws
        as there are sentences, √(2 ln n): the more there are, the more alike is the best by chance (Cramér 1946,
        Mathematical Methods of Statistics, section 28.6).
        """
        words = self._generation.sentence_words
        weights = {term: words.weight(term) for term in query.asked}
        unknown = sum(weight for term, weight in weights.items() if term not in words)
        best, odds = candidates.first(MOST_STATEMENTS), candidates.log_odds
        fits = best.features["expected"].max(initial=0.0)
        return {
            "best": float(odds[0]) if len(odds) else 0.0,
            "unknown": unknown / max(sum(weights.values()), math.ulp(1.0)),
            "topics": float(len(query.topics)),
            "missing": float(expected is not None and not fits),
            "size": math.sqrt(2 * math.log(max(len(self._generation.sentences), 2))),
        }

    def _judged(self, query: Query, found: Candidates) -> Candidates:
        """Candidates in the order of how likely each of them answers."""
        read = self._finder.read_together(query, found)
        return read.best_first(self._point.sentence.log_odds(read.features))

    def _probability(self, features: dict[str, float], candidates: Candidates) -> float:
        """That the best candidates answer; 0 without any, or when the kind of figure asked for is in none."""
        if not candidates.numbers or features["missing"]:
            return 0.0
        columns = {name: np.array([value], dtype=np.float32) for name, value in features.items()}
        return probability(float(self._point.answer.log_odds(columns)[0]))

    def _of_expected_kind(self, query: Query, candidates: Candidates) -> Candidates:
        """Those that hold the kind of thing asked for, if any does: no other can answer.

        On dose and safety labels stay, so that a planted figure does not push them out.
        """
        held = candidates.features["expected"] > 0
        if not held.any():
            return candidates
        stays = self._levels(candidates) if _ON_DOSE_OR_SAFETY.search(query.question) else []
        kept = [holds or level is EvidenceLevel.LABEL for holds, level in zip_longest(held.tolist(), stays)]
        return candidates.only(kept)

    def _levels(self, candidates: Candidates) -> list[EvidenceLevel]:
        return [self._generation.document_of(n).provenance.evidence_level for n in candidates.numbers]

    def _after_label(self, query: Query, candidates: Candidates, expected: Expectation | None) -> Candidates:
        """On dose and safety weak sources are not heard where a label carries an answer of its own.

        However well a planted text fits the question, it cannot win against what regulators approved.
        """
        if not _ON_DOSE_OR_SAFETY.search(query.question) or _ON_ANIMALS.search(query.text):
            return candidates
        levels = self._levels(candidates)
        of_label = candidates.only([level is EvidenceLevel.LABEL for level in levels])
        features = self.decision_features(query, of_label, expected)
        if not of_label.numbers or self._probability(features, of_label) < self._point.threshold:
            return candidates
        return candidates.only([not level.is_weak for level in levels])

    def _whole_list(self, query: Query, candidates: Candidates) -> Selection | None:
        """The whole list when the question asks for one and most of the best candidates are items of the same."""
        if not _ASKS_FOR_LIST.search(query.question):
            return None
        generation = self._generation
        leads = [_list_of(generation, number) for number in candidates.numbers[:4]]
        lead, count = Counter(leads).most_common(1)[0]
        if lead is None or count < 2 or leads[0] != lead:
            return None
        passage = generation.passages[generation.passage_of[candidates.numbers[0]]]
        document = generation.documents[passage.document]
        kind = generation.sentences[candidates.numbers[0]].kind
        items = tuple(s for b in document.blocks for s in b.sentences if s.kind is kind and s.lead == lead[1])
        if sum(len(document.quote(s.span).split()) for s in items) > LONGEST_LIST:
            return None
        return Selection(passage.document, passage.section, items)

    def _best(self, candidates: Candidates) -> tuple[Selection, ...]:
        """The best sentences that are nearly as likely as the first, each new, within the word budget."""
        chosen: list[Selection] = []
        said: list[int] = []
        words = 0
        for number, odds in zip(candidates.numbers, candidates.log_odds.tolist(), strict=True):
            if len(chosen) == MOST_STATEMENTS or odds < candidates.log_odds[0] - _MARGIN:
                break
            selection = self._around(number)
            length = self._words(selection)
            if self._repeats(number, selection, said, chosen) or (chosen and words + length > MOST_WORDS):
                continue
            chosen.append(selection)
            said.append(number)
            words += length
        return tuple(chosen)

    def _repeats(self, number: int, selection: Selection, said: list[int], chosen: list[Selection]) -> bool:
        """Whether a sentence was said already, in the same place or in nearly the same words and figures."""
        spans = {s.span for c in chosen for s in c.sentences if c.document == selection.document}
        if spans.intersection(s.span for s in selection.sentences):
            return True
        return any(self._says_the_same(number, other) for other in said)

    def _says_the_same(self, number: int, said: int) -> bool:
        """Whether a sentence has no figure that the other, which was ``said``, has not, and nearly its words."""
        vectors, text, other = self._generation.sentence_vectors, self._finder.text(number), self._finder.text(said)
        alike = text == other or float(vectors[said] @ vectors[number]) > SAME  # vectors know the headings too
        return alike and set(_FIGURE.findall(text)) <= set(_FIGURE.findall(other))

    def _words(self, selection: Selection) -> int:
        document = self._generation.documents[selection.document]
        return sum(len(document.quote(sentence.span).split()) for sentence in selection.sentences)

    def _around(self, number: int) -> Selection:
        """The sentence; of a question-and-answer pair the whole answer, which was written to stand together."""
        generation = self._generation
        sentence = generation.sentences[number]
        passage = generation.passages[generation.passage_of[number]]
        together = (sentence,)
        if sentence.kind is BlockKind.FAQ:
            together = tuple(s for s in passage.sentences if s.kind is BlockKind.FAQ and s.lead == sentence.lead)
        return Selection(passage.document, passage.section, together)


def _list_of(generation: Generation, number: int) -> tuple[str, tuple[Span, ...]] | None:
    """The list that a sentence is an item of: its document and lead-in."""
    sentence = generation.sentences[number]
    if sentence.kind is BlockKind.REFERENCES or (sentence.kind is BlockKind.LIST and sentence.lead):
        return generation.document_of(number).id, sentence.lead
    return None
