"""Questions with what answers them, from this project's own questions and from the development sets."""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from temsiqa.model import Document, Sentence

OWN_QUESTIONS = Path(__file__).with_name("questions.jsonl")
ORIGINAL_QUESTIONS = Path(__file__).with_name("originals.jsonl")
_FITTED_SHARE, _JUDGED_SHARE = 0.22, 0.1


class Part(StrEnum):
    """What a question is for: training the cross-encoder, fitting what is fitted on top of it, or judging all of it."""

    TRAINED = "trained"
    FITTED = "fitted"
    JUDGED = "judged"


@dataclass(frozen=True, slots=True)
class Case:
    """A question; ``facts`` says which of the facts asked for a sentence holds, a set of numbers below ``wanted``.

    ``wanted`` is 0 when the literature does not answer. ``least`` is how many facts a sentence has to hold to be taken
    for an answer: patterns hold by chance too.
    """

    question: str
    history: tuple[str, ...]
    audience: str
    wanted: int
    facts: Callable[[Document, Sentence], frozenset[int]]
    least: int = 1

    def is_answered_by(self, sentences: Iterable[tuple[Document, Sentence]]) -> bool:
        """Whether all facts asked for stand in ``sentences``."""
        found = frozenset[int]().union(*(self.facts(document, sentence) for document, sentence in sentences))
        return 0 < self.wanted == len(found)

    def answers(self, document: Document, sentence: Sentence) -> bool:
        """Whether ``sentence`` is an answer, if not a whole one."""
        return self.wanted > 0 and len(self.facts(document, sentence)) >= self.least


def part_of(question: str) -> Part:
    """By a hash of the question, so that a question stays in its part whatever is added."""
    place = hashlib.sha256(question.encode()).digest()[0] / 256
    return Part.FITTED if place < _FITTED_SHARE else Part.JUDGED if place >= 1 - _JUDGED_SHARE else Part.TRAINED


def original_cases(part: Part) -> Iterator[Case]:
    """This project's questions on the three originals that belong to ``part``."""
    return (quoted(row) for row in _rows(ORIGINAL_QUESTIONS) if part_of(row["question"]) is part)


def own_cases(fitted: bool, documents: frozenset[str]) -> Iterator[Case]:
    """This project's questions of which ``documents`` state every fact asked for, or none.

    The cross-encoder is trained on most of them; those that it has not seen, the ``fitted``, are for what is fitted.
    """
    for row in _rows(OWN_QUESTIONS):
        if (part_of(row["question"]) is Part.FITTED) is not fitted:
            continue
        facts = [[place for place in fact if place["document"] in documents] for fact in row["facts"]]
        if all(facts):
            yield quoted(row | {"facts": facts})
        elif not any(facts):
            yield quoted(row | {"facts": []})


def development_cases(path: Path) -> Iterator[Case]:
    """Questions of a set like the development sets that are to be answered or not; facts are regular expressions."""
    for row in _rows(path):
        if row["expected_behaviour"] not in ("answer", "abstain"):
            continue
        wanted = row["facts"] if row["expected_behaviour"] == "answer" else []
        least = (len(wanted) + 1) // 2
        yield Case(row["question"], tuple(row["history"]), row["audience"], len(wanted), _matching(wanted), least)


def other_cases(questions: Iterable[str]) -> Iterator[Case]:
    """Questions on other matters, which no text on the drug answers."""
    for question in questions:
        yield Case(question, (), "patient", 0, _matching([]))


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    return (json.loads(line) for line in path.read_text(encoding="utf-8").splitlines())


def quoted(row: Mapping[str, Any]) -> Case:
    """A question whose facts are each a list of sentences, by document and wording, of which any one states it."""
    places = [{(place["document"], place["quote"]) for place in fact} for fact in row["facts"]]

    def facts(document: Document, sentence: Sentence) -> frozenset[int]:
        place = (document.id, document.quote(sentence.span))
        return frozenset(n for n, stating in enumerate(places) if place in stating)

    return Case(row["question"], tuple(row["history"]), row["audience"], len(places), facts)


def _matching(wanted: list[list[str]]) -> Callable[[Document, Sentence], frozenset[int]]:
    patterns = [[re.compile(one, re.IGNORECASE | re.DOTALL) for one in fact] for fact in wanted]

    def facts(document: Document, sentence: Sentence) -> frozenset[int]:
        text = _plain(" ".join(document.quote(span) for span in (*sentence.lead, sentence.span)))
        return frozenset(n for n, fact in enumerate(patterns) if any(one.search(text) for one in fact))

    return facts


def _plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).translate(str.maketrans("’‘–—−×", "''---x")).split())
