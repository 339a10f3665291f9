"""Answers that were recorded: are they still borne out by their generation, and would they be given again?

The name of a generation is the hash of its manifest, which holds a hash of every file: it is what it was.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TypeVar

from temsiqa.assistant import Assistant
from temsiqa.errors import TemsiqaError
from temsiqa.evaluation.grounding import GenerationLibrary, faults
from temsiqa.record import RecordedAnswer

_SHOWN = 120
_Opened = TypeVar("_Opened")


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found out about one recorded answer; ``problems`` is empty when all is well."""

    id: str
    problems: tuple[str, ...]


def audit(answers: Sequence[RecordedAnswer], opened: Callable[[str], GenerationLibrary]) -> Iterator[Finding]:
    """Looks every offset, quote, statement and disclaimer of ``answers`` up again.

    ``opened`` gives the documents of a generation by its name, with the policy of now.
    """
    yield from _each(answers, opened, _audited)


def replay(answers: Sequence[RecordedAnswer], opened: Callable[[str], Assistant]) -> Iterator[Finding]:
    """Asks every question again, of the generation that answered it, and names all that is not the same.

    ``opened`` gives the assistant over a generation by its name.
    """
    yield from _each(answers, opened, _replayed)


def changes(before: RecordedAnswer, after: RecordedAnswer) -> Iterator[str]:
    """Each field in which two records differ, with both values."""
    fields = set(RecordedAnswer.model_fields)
    old, new = (record.model_dump(mode="json", include=fields) for record in (before, after))
    for name in RecordedAnswer.model_fields:
        if old[name] != new[name]:
            yield f"{name} was {_shown(old[name])}, is {_shown(new[name])}"


def _each(
    answers: Sequence[RecordedAnswer],
    opened: Callable[[str], _Opened],
    examined: Callable[[RecordedAnswer, _Opened], Iterator[str]],
) -> Iterator[Finding]:
    """A finding an answer; a generation that cannot be opened is one too, and so is a question that is refused."""
    once = cache(opened)
    for answer in answers:
        try:
            problems = tuple(examined(answer, once(answer.generation)))
        except TemsiqaError as error:
            problems = (str(error),)
        yield Finding(answer.id, problems)


def _audited(answer: RecordedAnswer, library: GenerationLibrary) -> Iterator[str]:
    for fault in faults(answer, library):
        yield fault.message
    if answer.policy != library.policy:
        yield f"answered under policy {answer.policy}, audited under {library.policy}"


def _replayed(answer: RecordedAnswer, assistant: Assistant) -> Iterator[str]:
    again = assistant.answer(answer.question, answer.history, answer.audience)
    yield from changes(answer, RecordedAnswer.of(answer.id, answer.history, again))


def _shown(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
