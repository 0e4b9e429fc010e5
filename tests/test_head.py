"""The head: the joint fit against scikit-learn, and what is saved is what is loaded."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression

from wsis_sdg.errors import HeadError
from wsis_sdg.head import Head, fit_logistic, load_head, save_head
from wsis_sdg.taxonomy import LABELS

IDENTITY = {"name": "tiny", "weights_sha256": "00", "adapter_sha256": ""}


@pytest.fixture
def head() -> Head:
    random = np.random.default_rng(1)
    n = len(LABELS)
    numbers = {
        name: random.normal(size=n).astype(np.float32)
        for name in ("intercepts", "slopes", "offsets", "thresholds")
    }
    coefficients = random.normal(size=(n, 6)).astype(np.float32)
    return Head(coefficients=coefficients, **numbers, encoder=IDENTITY, training={"paragraphs": 3})


@pytest.mark.parametrize("weighted", [False, True])
def test_joint_fit_is_scikit_learns(weighted: bool) -> None:
    random = np.random.default_rng(0)
    x = random.normal(size=(300, 8)).astype(np.float32)
    y = (x @ random.normal(size=(8, 5)) + random.normal(size=(300, 5)) > 0.8).astype(np.float32)
    weights = random.uniform(0.5, 2, size=300).astype(np.float32) if weighted else None
    coefficients, intercepts = fit_logistic(x, y, inverse_regularization=3.0, weights=weights)
    for column in range(5):
        reference = LogisticRegression(C=3.0, tol=1e-8, max_iter=2000)
        reference.fit(x, y[:, column], sample_weight=weights)
        np.testing.assert_allclose(coefficients[column], reference.coef_[0], atol=2e-3)
        np.testing.assert_allclose(intercepts[column], reference.intercept_[0], atol=2e-3)


def test_a_label_without_positives_has_low_scores() -> None:
    x = np.random.default_rng(0).normal(size=(50, 4)).astype(np.float32)
    coefficients, intercepts = fit_logistic(
        x, np.zeros((50, 1), np.float32), inverse_regularization=10.0
    )
    assert np.all(x @ coefficients.T + intercepts < -2)


def test_saved_is_loaded(head: Head, tmp_path: Path) -> None:
    save_head(head, tmp_path)
    loaded = load_head(tmp_path)
    x = np.random.default_rng(2).normal(size=(4, 6)).astype(np.float32)
    np.testing.assert_array_equal(
        loaded.probabilities(loaded.logits(x)), head.probabilities(head.logits(x))
    )
    np.testing.assert_array_equal(loaded.thresholds, head.thresholds)
    assert (loaded.encoder, loaded.training) == (head.encoder, head.training)


def test_altered_bytes_are_noticed(head: Head, tmp_path: Path) -> None:
    save_head(head, tmp_path)
    numbers = tmp_path / "head.npz"
    data = bytearray(numbers.read_bytes())
    data[200] ^= 1
    numbers.write_bytes(data)
    with pytest.raises(HeadError, match="was altered"):
        load_head(tmp_path)


@pytest.mark.parametrize(
    ("fact", "value", "words"),
    [("format_version", 99, "not of format"), ("labels", ["1"], "other labels")],
)
def test_foreign_heads_are_refused(
    head: Head, tmp_path: Path, fact: str, value: object, words: str
) -> None:
    save_head(head, tmp_path)
    file = tmp_path / "head.json"
    file.write_text(json.dumps(json.loads(file.read_text()) | {fact: value}))
    with pytest.raises(HeadError, match=words):
        load_head(tmp_path)


def test_missing_files_are_named(head: Head, tmp_path: Path) -> None:
    with pytest.raises(HeadError, match=r"head\.json cannot be read"):
        load_head(tmp_path)
    save_head(head, tmp_path)
    (tmp_path / "head.npz").unlink()
    with pytest.raises(HeadError, match=r"head\.npz is missing"):
        load_head(tmp_path)
