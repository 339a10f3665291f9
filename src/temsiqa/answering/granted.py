"""What a message takes for granted and what it asks: "since it is a tablet" against "is it a tablet?".

English only: word order tells the two apart, and every language has its own.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from temsiqa.documents.patterns import Place
from temsiqa.index.words import plain_words

_SENTENCE = re.compile(r"(?<=[.?!])\s+|[\n;]+")
# "…, right?" and the like ask for no more than a nod.
_TAG = re.compile(
    r"(?:[,.?!\s–-]+(?:(?:am i|is that|is this|that'?s) )?(?:right|correct|true|yes|yeah|innit)"
    r"|(?<!\bor)[,.?!\s–-]+(?:no|(?:is|are|was|does|do|did|has|can|will)n'?t (?:it|they|that|this|we|i)))\s*\?*\s*$",
    re.IGNORECASE,
)
_AUXILIARIES = frozenset(
    """is are was were am do does did can could may might should would will has have had shall
    isn't isnt aren't arent wasn't wasnt don't dont doesn't doesnt didn't didnt can't cant won't wont""".split()
)
_SUBJECTS = frozenset("i you he she it they we this that there temsirolimus torisel".split())
# Key words thrown at a search ("dose per m2 trials") have none of these.
_TELLING = _AUXILIARIES | _SUBJECTS | frozenset("it's its i'm im i've ive he's she's they're theyre we're".split())
_OPENINGS = frozenset("and but so then or also ok okay well hi hello please oh now just".split())
_GRANTING = frozenset(
    """since because cos cuz seeing considering although though despite why whys why's how hows how's when where which
    what whats what's who whose whom""".split()
)
_GRANTING_BEFORE = {
    "as": _SUBJECTS | {"the", "my", "it's", "its", "they're"},
    "given": {"that", "it's", "its"},
}
_ASKING = frozenset("if whether unless".split())
_NEGATIONS = frozenset(
    """not never no without neither nor none cannot can't cant isn't isnt aren't arent wasn't wasnt weren't werent don't
    dont doesn't doesnt didn't didnt won't wont hasn't hasnt haven't havent
    wouldn't wouldnt shouldn't shouldnt""".split()
)
# Before these a new clause begins: a comma, a bracket, or "and" and the like with a question behind it.
_BREAK = re.compile(
    r"[,:()]+(?=\s|$)|\s[–—-]\s|\s+(?=(?:and|but|so|then|or)\s+(?:is|are|was|does|do|did|can|could|may|should|would|will|"
    r"has|have|why|how|when|where|which|what|who)\b)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Clause:
    """Part of a sentence, in lower-case words without accents.

    ``leads`` says that another clause of the sentence follows, ``asks`` that a bare question mark ends it.
    """

    words: tuple[str, ...]
    leads: bool
    asks: bool

    def grants(self, place: Place, negations: Collection[str] = ()) -> bool:
        """Whether the clause takes for granted what its words at ``place`` say, or states it.

        ``negations`` are words that belong to what is said and do not deny it.
        """
        said = self.words[: place.end]
        position, granted = _governor(said)
        if granted is None:
            granted = self.leads or (not self.asks and any(word in _TELLING for word in said))
        return granted and not any(word in _NEGATIONS and word not in negations for word in said[position:])


def clauses(message: str) -> Iterator[Clause]:
    """The clauses of ``message``; a tag such as "right?" makes a statement of what goes before it."""
    for sentence in filter(str.strip, _SENTENCE.split(message.replace("’", "'"))):
        stated = _TAG.sub("", sentence)
        asks = stated == sentence and sentence.rstrip().endswith("?")
        parts = [part for part in map(plain_words, _BREAK.split(stated)) if part]
        fronted = [piece for part in parts for piece in _fronted(part)]
        for number, words in enumerate(fronted, 1):
            leads = number < len(fronted)
            yield Clause(tuple(words), leads, asks and not leads)


def _fronted(words: list[str]) -> list[list[str]]:
    """``words`` cut before a question that follows without a comma: "for my lymphoma | should it be taken"."""
    for position in range(2, len(words) - 1):
        if _is_inverted(words, position) and not any(w in _GRANTING or w in _ASKING for w in words[:position]):
            return [words] if _opens_asking(words) else [words[:position], words[position:]]
    return [words]


def _governor(words: Sequence[str]) -> tuple[int, bool | None]:
    """Where the last word stands that decides, and whether it takes for granted what follows; None when none does."""
    position, granted = 0, None
    for number, word in enumerate(words):
        if word in _GRANTING or _at(words, number + 1) in _GRANTING_BEFORE.get(word, ()):
            position, granted = number, True
        elif word in _ASKING or (granted is None and _is_inverted(words, number)):
            position, granted = number, False
    if granted is None and _opens_asking(words):
        granted = False
    return position, granted


def _is_inverted(words: Sequence[str], position: int) -> bool:
    return words[position] in _AUXILIARIES and _at(words, position + 1) in _SUBJECTS


def _opens_asking(words: Sequence[str]) -> bool:
    first = next((word for word in words if word not in _OPENINGS), "")
    return first in _AUXILIARIES


def _at(words: Sequence[str], position: int) -> str:
    return words[position] if position < len(words) else ""
