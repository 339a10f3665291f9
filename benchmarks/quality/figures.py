"""Figures with their uncertainty: shares, and differences between two systems on the same questions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from temsiqa.evaluation.statistics import Count, difference, interval
from temsiqa.model import Span


@dataclass(frozen=True, slots=True)
class Figure:
    """The ``value`` of ``measure`` on the questions of ``data``; ``low`` and ``high`` bound its 95 % interval.

    ``count`` and ``total`` are given where the value is a share. A value is None where there was nothing to measure.
    """

    data: str
    measure: str
    value: float | None
    low: float | None = None
    high: float | None = None
    count: int | None = None
    total: int | None = None


@dataclass(frozen=True, slots=True)
class Difference:
    """What taking ``part`` away changes in the share of ``data`` that comes out right, with its 95 % interval."""

    part: str
    data: str
    value: float
    low: float
    high: float


def share(data: str, measure: str, right: Iterable[bool]) -> Figure:
    """The share of true values and its interval."""
    counts = _counts(right)
    found = interval(counts)
    return Figure(data, measure, found.value, found.low, found.high, round(sum(c[0] for c in counts)), len(counts))


def paired_difference(before: Sequence[bool], after: Sequence[bool]) -> tuple[float, float, float]:
    """The share of true values in ``after`` less that in ``before``, and its 95 % interval; a point where none changed.

    Raises ``ValueError`` when the two are not of one length, or empty.
    """
    found = difference(_counts(before), _counts(after))
    if found.value is None:
        raise ValueError("there is nothing to compare; give at least one value of each")
    low, high = (found.value if bound is None else bound for bound in (found.low, found.high))
    return found.value, low, high


def overlap(one: Span, other: Span) -> bool:
    """Whether two spans of one text share a character."""
    return max(one.start, other.start) < min(one.end, other.end)


def _counts(values: Iterable[bool]) -> list[Count]:
    return [(float(value), 1.0) for value in values]
