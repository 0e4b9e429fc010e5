"""Log-odds to tags: calibration, the hierarchy of goals and targets, and thresholds.

All of it is learnt from scores that were given to paragraphs by models which had not seen them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, TypeVar

import numpy as np
from numpy.typing import NDArray

from wsis_sdg.scorer import Floats, fit_logistic, sigmoid
from wsis_sdg.taxonomy import COLUMN, KINDS, LABELS, Kind, columns_of

Bools = NDArray[np.bool_]
Array = TypeVar("Array", NDArray[np.float32], NDArray[np.bool_])

SHRINKAGE: Final = 30.0
"""A label with this many positive paragraphs has a threshold halfway to its space's."""
THRESHOLD_ORDER: Final[tuple[Kind, ...]] = ("target", "action_line", "goal")
"""Goals come last: a goal is given with any of its targets, so theirs are settled before."""


@dataclass(frozen=True, slots=True)
class Decision:
    """What turns log-odds into tags, ``(204,)`` each.

    Attributes:
        slopes: Factors on the log-odds, which together with the offsets calibrate them (Platt).
        offsets: Added to the log-odds after the factors.
        thresholds: A label is given from this calibrated probability upwards.
    """

    slopes: Floats
    offsets: Floats
    thresholds: Floats

    def probabilities(self, logits: Floats) -> Floats:
        """Calibrated probabilities ``(n, 204)``, no goal below its targets."""
        return raise_goals(sigmoid(self.slopes * logits + self.offsets))

    def given(self, probabilities: Floats) -> Bools:
        """Which labels are given, ``(n, 204)``, every goal with any of its targets."""
        return raise_goals(probabilities >= self.thresholds)


def fit_decision(logits: Floats, truth: Floats) -> Decision:
    """Calibrate and choose thresholds on out-of-fold log-odds.

    Args:
        logits: ``(n, 204)`` log-odds of rows that the model behind them had not seen.
        truth: ``(n, 204)`` zeros and ones.

    Returns:
        Per label space one Platt slope and offset, and per label the threshold of highest F1,
        drawn towards its space's threshold the more, the fewer positive rows it has. Goals have
        the threshold that is best beside the targets, which bring their goals with them.
    """
    slopes: Floats = np.ones(len(LABELS), np.float32)
    offsets: Floats = np.zeros(len(LABELS), np.float32)
    for kind in KINDS:
        space = columns_of(kind)
        slopes[space], offsets[space] = _platt(logits[:, space].ravel(), truth[:, space].ravel())
    # Above every probability until chosen, so that a label without a threshold is never given.
    found = Decision(slopes, offsets, np.full(len(LABELS), 2.0, np.float32))
    probabilities = found.probabilities(logits)
    for kind in THRESHOLD_ORDER:
        space = columns_of(kind)
        given = found.given(probabilities)[:, space]
        scores, answers = probabilities[:, space], truth[:, space]
        common = best_threshold(scores.ravel(), answers.ravel(), given=given.ravel())
        for column in range(answers.shape[1]):
            own = best_threshold(scores[:, column], answers[:, column], given=given[:, column])
            positives = float(answers[:, column].sum())
            share = positives / (positives + SHRINKAGE)
            found.thresholds[space.start + column] = share * own + (1 - share) * common
    return found


def cross_fitted_decisions(
    logits: Floats, truth: Floats, folds: NDArray[np.int64]
) -> list[Decision]:
    """For every fold the calibration and thresholds learnt on the other folds alone."""
    return [
        fit_decision(logits[folds != fold], truth[folds != fold])
        for fold in range(int(folds.max()) + 1)
    ]


def best_threshold(probabilities: Floats, truth: Floats, *, given: Bools | None = None) -> float:
    """The probability from which saying yes gives the highest F1.

    Args:
        probabilities: ``(n,)``.
        truth: ``(n,)`` zeros and ones.
        given: ``(n,)``, true for rows that get a yes whatever the threshold; none by default.

    Returns:
        A value halfway between the last yes and the first no; 0.5 where nothing is true.
    """
    if not truth.any():
        return 0.5
    certain = np.zeros(len(truth), np.bool_) if given is None else given
    free = np.flatnonzero(~certain)
    order = free[np.argsort(-probabilities[free], kind="stable")]
    hits = truth[certain].sum() + np.concatenate([[0.0], np.cumsum(truth[order])])
    said = certain.sum() + np.arange(len(order) + 1)
    best = int(np.argmax(2 * hits / (said + truth.sum())))
    descending = np.concatenate([[1.0], probabilities[order]])
    following = descending[min(best + 1, len(order))]
    return float((descending[best] + following) / 2)


def micro_f1(decision: Decision, logits: Floats, truth: Floats) -> dict[str, float]:
    """Micro-F1 per label space of tags for log-odds ``(n, 204)`` against the truth."""
    given = decision.given(decision.probabilities(logits))
    scores: dict[str, float] = {}
    for kind in KINDS:
        space = columns_of(kind)
        both = float((given[:, space] & (truth[:, space] > 0)).sum())
        total = float(given[:, space].sum() + truth[:, space].sum())
        scores[f"micro_f1_{kind}"] = round(2 * both / total, 4) if total else 0.0
    return scores


def raise_goals(values: Array) -> Array:
    """Lift every goal to the highest of its targets, since a target implies its goal.

    Args:
        values: ``(n, 204)`` probabilities or decisions; changed in place and returned.
    """
    for label in LABELS:
        if label.kind == "target":
            goal = COLUMN[str(label.goal)]
            np.maximum(values[:, goal], values[:, COLUMN[label.code]], out=values[:, goal])
    return values


def _platt(logits: Floats, truth: Floats) -> tuple[float, float]:
    slope, offset = fit_logistic(
        logits[:, None].astype(np.float32),
        truth[:, None].astype(np.float32),
        inverse_regularization=1e6,
    )
    return float(slope[0, 0]), float(offset[0])
