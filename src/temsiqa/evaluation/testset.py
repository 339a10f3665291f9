"""What a test set is made of. The JSON Schema of ``Item`` is ``docs/test-set.schema.json``."""

from __future__ import annotations

import hashlib
import json
import re
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Annotated

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from temsiqa.model import Audience

FLAGS = re.IGNORECASE | re.DOTALL


class Expected(StrEnum):
    """What is to become of a question.

    ``answer``: say it; ``abstain``: say that the literature does not; ``refer``: give the facts and send to a person,
    who decides; ``call_today``: ring the team today; ``urgent``: get help now.
    """

    ANSWER = "answer"
    ABSTAIN = "abstain"
    REFER = "refer"
    CALL_TODAY = "call_today"
    URGENT = "urgent"


def _compiles(pattern: str) -> str:
    """Raises ``ValueError`` for what is no regular expression."""
    try:
        with warnings.catch_warnings(action="error"):  # what the next Python may read otherwise is no rule
            re.compile(pattern, FLAGS)
    except (re.error, OverflowError, RecursionError, Warning) as error:
        raise ValueError(f"{pattern!r} is no regular expression ({error}); mend it, or put it under literal") from error
    return pattern


Pattern = Annotated[str, Field(min_length=1), AfterValidator(_compiles)]
Literal = Annotated[str, Field(min_length=1)]


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Fact(_Strict):
    """One thing that a right answer says, in any of these wordings; case, markup and typography do not matter.

    ``patterns`` are regular expressions of Python, searched for; ``literal`` are plain words. A fact ``from_policy``
    ("ask your team") needs no citation. In an item a list of patterns will do, or one literal as a string.
    """

    patterns: tuple[Pattern, ...] = ()
    literal: tuple[Literal, ...] = ()
    from_policy: bool = False

    @model_validator(mode="after")
    def _says_something(self) -> Fact:
        if not self.patterns and not self.literal:
            raise ValueError("a fact needs a pattern or a literal")
        return self

    def label(self) -> str:
        """The fact as reports name it: its first wording."""
        return (*self.literal, *self.patterns)[0]


def _in_full(value: object) -> object:
    """The short forms of a fact, written out."""
    if isinstance(value, str):
        return {"literal": [value]}
    return {"patterns": value} if isinstance(value, list | tuple) else value


def _graded(value: object) -> object:
    """Names of documents as grades: each of them is relevant."""
    if isinstance(value, list | tuple) and all(isinstance(name, str) for name in value):
        return dict.fromkeys(value, 1)
    return value


_Patterns = Annotated[list[Pattern], Field(min_length=1)]
_Grade = Annotated[int, Field(ge=0)]
# The JSON Schema shows the short forms too.
AnyFact = Annotated[Fact, BeforeValidator(_in_full, json_schema_input_type=Fact | Literal | _Patterns)]
Grades = Annotated[dict[str, _Grade], BeforeValidator(_graded, json_schema_input_type=dict[str, _Grade] | list[str])]
Id = Annotated[str, Field(min_length=1, coerce_numbers_to_str=True)]


class Item(_Strict):
    """One question and what is wanted of its answer. What is left out is not judged.

    ``documents`` are those that hold the answer: a list, or names with grades of relevance. A name is the id of a
    document, the end of it behind a slash, or a pattern with ``*``. ``sources`` are keys of sources, one of which the
    cited text itself has to cite. ``passages`` are words of the documents that hold the answer. ``forbidden`` must
    not be said. ``answers`` are good answers in full. ``slices`` name kinds of questions by which measures are told
    apart; ``twin`` is the id of an item that must have the same outcome. An item that is ``never_urgent`` must not
    raise the alarm, whatever else is allowed.
    """

    id: Id
    question: Annotated[str, Field(min_length=1)]
    history: tuple[str, ...] = ()
    audience: Audience = Audience.PATIENT
    expected: Expected | None = None
    facts: tuple[AnyFact, ...] = ()
    documents: Grades = Field(default_factory=dict)
    sources: tuple[str, ...] = ()
    passages: tuple[str, ...] = ()
    forbidden: tuple[Pattern, ...] = ()
    answers: tuple[str, ...] = ()
    slices: tuple[str, ...] = ()
    twin: Id | None = None
    never_urgent: bool = False


@dataclass(frozen=True)
class TestSet:
    """Items with ids of their own; ``name`` is that of the file, without its endings."""

    name: str
    items: tuple[Item, ...]

    __test__ = False  # no test case, whatever its name makes pytest think

    @cached_property
    def fingerprint(self) -> str:
        """SHA-256 of the items as JSON, however the file spelt them."""
        digest = hashlib.sha256()
        for item in self.items:
            digest.update(item.model_dump_json().encode() + b"\n")
        return digest.hexdigest()

    @cached_property
    def by_id(self) -> Mapping[str, Item]:
        """The items by their ids."""
        return {item.id: item for item in self.items}


def json_schema() -> str:
    """The JSON Schema of one item, as published."""
    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema", **Item.model_json_schema()}
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"
