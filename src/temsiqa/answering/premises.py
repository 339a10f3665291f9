"""A question that takes for granted what the literature denies → the sentences that put it right."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from temsiqa.answering.granted import Clause, clauses
from temsiqa.answering.select import Selection
from temsiqa.answering.whereabouts import Whereabouts
from temsiqa.documents.patterns import Pattern, Place
from temsiqa.documents.premises import Premise
from temsiqa.index.generation import Generation
from temsiqa.index.words import plain_words
from temsiqa.retrieval.drug_names import THE_DRUG, is_drug_name

# More than two corrections would be a lecture.
_MOST = 2
_NAMES = frozenset({"temsirolimus", "torisel"})


class Premises:
    """What people wrongly take for granted, for one generation; what nothing in it corrects is left out."""

    def __init__(self, generation: Generation, whereabouts: Whereabouts) -> None:
        found = ((premise, whereabouts.find(premise.document, premise.sentence)) for premise in generation.premises)
        self._premises = [_Known.of(p, whereabouts.selection(number)) for p, number in found if number is not None]

    def corrections(self, question: str) -> tuple[Selection, ...]:
        """What puts ``question`` right, at most two sentences; nothing when it takes nothing false for granted."""
        said = list(clauses(question))
        everything = plain_words(question)
        fired = (known.correction for known in self._premises if known.is_granted(said, everything))
        return tuple(dict.fromkeys(fired))[:_MOST]


@dataclass(frozen=True, slots=True)
class _Known:
    """A premise ready to be recognised, and its correction."""

    wordings: tuple[Pattern, ...]
    mentions: tuple[Pattern, ...]
    unless: tuple[Pattern, ...]
    correction: Selection

    @classmethod
    def of(cls, premise: Premise, correction: Selection) -> _Known:
        """The premise with its patterns compiled."""
        wordings, mentions, unless = (
            tuple(map(Pattern, each)) for each in (premise.wordings, premise.mentions, premise.unless)
        )
        return cls(wordings, mentions, unless, correction)

    def is_granted(self, said: Iterable[Clause], everything: list[str]) -> bool:
        """Whether one of the clauses takes it for granted, and nothing in the message speaks against that."""
        granted = any(self._wordings_granted(clause) or self._is_mentioned(clause) for clause in said)
        return granted and not any(pattern.find(everything) for pattern in self.unless)

    def _wordings_granted(self, clause: Clause) -> bool:
        places = _places(self.wordings, clause)
        return any(
            clause.grants(place, pattern.spelt) and not _on_other_drug(clause, pattern) for pattern, place in places
        )

    def _is_mentioned(self, clause: Clause) -> bool:
        return any(not _on_other_drug(clause, pattern) for pattern, _ in _places(self.mentions, clause))


def _places(patterns: Iterable[Pattern], clause: Clause) -> Iterator[tuple[Pattern, Place]]:
    found = ((pattern, pattern.find(clause.words)) for pattern in patterns)
    return ((pattern, place) for pattern, place in found if place)


def _on_other_drug(clause: Clause, pattern: Pattern) -> bool:
    """Whether a clause speaks of a drug that neither the wording names nor the literature is on."""
    if _NAMES.intersection(clause.words):
        return False
    return any(is_drug_name(word) and word not in THE_DRUG and word not in pattern.spelt for word in clause.words)
