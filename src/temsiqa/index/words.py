"""Text → words → terms: what counts as the same word in a question and in the literature."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

import Stemmer

_WORD = re.compile(r"[^\W_]+(?:[-/.+'’][^\W_]+)*")
_PART = re.compile(r"[^\W_]+")
_DIGRAPH = re.compile(r"(?<!^)[ao]e|^[ao]e(?=\w\w)")  # not in "AEs", short for adverse events
_ISE = re.compile(r"is(?=e$|ed$|es$|ing$|ation)")
_WITHOUT_STROKE = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "œ": "oe", "æ": "ae", "ß": "ss"})
STOP_WORDS = frozenset(
    """
    a about after again all also am an and any are as at be because been before being but by can could did do
    does doing down during each else ever few for from further get gets getting got had has have having he her
    here hers him his how i if in into is it its just like may me might more most much my no nor not now of off
    on once one only or other our out over own really same she should so some still such than that the their
    them then there these they thing this those through to too under until up us very was we were what when
    where which while who whom whose why will with would you your yours im ive id dont doesnt isnt cant whats
    thats hes shes theyre hi hello please thanks thank ok okay
    """.split()
)


def words(text: str) -> list[str]:
    """Lower-case words in order; ``4t1``, ``mg/kg`` and ``786-o`` stay whole."""
    return [word.replace("’", "'") for word in _WORD.findall(text.lower())]


def plain_words(text: str) -> list[str]:
    """As ``words``, without accents."""
    return words(without_accents(text))


def terms(text: str) -> list[str]:
    """What is looked up for ``text``: stems without stop words; a compound counts whole and in its parts."""
    found: list[str] = []
    for word in words(text):
        plain = word.removesuffix("'s").replace("'", "")
        if plain in STOP_WORDS:
            continue
        found.append(stem(plain))
        parts = _PART.findall(plain)
        if len(parts) > 1:
            found += [stem(part) for part in parts if part not in STOP_WORDS]
    return found


def stem(word: str) -> str:
    """The stem of one lower-case word (Porter 2, Snowball), first without accents and in American spelling.

    People leave accents out, and two texts may write the same letter as one character or as two. Nothing is cached:
    words of questions are not kept.
    """
    return str(_stemmer().stemWord(_in_american(word if word.isascii() else without_accents(word))))


def _in_american(word: str) -> str:
    """Folded alike in questions and texts, so a rule that is too wide does no harm, as long as it is the same for both.

    A build folds millions of words, and most have nothing to fold: two letters are found faster than a pattern.
    """
    if "ae" in word or "oe" in word:
        word = _DIGRAPH.sub("e", word)
    word = word.replace("our", "or")
    if "is" in word:
        word = _ISE.sub("iz", word)
    return word.replace("ll", "l").replace("ph", "f")


def without_accents(text: str) -> str:
    """Compatible characters made one too, such as the raised 2 of m²; letters with a stroke do not decompose."""
    decomposed = unicodedata.normalize("NFKD", text.translate(_WITHOUT_STROKE))
    return "".join(character for character in decomposed if not unicodedata.combining(character))


@cache
def _stemmer() -> Stemmer.Stemmer:
    return Stemmer.Stemmer("english")
