"""Figures with their uncertainty: shares, quantiles, and differences between two systems on the same questions."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from temsiqa.model import Span

RESAMPLES, SEED = 2000, 20261120
_TAILS = (0.025, 0.975)
_NORMAL = 1.959964  # the 97.5 % quantile of the standard normal distribution


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
    """The share of true values and its Wilson interval."""
    values = list(right)
    return proportion(data, measure, sum(values), len(values))


def proportion(data: str, measure: str, count: int, total: int) -> Figure:
    """``count`` of ``total`` and its Wilson interval."""
    if not total:
        return Figure(data, measure, None, count=count, total=total)
    low, high = wilson(count, total)
    return Figure(data, measure, count / total, low, high, count, total)


def wilson(count: int, total: int) -> tuple[float, float]:
    """The 95 % score interval of ``count`` in ``total`` (Wilson 1927, doi 10.1080/01621459.1927.10502953)."""
    observed, square = count / total, _NORMAL**2
    middle = observed + square / (2 * total)
    half = _NORMAL * math.sqrt(observed * (1 - observed) / total + square / (4 * total**2))
    scale = 1 + square / total
    return max(0.0, (middle - half) / scale), min(1.0, (middle + half) / scale)


def paired_difference(before: Sequence[bool], after: Sequence[bool]) -> tuple[float, float, float]:
    """The share of true values in ``after`` less that in ``before``, and its 95 % bootstrap interval.

    Questions are drawn with what both systems made of them (Efron and Tibshirani 1993, An Introduction to the
    Bootstrap, section 13.3: percentiles). Raises ``ValueError`` when the two are not of one length, or empty.
    """
    if not before or len(before) != len(after):
        raise ValueError(f"{len(before)} values before, {len(after)} after; give as many, and at least one")
    changes = np.asarray(after, dtype=np.float64) - np.asarray(before, dtype=np.float64)
    drawn = np.random.default_rng(SEED).integers(len(changes), size=(RESAMPLES, len(changes)))
    low, high = np.quantile(changes[drawn].mean(axis=1), _TAILS)
    return float(changes.mean()), float(low), float(high)


def quantile(values: Sequence[float], order: float) -> float | None:
    """The quantile of that order, interpolated; None of nothing."""
    return float(np.quantile(values, order)) if values else None


def overlap(one: Span, other: Span) -> bool:
    """Whether two spans of one text share a character."""
    return max(one.start, other.start) < min(one.end, other.end)
