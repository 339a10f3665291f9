"""Is what a message names happening to somebody now, or only spoken about?

A sign counts unless something speaks against it: it is denied, it lies years back or has ended, it is a what-if, it
happened to animals, it is a figure of speech on prices or paperwork, it belongs to a lesson, a story or a survey of the
literature, or the clause asks about the drug in general ("how often ...") and names nobody who has it. A word such as
"now" or "since lunch" settles the doubt the other way; how a sign came or how long it lasts ("suddenly", "for an hour")
says nothing of when. In doubt a sign counts: a false alarm is the smaller harm.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Mapping, Sequence, Set
from enum import IntEnum

from temsiqa.safety.concepts import Hit
from temsiqa.safety.wording import Text

_NEGATION_REACH = 8
_WHEN = frozenset("when back as als quand cuando quando kiedy".split())
FRAMES = (
    "now",
    "claims",
    "no_now",
    "course",
    "person",
    "no_person",
    "distance",
    "no_distance",
    "setting",
    "hypothetical",
    "no_hypothetical",
    "past",
    "no_past",
    "over",
    "no_over",
    "points_back",
    "present_tense",
    "past_tense",
    "animal",
    "figure",
    "no_figure",
    "idiom",
    "no_idiom",
    "negator",
    "no_negator",
    "negation_end",
    "negation_goes_on",
    "asks_generally",
    "opening",
)
"""What the policy's section ``presence`` lists.

``course`` is how a sign came or how long it lasts, ``over`` how people say that it has ended for good, ``figure`` what
figures of speech are about.
"""


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
        for name in ("now", "course", "person", "distance", "animal", "figure", "over", "present_tense", "past_tense"):
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

        What is only ``named`` needs somebody who has it, or a now. With ``what_if`` a supposition counts as well.
        """
        text = self._text
        sentence, clauses = text.sentences[start], range(text.clauses[start], text.clauses[end - 1] + 1)
        beside = {name for name, found in self._clause.items() if not found.isdisjoint(clauses)}
        if self._is_figure_or_animal(sentence, beside) or self._is_over(sentence, beside):
            return Degree.ABSENT
        if named and not self._is_had(sentence, beside):
            return Degree.TOPIC
        if sentence in self._sentence["now"]:
            return Degree.PRESENT
        if self._is_past(sentence, clauses[0], beside):
            return Degree.ABSENT
        if self._claimed:  # "is chest pain listed? mine is crushing"
            return Degree.PRESENT
        if not what_if and self._is_hypothetical(sentence, start):
            return Degree.ABSENT
        if "distance" in beside and not what_if:
            return Degree.TOPIC
        if self._setting:
            return Degree.PRESENT if {"person", "present_tense"} <= beside else Degree.TOPIC
        general = self._is_general(sentence, clauses[-1]) and beside.isdisjoint({"person", "course"})
        return Degree.TOPIC if general else Degree.PRESENT

    def _is_had(self, sentence: int, beside: Set[str]) -> bool:
        """True when somebody is said to have what is named, or to have got it now."""
        if beside & {"now", "course"} or (self._claimed and "person" in beside):
            return True
        return "person" in beside and not self._setting and sentence not in self._sentence["distance"]

    def _is_figure_or_animal(self, sentence: int, beside: Set[str]) -> bool:
        """True for "chest pains from that bill" and "our cat fell ill last night"."""
        if "figure" in beside:
            return "now" not in beside
        of_animals = sentence in self._sentence["animal"] and sentence not in self._sentence["now"]
        return "person" not in beside and ("animal" in beside or of_animals)

    def _is_over(self, sentence: int, beside: Set[str]) -> bool:
        """True when what is told in the past tense has ended: "fainted in May, back at work since".

        That is said beside it or in the next sentence, or the message looks back and nothing beside it is now.
        """
        if "past_tense" not in beside:
            return False
        if "over" in beside:
            return True
        if "now" in beside:
            return False
        ended = bool({sentence, sentence + 1} & self._sentence["over"])
        return ended or bool(self._past and "present_tense" not in beside and not self._claimed)

    def _is_past(self, sentence: int, clause: int, beside: Set[str]) -> bool:
        """True when the sentence looks back, unless a sign stands beside it: "a stroke in 2015, my arm is limp"."""
        back = self._past.get(sentence)
        if back is None or "person" not in beside or clause == back:
            return back is not None
        goes_on = "past_tense" not in beside  # "a reaction in 1979, my throat closed" tells all of it
        follows = back < clause and back in self._clause["person"] and goes_on
        return not (follows or "present_tense" in beside)

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
    goes_on = _list_words(text, [start for start, _ in hits.get("negation_goes_on", ())])
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


def _list_words(text: Text, joins: Sequence[int]) -> frozenset[int]:
    """The words of lists that a join ends: "no fits, faints or falls" denies all three, "no sleep, chest tight" one."""
    return frozenset(
        k
        for join in joins
        for k in range(max(0, join - _NEGATION_REACH), join + 1)
        if text.sentences[k] == text.sentences[join]
    )
