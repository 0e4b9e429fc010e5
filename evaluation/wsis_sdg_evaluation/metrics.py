"""Measures of multi-label classification, as pure functions of arrays.

Throughout, ``given`` and ``truth`` are boolean ``(n, k)`` and ``scores`` float ``(n, k)``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

Bools = NDArray[np.bool_]
Floats = NDArray[np.float32]

RESAMPLES: Final = 1000
CONFIDENCE: Final = 0.95
BOOTSTRAP_SEED: Final = 14
BINS: Final = 10


@dataclass(frozen=True, slots=True)
class Interval:
    """A figure with the bounds of its bootstrap interval."""

    value: float
    low: float
    high: float


def precision_recall_f1(given: Bools, truth: Bools) -> tuple[float, float, float]:
    """Micro precision, recall and F1; each is 0 where it has no denominator."""
    both = int((given & truth).sum())
    said, true = int(given.sum()), int(truth.sum())
    return (
        both / said if said else 0.0,
        both / true if true else 0.0,
        2 * both / (said + true) if said + true else 0.0,
    )


def macro_f1(given: Bools, truth: Bools) -> float:
    """Mean F1 over the labels that are true anywhere; 0 where none is."""
    both = (given & truth).sum(axis=0)
    total = given.sum(axis=0) + truth.sum(axis=0)
    seen = truth.any(axis=0)
    return float((2 * both[seen] / total[seen]).mean()) if seen.any() else 0.0


def f1_interval(given: Bools, truth: Bools, *, groups: list[str] | None = None) -> Interval:
    """Micro-F1 with a percentile bootstrap interval.

    Args:
        given: What was said.
        truth: What is true.
        groups: Rows of a group are drawn together; every row is its own group when not given.
    """
    both = (given & truth).sum(axis=1).astype(np.float64)
    total = (given.sum(axis=1) + truth.sum(axis=1)).astype(np.float64)
    if groups is not None:
        _, numbers = np.unique(groups, return_inverse=True)
        both = np.bincount(numbers, weights=both)
        total = np.bincount(numbers, weights=total)
    n = len(both)
    random = np.random.default_rng(BOOTSTRAP_SEED)
    draws = random.multinomial(n, np.full(n, 1 / n), size=RESAMPLES)
    totals = draws @ total
    values = np.divide(2 * (draws @ both), totals, out=np.zeros(RESAMPLES), where=totals > 0)
    tail = (1 - CONFIDENCE) / 2
    low, high = np.quantile(values, [tail, 1 - tail])
    return Interval(precision_recall_f1(given, truth)[2], float(low), float(high))


def mean_average_precision(scores: Floats, truth: Bools) -> float:
    """Mean over labels of the average precision of the rows ranked by score.

    Labels that are true nowhere are left out; 0 where none is left.
    """
    columns = [
        average_precision(scores[:, column], truth[:, column])
        for column in range(truth.shape[1])
        if truth[:, column].any()
    ]
    return float(np.mean(columns)) if columns else 0.0


def average_precision(scores: Floats, truth: Bools) -> float:
    """Average precision of one ranking ``(n,)``; ties count as one step."""
    order = np.argsort(-scores, kind="stable")
    hits = np.cumsum(truth[order])
    last_of_tie = np.append(np.diff(scores[order]) != 0, True)
    hits, places = hits[last_of_tie], np.flatnonzero(last_of_tie) + 1
    gains = np.diff(hits, prepend=0)
    return float((gains * hits / places).sum() / hits[-1]) if hits[-1] else 0.0


def hit_at(scores: Floats, truth: Bools, *, k: int) -> float:
    """Share of the rows with a true label that have one among their ``k`` best scores."""
    labelled = truth.any(axis=1)
    if not labelled.any():
        return 0.0
    best = np.argsort(-scores[labelled], axis=1, kind="stable")[:, :k]
    return float(np.take_along_axis(truth[labelled], best, axis=1).any(axis=1).mean())


def wrongly_tagged_share(given: Bools, truth: Bools) -> float:
    """Share of the rows without any true label that were given one; 0 where there are none."""
    unlabelled = ~truth.any(axis=1)
    return float(given[unlabelled].any(axis=1).mean()) if unlabelled.any() else 0.0


def reliability(scores: Floats, truth: Bools) -> tuple[list[dict[str, float]], float]:
    """The reliability curve over ten equal bins, and the expected calibration error.

    Returns:
        Per bin that is not empty: ``count``, mean ``score`` and share ``true``; and the mean
        distance between score and share, weighted by count.
    """
    flat, right = scores.ravel().astype(np.float64), truth.ravel()
    numbers = np.minimum((flat * BINS).astype(int), BINS - 1)
    curve = [
        {
            "count": float((numbers == b).sum()),
            "score": float(flat[numbers == b].mean()),
            "true": float(right[numbers == b].mean()),
        }
        for b in range(BINS)
        if (numbers == b).any()
    ]
    error = sum(row["count"] * abs(row["score"] - row["true"]) for row in curve) / max(1, len(flat))
    return curve, error


def confusions(given: Bools, truth: Bools, *, most: int) -> list[tuple[int, int, int]]:
    """Label pairs where the first was true and missed while the second was given and wrong.

    Returns:
        ``(missed column, given column, rows)``, most frequent first.
    """
    missed = (truth & ~given).astype(np.int64)
    extra = (given & ~truth).astype(np.int64)
    counts = missed.T @ extra
    order = np.argsort(-counts, axis=None, kind="stable")[:most]
    pairs = [divmod(int(flat), counts.shape[1]) for flat in order]
    return [(a, b, int(counts[a, b])) for a, b in pairs if counts[a, b] > 0]
