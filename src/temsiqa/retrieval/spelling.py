"""Misspelt words → words that the literature or the glossary knows, by edit distance."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection
from functools import cache
from importlib.resources import files

from rapidfuzz import process
from rapidfuzz.distance import OSA

_SHORTEST = 4
_SHORTEST_BEGINNING = 5
_LONG = 8


@cache
def english_words() -> frozenset[str]:
    """The 82,765 words of the English dictionary that comes with symspellpy, lower case, inflected forms too."""
    lines = files("symspellpy").joinpath("frequency_dictionary_en_82_765.txt").read_text(encoding="utf-8-sig")
    return frozenset(line.split(" ")[0] for line in lines.splitlines())


class Speller:
    """Mends words that are neither ordinary English nor known to the literature.

    Optimal string alignment distance (Boytsov 2011, doi 10.1145/1963190.1963191): a swap of neighbours counts one. One
    edit is allowed, two from eight letters on, and the first letter has to stand among the first two.
    """

    def __init__(self, known: Collection[str], ordinary: Collection[str]) -> None:
        """``known``: spellings to mend towards; ``ordinary``: words that are right as they are."""
        self._known = sorted(w for w in known if len(w) >= _SHORTEST and w.isalpha())
        self._ordinary = frozenset(ordinary)
        self._right = frozenset(known) | self._ordinary

    def is_right(self, word: str) -> bool:
        """Whether ``word`` needs no mending: known, ordinary, too short to judge or no plain word."""
        return word in self._right or len(word) < _SHORTEST or not word.isalpha()

    def mend(self, word: str) -> str:
        """The nearest known spelling of a lower-case word, an ordinary one of several; or the word itself."""
        if self.is_right(word):
            return word
        furthest = 2 if len(word) >= _LONG else 1
        found = process.extract(word, self._known, scorer=OSA.distance, score_cutoff=furthest, limit=None)
        near = [(distance, known not in self._ordinary, known) for known, distance, _ in found if known[0] in word[:2]]
        return min(near)[2] if near else word

    def complete(self, word: str) -> str:
        """The first known spelling that begins with a clipped word ("prolif"), or the word itself."""
        if self.is_right(word) or len(word) < _SHORTEST_BEGINNING:
            return word
        following = self._known[bisect_left(self._known, word) :][:1]
        return following[0] if following and following[0].startswith(word) else word
