"""What a whole set shows at once: risk over coverage, calibration, how well answerable questions are told, lengths."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.stats import rankdata

from temsiqa.evaluation.score import ItemScore
from temsiqa.evaluation.statistics import Floats, Interval, interval_of
from temsiqa.evaluation.testset import Expected

BINS = 10


@dataclass(frozen=True, slots=True)
class WholeMeasure:
    """A measure that no single item has."""

    meaning: str
    better: str


def area_under_risk_coverage(certainty: Floats, right: Floats) -> Floats:
    """Mean share of wrong answers over all coverages that were reached, the most certain answers first (AURC).

    Both of shape (..., answers), along the last axis. Geifman, Uziel and El-Yaniv 2019, arXiv 1805.08206.
    """
    return np.asarray(risk_coverage(certainty, right).mean(axis=-1))


def risk_coverage(certainty: Floats, right: Floats) -> Floats:
    """For each number of answers given, the most certain first, the share of wrong ones among them; of the same shape.

    El-Yaniv and Wiener 2010, JMLR 11.
    """
    order = np.argsort(-certainty, axis=-1, kind="stable")
    wrong = np.cumsum(1 - np.take_along_axis(right, order, axis=-1), axis=-1)
    return np.asarray(wrong / np.arange(1, certainty.shape[-1] + 1))


def expected_calibration_error(certainty: Floats, right: Floats) -> Floats:
    """Mean distance between certainty and share of right answers in ten bins of equal width, by their size (ECE).

    Both of shape (..., answers), along the last axis. Naeini, Cooper and Hauskrecht 2015, AAAI; Guo et al. 2017,
    arXiv 1706.04599.
    """
    size, mean, share = reliability(certainty, right)
    return np.asarray(np.sum(size * np.abs(mean - share), axis=-1) / certainty.shape[-1])


def reliability(certainty: Floats, right: Floats) -> tuple[Floats, Floats, Floats]:
    """Of each of ten bins of certainty its size, mean certainty and share of right answers, each of shape (..., 10).

    Empty bins have 0 for all three.
    """
    number = np.minimum((certainty * BINS).astype(int), BINS - 1)
    inside = [number == one for one in range(BINS)]
    size = np.stack([held.sum(axis=-1) for held in inside], axis=-1)
    mean, share = (
        np.stack([np.sum(values * held, axis=-1) for held in inside], axis=-1) / np.maximum(size, 1)
        for values in (certainty, right)
    )
    return size, mean, share


def answers_given(scores: Sequence[ItemScore]) -> tuple[Floats, Floats]:
    """Certainty and rightness of the answers that were given where one could decide between saying and not saying."""
    given = [s for s in _decided(scores) if not s.abstained]
    certainty = np.array([s.probability for s in given], dtype=np.float64)
    return certainty, np.array([float(bool(s.passed)) for s in given])


def answerable(scores: Sequence[ItemScore]) -> tuple[Floats, Floats]:
    """Certainty of all such items, said or not, and whether they are to be answered."""
    decided = _decided(scores)
    certainty = np.array([s.probability for s in decided], dtype=np.float64)
    return certainty, np.array([float(s.expected is Expected.ANSWER) for s in decided])


def _decided(scores: Sequence[ItemScore]) -> list[ItemScore]:
    wanted = (Expected.ANSWER, Expected.ABSTAIN)
    return [s for s in scores if s.expected in wanted and s.probability is not None]


def whole_measures(scores: Sequence[ItemScore]) -> dict[str, Interval]:
    """Those of ``WHOLE_MEASURES`` for which there is something to measure, with bootstrap intervals."""
    said, all_of_them = answers_given(scores), answerable(scores)
    words = np.array([s.counts["words"][0] for s in scores if "words" in s.counts])
    found = {
        "area_under_risk_coverage": interval_of(area_under_risk_coverage, *said),
        "calibration_error": interval_of(expected_calibration_error, *said),
        "answerable_auroc": interval_of(_auroc, *all_of_them),
        "words_median": interval_of(lambda values, _: np.median(values, axis=-1), words, words),
        "words_p95": interval_of(lambda values, _: np.quantile(values, 0.95, axis=-1), words, words),
    }
    return {name: one for name, one in found.items() if one.value is not None and not np.isnan(one.value)}


WHOLE_MEASURES = {
    "area_under_risk_coverage": WholeMeasure(
        "Mean share of wrong answers over the coverages reached, the most certain first (Geifman et al. 2019).", "lower"
    ),
    "calibration_error": WholeMeasure(
        "Expected calibration error of the stated probability over the answers given, ten bins (Naeini et al. 2015).",
        "lower",
    ),
    "answerable_auroc": WholeMeasure(
        "Area under the ROC curve of the stated probability: are answerable questions told from others?", "higher"
    ),
    "words_median": WholeMeasure("Median number of words of what is answered, fixed texts included.", "lower"),
    "words_p95": WholeMeasure("95th percentile of the same.", "lower"),
}


def _auroc(certainty: Floats, wanted: Floats) -> Floats:
    """Area under the ROC curve from ranks (Hanley and McNeil 1982); NaN where all items are of one kind."""
    positive = wanted.sum(axis=-1)
    pairs = positive * (wanted.shape[-1] - positive)
    above = np.sum(rankdata(certainty, axis=-1) * wanted, axis=-1) - positive * (positive + 1) / 2
    with np.errstate(invalid="ignore"):
        return np.asarray(np.where(pairs > 0, above / np.maximum(pairs, 1), np.nan))
