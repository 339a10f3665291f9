"""What happened to a message on its way: everything that led to its answer, for those who want to know why."""

from __future__ import annotations

from dataclasses import dataclass

from temsiqa.answering.disagree import Disagreement
from temsiqa.answering.select import Choice, Selection
from temsiqa.model import Answer, Hit, Query, Triage


@dataclass(frozen=True, slots=True)
class Step:
    """One question of a message: what was looked for, what was found, and what of it was chosen.

    ``source`` is the id of the document that it asks about, if it asks who wrote one, or when;
    ``numbered`` are the entries of reference lists that it asks for by number;
    ``with_references`` says that it asks what the literature cites for its answer. ``disagreement`` is there when
    sources disagree on what is asked, ``corrections`` put right what its message takes for granted.
    """

    query: Query
    hits: tuple[Hit, ...]
    choice: Choice
    source: str | None = None
    numbered: tuple[Selection, ...] = ()
    with_references: bool = False
    disagreement: Disagreement | None = None
    corrections: tuple[Selection, ...] = ()

    @property
    def selections(self) -> tuple[Selection, ...]:
        """What the literature says to it: what was chosen or named, or all sides first where sources disagree."""
        if self.numbered:
            return self.numbered
        if self.disagreement:
            return (*self.disagreement.sides, *self.disagreement.others)
        return self.choice.selections


@dataclass(frozen=True, slots=True)
class Walk:
    """The whole way of a message: what triage saw, a step for each question in it, and the answer."""

    triage: Triage
    steps: tuple[Step, ...]
    answer: Answer
