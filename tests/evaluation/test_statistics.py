"""Intervals and tests against values worked by hand."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from temsiqa.evaluation.statistics import difference, interval, interval_of, ratio

COUNT = st.tuples(st.floats(0, 1), st.just(1.0))


def test_a_ratio_is_of_sums() -> None:
    assert ratio([(1, 2), (3, 4)]) == pytest.approx(4 / 6)
    assert ratio([]) is None
    assert ratio([(0, 0)]) is None


def test_the_interval_of_a_share_is_that_of_its_binomial() -> None:
    """20 of 100: the number in a resample is binomial(100, 0.2), whose 2.5 and 97.5 % quantiles are 12 and 28."""
    found = interval([(1.0, 1.0)] * 20 + [(0.0, 1.0)] * 80)
    assert found.value == pytest.approx(0.2)
    assert found.low == pytest.approx(0.12, abs=0.0101)
    assert found.high == pytest.approx(0.28, abs=0.0101)
    assert found.items == 100


def test_one_item_or_none_has_no_spread() -> None:
    assert (interval([(1.0, 1.0)]).value, interval([(1.0, 1.0)]).low) == (1.0, None)
    assert interval([]).value is None


def test_a_share_that_is_whole_or_nothing_is_not_sure_for_that() -> None:
    """Three of three: Wilson's lower bound is n / (n + z²) = 3 / (3 + 3.8415)."""
    found = interval([(1.0, 1.0)] * 3)
    assert found.low == pytest.approx(3 / 6.8415, abs=1e-4)
    assert found.high == 1.0
    assert interval([(0.0, 1.0)] * 3).high == pytest.approx(3.8415 / 6.8415, abs=1e-4)


@given(st.lists(COUNT, min_size=2, max_size=30).filter(lambda counts: max(counts)[0] - min(counts)[0] > 1e-6))
def test_the_interval_is_repeatable_and_bounded_by_the_values(counts: list[tuple[float, float]]) -> None:
    found = interval(counts)
    assert found == interval(counts)
    assert found.low is not None
    assert found.high is not None
    values = [count[0] for count in counts]
    assert min(values) - 1e-9 <= found.low <= found.high <= max(values) + 1e-9


def test_a_statistic_of_a_whole_set_has_an_interval_too() -> None:
    values = np.arange(1.0, 100.0)
    found = interval_of(lambda one, _: np.median(one, axis=-1), values, values)
    assert found.value == 50
    assert found.low is not None
    assert found.high is not None
    assert 38 < found.low < 50 < found.high < 62


def test_no_change_is_no_difference() -> None:
    same = difference([(1.0, 1.0), None, (0.0, 1.0)], [(1.0, 1.0), None, (0.0, 1.0)])
    assert (same.value, same.low, same.high, same.p, same.items) == (0.0, 0.0, 0.0, 1.0, 2)


def test_a_large_loss_is_sure_and_a_balanced_one_is_not() -> None:
    right, wrong = (1.0, 1.0), (0.0, 1.0)
    lost = difference([right] * 100, [wrong] * 20 + [right] * 80)
    assert lost.value == pytest.approx(-0.2)
    assert lost.low == pytest.approx(-0.28, abs=0.0101)
    assert lost.p is not None
    assert lost.p < 0.01
    balanced = difference([right, wrong] * 20, [wrong, right] * 20)
    assert balanced.value == 0
    assert balanced.p == pytest.approx(1.0)


def test_chance_is_that_of_the_sign_test() -> None:
    """Five losses of five changes: all 32 ways of swapping are as likely, two of them as extreme: p = 2/32."""
    found = difference([(1.0, 1.0)] * 8, [(0.0, 1.0)] * 5 + [(1.0, 1.0)] * 3)
    assert found.p == pytest.approx(2 / 32, abs=0.02)


def test_an_item_that_counts_in_one_run_only_counts() -> None:
    """Precision of silence: 1 of 1 before; after, a second, wrong silence."""
    found = difference([(1.0, 1.0), None], [(1.0, 1.0), (0.0, 1.0)])
    assert (found.before, found.after, found.items) == (1.0, 0.5, 2)


def test_runs_of_different_length_are_refused() -> None:
    with pytest.raises(ValueError, match="argument"):
        difference([(1.0, 1.0)], [])


def test_one_item_and_resamples_that_are_all_alike_have_no_bounds() -> None:
    alone = difference([(0.0, 1.0)], [(1.0, 1.0)])
    assert (alone.value, alone.low, alone.high, alone.p) == (1.0, None, None, None)
    values = np.full(5, 3.0)
    alike = interval_of(lambda one, _: np.median(one, axis=-1), values, values)
    assert (alike.value, alike.low, alike.high, alike.items) == (3.0, None, None, 5)
    assert interval([(30.0, 1.0)] * 4).low is None
