"""The lexicon: scikit-learn's numbers, the same after a way through arrays, whatever the text."""

from __future__ import annotations

from typing import Final

import numpy as np
import pytest
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline

from wsis_sdg.lexicon import INVERSE_REGULARIZATION, Lexicon, fit_lexicon

TEXTS: Final = (
    "Clean water for the villages",
    "Clean water and schools",
    "Schools for the girls of the villages",
    "Forests and clean energy",
    "Energy for schools",
    "Forests of the villages",
)
TRUTH: Final = np.array(
    # the last two labels are on every text and on none
    [[1, 0, 1, 0], [1, 1, 1, 0], [0, 1, 1, 0], [0, 0, 1, 0], [0, 1, 1, 0], [0, 0, 1, 0]],
    np.float32,
)


@pytest.fixture
def lexicon() -> Lexicon:
    return fit_lexicon(TEXTS, TRUTH, np.ones(len(TEXTS), np.float32))


def test_the_fit_is_scikit_learns(lexicon: Lexicon) -> None:
    new = ["Water for the girls", "clean energy"]
    for column in range(2):
        reference = make_pipeline(
            TfidfVectorizer(sublinear_tf=True, ngram_range=(1, 2), stop_words="english", min_df=2),
            LogisticRegression(C=INVERSE_REGULARIZATION, solver="liblinear"),
        ).fit(TEXTS, TRUTH[:, column])
        np.testing.assert_allclose(
            lexicon.logits(new)[:, column], reference.decision_function(new), atol=0.02
        )


def test_a_label_on_all_or_on_none_has_a_constant(lexicon: Lexicon) -> None:
    logits = lexicon.logits(["Clean water", "something else"])
    np.testing.assert_array_equal(logits[0, 2:], logits[1, 2:])
    assert logits[0, 2] > 9
    assert logits[0, 3] < -9


def test_a_text_without_a_known_word_has_the_intercepts(lexicon: Lexicon) -> None:
    np.testing.assert_array_equal(
        lexicon.logits(["", "of the", "1/2 – 水"]), np.tile(lexicon.intercepts, (3, 1))
    )


def test_no_text_gives_no_row(lexicon: Lexicon) -> None:
    assert lexicon.logits([]).shape == (0, 4)


def test_through_arrays_and_back_nothing_changes(lexicon: Lexicon) -> None:
    again = Lexicon.from_arrays(**lexicon.to_arrays())
    texts = [*TEXTS, "Clean clean WATER schools", "schools, girls"]
    np.testing.assert_allclose(again.logits(texts), lexicon.logits(texts), rtol=1e-5)


def test_weights_count_as_repetition() -> None:
    weights = np.array([2, 1, 1, 1, 1, 1], np.float32)
    weighted = fit_lexicon(TEXTS, TRUTH, weights)
    unweighted = fit_lexicon(TEXTS, TRUTH, np.ones(len(TEXTS), np.float32))
    assert weighted.logits(["water"])[0, 0] > unweighted.logits(["water"])[0, 0]
