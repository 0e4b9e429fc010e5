"""Which order of the cells is the best one, judged by the labelled set alone.

Themes are split into two halves. An order made from predictions on one half is good where it
puts those cells first that the labels link on the other half, and stable where both halves
give the same order. The official matrix has no part in this.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

import numpy as np

from wsis_sdg.matrix import Evidence
from wsis_sdg.matrix.agreement import average_precisions
from wsis_sdg.matrix.official import LEVELS
from wsis_sdg.matrix.strength import Cells, Doubles, measure_cells
from wsis_sdg.taxonomy import columns_of

SPLITS: Final = 10
SEED: Final = 18

ORDERS: Final[dict[str, Callable[[Cells], Doubles]]] = {
    "label frequencies (expected)": lambda cells: cells.soft_expected,
    "paragraphs with both": lambda cells: cells.together.astype(np.float64),
    "soft count": lambda cells: cells.soft,
    "lift of the tags": lambda cells: cells.lift,
    "lift of the probabilities": lambda cells: cells.soft / np.maximum(cells.soft_expected, 1e-12),
    "lower bound of strength": lambda cells: cells.low,
    "strength": lambda cells: cells.strength,
}


def compare_orders(
    predicted: Evidence, labelled: Evidence, themes: Sequence[str]
) -> dict[str, dict[str, dict[str, float]]]:
    """Measure every order in ``ORDERS`` at both levels, on average over random halves.

    Args:
        predicted: Out-of-fold predictions.
        labelled: The labels of the same paragraphs.
        themes: The theme of every paragraph; a theme is never split.

    Returns:
        Per level and order: ``average_precision`` of the other half's linked cells, and
        ``rank_correlation`` (Spearman) between the halves.
    """
    from scipy.stats import spearmanr

    names, numbers = np.unique(themes, return_inverse=True)
    random = np.random.default_rng(SEED)
    found: dict[str, dict[str, list[tuple[float, float]]]] = {
        level: {name: [] for name in ORDERS} for level in LEVELS
    }
    for _ in range(SPLITS):
        first = np.isin(numbers, random.permutation(len(names))[: len(names) // 2])
        for level in LEVELS:
            mine, theirs = (_cells(predicted, rows, level) for rows in (first, ~first))
            linked = _cells(labelled, ~first, level).linked.ravel()
            whole = np.ones((1, linked.size))
            for name, order in ORDERS.items():
                scores = order(mine).ravel()
                precision = float(average_precisions(scores, linked, whole)[0])
                correlation = float(spearmanr(scores, order(theirs).ravel()).statistic)
                found[level][name].append((precision, correlation))
    return {
        level: {
            name: dict(
                zip(
                    ("average_precision", "rank_correlation"),
                    np.mean(values, axis=0).tolist(),
                    strict=True,
                )
            )
            for name, values in orders.items()
        }
        for level, orders in found.items()
    }


def _cells(evidence: Evidence, rows: Any, level: Any) -> Cells:
    lines, labels = columns_of("action_line"), columns_of(level)
    scores, given = evidence.probabilities[rows], evidence.given[rows]
    return measure_cells(scores[:, lines], scores[:, labels], given[:, lines], given[:, labels])
