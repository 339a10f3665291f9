"""What happened to a message on its way: everything that led to its answer, for those who want to know why."""

from __future__ import annotations

from dataclasses import dataclass

from temsiqa.answering.select import Choice
from temsiqa.model import Answer, Hit, Query, Triage


@dataclass(frozen=True, slots=True)
class Step:
    """One question of a message: what was looked for, what was found, and what of it was chosen.

    ``source`` is the id of the document that it asks about, if it asks who wrote one, or when.
    """

    query: Query
    hits: tuple[Hit, ...]
    choice: Choice
    source: str | None = None


@dataclass(frozen=True, slots=True)
class Walk:
    """The whole way of a message: what triage saw, a step for each question in it, and the answer."""

    triage: Triage
    steps: tuple[Step, ...]
    answer: Answer
