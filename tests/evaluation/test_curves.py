"""Risk, coverage and calibration by hand."""

from __future__ import annotations

import numpy as np
import pytest

from evaluation_support import OneDocument, item, reply
from temsiqa.evaluation.curves import (
    WHOLE_MEASURES,
    answers_given,
    area_under_risk_coverage,
    expected_calibration_error,
    reliability,
    risk_coverage,
    whole_measures,
)
from temsiqa.evaluation.measures import score as score_of
from temsiqa.evaluation.score import ItemScore, judge

CERTAINTY = np.array([0.9, 0.8, 0.6, 0.3])
RIGHT = np.array([1.0, 0.0, 1.0, 0.0])


def test_risk_over_coverage_by_hand() -> None:
    assert risk_coverage(CERTAINTY[::-1].copy(), RIGHT[::-1].copy()) == pytest.approx([0, 1 / 2, 1 / 3, 2 / 4])
    assert area_under_risk_coverage(CERTAINTY, RIGHT) == pytest.approx((0 + 1 / 2 + 1 / 3 + 1 / 2) / 4)


def test_calibration_by_hand() -> None:
    """Bins of one answer each: |0.9 − 1|, |0.8 − 0|, |0.6 − 1|, |0.3 − 0|, on average 0.4."""
    assert expected_calibration_error(CERTAINTY, RIGHT) == pytest.approx((0.1 + 0.8 + 0.4 + 0.3) / 4)
    assert expected_calibration_error(np.array([0.5, 0.5]), np.array([1.0, 0.0])) == pytest.approx(0)
    size, mean, share = reliability(np.array([1.0, 0.95]), np.array([1.0, 0.0]))
    assert (size[-1], mean[-1], share[-1]) == (2, pytest.approx(0.975), 0.5)


def test_all_work_along_the_last_axis() -> None:
    for statistic in (area_under_risk_coverage, expected_calibration_error):
        both = statistic(np.stack([CERTAINTY, CERTAINTY]), np.stack([RIGHT, 1 - RIGHT]))
        assert both == pytest.approx([float(statistic(CERTAINTY, right)) for right in (RIGHT, 1 - RIGHT)])


def scored(probability: float | None, *quotes: str, **wanted: object) -> ItemScore:
    return score_of(judge(item(**wanted), reply(*quotes, probability=probability), OneDocument()))


def test_only_decisions_between_saying_and_silence_count() -> None:
    scores = [
        scored(0.9, "The half-life is 17 hours.", facts=["17"]),
        scored(0.4, "The half-life is 17 hours.", expected="abstain"),
        scored(0.1, expected="abstain"),
        scored(0.7, "The half-life is 17 hours.", expected="refer"),
        scored(None, "The half-life is 17 hours."),
    ]
    certainty, right = answers_given(scores)
    assert (certainty.tolist(), right.tolist()) == ([0.9, 0.4], [1.0, 0.0])
    found = whole_measures(scores)
    assert found["answerable_auroc"].value == 1.0
    assert found["area_under_risk_coverage"].value == pytest.approx((0 + 1 / 2) / 2)
    assert found["words_median"].value == 5
    assert set(found) <= set(WHOLE_MEASURES)


def test_without_anything_to_measure_nothing_is_measured() -> None:
    assert whole_measures([]) == {}
