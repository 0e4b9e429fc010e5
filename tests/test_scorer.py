"""The joint fit against scikit-learn, and the vote of neighbours on vectors made by hand."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression

from wsis_sdg.errors import HeadError
from wsis_sdg.lexicon import Lexicon
from wsis_sdg.scorer import LEXICON_SHARE, SHARPNESS, SMOOTHING, Scorer, fit_logistic, sigmoid

LARGEST_VOTE = np.log((1 + SMOOTHING) / SMOOTHING)


def _scorer(examples: list[list[float]], labels: list[list[int]]) -> Scorer:
    return Scorer(
        coefficients=np.array([[1.0, 0.0], [0.0, -2.0]], np.float32),
        intercepts=np.array([0.5, 0.0], np.float32),
        examples=np.array(examples, np.float16),
        example_labels=np.array(labels, bool),
        lexicon=Lexicon.from_arrays(
            terms=np.frombuffer(b"forest", np.uint8),
            inverse_frequencies=np.ones(1, np.float32),
            term_coefficients=np.array([[2], [-1]], np.float16),
            term_intercepts=np.array([1, 0], np.float32),
        ),
    )


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


@pytest.mark.parametrize("strength", [0.1, 2.5, 100.0])
def test_joint_fit_at_other_strengths(strength: float) -> None:
    random = np.random.default_rng(3)
    x = random.normal(size=(120, 4)).astype(np.float32)
    y = (x[:, :2] + random.normal(size=(120, 2)) > 0).astype(np.float32)
    coefficients, _ = fit_logistic(x, y, inverse_regularization=strength)
    for column in range(2):
        reference = LogisticRegression(C=strength, tol=1e-8, max_iter=2000).fit(x, y[:, column])
        np.testing.assert_allclose(coefficients[column], reference.coef_[0], atol=5e-3)


def test_a_label_does_not_depend_on_the_others() -> None:
    random = np.random.default_rng(4)
    x = random.normal(size=(80, 3)).astype(np.float32)
    y = (x + random.normal(size=(80, 3)) > 0).astype(np.float32)
    together, _ = fit_logistic(x, y, inverse_regularization=1.0)
    alone, _ = fit_logistic(x, y[:, 1:2], inverse_regularization=1.0)
    np.testing.assert_allclose(together[1], alone[0], atol=1e-3)


def test_a_weight_of_two_is_a_row_twice() -> None:
    random = np.random.default_rng(5)
    x = random.normal(size=(60, 3)).astype(np.float32)
    y = (x[:, :1] + random.normal(size=(60, 1)) > 0).astype(np.float32)
    weights = np.where(np.arange(60) < 20, 2, 1).astype(np.float32)
    weighted, _ = fit_logistic(x, y, inverse_regularization=1.0, weights=weights)
    repeated, _ = fit_logistic(
        np.concatenate([x, x[:20]]), np.concatenate([y, y[:20]]), inverse_regularization=1.0
    )
    np.testing.assert_allclose(weighted, repeated, atol=1e-3)


def test_a_label_without_positives_has_low_scores() -> None:
    x = np.random.default_rng(0).normal(size=(50, 4)).astype(np.float32)
    coefficients, intercepts = fit_logistic(
        x, np.zeros((50, 1), np.float32), inverse_regularization=10.0
    )
    assert np.all(x @ coefficients.T + intercepts < -2)


def test_rows_that_do_not_belong_together_are_refused() -> None:
    with pytest.raises(HeadError, match="3 embeddings with 2 rows of labels"):
        fit_logistic(
            np.zeros((3, 2), np.float32), np.zeros((2, 1), np.float32), inverse_regularization=1.0
        )


def test_planes_are_a_product_and_a_sum() -> None:
    scorer = _scorer([[1, 0]], [[1, 0]])
    planes = scorer.planes(np.array([[0.6, 0.8], [1, 0]], np.float32))
    np.testing.assert_allclose(planes, [[1.1, -1.6], [1.5, 0.0]], rtol=1e-6)
    assert planes.dtype == np.float32


def test_nearest_is_best_first_and_equal_cosines_keep_their_order() -> None:
    scorer = _scorer([[0, 1], [1, 0], [-1, 0], [1, 0]], [[0, 0]] * 4)
    rows, cosines = scorer.nearest(np.array([[1, 0]], np.float32), count=3)
    assert rows.tolist() == [[1, 3, 0]]
    assert cosines.tolist() == [[1, 1, 0]]


def test_nearest_gives_no_more_than_there_are() -> None:
    rows, cosines = _scorer([[1, 0], [0, 1]], [[0, 0]] * 2).nearest(
        np.array([[1, 0], [0, 1]], np.float32), count=20
    )
    assert rows.tolist() == [[0, 1], [1, 0]]
    assert cosines.shape == (2, 2)


def test_a_vote_of_all_or_none_is_the_largest() -> None:
    vote = _scorer([[1, 0], [0, 1]], [[1, 0], [1, 0]]).vote(np.array([[1, 0]], np.float32))
    np.testing.assert_allclose(vote, [[LARGEST_VOTE, -LARGEST_VOTE]], rtol=1e-5)


def test_votes_weigh_by_similarity() -> None:
    # Equal cosines share evenly, and a share of one half has log-odds of zero.
    even = _scorer([[1, 0], [1, 0]], [[1, 0], [0, 1]]).vote(np.array([[1, 0]], np.float32))
    np.testing.assert_allclose(even, [[0, 0]], atol=1e-6)
    uneven = _scorer([[1, 0], [0.9375, 0]], [[1, 0], [0, 1]]).vote(np.array([[1, 0]], np.float32))
    share = 1 / (1 + np.exp(-SHARPNESS * 0.0625))
    expected = np.log((share + SMOOTHING) / (1 - share + SMOOTHING))
    np.testing.assert_allclose(uneven, [[expected, -expected]], rtol=1e-4)


def test_logits_are_planes_vote_and_words() -> None:
    scorer = _scorer([[1, 0], [0, 1]], [[1, 0], [0, 1]])
    x = np.array([[0.6, 0.8]], np.float32)
    words = LEXICON_SHARE * np.array([[3.0, -1.0]])  # "forest" says 2 and -1, each text 1 and 0
    np.testing.assert_allclose(
        scorer.logits(x, ["A forest"]), scorer.planes(x) + scorer.vote(x) + words, rtol=1e-6
    )
    words = LEXICON_SHARE * np.array([[1.0, 0.0]])
    np.testing.assert_allclose(
        scorer.logits(x, [""]), scorer.planes(x) + scorer.vote(x) + words, rtol=1e-6
    )


def test_sigmoid_does_not_overflow() -> None:
    values = sigmoid(np.array([-1e4, -2.0, 0.0, 2.0, 1e4], np.float32))
    np.testing.assert_allclose(values, [0, 0.119203, 0.5, 0.880797, 1], atol=1e-6)
