"""Misspelt words → words that the literature or the glossary knows, by edit distance."""

from __future__ import annotations

from collections.abc import Collection
from functools import cache
from importlib.resources import files

from rapidfuzz import process
from rapidfuzz.distance import OSA

_SHORTEST = 4
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
        self._right = frozenset(known) | frozenset(ordinary)

    def is_right(self, word: str) -> bool:
        """Whether ``word`` needs no mending: known, ordinary, too short to judge or no plain word."""
        return word in self._right or len(word) < _SHORTEST or not word.isalpha()

    def mend(self, word: str) -> str:
        """The nearest known spelling of a lower-case word, or the word itself."""
        if self.is_right(word):
            return word
        furthest = 2 if len(word) >= _LONG else 1
        found = process.extract(word, self._known, scorer=OSA.distance, score_cutoff=furthest, limit=None)
        near = [known for known, _, _ in found if known[0] in word[:2]]
        return near[0] if near else word
