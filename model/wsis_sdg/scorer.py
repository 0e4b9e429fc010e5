"""Texts and embeddings to log-odds: logistic regression, a vote of neighbours, and words.

Logistic regression draws one plane a label through all paragraphs. Labels with a handful of very
unlike sub-topics do not fit behind one plane, so the nearest labelled paragraphs vote as well;
and what the embedding blurs, the words themselves may say. The three log-odds are added.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from wsis_sdg.errors import HeadError
from wsis_sdg.lexicon import Lexicon

Floats = NDArray[np.float32]

NEIGHBOURS: Final = 20
"""How many of the most similar examples vote."""
SHARPNESS: Final = 20.0
"""A vote's weight is ``exp(SHARPNESS * (cosine - the best cosine))``."""
SMOOTHING: Final = 0.01
"""Added to both shares of the vote, so that its log-odds stay within 4.6 of zero."""
LEXICON_SHARE: Final = 0.7
"""What the log-odds of the words count for beside those of the embedding."""


@dataclass(frozen=True, slots=True)
class Scorer:
    """Logistic regression, the examples that vote beside it, and the words.

    Attributes:
        coefficients: ``(204, d)`` float32, one row a label, columns as the encoder's dimensions.
        intercepts: ``(204,)`` float32.
        examples: ``(m, d)`` float16, unit embeddings of labelled paragraphs, then of definitions.
        example_labels: ``(m, 204)`` bool.
        lexicon: Logistic regression on the words.
    """

    coefficients: Floats
    intercepts: Floats
    examples: NDArray[np.float16]
    example_labels: NDArray[np.bool_]
    lexicon: Lexicon

    def logits(self, embeddings: Floats, texts: Sequence[str]) -> Floats:
        """Uncalibrated log-odds.

        Args:
            embeddings: ``(n, d)`` rows of unit length, as the encoder gives them.
            texts: The ``n`` texts behind them.

        Returns:
            ``(n, 204)`` log-odds, columns as ``LABELS``.
        """
        words = np.float32(LEXICON_SHARE) * self.lexicon.logits(texts)
        return self.planes(embeddings) + self.vote(embeddings) + words

    def planes(self, embeddings: Floats) -> Floats:
        """Log-odds ``(n, 204)`` by logistic regression alone."""
        return np.asarray(embeddings @ self.coefficients.T + self.intercepts, dtype=np.float32)

    def vote(self, embeddings: Floats) -> Floats:
        """Log-odds ``(n, 204)`` of the share of similar examples that carry each label."""
        rows, cosines = self.nearest(embeddings, count=NEIGHBOURS)
        weights = np.exp(SHARPNESS * (cosines - cosines[:, :1]))
        weights /= weights.sum(axis=1, keepdims=True)
        shares = np.einsum("nk,nkl->nl", weights, self.example_labels[rows].astype(np.float32))
        return np.asarray(np.log((shares + SMOOTHING) / (1 + SMOOTHING - shares)), dtype=np.float32)

    def nearest(self, embeddings: Floats, *, count: int) -> tuple[NDArray[np.int64], Floats]:
        """Rows ``(n, count)`` of the most similar examples and their cosines, best first."""
        cosines = embeddings @ self.examples.astype(np.float32).T
        count = min(count, cosines.shape[1])
        # Stable, so that equal cosines fall the same way on every machine.
        rows = np.argsort(-cosines, axis=1, kind="stable")[:, :count]
        return rows, np.take_along_axis(cosines, rows, axis=1)


def sigmoid(logits: Floats) -> Floats:
    """The logistic function, without overflow at large negative log-odds."""
    return np.asarray(0.5 * (1.0 + np.tanh(0.5 * logits)), dtype=np.float32)


def fit_logistic(
    embeddings: Floats,
    truth: Floats,
    *,
    inverse_regularization: float,
    weights: Floats | None = None,
    max_iterations: int = 1000,
    tolerance: float = 1e-5,
) -> tuple[Floats, Floats]:
    """Fit one logistic regression per label, all labels in one L-BFGS run.

    The objective of each label is scikit-learn's ``LogisticRegression`` with an l2 penalty,
    ``C * sum(log-loss) + 0.5 * |w|^2`` with a free intercept. The labels do not interact, so
    one joint run reaches the same minimum as 204 separate ones in a fraction of the time.

    Args:
        embeddings: ``(n, d)``.
        truth: ``(n, k)`` of zeros and ones.
        inverse_regularization: scikit-learn's ``C``.
        weights: ``(n,)`` weights of the rows; all one when not given.
        max_iterations: Upper bound on L-BFGS iterations.
        tolerance: Largest gradient entry, relative to ``C``, at which the fit has converged.

    Returns:
        Coefficients ``(k, d)`` and intercepts ``(k,)``.

    Raises:
        HeadError: When the shapes do not belong together.
    """
    from scipy.optimize import minimize

    n, d = embeddings.shape
    k = truth.shape[1]
    if len(truth) != n:
        raise HeadError(f"{n} embeddings with {len(truth)} rows of labels", "pass one row each")
    row_weights = np.ones(n, np.float32) if weights is None else weights
    column_weights = row_weights[:, None]
    signs = (2.0 * truth - 1.0).astype(np.float32)
    # Dividing the objective by C keeps gradients of the same size whatever C is.
    decay = 1.0 / inverse_regularization

    def objective(flat: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        parameters = flat.reshape(k, d + 1)
        coefficients = parameters[:, :d].astype(np.float32)
        margins = signs * (embeddings @ coefficients.T + parameters[:, d].astype(np.float32))
        losses = np.logaddexp(np.float32(0), -margins) * column_weights
        slope = -signs * sigmoid(-margins) * column_weights
        gradient = np.empty_like(parameters)
        gradient[:, :d] = slope.T @ embeddings + decay * parameters[:, :d]
        gradient[:, d] = slope.sum(axis=0)
        penalty = 0.5 * decay * float((parameters[:, :d] ** 2).sum())
        return float(losses.sum(dtype=np.float64)) + penalty, gradient.ravel()

    start = np.zeros((k, d + 1))
    share = np.clip(np.average(truth, axis=0, weights=row_weights), 1e-4, 1 - 1e-4)
    start[:, d] = np.log(share / (1 - share))
    found = minimize(
        objective,
        start.ravel(),
        jac=True,
        method="L-BFGS-B",
        options={
            "maxiter": max_iterations,
            "maxfun": 2 * max_iterations,
            "gtol": tolerance,
            "ftol": 1e-10,
            "maxcor": 20,
        },
    )
    parameters = found.x.reshape(k, d + 1).astype(np.float32)
    return parameters[:, :d].copy(), parameters[:, d].copy()
