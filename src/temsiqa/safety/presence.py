"""Is what a message names happening to somebody now, or only spoken about?

A sign counts unless something speaks against it: it is denied, it lies years back, it is a what-if, it happened to
animals, or the clause asks about the drug in general ("how often ...") and names nobody who has it. A word such as
"now" or "since lunch" settles the doubt the other way. In doubt a sign counts: a false alarm is the smaller harm.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Mapping, Sequence
from enum import IntEnum

from temsiqa.safety.concepts import Hit
from temsiqa.safety.wording import Text

_NEGATION_REACH = 8
_WHEN = frozenset("when back as als quand cuando quando kiedy".split())
FRAMES = (
    "now",
    "claims",
    "no_now",
    "person",
    "no_person",
    "distance",
    "no_distance",
    "setting",
    "hypothetical",
    "no_hypothetical",
    "past",
    "no_past",
    "points_back",
    "present_tense",
    "past_tense",
    "animal",
    "idiom",
    "no_idiom",
    "negator",
    "no_negator",
    "negation_end",
    "negation_goes_on",
    "asks_generally",
    "opening",
)
"""What the policy's section ``presence`` lists."""


class Degree(IntEnum):
    """How present a sign is. A mere topic counts beside another part of the sign that is present."""

    ABSENT = 0
    TOPIC = 1
    PRESENT = 2


class Presence:
    """What speaks for and against presence in one message."""

    def __init__(self, text: Text, hits: Mapping[str, Sequence[Hit]]) -> None:
        self._text = text
        self._sentence: dict[str, set[int]] = {}
        self._clause: dict[str, set[int]] = {}
        for name in ("now", "person", "distance", "animal", "present_tense", "past_tense"):
            found = [start for start, _ in standing(hits, name)]
            self._sentence[name] = {text.sentences[i] for i in found}
            self._clause[name] = {text.clauses[i] for i in found}
        self._hypothetical = sorted(start for start, _ in standing(hits, "hypothetical"))
        self._past = self._looking_back(standing(hits, "past"), {start for start, _ in hits.get("points_back", ())})
        self._claimed = bool(hits.get("claims"))
        self._setting = bool(hits.get("setting"))
        self._general = self._general_clauses(hits)

    def of(self, start: int, end: int, *, named: bool = False, what_if: bool = False) -> Degree:
        """How present the words from ``start`` to ``end`` are.

        What is only ``named`` needs somebody who has it. With ``what_if`` a supposition counts as well.
        """
        text = self._text
        sentence, clauses = text.sentences[start], range(text.clauses[start], text.clauses[end - 1] + 1)
        person = any(c in self._clause["person"] for c in clauses)
        now = sentence in self._sentence["now"]
        if named and not person and not any(c in self._clause["now"] for c in clauses):
            return Degree.TOPIC
        if not person and any(c in self._clause["animal"] for c in clauses):  # "our cat fell ill last night"
            return Degree.ABSENT
        if now:
            return Degree.PRESENT
        if self._is_past(sentence, clauses[0], person) or (sentence in self._sentence["animal"] and not person):
            return Degree.ABSENT
        if self._claimed:  # "is chest pain listed? mine is crushing"
            return Degree.PRESENT
        if not what_if and self._is_hypothetical(sentence, start):
            return Degree.ABSENT
        if self._setting and named:
            return Degree.TOPIC
        general = self._setting or self._is_general(sentence, clauses[-1])
        return Degree.PRESENT if person or not general else Degree.TOPIC

    def _is_past(self, sentence: int, clause: int, person: bool) -> bool:
        """True when the sentence looks back, unless a sign stands beside it: "a stroke in 2015, my arm is limp"."""
        back = self._past.get(sentence)
        if back is None or not person or clause == back:
            return back is not None
        goes_on = clause not in self._clause["past_tense"]  # "a reaction in 1979, my throat closed" tells all of it
        follows = back < clause and back in self._clause["person"] and goes_on
        return not (follows or clause in self._clause["present_tense"])

    def _looking_back(self, past: Sequence[Hit], points_back: Collection[int]) -> dict[int, int]:
        """The clause in which each sentence looks back; "That was in 2015." does so for the sentence before as well."""
        text = self._text
        back: dict[int, int] = {}
        for start, _ in sorted(past):
            sentence = text.sentences[start]
            tells_when = text.words[start] in _WHEN  # "when I was small, my face swelled": all of it is past
            back[sentence] = text.clauses[-1] if tells_when else text.clauses[start]
            if bisect_left(text.sentences, sentence) in points_back:
                back.setdefault(sentence - 1, text.clauses[start])
        return back

    def _is_hypothetical(self, sentence: int, start: int) -> bool:
        before = bisect_left(self._hypothetical, start) - 1
        return before >= 0 and self._text.sentences[self._hypothetical[before]] == sentence

    def _is_general(self, sentence: int, last: int) -> bool:
        general = self._general.get(sentence)
        return general is not None and general <= last

    def _general_clauses(self, hits: Mapping[str, Sequence[Hit]]) -> dict[int, int]:
        """The first clause of each sentence that asks in general; what follows it in the sentence hangs on it."""
        text = self._text
        opened = {start for start, _ in hits.get("asks_generally", ())}
        first: dict[int, int] = {}
        skip_to: dict[int, int] = {}
        leads = dict(hits.get("opening", ()))
        for i, clause in enumerate(text.clauses):
            if clause not in skip_to:
                skip_to[clause] = i
            if skip_to[clause] == i and i in leads:
                skip_to[clause] = leads[i]
            asks = skip_to[clause] == i and i in opened
            if asks or clause in self._clause["distance"]:
                first.setdefault(text.sentences[i], clause)
        return first


def standing(hits: Mapping[str, Sequence[Hit]], name: str) -> list[Hit]:
    """The hits of a frame that no longer wording takes back: the "if" of "as if" supposes nothing."""
    taken_back = {k for start, end in hits.get(f"no_{name}", ()) for k in range(start, end)}
    return [hit for hit in hits.get(name, ()) if hit[0] not in taken_back]


def denied(text: Text, hits: Mapping[str, Sequence[Hit]], signs: Sequence[Hit]) -> frozenset[int]:
    """The words that a negation reaches: "no fever, cough or chest pain, but ..." up to the "but"."""
    harmless = {k for start, end in hits.get("no_negator", ()) for k in range(start, end)}
    inside = {k for start, end in signs for k in range(start, end)}
    ends = {start for start, _ in hits.get("negation_end", ())}
    goes_on = {start for start, _ in hits.get("negation_goes_on", ())}
    reached: set[int] = set()
    for start, end in hits.get("negator", ()):
        if start in harmless or start in inside:
            continue
        for k in range(end, min(end + _NEGATION_REACH, len(text.words))):
            new_clause = text.clauses[k] != text.clauses[k - 1]
            if text.sentences[k] != text.sentences[start] or k in ends or (new_clause and k not in goes_on):
                break
            reached.add(k)
    return frozenset(reached)
