"""Concepts: what the policy's wordings are made of, found in a message word by word.

A concept such as ``throat`` or ``swollen`` is a list of phrases. In a phrase ``swell*`` stands for every word that
begins so, ``cant|cannot`` for either, ``the~`` for a word that may be missing and ``..`` for up to three words;
``live|go_on`` joins the words of a longer alternative. No regular expression is involved: time grows with the length
of the message and no input makes it explode.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import chain, product

from temsiqa.safety.wording import level

GAP = ".."
Hit = tuple[int, int]
"""First word of a finding, and the word after its last."""


@dataclass(frozen=True, slots=True, eq=False)
class Element:
    """One place of a phrase; compared by identity, which keeps looking it up cheap."""

    words: frozenset[str]
    stems: tuple[str, ...]
    optional: bool
    gap: bool


@dataclass(frozen=True, slots=True, eq=False)
class Phrase:
    """A phrase of a concept."""

    concept: str
    elements: tuple[Element, ...]

    @property
    def key(self) -> Element:
        """The choosiest place: a phrase is only tried on messages that hold a word for it."""
        needed = [e for e in self.elements if not (e.optional or e.gap)]
        return min(needed, key=lambda e: len(e.words) + 5 * len(e.stems))


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
    """All phrases of all concepts, and which words each of their places takes.

    Where a place fits in a message is one bit for every word of it. A phrase is matched from its end to its beginning
    by shifting those bits, so a message of any kind costs a few operations for each phrase.
    """

    by_key: Mapping[Element, tuple[Phrase, ...]] = field(repr=False)
    by_word: Mapping[str, tuple[Element, ...]] = field(repr=False)
    by_stem: Mapping[str, tuple[Element, ...]] = field(repr=False)

    @classmethod
    def of(cls, phrases: Iterable[Phrase]) -> Lexicon:
        """A lexicon of ``phrases``."""
        by_key: dict[Element, list[Phrase]] = {}
        by_word: dict[str, set[Element]] = {}
        by_stem: dict[str, set[Element]] = {}
        shared: dict[object, Element] = {}
        for raw in phrases:
            places = (shared.setdefault((e.words, e.stems, e.optional, e.gap), e) for e in raw.elements)
            phrase = Phrase(raw.concept, tuple(places))
            by_key.setdefault(phrase.key, []).append(phrase)
            for element in phrase.elements:
                for word in element.words:
                    by_word.setdefault(word, set()).add(element)
                for stem in element.stems:
                    by_stem.setdefault(stem, set()).add(element)
        return cls(
            {k: tuple(v) for k, v in by_key.items()},
            {k: tuple(v) for k, v in by_word.items()},
            {k: tuple(v) for k, v in by_stem.items()},
        )

    def find(self, words: tuple[str, ...]) -> dict[str, list[Hit]]:
        """Every finding of every concept, in the order of the message."""
        places = self._places(words)
        found: dict[str, set[Hit]] = {}
        for element in places:
            for phrase in self.by_key.get(element, ()):
                starts = _starts(phrase.elements, places)
                while starts:
                    start = (starts & -starts).bit_length() - 1
                    starts &= starts - 1
                    found.setdefault(phrase.concept, set()).add((start, _end(phrase.elements, places, start)))
        return {concept: sorted(hits) for concept, hits in found.items()}

    def _places(self, words: tuple[str, ...]) -> dict[Element, int]:
        """For every element that fits somewhere, a bit for each word that it fits."""
        where: dict[str, int] = {}
        for i, word in enumerate(words):
            where[word] = where.get(word, 0) | (1 << i)
        places: dict[Element, int] = {}
        for word, bits in where.items():
            fitting = [self.by_word.get(word, ())]
            fitting += [self.by_stem[word[:n]] for n in range(1, len(word) + 1) if word[:n] in self.by_stem]
            for element in set(chain.from_iterable(fitting)):
                places[element] = places.get(element, 0) | bits
        return places


def _starts(elements: tuple[Element, ...], places: Mapping[Element, int]) -> int:
    """A bit for every word at which the whole phrase begins."""
    bits = -1  # after the last place anything may follow
    for element in reversed(elements):
        if element.gap:
            bits |= bits >> 1 | bits >> 2 | bits >> 3
            continue
        here = places.get(element, 0) & (bits >> 1)
        bits = bits | here if element.optional else here
        if not bits:
            return 0
    return bits


def _end(elements: tuple[Element, ...], places: Mapping[Element, int], start: int) -> int:
    """The word after the shortest run of the phrase from ``start``; ``start`` must be one of its beginnings."""
    bits = 1 << start
    for element in elements:
        if element.gap:
            bits |= bits << 1 | bits << 2 | bits << 3
            continue
        after = (bits & places.get(element, 0)) << 1
        bits = bits | after if element.optional else after
    return (bits & -bits).bit_length() - 1
