"""The ablation: what each step of the classifier adds, on the same folds."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from wsis_sdg.retrain import fold_encoders
from wsis_sdg.scorer import Floats, fit_logistic
from wsis_sdg.taxonomy import KINDS, columns_of
from wsis_sdg.training import (
    FOLDS,
    INVERSE_REGULARIZATION,
    Report,
    TrainingSet,
    fit_scorer_on,
)
from wsis_sdg.windows import combine_windows, split_windows
from wsis_sdg_evaluation.baselines import decide_across
from wsis_sdg_evaluation.metrics import precision_recall_f1

ON_PLAIN = (
    "embedding and logistic regression",
    "and definitions and phrases as examples",
    "and the vote of neighbours",
    "and windows of clauses",
    "and the words",
)
ON_ADAPTED = "and the adapted encoder"


def ablate(data: TrainingSet, head_folder: Path, *, report: Report) -> list[dict[str, Any]]:
    """Cross-validated micro-F1 per label space, one row a step, each step on top of the last.

    Args:
        data: The training set; rows held apart are left out.
        head_folder: The folder of the head with its adapters.
        report: Called with a line of progress.
    """
    folds = data.folds
    logits: dict[str, Floats] = {}
    for step in (*ON_PLAIN, ON_ADAPTED):
        logits[step] = np.zeros(data.truth.shape, np.float32)
    for fold in range(FOLDS):
        report(f"ablation: fold {fold + 1} of {FOLDS}")
        unseen = np.flatnonzero(folds == fold)
        for adapted in (False, True):
            for step, scores in _fold_scores(data, head_folder, fold, adapted=adapted).items():
                logits[step][unseen] = scores
    rows = ~data.held_apart
    steps: list[dict[str, Any]] = []
    for step, values in logits.items():
        said = decide_across(step, values[rows], data.truth[rows], folds[rows])
        f1: dict[str, float] = {
            kind: precision_recall_f1(
                said.given[:, columns_of(kind)], data.truth[rows][:, columns_of(kind)] > 0
            )[2]
            for kind in KINDS
        }
        steps.append({"step": step, **f1})
    return steps


def _fold_scores(
    data: TrainingSet, head_folder: Path, fold: int, *, adapted: bool
) -> dict[str, Floats]:
    folds = data.folds
    seen = np.flatnonzero((folds >= 0) & (folds != fold))
    units = split_windows(data.texts_of(np.flatnonzero(folds == fold)))
    encoder = fold_encoders(data, head_folder, adapted=adapted)(fold)
    known = encoder.encode(data.lessons(seen))
    vectors = encoder.encode(units.texts)
    scorer = fit_scorer_on(known, data, seen)
    full = combine_windows(scorer.logits(vectors, units.texts), units)
    if adapted:
        return {ON_ADAPTED: full}
    whole = vectors[: units.count]
    coefficients, intercepts = fit_logistic(
        known[: len(seen)], data.truth[seen], inverse_regularization=INVERSE_REGULARIZATION
    )
    undefined = whole @ coefficients.T + intercepts
    wordless = scorer.planes(vectors) + scorer.vote(vectors)
    windowed = combine_windows(wordless, units)
    given = (undefined, scorer.planes(whole), wordless[: units.count], windowed, full)
    return dict(zip(ON_PLAIN, given, strict=True))
