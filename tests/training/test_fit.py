from __future__ import annotations

import numpy as np

from training.fit import _cheapest, risk_coverage

CHANCES = np.array([0.9, 0.2, 0.6, 0.4])
RIGHT = np.array([True, False, False, True])


def test_risk_over_coverage_worked_by_hand() -> None:
    assert risk_coverage(CHANCES, RIGHT) == [
        {"coverage": 0.25, "risk": 0.0, "threshold": 0.9},
        {"coverage": 0.5, "risk": 0.5, "threshold": 0.6},
        {"coverage": 0.75, "risk": 0.3333, "threshold": 0.4},
        {"coverage": 1.0, "risk": 0.5, "threshold": 0.2},
    ]


def test_the_threshold_costs_least() -> None:
    """At 0.4 one wrong answer is given; at 0.2 two are, at 0.6 and 0.9 a right one is kept back."""
    assert _cheapest(CHANCES, RIGHT) == 0.4
