"""The classifier on top of the embedding: one-vs-rest logistic regression for 204 labels.

A head is plain numbers: coefficients, calibration and thresholds in an ``.npz`` without
pickle, and a JSON beside it that pins what the numbers belong to. Loading checks all of it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from wsis_sdg.errors import HeadError
from wsis_sdg.taxonomy import LABELS

Floats = NDArray[np.float32]

FORMAT_VERSION: Final = 1
NUMBERS_FILE: Final = "head.npz"
FACTS_FILE: Final = "head.json"
ARRAYS: Final = ("coefficients", "intercepts", "slopes", "offsets", "thresholds")


@dataclass(frozen=True, slots=True)
class Head:
    """Logistic regression, calibration and thresholds for every label.

    Attributes:
        coefficients: ``(204, d)``, one row a label, columns as the encoder's dimensions.
        intercepts: ``(204,)``.
        slopes: ``(204,)``; the calibrated logit is ``slope * logit + offset`` (Platt).
        offsets: ``(204,)``.
        thresholds: ``(204,)``; a label is given from this calibrated probability upwards.
        encoder: Name, weight hash and adapter hash of the encoder it was fitted on.
        training: How it was fitted: hash of the training data, number of paragraphs, options.
    """

    coefficients: Floats
    intercepts: Floats
    slopes: Floats
    offsets: Floats
    thresholds: Floats
    encoder: Mapping[str, str]
    training: Mapping[str, Any]

    def logits(self, embeddings: Floats) -> Floats:
        """Uncalibrated log-odds.

        Args:
            embeddings: ``(n, d)`` as the encoder gives them.

        Returns:
            ``(n, 204)`` log-odds, columns as ``LABELS``.
        """
        return np.asarray(embeddings @ self.coefficients.T + self.intercepts, dtype=np.float32)

    def probabilities(self, logits: Floats) -> Floats:
        """Calibrated probabilities ``(n, 204)`` of uncalibrated log-odds ``(n, 204)``."""
        return sigmoid(self.slopes * logits + self.offsets)


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


def save_head(head: Head, folder: Path) -> None:
    """Write a head as ``head.npz`` and ``head.json`` into ``folder``."""
    folder.mkdir(parents=True, exist_ok=True)
    numbers = folder / NUMBERS_FILE
    np.savez(numbers, allow_pickle=False, **{name: getattr(head, name) for name in ARRAYS})
    facts = {
        "format_version": FORMAT_VERSION,
        "numbers_sha256": file_sha256(numbers),
        "labels": [label.code for label in LABELS],
        "encoder": dict(head.encoder),
        "training": dict(head.training),
    }
    (folder / FACTS_FILE).write_text(json.dumps(facts, indent=1) + "\n", encoding="utf-8")


def load_head(folder: Path) -> Head:
    """Read a head and check every fact that its numbers rest on.

    Raises:
        HeadError: When a file is missing, was altered, or belongs to another format or to
            another set of labels; the message says which and what to do.
    """
    remedy = "restore the folder from the package, or run 'wsis-sdg train'"
    try:
        facts = json.loads((folder / FACTS_FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise HeadError(f"{folder / FACTS_FILE} cannot be read ({error})", remedy) from error
    if not isinstance(facts, dict) or facts.get("format_version") != FORMAT_VERSION:
        raise HeadError(f"{folder / FACTS_FILE} is not of format {FORMAT_VERSION}", remedy)
    numbers = folder / NUMBERS_FILE
    if not numbers.is_file():
        raise HeadError(f"{numbers} is missing", remedy)
    if file_sha256(numbers) != facts.get("numbers_sha256"):
        raise HeadError(f"{numbers} was altered after it was saved", remedy)
    if facts.get("labels") != [label.code for label in LABELS]:
        raise HeadError(f"{folder} was trained for other labels than this version has", remedy)
    with np.load(numbers, allow_pickle=False) as stored:
        arrays = {name: stored[name] for name in ARRAYS}
    return Head(**arrays, encoder=facts["encoder"], training=facts["training"])


def file_sha256(path: Path) -> str:
    """The SHA-256 of a file's bytes as lower-case hexadecimal digits."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
