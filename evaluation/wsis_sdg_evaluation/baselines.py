"""What the classifier is held against: systems that need no adapted encoder.

Each is fitted or thresholded on the same folds as the classifier itself.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from wsis_sdg.decision import Decision, cross_fitted_decisions, fit_decision, raise_goals
from wsis_sdg.encoder import Encoder
from wsis_sdg.lexicon import fit_lexicon
from wsis_sdg.scorer import Floats
from wsis_sdg.taxonomy import LABELS
from wsis_sdg.training import TrainingSet
from wsis_sdg_evaluation.report import Predictions

FitScore = Callable[[NDArray[np.int64], NDArray[np.int64]], Floats]
"""Fits on the first rows and gives log-odds ``(m, 204)`` of the second."""

_WORD: Final = re.compile(r"[a-z]{3,}")
_STOP: Final = frozenset(
    {"and", "the", "for", "all", "with", "from", "into", "their", "its", "end"}
)
_STEM: Final = 6


def nothing(n: int) -> Predictions:
    """The system that never gives a label."""
    empty = np.zeros((n, len(LABELS)))
    return Predictions("nothing", empty.astype(np.float32), empty.astype(bool))


def keyword_rules(texts: Sequence[str]) -> Predictions:
    """A label is given where every content word of its title stands in the text, by stem."""
    titles = [_stems(label.title) for label in LABELS]
    scores: Floats = np.zeros((len(texts), len(LABELS)), np.float32)
    for row, text in enumerate(texts):
        stems = _stems(text)
        for column, title in enumerate(titles):
            scores[row, column] = len(title & stems) / len(title)
    return Predictions("keyword rules", scores, raise_goals(scores >= 1.0))


def tfidf_fit_score(data: TrainingSet) -> FitScore:
    """TF-IDF of words and word pairs with logistic regression: the lexicon on its own."""

    def fit_score(seen: NDArray[np.int64], unseen: NDArray[np.int64]) -> Floats:
        weights = np.ones(len(seen), np.float32)
        lexicon = fit_lexicon(data.texts_of(seen), data.truth[seen], weights)
        return lexicon.logits(data.texts_of(unseen))

    return fit_score


def title_fit_score(data: TrainingSet, encoder: Encoder) -> FitScore:
    """Cosine between the bare encoder's vectors of the text and of the label's title."""
    titles = encoder.encode([label.title for label in LABELS])

    def fit_score(seen: NDArray[np.int64], unseen: NDArray[np.int64]) -> Floats:
        del seen  # nothing is fitted
        vectors = encoder.encode(data.texts_of(unseen))
        # Cosines on the scale of log-odds, for the same calibration as every other system.
        return np.asarray(10.0 * (vectors @ titles.T) - 5.0, dtype=np.float32)

    return fit_score


def cross_validate(
    name: str, data: TrainingSet, fit_score: FitScore
) -> tuple[Predictions, Decision]:
    """Out-of-fold predictions of a system, and the decision that all folds give together.

    The rows held apart are left out; whoever scores them uses that decision.
    """
    folds = data.folds
    logits: Floats = np.zeros(data.truth.shape, np.float32)
    for fold in range(int(folds.max()) + 1):
        unseen = np.flatnonzero(folds == fold)
        logits[unseen] = fit_score(np.flatnonzero((folds >= 0) & (folds != fold)), unseen)
    rows = ~data.held_apart
    said = decide_across(name, logits[rows], data.truth[rows], folds[rows])
    return said, fit_decision(logits[rows], data.truth[rows])


def decide(name: str, logits: Floats, decision: Decision) -> Predictions:
    """Log-odds to predictions, by calibration, thresholds and the goal hierarchy."""
    scores = decision.probabilities(logits)
    return Predictions(name, scores, decision.given(scores))


def decide_across(
    name: str, logits: Floats, truth: Floats, folds: NDArray[np.int64]
) -> Predictions:
    """Out-of-fold log-odds to predictions, each fold by a decision learnt on the others."""
    scores: Floats = np.zeros(truth.shape, np.float32)
    given = np.zeros(truth.shape, bool)
    for fold, decision in enumerate(cross_fitted_decisions(logits, truth, folds)):
        said = decide(name, logits[folds == fold], decision)
        scores[folds == fold], given[folds == fold] = said.scores, said.given
    return Predictions(name, scores, given)


def _stems(text: str) -> set[str]:
    return {word[:_STEM] for word in _WORD.findall(text.lower()) if word not in _STOP}
