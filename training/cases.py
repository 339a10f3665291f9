"""Questions with what answers them, from this project's own questions and from the development sets."""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from temsiqa.model import Document, Sentence

OWN_QUESTIONS = Path(__file__).with_name("questions.jsonl")
ORIGINAL_QUESTIONS = Path(__file__).with_name("originals.jsonl")
_FITTED_SHARE, _JUDGED_SHARE = 0.3, 0.22


class Part(StrEnum):
    """What a question is for: training the cross-encoder, fitting what is fitted on top of it, or judging all of it."""

    TRAINED = "trained"
    FITTED = "fitted"
    JUDGED = "judged"


@dataclass(frozen=True, slots=True)
class Case:
    """A question; ``facts`` says which of the facts asked for a sentence holds, a set of numbers below ``wanted``.

    ``wanted`` is 0 when the literature does not answer.
    """

    question: str
    history: tuple[str, ...]
    audience: str
    wanted: int
    facts: Callable[[Document, Sentence], frozenset[int]]

    def is_answered_by(self, sentences: Iterable[tuple[Document, Sentence]]) -> bool:
        """Whether all facts asked for stand in ``sentences``."""
        found = frozenset[int]().union(*(self.facts(document, sentence) for document, sentence in sentences))
        return 0 < self.wanted == len(found)


def part_of(question: str) -> Part:
    """By a hash of the question, so that a question stays in its part whatever is added."""
    place = hashlib.sha256(question.encode()).digest()[0] / 256
    return Part.FITTED if place < _FITTED_SHARE else Part.JUDGED if place >= 1 - _JUDGED_SHARE else Part.TRAINED


def original_cases(part: Part) -> Iterator[Case]:
    """This project's questions on the three originals that belong to ``part``."""
    return (case for case in development_cases(ORIGINAL_QUESTIONS) if part_of(case.question) is part)


def own_cases(fitted: bool, documents: frozenset[str]) -> Iterator[Case]:
    """This project's questions of which ``documents`` hold an answer, or which have none.

    The cross-encoder is trained on most of them; those that it has not seen, the ``fitted``, are for what is fitted.
    """
    for line in OWN_QUESTIONS.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        if (part_of(row["question"]) is Part.FITTED) is not fitted:
            continue
        answers = {(a["document"], a["quote"]) for a in row["answers"] if a["document"] in documents}
        yield Case(row["question"], (), row["audience"], int(bool(answers)), _one_of(answers))


def development_cases(path: Path) -> Iterator[Case]:
    """Questions of a set like the development sets that are to be answered or not; facts are regular expressions."""
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        if row["expected_behaviour"] not in ("answer", "abstain"):
            continue
        wanted = row["facts"] if row["expected_behaviour"] == "answer" else []
        yield Case(row["question"], tuple(row["history"]), row["audience"], len(wanted), _matching(wanted))


def other_cases(questions: Iterable[str]) -> Iterator[Case]:
    """Questions on other matters, which no text on the drug answers."""
    for question in questions:
        yield Case(question, (), "patient", 0, _one_of(set()))


def _one_of(answers: set[tuple[str, str]]) -> Callable[[Document, Sentence], frozenset[int]]:
    def facts(document: Document, sentence: Sentence) -> frozenset[int]:
        return frozenset({0}) if (document.id, document.quote(sentence.span)) in answers else frozenset()

    return facts


def _matching(wanted: list[list[str]]) -> Callable[[Document, Sentence], frozenset[int]]:
    patterns = [[re.compile(one, re.IGNORECASE | re.DOTALL) for one in fact] for fact in wanted]

    def facts(document: Document, sentence: Sentence) -> frozenset[int]:
        text = _plain(" ".join(document.quote(span) for span in (*sentence.lead, sentence.span)))
        return frozenset(n for n, fact in enumerate(patterns) if any(one.search(text) for one in fact))

    return facts


def _plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).translate(str.maketrans("’‘–—−×", "''---x")).split())
