"""Measures of a ranking and a selection of cells against the official ones, with intervals.

The draws of the bootstrap are weights of the cells, so every measure takes weights ``(m, c)``
and gives ``(m,)`` values at once; scikit-learn's functions, which the tests hold these to, take
one draw at a time and would need minutes for what this does in a second.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any, Final

import numpy as np

from wsis_sdg.matrix.strength import Bools, Doubles

RESAMPLES: Final = 1000
SEED: Final = 2015
CONFIDENCE: Final = 0.95


@dataclass(frozen=True, slots=True)
class Bounded:
    """A figure with its bootstrap interval, in which draws without a value are left out."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Agreement:
    """How a set of cells stands to the official matrix; figures without a value are ``None``.

    Attributes:
        cells: Cells compared.
        official: Those that the official matrix links.
        text: Those that the text links.
        agree: Those that both link.
        precision: Share of the text's links that are official.
        recall: Share of the official links that the text has.
        f1: Their harmonic mean.
        kappa: Cohen's kappa.
        average_precision: Of the official cells in the order of strength.
        chance_average_precision: Expected of a random order.
        chance_f1: Expected of as many links at random.
        everything_f1: Of linking every cell.
        frequency_average_precision: Of the order of what the labels' frequencies alone predict.
        frequency_f1: Of as many links, those that the frequencies alone predict most.
    """

    cells: int
    official: int
    text: int
    agree: int
    precision: Bounded | None
    recall: Bounded | None
    f1: Bounded | None
    kappa: Bounded | None
    average_precision: Bounded | None
    chance_average_precision: float | None
    chance_f1: float | None
    everything_f1: float | None
    frequency_average_precision: float | None
    frequency_f1: float | None

    def as_dict(self) -> dict[str, Any]:
        """The figures as plain numbers."""
        return asdict(self)


def measure_agreement(
    strength: Doubles, linked: Bools, frequency: Doubles, official: Bools, compared: Bools
) -> Agreement:
    """Measure some cells against the official matrix.

    The bootstrap draws whole action lines, since one facilitator filled each row; where only
    one line is compared it draws cells.

    Args:
        strength: ``(r, k)``, the order of the cells.
        linked: ``(r, k)``, the cells that the text links.
        frequency: ``(r, k)``, the order that the labels' frequencies alone would give.
        official: ``(r, k)``, the cells that the official matrix links.
        compared: ``(r, k)``, the cells to take into account.
    """
    order, often = strength[compared], frequency[compared]
    said, true = linked[compared], official[compared]
    n, positives, links = len(true), int(true.sum()), int(said.sum())
    both = int((said & true).sum())
    draws = _draws(compared)
    whole = np.ones((1, n))

    def bounded(measure: Callable[[Doubles], Doubles]) -> Bounded | None:
        value = float(measure(whole)[0]) if n else np.nan
        if np.isnan(value):
            return None
        values = measure(draws)
        tail = (1 - CONFIDENCE) / 2
        low, high = np.nanquantile(values, [tail, 1 - tail])
        return Bounded(value, float(low), float(high))

    def single(measure: Callable[[Doubles], Doubles]) -> float | None:
        value = float(measure(whole)[0]) if n else np.nan
        return None if np.isnan(value) else value

    predicted = top_cells(often, links)
    return Agreement(
        cells=n,
        official=positives,
        text=links,
        agree=both,
        precision=bounded(lambda w: _divide(w @ (said & true), w @ said)),
        recall=bounded(lambda w: _divide(w @ (said & true), w @ true)),
        f1=bounded(lambda w: f1_scores(said, true, w)),
        kappa=bounded(lambda w: kappas(said, true, w)),
        average_precision=bounded(lambda w: average_precisions(order, true, w)),
        chance_average_precision=chance_average_precision(n, positives),
        chance_f1=2 * links * positives / n / (links + positives) if links + positives else None,
        everything_f1=2 * positives / (n + positives) if positives else None,
        frequency_average_precision=single(lambda w: average_precisions(often, true, w)),
        frequency_f1=single(lambda w: f1_scores(predicted, true, w)),
    )


def f1_scores(said: Bools, true: Bools, weights: Doubles) -> Doubles:
    """F1 ``(m,)`` under weights ``(m, c)``; nan where nothing is said or true."""
    return _divide(2 * (weights @ (said & true)), weights @ said + weights @ true)


def kappas(said: Bools, true: Bools, weights: Doubles) -> Doubles:
    """Cohen's kappa ``(m,)`` under weights ``(m, c)``; nan where agreement cannot but be whole."""
    total = weights.sum(axis=1)
    agreed = _divide(weights @ (said == true), total)
    yes, official = _divide(weights @ said, total), _divide(weights @ true, total)
    by_chance = yes * official + (1 - yes) * (1 - official)
    return _divide(agreed - by_chance, 1 - by_chance)


def average_precisions(scores: Doubles, true: Bools, weights: Doubles) -> Doubles:
    """Average precision ``(m,)`` under weights ``(m, c)``; nan where nothing is true.

    Ties count as one step. The definition is scikit-learn's ``average_precision_score`` with
    sample weights.
    """
    order = np.argsort(-scores, kind="stable")
    last_of_tie = np.append(np.diff(scores[order]) != 0, True)
    hits = np.cumsum(weights[:, order] * true[order], axis=1)[:, last_of_tie]
    places = np.cumsum(weights[:, order], axis=1)[:, last_of_tie]
    precision = np.divide(hits, places, out=np.zeros_like(hits), where=places > 0)
    gains = np.diff(hits, prepend=0.0, axis=1)
    return _divide((gains * precision).sum(axis=1), hits[:, -1])


def chance_average_precision(cells: int, positives: int) -> float | None:
    """The expected average precision of a random order of the cells; ``None`` without positives."""
    if positives == 0:
        return None
    if cells == 1:
        return 1.0
    share = (positives - 1) / (cells - 1)
    harmonic = float((1 / np.arange(1, cells + 1)).sum())
    return share + (1 - share) * harmonic / cells


def top_cells(scores: Doubles, most: int) -> Bools:
    """The cells of highest score, ``most`` of them, earlier ones first among equals."""
    chosen = np.zeros(len(scores), bool)
    chosen[np.argsort(-scores, kind="stable")[:most]] = True
    return chosen


def _draws(compared: Bools) -> Doubles:
    random = np.random.default_rng(SEED)
    lines = np.flatnonzero(compared.any(axis=1))
    if len(lines) > 1:
        times = random.multinomial(len(lines), np.full(len(lines), 1 / len(lines)), RESAMPLES)
        return times[:, np.repeat(np.arange(len(lines)), compared[lines].sum(axis=1))].astype(float)
    n = int(compared.sum())
    if n == 0:
        return np.zeros((RESAMPLES, 0))
    return random.multinomial(n, np.full(n, 1 / n), RESAMPLES).astype(float)


def _divide(above: Doubles, below: Doubles) -> Doubles:
    values: Doubles = np.full(len(above), np.nan)
    np.divide(above, below, out=values, where=below > 0)
    return values
