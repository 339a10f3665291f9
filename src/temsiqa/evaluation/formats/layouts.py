"""What the fields of a record mean, told by their names."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence, Set
from typing import NamedTuple

from temsiqa.evaluation.formats.pairs import Pair, is_pair
from temsiqa.evaluation.formats.questions import FactQuestion, TriageMessage, has_facts, has_level
from temsiqa.evaluation.formats.ragas import Sample, is_ragas
from temsiqa.evaluation.formats.record import Record
from temsiqa.evaluation.testset import Item

_ASKED = {"id", "question", "history", "audience", "sources"}  # these are in other layouts too


class Layout(NamedTuple):
    """``item`` makes an item of the fields of a record and its number; it raises pydantic's ``ValidationError``."""

    has: Callable[[Set[str]], bool]
    item: Callable[[Mapping[str, object], int], Item]


def _is_native(fields: Set[str]) -> bool:
    return not (set(Item.model_fields) - _ASKED).isdisjoint(fields)


def _native(fields: Mapping[str, object], _: int) -> Item:
    return Item.model_validate(fields)


LAYOUTS = (
    Layout(has_facts, lambda fields, number: FactQuestion.model_validate(fields).item(number)),
    Layout(has_level, lambda fields, number: TriageMessage.model_validate(fields).item(number)),
    Layout(_is_native, _native),
    Layout(is_ragas, lambda fields, number: Sample.model_validate(fields).item(number)),
    Layout(is_pair, lambda fields, number: Pair.model_validate(fields).item(number)),
    Layout(lambda fields: "question" in fields, _native),
)


def layout_of(records: Sequence[Record]) -> Layout | None:
    """The layout that most records have; None when none has any."""
    votes = Counter(map(_told, records))
    votes.pop(None, None)
    return votes.most_common(1)[0][0] if votes else None


def _told(one: Record) -> Layout | None:
    return next((layout for layout in LAYOUTS if layout.has(one.fields.keys())), None)
