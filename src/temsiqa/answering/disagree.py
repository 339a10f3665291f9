"""A question on which sources disagree → all sides, and why they differ."""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np

from temsiqa.answering.select import Selection
from temsiqa.answering.whereabouts import Whereabouts
from temsiqa.documents.disputes import Dispute
from temsiqa.index.encode import Vectors
from temsiqa.index.generation import Generation
from temsiqa.index.words import terms
from temsiqa.model import Query

# A cosine: from where on a sentence says what a side says.
_SAYS_THE_SAME = 0.85
# How much must speak for it that a dispute was asked about, of 3 (see ``_bearing``): much when another sentence answers
# best, less when a side does, little when it is asked whether sources differ; and the least of what is summed up there.
# Set by hand on questions on disputes and on many that are on none.
_IN_PASSING, _AT_FIRST, _ON_DIFFERENCE = 1.6, 1.2, 0.75
_LEAST_COSINE, _LEAST_SHARE, _LEAST_SHARE_ON_DIFFERENCE = 0.35, 0.25, 0.05
_MOST_STATEMENTS = 4
_MOST_WORDS = 150

_REGIONS = {
    "US": re.compile(r"\bU\.?S\.?A?\b|\b(?i:fda|americans?|america|united states)\b|\b(?:in|the) (?:us|usa|states)\b"),
    "EU": re.compile(r"\bEU\b|\bUK\b|\b(?i:ema|europe(?:an)?|british|britain|england|mhra|ireland|irish|eu|uk)\b"),
    "Canada": re.compile(r"\b(?i:canad\w+)\b"),
}
_ASKS_FOR_DIFFERENCE = re.compile(
    r"\b(?:differ\w*|disagree\w*|agree\w*|conflict\w*|contradict\w*|compare\w*|versus|vs?|both|alike|same|everywhere|"
    r"elsewhere|worldwide|countr\w+|regions?|inconsisten\w*|discrepan\w*|vary|varies|other (?:labels?|sources?))\b",
    re.IGNORECASE,
)
_ALLUDES_TO_SOURCE = re.compile(
    r"\b(?:claim\w*|pages?|(?:web)?sites?|internet|online|sources?|says?|said|heard|read|wikipedia|vendors?|ai|guides?|notes?|"
    r"monographs?|smolecule|benchchem|believe|right|true|correct|really)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Disagreement:
    """What sources say against each other, the better supported side first, and what else was selected."""

    dispute: Dispute
    sides: tuple[Selection, ...]
    others: tuple[Selection, ...]


@dataclass(frozen=True, slots=True)
class _Known:
    """A dispute of which a generation holds all sides.

    ``vectors`` are those of the sides, of shape (number of sides, dimension), ``centre`` is their mean at length 1.
    ``topic`` are the terms of what it is on, ``spoken`` those of its sides too. ``weak`` are the numbers of sides that
    weak sources take against a better one; ``is_regional`` says that each side is that of another region.
    """

    dispute: Dispute
    sides: tuple[Selection, ...]
    vectors: Vectors
    centre: Vectors
    topic: frozenset[str]
    spoken: frozenset[str]
    weak: tuple[int, ...]
    is_regional: bool


@dataclass(frozen=True, slots=True)
class _Asked:
    """A question, its vector of shape (dimension,), and the vectors of what was selected ``first`` and in all."""

    query: Query
    vector: Vectors
    first: Vectors
    selected: Vectors

    @property
    def differs(self) -> bool:
        """Whether it asks if sources differ."""
        return _asks_for_difference(self.query.question)

    @property
    def alludes(self) -> bool:
        """Whether it alludes to what somebody says."""
        return self.differs or bool(_ALLUDES_TO_SOURCE.search(self.query.question))


class Disagreements:
    """The disputes of one generation; one of which it lacks a side is none."""

    def __init__(self, generation: Generation, whereabouts: Whereabouts) -> None:
        self._generation = generation
        self._whereabouts = whereabouts
        self._known = [known for known in map(self._find, generation.disputes) if known]

    def on(self, selections: Sequence[Selection], query: Query, vector: Vectors) -> Disagreement | None:
        """The disagreement that ``query`` is on, if one of ``selections`` takes a side; ``vector`` is that of its text.

        Sides of weak sources against a better one count only when the answer would quote them, or when the question
        alludes to what somebody says.
        """
        if not selections or not self._known:
            return None
        asked = _Asked(query, vector, self._whereabouts.vectors(selections[:1]), self._whereabouts.vectors(selections))
        ranked = [(self._rank(known, asked), number) for number, known in enumerate(self._known)]
        best, number = max(ranked)
        if not best:
            return None
        known = self._known[number]
        sides = self._asked_for(known, query.question)
        return Disagreement(known.dispute, sides, self._others(sides, selections)) if len(sides) > 1 else None

    def _rank(self, known: _Known, asked: _Asked) -> float:
        """How well a dispute fits what was asked; 0 when it does not."""
        likeness = (known.vectors @ asked.selected.T).max(axis=1)
        weak_are_silent = bool(known.weak) and float(likeness[list(known.weak)].max()) < _SAYS_THE_SAME
        if likeness.max() < _SAYS_THE_SAME or (weak_are_silent and not asked.alludes):
            return 0.0
        is_first = float((known.vectors @ asked.first.T).max()) >= _SAYS_THE_SAME
        needed = _ON_DIFFERENCE if asked.differs else _AT_FIRST if is_first else _IN_PASSING
        bearing = self._bearing(known, asked)
        return bearing + is_first + (asked.differs and known.is_regional) if bearing >= needed else 0.0

    def _bearing(self, known: _Known, asked: _Asked) -> float:
        """How much speaks for it that a dispute was asked about, 0 to 3.

        The cosine with what the sides say on average, the share of the question that they speak of and the share of
        their topic that the question speaks of, by inverse document frequency; 0 with next to nothing of these.
        """
        cosine = float(known.centre @ asked.vector)
        share = self._share(asked.query.asked, known.spoken)
        least = _LEAST_SHARE_ON_DIFFERENCE if asked.differs else _LEAST_SHARE
        if cosine < _LEAST_COSINE or share < least:
            return 0.0
        return cosine + share + self._share(known.topic, frozenset(asked.query.asked))

    def _share(self, terms_of: Collection[str], others: Collection[str]) -> float:
        weights = {term: self._generation.sentence_words.weight(term) for term in terms_of}
        return sum(w for term, w in weights.items() if term in others) / max(sum(weights.values()), math.ulp(1.0))

    def _find(self, dispute: Dispute) -> _Known | None:
        numbers = [self._whereabouts.find(side.document, side.sentence) for side in dispute.sides]
        found = [number for number in numbers if number is not None]
        if len(found) < len(numbers):
            return None
        vectors = self._generation.sentence_vectors[found]
        centre = vectors.mean(axis=0)
        levels = [self._generation.document_of(number).provenance.evidence_level for number in found]
        topic = frozenset(terms(dispute.topic))
        regions = {_regions(side.sentence) for side in dispute.sides}
        return _Known(
            dispute=dispute,
            sides=tuple(map(self._whereabouts.selection, found)),
            vectors=vectors,
            centre=centre / np.linalg.norm(centre),
            topic=topic,
            spoken=topic.union(*(terms(side.sentence) for side in dispute.sides)),
            is_regional=len(regions) > 1 and all(regions),
            weak=tuple(n for n, level in enumerate(levels) if dispute.better not in (None, n + 1) and level.is_weak),
        )

    def _asked_for(self, known: _Known, question: str) -> tuple[Selection, ...]:
        """The sides, the better supported first.

        A question that names a region and no difference asks for that region: sides of other regions alone stay out.
        """
        order = sorted(range(len(known.sides)), key=lambda side: side + 1 != known.dispute.better)
        asked = _regions(question)
        if asked and not _asks_for_difference(question):
            spoken = [_regions(side.sentence) for side in known.dispute.sides]
            order = [side for side in order if not spoken[side] or asked & spoken[side]]
        return tuple(known.sides[side] for side in order)

    def _others(self, sides: Sequence[Selection], selections: Sequence[Selection]) -> tuple[Selection, ...]:
        """What of ``selections`` the sides do not say yet, as far as there is room."""
        others: list[Selection] = []
        words = sum(map(self._words, sides))
        for selection in self._whereabouts.unlike(sides, selections):
            words += self._words(selection)
            if words > _MOST_WORDS or len(sides) + len(others) == _MOST_STATEMENTS:
                break
            others.append(selection)
        return tuple(others)

    def _words(self, selection: Selection) -> int:
        document = self._generation.documents[selection.document]
        return sum(len(document.quote(sentence.span).split()) for sentence in selection.sentences)


def _regions(text: str) -> frozenset[str]:
    """The regions whose regulators ``text`` names."""
    return frozenset(name for name, naming in _REGIONS.items() if naming.search(text))


def _asks_for_difference(question: str) -> bool:
    return bool(_ASKS_FOR_DIFFERENCE.search(question)) or len(_regions(question)) > 1
