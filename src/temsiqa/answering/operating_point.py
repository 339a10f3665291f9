"""The fitted part of answering: how likely a sentence answers, how likely the best do, and from where on it is said.

Both are logistic regressions on named features (Cox 1958, doi 10.1111/j.2517-6161.1958.tb00292.x). ``training/fit.py``
makes them; every generation records in its manifest those with which it answers.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict

SHIPPED = Path(__file__).with_name("operating_points.json")


class Logistic(BaseModel):
    """A logistic regression; features that it does not name play no part."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    weights: dict[str, float]
    intercept: float

    def log_odds(self, features: dict[str, NDArray[np.float32]]) -> NDArray[np.float32]:
        """Natural log-odds, float32 of the shape of each of ``features``."""
        total = np.full_like(next(iter(features.values())), self.intercept, dtype=np.float32)
        for name, weight in self.weights.items():
            total += weight * features[name]
        return total


class OperatingPoint(BaseModel):
    """What decides on an answer; ``threshold`` is the least probability with which one is given.

    ``sentence`` judges single candidates, ``answer`` the best of them together. ``method`` and ``data`` say how they
    were fitted; ``cross_encoder`` is the SHA-256 of its weights, or None when it takes no part.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    method: str
    data: str
    cross_encoder: str | None
    sentence: Logistic
    answer: Logistic
    threshold: float


class OperatingPoints(BaseModel):
    """The points with which a generation answers: when there is a cross-encoder, and when there is none."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    with_cross_encoder: OperatingPoint
    without: OperatingPoint


def operating_points() -> OperatingPoints:
    """Those that ship."""
    return OperatingPoints.model_validate_json(SHIPPED.read_bytes())


def probability(log_odds: float) -> float:
    """The probability of ``log_odds``."""
    return float(1 / (1 + np.exp(-np.clip(log_odds, -50, 50))))
