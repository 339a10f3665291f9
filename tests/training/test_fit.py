from __future__ import annotations

import numpy as np
import pytest

from training.fit import _f1_of_silence, _most_right, _share_right, risk_coverage

CHANCES = np.array([0.9, 0.2, 0.6, 0.4])
RIGHT = np.array([True, False, False, True])


def test_risk_over_coverage_worked_by_hand() -> None:
    assert risk_coverage(CHANCES, RIGHT) == [
        {"coverage": 0.25, "risk": 0.0, "threshold": 0.9},
        {"coverage": 0.5, "risk": 0.5, "threshold": 0.6},
        {"coverage": 0.75, "risk": 0.3333, "threshold": 0.4},
        {"coverage": 1.0, "risk": 0.5, "threshold": 0.2},
    ]


def test_most_comes_out_right_at_the_threshold() -> None:
    """Answerable are 0.9 and 0.4. Below 0.4 half of the others is silent: 6/7 × 1 + 1/7 × 1/2; below 0.9 all of them,
    but 0.4 as well: 6/7 × 1/2 + 1/7."""
    assert _share_right(CHANCES < 0.4, RIGHT, RIGHT) == pytest.approx(6 / 7 + 1 / 14)
    assert _share_right(CHANCES < 0.9, RIGHT, RIGHT) == pytest.approx(4 / 7)
    assert _most_right(CHANCES, RIGHT, RIGHT, np.array(["a"] * 4)) == 0.4


def test_every_set_counts_alike_for_the_threshold() -> None:
    """The first set alone has all right at 0.9; the second, of which half is then silent wrongly, draws it to 0.5."""
    chances = np.append(CHANCES, [0.5, 0.8, 0.3])
    answerable = np.array([True, False, False, False, True, True, False])
    sets = np.array(["a"] * 4 + ["b"] * 3)
    assert _most_right(chances[:4], answerable[:4], answerable[:4], sets[:4]) == 0.9
    assert _most_right(chances, answerable, answerable, sets) == 0.5


def test_without_silence_and_without_anything_unanswerable_there_is_no_f1() -> None:
    everything = np.array([True, True])
    assert _f1_of_silence(~everything, everything) == 0.0
