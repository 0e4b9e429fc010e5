"""From labelled texts to a head: embeddings, grouped cross-validation, calibration, thresholds.

Everything a head holds beyond its coefficients is learnt from scores that were given to
paragraphs by models which had not seen them, nor any paragraph of the same theme.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from wsis_sdg.encoder import Encoder
from wsis_sdg.errors import HeadError
from wsis_sdg.head import Head
from wsis_sdg.lexicon import fit_lexicon
from wsis_sdg.scorer import Floats, Scorer, fit_logistic, sigmoid
from wsis_sdg.taxonomy import COLUMN, KINDS, LABELS, columns_of
from wsis_sdg.windows import combine_windows, split_windows

Report = Callable[[str], None]

FOLDS: Final = 3
FOLD_SEED: Final = 2030
INVERSE_REGULARIZATION: Final = 2.5
DEFINITION_WEIGHT: Final = 2.0
"""How many paragraphs one definition counts for in the logistic regression."""
SHRINKAGE: Final = 30.0
"""A label with this many positive paragraphs has a threshold halfway to its space's."""


@dataclass(frozen=True, slots=True)
class Decision:
    """What turns log-odds into tags: Platt calibration and thresholds, ``(204,)`` each."""

    slopes: Floats
    offsets: Floats
    thresholds: Floats


def label_matrix(code_lists: Sequence[Sequence[str]]) -> Floats:
    """Codes as ``(n, 204)`` zeros and ones; a target sets its goal too.

    Raises:
        HeadError: At a code that the taxonomy does not hold.
    """
    truth: Floats = np.zeros((len(code_lists), len(LABELS)), np.float32)
    for row, codes in enumerate(code_lists):
        for code in codes:
            if code not in COLUMN:
                raise HeadError(
                    f"row {row} is labelled {code!r}, which is no label",
                    "correct the labelled data; 'wsis-sdg labels' lists all codes",
                )
            truth[row, COLUMN[code]] = 1.0
            goal = LABELS[COLUMN[code]].goal
            if goal is not None:
                truth[row, COLUMN[goal]] = 1.0
    return truth


def assign_folds(groups: Sequence[str], *, folds: int = FOLDS) -> NDArray[np.int64]:
    """Give every row the number of the fold that holds it out; a group never straddles two."""
    from sklearn.model_selection import GroupKFold

    numbers = np.zeros(len(groups), dtype=np.int64)
    splitter = GroupKFold(n_splits=folds, shuffle=True, random_state=FOLD_SEED)
    for fold, (_, held_out) in enumerate(splitter.split(np.zeros(len(groups)), groups=groups)):
        numbers[held_out] = fold
    return numbers


def fit_decision(logits: Floats, truth: Floats) -> Decision:
    """Calibrate and choose thresholds on out-of-fold log-odds.

    Args:
        logits: ``(n, 204)`` log-odds of rows that the model behind them had not seen.
        truth: ``(n, 204)`` zeros and ones.

    Returns:
        Per label space one Platt slope and offset, and per label the threshold of highest F1,
        drawn towards its space's threshold the more, the fewer positive rows it has.
    """
    slopes: Floats = np.ones(len(LABELS), np.float32)
    offsets: Floats = np.zeros(len(LABELS), np.float32)
    thresholds: Floats = np.full(len(LABELS), 0.5, np.float32)
    for kind in KINDS:
        space = columns_of(kind)
        slope, offset = _platt(logits[:, space].ravel(), truth[:, space].ravel())
        slopes[space], offsets[space] = slope, offset
        probabilities = sigmoid(slope * logits[:, space] + offset)
        common = best_threshold(probabilities.ravel(), truth[:, space].ravel())
        for column in range(space.start, space.stop):
            own = best_threshold(probabilities[:, column - space.start], truth[:, column])
            positives = float(truth[:, column].sum())
            share = positives / (positives + SHRINKAGE)
            thresholds[column] = share * own + (1 - share) * common
    return Decision(slopes, offsets, thresholds)


def cross_fitted_decisions(
    logits: Floats, truth: Floats, folds: NDArray[np.int64]
) -> list[Decision]:
    """For every fold the calibration and thresholds learnt on the other folds alone."""
    return [
        fit_decision(logits[folds != fold], truth[folds != fold])
        for fold in range(int(folds.max()) + 1)
    ]


def best_threshold(probabilities: Floats, truth: Floats) -> float:
    """The probability from which saying yes gives the highest F1; 0.5 where nothing is true."""
    order = np.argsort(-probabilities, kind="stable")
    hits = np.cumsum(truth[order])
    if not hits.size or hits[-1] == 0:
        return 0.5
    f1 = 2 * hits / (np.arange(1, len(hits) + 1) + hits[-1])
    best = int(np.argmax(f1))
    following = probabilities[order[min(best + 1, len(order) - 1)]]
    return float((probabilities[order[best]] + following) / 2)


@dataclass(frozen=True, slots=True)
class TrainingSet:
    """What a head is fitted on.

    Attributes:
        texts: ``n`` paragraphs.
        truth: ``(n, 204)`` zeros and ones.
        groups: ``n`` theme groups; a group is held out as a whole.
        held_apart: ``(n,)``, true for rows that only the final coefficients learn from: no
            adapter, calibration or threshold ever sees them.
        definitions: ``k`` short descriptions of labels: titles and sub-topics.
        definition_truth: ``(k, 204)`` zeros and ones.
    """

    texts: Sequence[str]
    truth: Floats
    groups: Sequence[str]
    held_apart: NDArray[np.bool_]
    definitions: Sequence[str]
    definition_truth: Floats

    @property
    def folds(self) -> NDArray[np.int64]:
        """Fold of every row, -1 for the rows held apart."""
        numbers = np.full(len(self.texts), -1, dtype=np.int64)
        rows = np.flatnonzero(~self.held_apart)
        numbers[rows] = assign_folds([self.groups[int(row)] for row in rows])
        return numbers

    def texts_of(self, rows: NDArray[np.int64]) -> list[str]:
        """The texts of some rows."""
        return [self.texts[int(row)] for row in rows]


def fit_adapters(
    data: TrainingSet, folder: Path, folds_folder: Path, *, report: Report, encoder: str
) -> None:
    """Fit the adapter that is shipped, and one a fold that has not seen the fold.

    The definitions of all labels stand among the rows of each.

    Args:
        data: The rows held apart are seen by no adapter.
        folder: Where the shipped adapter goes.
        folds_folder: Where the folds' adapters go, in folders named by :func:`fold_adapter`.
        report: Called with a line of progress.
        encoder: Name or folder of the encoder.
    """
    from wsis_sdg.adapter import fit_adapter

    folds = data.folds
    for fold in range(-1, FOLDS):
        rows = np.flatnonzero((folds >= 0) & (folds != fold))
        report(f"adapter {'for all' if fold < 0 else f'without fold {fold}'}: {len(rows)} rows")
        fit_adapter(
            [*data.texts_of(rows), *data.definitions],
            np.concatenate([data.truth[rows], data.definition_truth]),
            folder if fold < 0 else fold_adapter(folds_folder, fold),
            encoder=encoder,
            report=report,
        )


def fold_adapter(folder: Path, fold: int) -> Path:
    """The folder of the adapter that has not seen a fold."""
    return folder / f"fold-{fold}"


def out_of_fold_logits(
    data: TrainingSet, encoders: Callable[[int], Encoder], *, report: Report
) -> Floats:
    """Log-odds ``(n, 204)`` of every row by an adapter and a head that have not seen its fold.

    Args:
        data: Rows held apart have log-odds of zero.
        encoders: Gives the encoder for a fold, see :func:`fold_encoders`.
        report: Called with a line of progress.
    """
    folds = data.folds
    logits: Floats = np.zeros(data.truth.shape, np.float32)
    for fold in range(FOLDS):
        report(f"scoring fold {fold + 1} of {FOLDS}")
        encoder = encoders(fold)
        seen = np.flatnonzero((folds >= 0) & (folds != fold))
        unseen = np.flatnonzero(folds == fold)
        scorer = fit_scorer(data, seen, encoder)
        logits[unseen] = score_texts(data.texts_of(unseen), encoder, scorer)
    return logits


def fit_scorer(data: TrainingSet, rows: NDArray[np.int64], encoder: Encoder) -> Scorer:
    """Fit a scorer on some rows and on the definitions of all labels."""
    embeddings = encoder.encode([*data.texts_of(rows), *data.definitions])
    return fit_scorer_on(embeddings, data, rows)


def fit_scorer_on(embeddings: Floats, data: TrainingSet, rows: NDArray[np.int64]) -> Scorer:
    """Fit a scorer on embeddings of some rows, then of all definitions."""
    truth = np.concatenate([data.truth[rows], data.definition_truth])
    weights = np.ones(len(truth), np.float32)
    weights[len(rows) :] = DEFINITION_WEIGHT
    coefficients, intercepts = fit_logistic(
        embeddings, truth, inverse_regularization=INVERSE_REGULARIZATION, weights=weights
    )
    lexicon = fit_lexicon([*data.texts_of(rows), *data.definitions], truth, weights)
    return Scorer(coefficients, intercepts, embeddings.astype(np.float16), truth > 0, lexicon)


def score_texts(texts: Sequence[str], encoder: Encoder, scorer: Scorer) -> Floats:
    """Log-odds ``(n, 204)`` of texts, their windows combined as the tagger does it."""
    units = split_windows(texts)
    return combine_windows(scorer.logits(encoder.encode(units.texts), units.texts), units)


def fit_head(
    data: TrainingSet,
    encoder: Encoder,
    decision: Decision,
    *,
    facts: dict[str, Any],
    apart: bool = True,
) -> Head:
    """Fit the final coefficients and join them with calibration and thresholds.

    Args:
        data: The training set.
        encoder: The adapted encoder.
        decision: From out-of-fold log-odds.
        facts: What the head's JSON says of its training.
        apart: Learn from the rows held apart too. Figures reported on those rows come from a
            head fitted with ``apart=False``.
    """
    rows = np.arange(len(data.texts)) if apart else np.flatnonzero(~data.held_apart)
    return Head(
        scorer=fit_scorer(data, rows, encoder),
        slopes=decision.slopes,
        offsets=decision.offsets,
        thresholds=decision.thresholds,
        encoder=encoder.identity,
        training=facts,
    )


def _platt(logits: Floats, truth: Floats) -> tuple[float, float]:
    slope, offset = fit_logistic(
        logits[:, None].astype(np.float32),
        truth[:, None].astype(np.float32),
        inverse_regularization=1e6,
    )
    return float(slope[0, 0]), float(offset[0])


def micro_f1(decision: Decision, logits: Floats, truth: Floats) -> dict[str, float]:
    """Micro-F1 per label space of thresholded log-odds ``(n, 204)`` against the truth."""
    given = sigmoid(decision.slopes * logits + decision.offsets) >= decision.thresholds
    scores: dict[str, float] = {}
    for kind in KINDS:
        space = columns_of(kind)
        both = float((given[:, space] & (truth[:, space] > 0)).sum())
        total = float(given[:, space].sum() + truth[:, space].sum())
        scores[f"micro_f1_{kind}"] = round(2 * both / total, 4) if total else 0.0
    return scores
