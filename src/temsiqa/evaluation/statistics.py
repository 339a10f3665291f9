"""How sure a measure is, by SciPy's bootstrap, and whether two runs differ, by a randomisation test."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import stats

Floats = NDArray[np.float64]
Count = tuple[float, float]

RESAMPLES, SEED, CONFIDENCE = 2000, 20261120, 0.95
_EXACT = 1e-12  # sums of floats are no more exact than that
_TAILS = ((1 - CONFIDENCE) / 2, (1 + CONFIDENCE) / 2)


@dataclass(frozen=True, slots=True)
class Interval:
    """A value and the bounds of its 95 % interval; ``items`` is how many bear on it. None where there was nothing."""

    value: float | None
    low: float | None
    high: float | None
    items: int


@dataclass(frozen=True, slots=True)
class Difference:
    """What a measure gains from one run to another, its 95 % interval, and how likely chance alone does as much.

    ``p`` is two-sided. ``items`` is how many items bear on it in either run.
    """

    before: float | None
    after: float | None
    value: float | None
    low: float | None
    high: float | None
    p: float | None
    items: int


def ratio(counts: Sequence[Count]) -> float | None:
    """The sum of how much there is over the sum of out of how much; None where that is nothing."""
    total = sum(count[1] for count in counts)
    return sum(count[0] for count in counts) / total if total else None


def interval(counts: Sequence[Count]) -> Interval:
    """The ratio and its percentile bootstrap interval: items are drawn anew, with what they count.

    Efron and Tibshirani 1993, An Introduction to the Bootstrap, section 13.3. Where a share is 0 or 1 every resample is
    alike and tells nothing: then it is Wilson's score interval (1927, doi 10.1080/01621459.1927.10502953). Where they
    are alike at any other value there are no bounds.
    """
    value = ratio(counts)
    if value is None or len(counts) < 2:
        return Interval(value, None, None, len(counts))
    if value in (0.0, 1.0):
        bounds = stats.binomtest(round(sum(c[0] for c in counts)), round(sum(c[1] for c in counts))).proportion_ci(
            CONFIDENCE, "wilson"
        )
        return Interval(value, float(bounds.low), float(bounds.high), len(counts))
    return _unless_alike(_interval(value, np.asarray(counts, dtype=np.float64).T, _ratio_of))


def interval_of(statistic: Callable[[Floats, Floats], Floats], one: Floats, other: Floats) -> Interval:
    """As ``interval``, of any statistic of two numbers an item, each of shape (items,).

    ``statistic`` works along the last axis of arrays of any shape. Where all resamples are alike there are no bounds.
    """
    if len(one) < 2:
        return Interval(None, None, None, len(one))
    value = float(statistic(one, other))
    return _unless_alike(_interval(value, np.stack([one, other]), lambda a, b, axis=-1: statistic(a, b)))


def _unless_alike(found: Interval) -> Interval:
    if found.low is None or found.high is None or found.high - found.low > _EXACT:
        return found
    return Interval(found.value, None, None, found.items)


def difference(before: Sequence[Count | None], after: Sequence[Count | None]) -> Difference:
    """What the ratio gains between two runs over the same items in the same order, item by item.

    Paired bootstrap for the interval (Efron and Tibshirani 1993), randomisation of the two runs' answers for ``p``
    (Smucker, Allan and Carterette 2007, doi 10.1145/1321440.1321528; Noreen 1989). Raises ``ValueError`` for runs of
    different length.
    """
    pairs = [(one or (0.0, 0.0), other or (0.0, 0.0)) for one, other in zip(before, after, strict=True) if one or other]
    was, now = ratio([pair[0] for pair in pairs]), ratio([pair[1] for pair in pairs])
    if was is None or now is None or len(pairs) < 2:
        gain = None if was is None or now is None else now - was
        return Difference(was, now, gain, None, None, None, len(pairs))
    data = np.asarray(pairs, dtype=np.float64)  # shape (items, 2 runs, 2 of a count)
    columns = data.reshape(len(pairs), 4).T
    gained = _interval(now - was, columns, lambda a, b, c, d, axis=-1: _ratio_of(c, d, axis) - _ratio_of(a, b, axis))
    return Difference(was, now, now - was, gained.low, gained.high, _chance(data), len(pairs))


def _chance(data: Floats) -> float:
    """How likely a difference as large comes about when each item's two answers are swapped by the toss of a coin."""
    swapped = np.random.default_rng(SEED).integers(2, size=(RESAMPLES, len(data))).astype(np.float64)
    moved = swapped @ (data[:, 1] - data[:, 0])  # shape (tosses, 2): what the former run wins and the latter loses
    before, after = data[:, 0].sum(0) + moved, data[:, 1].sum(0) - moved
    gains = np.abs(_quotient(after) - _quotient(before))
    observed = np.abs(_quotient(data[:, 1].sum(0)) - _quotient(data[:, 0].sum(0)))
    return float((1 + np.sum(gains >= observed - _EXACT)) / (1 + RESAMPLES))


def _interval(value: float, columns: Floats, statistic: Callable[..., Floats]) -> Interval:
    """Percentiles of ``statistic`` over resampled items; ``columns`` has shape (numbers of an item, items)."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", stats.DegenerateDataWarning)  # a resample may hold nothing that counts
        drawn = stats.bootstrap(
            tuple(columns),
            statistic,
            paired=True,
            vectorized=True,
            n_resamples=RESAMPLES,
            batch=200,
            method="percentile",
            rng=np.random.default_rng(SEED),
        ).bootstrap_distribution
    if np.isnan(drawn).all():
        return Interval(value, None, None, columns.shape[1])
    low, high = np.nanquantile(drawn, _TAILS)
    return Interval(value, float(low), float(high), columns.shape[1])


def _ratio_of(numerator: Floats, denominator: Floats, axis: int = -1) -> Floats:
    """Ratio of sums along ``axis``; NaN where a resample happens to hold nothing that counts."""
    return _quotient(np.stack([numerator.sum(axis), denominator.sum(axis)], axis=-1))


def _quotient(sums: Floats) -> Floats:
    """The first of the last axis over the second; NaN over nothing."""
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(np.where(sums[..., 1] > 0, sums[..., 0] / sums[..., 1], np.nan))
