"""What kind of thing a question asks for, and whether a text holds such a thing.

Question classification by surface patterns, after Li and Roth (2002, doi 10.3115/1072228.1072378): only the classes
whose answers can be recognised without doubt are here. A question of none of them expects nothing in particular.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_TIME = r"\d[\d.,]*\s*(?:to|-|–)?\s*[\d.,]*\s*(?:min|minute|hour|hr|day|week|month|year)s?\b"
_NUMBER = r"\d"
_NOTHING = r"(?!)"
_PEOPLE = r"(?:patients|people|participants|subjects|women|men|children|cases)"
_ANIMALS = r"(?:mice|rats|animals)"
# What has one name only: a text that does not name it does not give it.
_ATTRIBUTES = (
    r"half[- ]?li(?:fe|ves)",
    r"bioavailab",
    r"protein[- ]bound|protein[- ]binding",
    r"molecular (?:weight|mass|formula)",
    r"(?:melting|boiling) point",
    r"\b[ei]c[- ]?50s?\b",
    r"\bk[di]\b(?![- ]?\d)",
    r"\bshelf[- ]life\b",
    r"\bhazard ratio",
    r"\bodds ratio",
    r"\bantidote",
    r"\bdoi\b",
    r"\bpmid\b",
    r"\bp[- ]?values?\b|\bp\s*[=<>≤]",
)
# Not those of doses: who asks for mg/kg may take for granted that it is given by weight.
_UNITS = (r"ng ?/ ?ml", r"l ?/ ?h", r"ml ?/ ?min", r"gy", r"g ?/ ?mol")


@dataclass(frozen=True, slots=True)
class Expectation:
    """A class of questions and the pattern that every answer to it holds."""

    name: str
    question: re.Pattern[str]
    answer: re.Pattern[str]


def _expect(name: str, question: str, answer: str) -> Expectation:
    return Expectation(name, re.compile(question, re.IGNORECASE), re.compile(answer, re.IGNORECASE))


EXPECTATIONS = (
    # No text does what somebody wants done: write a letter, repeat a sentence, work out a sum.
    _expect(
        "deed",
        r"\b(?:can|could|will|would|pls|please)\W+(?:(?:you|u)\W+)?(?:please\W+|pls\W+)?"
        r"(?:write|draft|compose|translate|email|text|phone|ring|sign|remind|book|prescribe|repeat)\b(?! out)"
        r"|^\W*(?:write|draft|compose|translate|repeat|book|email|sing|prescribe)\b(?! out)"
        r"|\bwrite (?:me |us )?(?:a|an|my|the) (?:\w+ )?(?:note|letter|e-?mail|poem|essay|script|song|story)\b"
        r"|\bword for word\b"
        r"|(?:what'?s|what is|work out|calculate|^)\s*\d[\d.,]*\s*(?:%|percent|[-+*/x×]|times|plus|minus)"
        r"\s*(?:of\s*)?\d",
        _NOTHING,
    ),
    # The literature says nothing about who answers from it.
    _expect(
        "answerer",
        r"\b(?:are|were) (?:you|u) (?:a|an|the|really|real|human|chat)\b"
        r"|\bwho (?:made|built|trained|programmed|are) (?:you|u)\b"
        r"|\byour (?:knowledge|training|name|maker|creator|model|programming)\b"
        r"|\bdo (?:you|u) (?:ever )?(?:get (?:things|it|this|stuff) wrong|make mistakes|sleep|dream|have feelings)\b",
        _NOTHING,
    ),
    _expect(
        "cure",
        r"\bcures? (?:me|him|her|us|them|my|this|the)\b|\b(?:be|being|get) cured\b|\ba cure\b|\bcurable\b|\bguarantee",
        r"\bcur(?:e|es|ed|ing|able|ative)\b|\bguarantee",
    ),
    _expect(
        "year",
        r"\b(?:what|which) (?:year|month|date)\b"
        r"|\bwhen (?:was|were|did|is)\b.*\b(?:approv\w*|licen[sc]ed|authori[sz]\w*|launch\w*|discovered|invented)\b",
        r"\b(?:19|20)\d\d\b",
    ),
    _expect(
        "discoverer",
        r"\bwho (?:first )?(?:discovered|invented|isolated|synthesi[sz]ed)\b",
        r"\b(?:discovered|invented|isolated|synthesi[sz]ed|found) (?:by|in|from)\b",
    ),
    _expect("price", r"\b(?:price|cost|how expensive)\b", r"[$£€]\s?\d|\d\s?(?:dollars?|pounds?|euros?)\b"),
    *(_expect(attribute, attribute, attribute) for attribute in _ATTRIBUTES),
    *(_expect(unit, rf"(?<![\d/])(?<!\d )\b{unit}(?!\w)", rf"\d\s?{unit}(?!\w)") for unit in _UNITS),
    _expect(
        "count of people",
        rf"\bhow many (?:\w+ )?{_PEOPLE}\b|\bsample size\b",
        rf"\d+\s+(?:\w+\s+){{0,3}}{_PEOPLE}\b|\bn\s?=\s?\d",
    ),
    _expect(
        "count of animals",
        rf"\bhow many (?:\w+ )?{_ANIMALS}\b",
        rf"\d+\s+(?:\w+\s+){{0,3}}{_ANIMALS}\b|\bn\s?=\s?\d",
    ),
    _expect(
        "age",
        r"\bhow old\b|\bwhat ages?\b|\b(?:median|mean|average) age\b|\bage range\b",
        r"\b\d+[- ]?(?:day|week|month|year)s?\b|\baged?\b|\b(?:19|20)\d\d\b",
    ),
    _expect(
        "sex",
        r"\b(?:male or female|female or male|men or women|women or men|(?:which|what) (?:sex|gender))\b",
        r"\b(?:fe)?males?\b|\b(?:wo)?men\b|\bsex\b",
    ),
    _expect(
        "percentage",
        r"\b(?:what|which) (?:percent\w*|share|proportion)|(?<![\d.])(?<!\d )%|\bin per ?cent\b|\bpercent\w* of\b"
        r"|\b(?:response|survival|incidence|discontinuation|dropout) rates?\b|\bout of (?:10|100|ten|a hundred)\b",
        r"\d\s?(?:%|percent|per cent)|\b\d+ (?:in|of|out of) \d+",
    ),
    _expect(
        "frequency",
        r"\bhow (?:common|frequent|likely)\b|\bhow often (?:do|does|did)\b.*\b(?:happen|occur)"
        r"|\bchances?\b|\bthe odds\b",
        r"\d\s?(?:%|percent|per cent)|\b\d+ (?:in|of|out of) \d+|\b(?:very )?(?:un)?common\b|\brare(?:ly)?\b",
    ),
    _expect(
        "survival",
        r"\bhow (?:much )?long(?:er)? (?:do|did|does|will|would|can|could|have) "
        r"(?:people|patients|they|you|he|she|i|one|someone) (?:live|survive|last|got)"
        r"|\b(?:median|overall) survival\b|\blife expectancy\b",
        r"\d[\d.,]*\s*(?:days|weeks|months|years)\b",
    ),
    _expect(
        "duration",
        r"\bhow long (?:does|is|do|did|was|will)\b|\bhow many (?:minutes|hours|days|weeks|months|years)\b",
        _TIME,
    ),
    _expect("amount", r"\bhow (?:much|many) (?:mg|milligrams?|of it|did they get)\b|\bwhat dos(?:e|es|age)\b", _NUMBER),
)


def expectation(question: str) -> Expectation | None:
    """The first class that ``question`` belongs to, or None."""
    return next((e for e in EXPECTATIONS if e.question.search(question)), None)
