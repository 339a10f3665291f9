"""What kind of thing a question asks for, and whether a text holds such a thing.

Question classification by surface patterns, after Li and Roth (2002, doi 10.3115/1072228.1072378): only the classes
whose answers can be recognised without doubt are here. A question of none of them expects nothing in particular.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_TIME = r"\d[\d.,]*\s*(?:to|-|–)?\s*[\d.,]*\s*(?:min|minute|hour|hr|day|week|month|year)s?\b"
_NUMBER = r"\d"


@dataclass(frozen=True, slots=True)
class Expectation:
    """A class of questions and the pattern that every answer to it holds."""

    name: str
    question: re.Pattern[str]
    answer: re.Pattern[str]


def _expect(name: str, question: str, answer: str) -> Expectation:
    return Expectation(name, re.compile(question, re.IGNORECASE), re.compile(answer, re.IGNORECASE))


EXPECTATIONS = (
    _expect("price", r"\b(?:price|cost|how expensive)\b", r"[$£€]\s?\d|\d\s?(?:dollars?|pounds?|euros?)\b"),
    _expect(
        "count of people",
        r"\bhow many (?:patients|people|participants|subjects|women|men|children|cases)\b|\bsample size\b",
        r"\d+\s+(?:\w+\s+){0,3}(?:patients|people|participants|subjects|women|men|children|cases)\b|\bn\s?=\s?\d",
    ),
    _expect(
        "share",
        r"\b(?:what|which) (?:percent\w*|share|proportion)"
        r"|\b(?:response|survival|incidence|discontinuation|dropout) rates?\b"
        r"|\bhow (?:common|frequent)\b|\bpercent\w* of\b|\bwhat are the (?:odds|chances)\b",
        r"\d\s?(?:%|percent|per cent)|\b\d+ (?:in|of|out of) \d+|\b(?:very )?(?:un)?common\b|\brare(?:ly)?\b",
    ),
    _expect(
        "survival",
        r"\bhow (?:much )?long(?:er)? (?:do|did|does|will|would|can|could) "
        r"(?:people|patients|they|you|he|she|i|one|someone) (?:live|survive|last)"
        r"|\b(?:median|overall) survival\b|\blife expectancy\b",
        r"\d[\d.,]*\s*(?:days|weeks|months|years)\b",
    ),
    _expect("duration", r"\bhow long (?:does|is|do|did|was|will)\b|\bhow many (?:minutes|hours|days|weeks)\b", _TIME),
    _expect("amount", r"\bhow (?:much|many) (?:mg|milligrams?|of it|did they get)\b|\bwhat dos(?:e|es|age)\b", _NUMBER),
)


def expectation(question: str) -> Expectation | None:
    """The first class that ``question`` belongs to, or None."""
    return next((e for e in EXPECTATIONS if e.question.search(question)), None)
