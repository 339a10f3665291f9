"""A message as plain words: how people spell is undone here, so that the policy can be written in ordinary words.

Apostrophes, accents, capitals, drawn-out letters, spelt-out numbers and misspelt safety words are levelled. Every word
keeps its place in the raw message and knows its sentence and its clause, because what a word means for a patient
depends on what stands beside it. Reading is linear in the length of the message.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from rapidfuzz.distance import OSA

_PIECE = re.compile(
    r"</?[A-Za-z][^<>]{0,40}>|\d+(?:[.,]\d+)?|[^\W\d_]+(?:['’`´ʼ][^\W\d_]+)*|[.?!…,;:()\[\]{}\n–—]|°|%| - "
)
_JOINED = re.compile(r"['’`´ʼ]")
_LATIN_VOWEL_JOIN = re.compile(r"^(?:[ldnsmtcj]|qu)['’`´ʼ](?=[^\W\d_]{2})", re.IGNORECASE)
_SENTENCE_END = frozenset(".?!…\n")
_CLAUSE_END = frozenset(",;:()[]{}–—") | {" - "}
_CLAUSE_STARTERS = frozenset("however although though yet except obwohl ma".split())
_FRESH_STARTS = frozenset("but because cuz aber weil mais parce pero porque mas ale bo".split())
"""After these a message says something of its own: "how many had it, because I have"; "no cough but ..."."""
_PLAIN = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ı": "i", "æ": "ae", "œ": "oe"})
_UNITS = {
    w: n
    for n, w in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
        "seventeen eighteen nineteen".split()
    )
}
_TENS = {w: 10 * n for n, w in enumerate("twenty thirty forty fifty sixty seventy eighty ninety".split(), 2)}
_SHORT_WORD, _LONG_WORD = 4, 8


@dataclass(frozen=True, slots=True)
class Text:
    """The words of a message in order; ``starts`` and ``ends`` are their places in the raw message."""

    words: tuple[str, ...]
    starts: tuple[int, ...]
    ends: tuple[int, ...]
    sentences: tuple[int, ...]
    clauses: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Speller:
    """Leads misspelt safety words home.

    Only ``words`` are ever corrected to and ``kept`` words never are, so an ordinary word cannot turn into a symptom.
    """

    variants: Mapping[str, str]
    words: frozenset[str]
    kept: frozenset[str]
    _by_letter: Mapping[str, tuple[str, ...]] = field(repr=False)

    @classmethod
    def of(cls, variants: Mapping[str, str], words: Iterable[str], kept: Iterable[str]) -> Speller:
        """A speller with its candidates sorted by first letter: people rarely get that one wrong."""
        by_letter: dict[str, list[str]] = {}
        for word in sorted(set(words)):
            by_letter.setdefault(word[0], []).append(word)
        return cls(variants, frozenset(words), frozenset(kept), {k: tuple(v) for k, v in by_letter.items()})

    def __call__(self, word: str) -> str:
        """The word that was meant, or the word itself."""
        if word in self.variants:
            return self.variants[word]
        if len(word) < _SHORT_WORD or len(word) > 24 or self._knows(word):
            return word
        if word[-1] == "s" and self._knows(word[:-1]):  # "my gob's swollen", "both gobs"
            return word[:-1]
        if word.endswith("in"):  # "strugglin": the dropped g counts as no mistake
            full = f"{word}g" if self._knows(f"{word}g") else self._nearest(f"{word}g")
            return full if self._knows(full) else word
        return self._nearest(word)

    def _knows(self, word: str) -> bool:
        return word in self.words or word in self.kept

    def _nearest(self, word: str) -> str:
        budget = 1 if len(word) < _LONG_WORD else 2
        best, best_distance = word, budget + 1
        for candidate in self._by_letter.get(word[0], ()):
            if abs(len(candidate) - len(word)) < best_distance and len(candidate) >= _SHORT_WORD:
                distance = OSA.distance(word, candidate, score_cutoff=best_distance - 1)
                if distance < best_distance:
                    best, best_distance = candidate, distance
        return best


def level(word: str) -> str:
    """A word without capitals, accents, apostrophes and drawn-out letters."""
    word = _JOINED.sub("", word.casefold()).translate(_PLAIN)
    if not word.isascii():
        word = "".join(c for c in unicodedata.normalize("NFKD", word) if not unicodedata.combining(c))
    return _shorten(word)


def _shorten(word: str) -> str:
    """``nooooo`` to ``no``, ``bleeeeding`` to ``bleeding``: three or more of a letter are never meant."""
    short = re.sub(r"([^\W\d])\1{2,}", r"\1\1", word)
    return short if short == word or len(short) > 4 else re.sub(r"(.)\1", r"\1", short)


def read(message: str, speller: Speller) -> Text:
    """The words of ``message``."""
    words: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    sentences: list[int] = []
    clauses: list[int] = []
    sentence = clause = 0
    for piece in _PIECE.finditer(message):
        raw = piece.group()
        if raw in _SENTENCE_END:
            sentence, clause = sentence + 1, clause + 1
            continue
        if raw in _CLAUSE_END or raw.startswith("<"):
            clause += 1
            continue
        for word in _words(raw, speller):
            if word in _FRESH_STARTS:
                sentence, clause = sentence + 1, clause + 1
            elif word in _CLAUSE_STARTERS:
                clause += 1
            words.append(word)
            starts.append(piece.start())
            ends.append(piece.end())
            sentences.append(sentence)
            clauses.append(clause)
    return _with_numbers(Text(tuple(words), tuple(starts), tuple(ends), tuple(sentences), tuple(clauses)))


def _words(raw: str, speller: Speller) -> list[str]:
    if raw == "°":
        return ["degrees"]
    if raw[0].isdecimal():
        return [raw.replace(",", ".")]
    if raw == "%":
        return ["percent"]
    elided = _LATIN_VOWEL_JOIN.match(raw)
    if elided:  # l'infusion, qu'est: two words in the Romance languages
        return [level(raw[: elided.end()]), speller(level(raw[elided.end() :]))]
    return speller(level(raw)).split()


def _with_numbers(text: Text) -> Text:
    """Dictated numbers as digits: ``thirty nine point one`` is 39.1."""
    if not any(w in _TENS or w == "hundred" for w in text.words):
        return text
    keep: list[int] = []
    words = list(text.words)
    i = 0
    while i < len(words):
        keep.append(i)
        value, after = _spoken_number(words, i)
        if after > i + 1 or words[i] in _TENS:
            words[i] = value
        i = max(after, i + 1)
    return Text(
        tuple(words[k] for k in keep),
        tuple(text.starts[k] for k in keep),
        tuple(text.ends[k] for k in keep),
        tuple(text.sentences[k] for k in keep),
        tuple(text.clauses[k] for k in keep),
    )


def _spoken_number(words: list[str], i: int) -> tuple[str, int]:
    """The number that is spelt out from word ``i`` on, and the word after it (``i`` when there is none)."""
    start, value = i, 0
    if words[i + 1 : i + 2] == ["hundred"] and (words[i] == "a" or words[i] in _UNITS):
        value, i = 100 * _UNITS.get(words[i], 1), i + 2
        if words[i : i + 1] == ["and"] and words[i + 1 : i + 2] != ["something"]:
            i += 1
    if i < len(words) and words[i] in _TENS:
        value, i = value + _TENS[words[i]], i + 1
    if i < len(words) and i > start and words[i] in _UNITS:
        value, i = value + _UNITS[words[i]], i + 1
    if i == start:
        return "", start
    if words[i : i + 1] == ["point"] and i + 1 < len(words) and words[i + 1] in _UNITS:
        return f"{value}.{_UNITS[words[i + 1]]}", i + 2
    return str(value), i
