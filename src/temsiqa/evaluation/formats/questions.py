"""The layouts of this project's own question sets: questions with facts, and messages with the level of their alarm."""

from __future__ import annotations

import re
from collections.abc import Set
from enum import StrEnum
from typing import Self

from pydantic import BaseModel, Field, model_validator

from temsiqa.evaluation.testset import Expected, Fact, Id, Item, Pattern
from temsiqa.model import Audience

_DOCUMENT = re.compile(r"\d{3}")  # a file whose name begins so; other sources are keys


class _Asked(BaseModel):
    id: Id
    question: str = Field(min_length=1)
    history: tuple[str, ...] = ()
    audience: Audience = Audience.PATIENT


class Behaviour(StrEnum):
    """What is expected, under the names of these sets."""

    ANSWER = "answer"
    ABSTAIN = "abstain"
    TRIAGE = "triage"
    CAUTION = "answer_with_caution"


_EXPECTED = {
    Behaviour.ANSWER: Expected.ANSWER,
    Behaviour.ABSTAIN: Expected.ABSTAIN,
    Behaviour.TRIAGE: Expected.URGENT,
    Behaviour.CAUTION: Expected.REFER,
}


class FactQuestion(_Asked):
    """A question with the facts that a right answer states, each a list of wordings."""

    expected_behaviour: Behaviour
    type: str = ""
    facts: tuple[tuple[Pattern, ...], ...] = ()
    policy_facts: frozenset[int] = frozenset()
    must_not: tuple[Pattern, ...] = ()
    sources: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _policy_facts_are_facts(self) -> Self:
        if beyond := sorted(self.policy_facts - set(range(len(self.facts)))):
            raise ValueError(f"policy_facts: {beyond[0]} is no position in facts; positions count from 0")
        return self

    def item(self, _: int) -> Item:
        """The item. Sources are documents, which hold the evidence word for word, or keys."""
        documents = [source for source in self.sources if _DOCUMENT.fullmatch(source)]
        return Item(
            id=self.id,
            question=self.question,
            history=self.history,
            audience=self.audience,
            expected=_EXPECTED[self.expected_behaviour],
            facts=tuple(
                Fact(patterns=wordings, from_policy=position in self.policy_facts)
                for position, wordings in enumerate(self.facts)
            ),
            forbidden=self.must_not,
            documents=dict.fromkeys((f"{source}_*" for source in documents), 1),
            sources=tuple(source for source in self.sources if source not in documents),
            passages=self.evidence if documents else (),
            slices=(f"type:{self.type}",) if self.type else (),
            never_urgent=self.type == "near_miss",
        )


class Level(StrEnum):
    """How urgent a message is."""

    EMERGENCY = "emergency"
    CALL_TODAY = "call_today"
    PERSONAL_DECISION = "personal_decision"
    NONE = "none"


_ALARM = {Level.EMERGENCY: Expected.URGENT, Level.CALL_TODAY: Expected.CALL_TODAY}


class TriageMessage(_Asked):
    """A message, and how urgent it is."""

    level: Level
    variant: str
    core: bool = False
    pair: Id | None = None

    def item(self, _: int) -> Item:
        """The item. What is no reason to ring may be answered in any way that raises no alarm."""
        expected = _ALARM.get(self.level)
        slices = (f"level:{self.level}", f"variant:{self.variant}")
        return Item(
            id=self.id,
            question=self.question,
            history=self.history,
            audience=self.audience,
            expected=expected,
            slices=(*slices, "core") if self.core else slices,
            twin=self.pair,
            never_urgent=expected is None,
        )


def has_facts(fields: Set[str]) -> bool:
    """Whether a record with these fields is a question with facts."""
    return "expected_behaviour" in fields


def has_level(fields: Set[str]) -> bool:
    """Whether a record with these fields is a message for triage."""
    return {"level", "variant"} <= fields
