from __future__ import annotations

import numpy as np
import pytest

from training.fit import _f1_of_silence, _telling_silence_best, risk_coverage

CHANCES = np.array([0.9, 0.2, 0.6, 0.4])
RIGHT = np.array([True, False, False, True])


def test_risk_over_coverage_worked_by_hand() -> None:
    assert risk_coverage(CHANCES, RIGHT) == [
        {"coverage": 0.25, "risk": 0.0, "threshold": 0.9},
        {"coverage": 0.5, "risk": 0.5, "threshold": 0.6},
        {"coverage": 0.75, "risk": 0.3333, "threshold": 0.4},
        {"coverage": 1.0, "risk": 0.5, "threshold": 0.2},
    ]


def test_the_threshold_tells_silence_best() -> None:
    """Of the unanswerable half are silent below 0.4, and nothing else: F1 is 2/3. Below 0.9 all are, and half of the
    others: 2/7 / (1/7 + 3/7 + 1/7) = 0.4."""
    one = np.array(["a"] * 4)
    assert _f1_of_silence(CHANCES < 0.4, RIGHT) == pytest.approx(2 / 3)
    assert _f1_of_silence(CHANCES < 0.9, RIGHT) == pytest.approx(0.4)
    assert _telling_silence_best(CHANCES, RIGHT, one) == 0.4


def test_every_set_counts_alike_for_the_threshold() -> None:
    """At 0.9 the first set has 1 and the second 1/4, since all of it is silent; at 0.5 they have 4/5 and 1."""
    chances = np.append(CHANCES, [0.5, 0.8, 0.3])
    answerable = np.array([True, False, False, False, True, True, False])
    sets = np.array(["a"] * 4 + ["b"] * 3)
    assert _telling_silence_best(chances[:4], answerable[:4], sets[:4]) == 0.9
    assert _telling_silence_best(chances, answerable, sets) == 0.5


def test_without_silence_and_without_anything_unanswerable_there_is_no_f1() -> None:
    everything = np.array([True, True])
    assert _f1_of_silence(~everything, everything) == 0.0
