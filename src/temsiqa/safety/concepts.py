"""Concepts: what the policy's wordings are made of, found in a message word by word.

A concept such as ``throat`` or ``swollen`` is a list of phrases. In a phrase ``swell*`` stands for every word that
begins so, ``cant|cannot`` for either, ``the~`` for a word that may be missing and ``..`` for up to three words; ``live|go_on`` joins the words of a
longer alternative. No regular expression is involved: time grows with the length of the message and no input makes it explode.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import chain, product

from temsiqa.safety.wording import level

GAP = ".."
_GAP_WORDS = 3
Hit = tuple[int, int]
"""First word of a finding, and the word after its last."""


@dataclass(frozen=True, slots=True)
class Element:
    """One place of a phrase."""

    words: frozenset[str]
    stems: tuple[str, ...]
    optional: bool
    gap: bool

    def fits(self, word: str) -> bool:
        """True when ``word`` may stand here."""
        return word in self.words or (bool(self.stems) and word.startswith(self.stems))


@dataclass(frozen=True, slots=True)
class Phrase:
    """A phrase of a concept."""

    concept: str
    elements: tuple[Element, ...]

    def end(self, words: tuple[str, ...], at: int, element: int = 0) -> int:
        """The word after the phrase when it stands at word ``at``, else -1."""
        if element == len(self.elements):
            return at
        here = self.elements[element]
        if here.gap:
            ends = (self.end(words, k, element + 1) for k in range(at, min(at + _GAP_WORDS, len(words)) + 1))
            return next((e for e in ends if e >= 0), -1)
        if at < len(words) and here.fits(words[at]):
            end = self.end(words, at + 1, element + 1)
            if end >= 0:
                return end
        return self.end(words, at, element + 1) if here.optional else -1


def parse(concept: str, phrase: str) -> tuple[Phrase, ...]:
    """A phrase as written in the policy. Raises ``ValueError`` when it cannot be meant.

    It becomes several where an alternative has more than one word (``live|go_on``).
    """
    choices = [_choices(part) for part in phrase.split()]
    phrases = tuple(Phrase(concept, tuple(chain.from_iterable(choice))) for choice in product(*choices))
    for each in phrases:
        first, last = each.elements[:1], each.elements[-1:]
        if not first or first[0].gap or first[0].optional or last[0].gap:
            raise ValueError("a phrase begins and ends with a word that must be there")
    return phrases


def _choices(part: str) -> list[tuple[Element, ...]]:
    """What may stand at one place: one element for all single words, and a row of them for each longer alternative."""
    if part == GAP:
        return [(Element(frozenset(), (), optional=False, gap=True),)]
    alternatives = part.removesuffix("~").split("|")
    single = [a for a in alternatives if "_" not in a]
    rows = [tuple(_element([w], optional=False) for w in a.split("_")) for a in alternatives if "_" in a]
    return ([(_element(single, optional=part.endswith("~")),)] if single else []) + rows


def _element(alternatives: list[str], *, optional: bool) -> Element:
    words, stems = set(), []
    for word in alternatives:
        plain = level(word.removesuffix("*"))
        if not plain.replace(".", "").isalnum():
            raise ValueError(f"{word!r} is no word")
        if word.endswith("*"):
            stems.append(plain)
        else:
            words.add(plain)
    return Element(frozenset(words), tuple(stems), optional, gap=False)


@dataclass(frozen=True, slots=True)
class Lexicon:
    """All phrases of all concepts, by the word that each begins with."""

    by_word: Mapping[str, tuple[Phrase, ...]] = field(repr=False)
    by_stem: Mapping[str, tuple[Phrase, ...]] = field(repr=False)
    stem_lengths: tuple[int, ...]

    @classmethod
    def of(cls, phrases: Iterable[Phrase]) -> Lexicon:
        """A lexicon of ``phrases``."""
        by_word: dict[str, list[Phrase]] = {}
        by_stem: dict[str, list[Phrase]] = {}
        for phrase in phrases:
            for word in phrase.elements[0].words:
                by_word.setdefault(word, []).append(phrase)
            for stem in phrase.elements[0].stems:
                by_stem.setdefault(stem, []).append(phrase)
        lengths = tuple(sorted({len(stem) for stem in by_stem}))
        return cls({k: tuple(v) for k, v in by_word.items()}, {k: tuple(v) for k, v in by_stem.items()}, lengths)

    def find(self, words: tuple[str, ...]) -> dict[str, list[Hit]]:
        """Every finding of every concept, in the order of the message."""
        hits: dict[str, list[Hit]] = {}
        for i, word in enumerate(words):
            for phrase in self._starting(word):
                end = phrase.end(words, i)
                if end > i:
                    hits.setdefault(phrase.concept, []).append((i, end))
        return hits

    def _starting(self, word: str) -> Iterable[Phrase]:
        yield from self.by_word.get(word, ())
        for length in self.stem_lengths:
            if length > len(word):
                return
            yield from self.by_stem.get(word[:length], ())
