"""Words to log-odds: logistic regression on the TF-IDF of words and word pairs.

An embedding says what a text is like; it blurs the rare word that settles the matter. So the
words themselves are scored too, and :class:`~wsis_sdg.scorer.Scorer` adds both.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from sklearn.feature_extraction.text import TfidfVectorizer

Floats = NDArray[np.float32]

INVERSE_REGULARIZATION: Final = 80.0
LEAST_PARAGRAPHS: Final = 2
"""A word or pair of words counts when it stands in at least so many examples."""


@dataclass(frozen=True, slots=True)
class Lexicon:
    """What words and pairs of words say about every label.

    Attributes:
        vectorizer: Texts to TF-IDF rows of unit length, ``v`` terms wide.
        coefficients: ``(204, v)`` float16, one row a label.
        intercepts: ``(204,)`` float32.
    """

    vectorizer: TfidfVectorizer
    coefficients: NDArray[np.float16]
    intercepts: Floats

    def logits(self, texts: Sequence[str]) -> Floats:
        """Uncalibrated log-odds ``(n, 204)`` of texts, columns as ``LABELS``."""
        if not texts:  # which scikit-learn refuses
            return np.zeros((0, len(self.intercepts)), np.float32)
        weights = self.coefficients.T.astype(np.float32)
        scores = self.vectorizer.transform(texts).astype(np.float32) @ weights
        return np.asarray(scores + self.intercepts, dtype=np.float32)

    def to_arrays(self) -> dict[str, NDArray[Any]]:
        """The lexicon as arrays, for :meth:`from_arrays`."""
        terms = "\n".join(self.vectorizer.get_feature_names_out())
        return {
            "terms": np.frombuffer(terms.encode(), dtype=np.uint8),
            "inverse_frequencies": self.vectorizer.idf_.astype(np.float32),
            "term_coefficients": self.coefficients,
            "term_intercepts": self.intercepts,
        }

    @classmethod
    def from_arrays(
        cls,
        *,
        terms: NDArray[np.uint8],
        inverse_frequencies: Floats,
        term_coefficients: NDArray[np.float16],
        term_intercepts: Floats,
    ) -> Lexicon:
        """The lexicon behind arrays that :meth:`to_arrays` gave."""
        vectorizer = _vectorizer(vocabulary=terms.tobytes().decode().split("\n"))
        vectorizer.idf_ = inverse_frequencies.astype(np.float64)
        return cls(vectorizer, term_coefficients, term_intercepts)


def fit_lexicon(texts: Sequence[str], truth: Floats, weights: Floats) -> Lexicon:
    """Fit one logistic regression a label on the words of labelled texts.

    Args:
        texts: ``n`` texts.
        truth: ``(n, k)`` zeros and ones.
        weights: ``(n,)`` weights of the texts.
    """
    from sklearn.linear_model import LogisticRegression

    vectorizer = _vectorizer(min_df=min(LEAST_PARAGRAPHS, len(texts)))
    known = vectorizer.fit_transform(texts)
    known.sort_indices()
    coefficients = np.zeros((truth.shape[1], known.shape[1]), np.float16)
    intercepts: Floats = np.zeros(truth.shape[1], np.float32)
    # A joint fit as in scorer.py would be slow on so many columns; one label takes liblinear
    # some 30 ms, since hardly any entry of the rows is filled.
    for column, labels in enumerate(truth.T):
        share = float(np.average(labels, weights=weights))
        if 0 < share < 1:
            model = LogisticRegression(C=INVERSE_REGULARIZATION, solver="liblinear")
            model.fit(known, labels, sample_weight=weights)
            coefficients[column] = model.coef_[0]
            intercepts[column] = model.intercept_[0]
        else:
            share = min(max(share, 1e-4), 1 - 1e-4)
            intercepts[column] = np.log(share / (1 - share))
    return Lexicon(vectorizer, coefficients, intercepts)


def _vectorizer(**options: Any) -> TfidfVectorizer:
    from sklearn.feature_extraction.text import TfidfVectorizer

    return TfidfVectorizer(sublinear_tf=True, ngram_range=(1, 2), stop_words="english", **options)
