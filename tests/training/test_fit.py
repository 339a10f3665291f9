from __future__ import annotations

import numpy as np

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
    """Below 0.4 only 0.2 is silent (F1 2/3), below 0.6 also 0.4, wrongly (1/2), below 0.9 all three (4/5)."""
    one = np.array(["a"] * 4)
    assert _telling_silence_best(CHANCES, RIGHT, one) == 0.9
    assert _telling_silence_best(CHANCES, np.array([True, False, True, True]), one) == 0.4


def test_every_set_counts_alike_for_the_threshold() -> None:
    """At 0.4 the first set has 2/3 and the second 1; at 0.9, the best for the first alone, they have 4/5 and 1/2."""
    chances, answerable = np.append(CHANCES, [0.5, 0.8, 0.3]), np.append(RIGHT, [True, True, False])
    sets = np.array(["a"] * 4 + ["b"] * 3)
    assert _telling_silence_best(chances, answerable, sets) == 0.4


def test_without_silence_and_without_anything_unanswerable_there_is_no_f1() -> None:
    everything = np.array([True, True])
    assert _f1_of_silence(~everything, everything) == 0.0
