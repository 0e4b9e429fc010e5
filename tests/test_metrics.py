"""Each measure against scikit-learn, or by hand."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from numpy.typing import NDArray
from sklearn import metrics as reference

from wsis_sdg_evaluation.metrics import (
    average_precision,
    confusions,
    f1_interval,
    hit_at,
    macro_f1,
    mean_average_precision,
    precision_recall_f1,
    reliability,
    wrongly_tagged_share,
)

Bools = NDArray[np.bool_]
Pair = tuple[NDArray[np.float32], Bools]
SHAPES = st.tuples(st.integers(1, 12), st.integers(1, 5))


@st.composite
def pairs(draw: st.DrawFn) -> tuple[Bools, Bools]:
    """What was given and what is true, of one shape."""
    shape = draw(SHAPES)
    return draw(hnp.arrays(bool, shape)), draw(hnp.arrays(bool, shape))


@st.composite
def rankings(draw: st.DrawFn) -> Pair:
    """Scores with many ties, and what is true."""
    shape = draw(SHAPES)
    tenths = draw(hnp.arrays(np.int64, shape, elements=st.integers(0, 10)))
    return (tenths / 10).astype(np.float32), draw(hnp.arrays(bool, shape))


@settings(deadline=None)
@given(pairs())
def test_micro_figures_are_scikit_learns(pair: tuple[Bools, Bools]) -> None:
    said, truth = (array.ravel() for array in pair)
    expected = reference.precision_recall_fscore_support(
        truth, said, average="binary", zero_division=0
    )[:3]
    assert precision_recall_f1(*pair) == pytest.approx(expected)


@settings(deadline=None)
@given(pairs())
def test_macro_f1_is_scikit_learns_over_the_labels_seen(pair: tuple[Bools, Bools]) -> None:
    said, truth = pair
    f1 = [
        reference.f1_score(truth[:, c], said[:, c], zero_division=0)
        for c in range(truth.shape[1])
        if truth[:, c].any()
    ]
    assert macro_f1(said, truth) == pytest.approx(np.mean(f1) if f1 else 0.0)


@settings(deadline=None)
@given(rankings())
def test_average_precision_is_scikit_learns(pair: Pair) -> None:
    scores, truth = pair
    values = []
    for column in range(truth.shape[1]):
        if truth[:, column].any():
            expected = reference.average_precision_score(truth[:, column], scores[:, column])
            assert average_precision(scores[:, column], truth[:, column]) == pytest.approx(expected)
            values.append(expected)
        else:
            assert average_precision(scores[:, column], truth[:, column]) == 0
    assert mean_average_precision(scores, truth) == pytest.approx(np.mean(values) if values else 0)


def test_micro_figures_by_hand() -> None:
    given_ = np.array([[1, 1, 0], [0, 0, 0], [1, 0, 0]], bool)
    truth = np.array([[1, 0, 0], [0, 1, 0], [1, 0, 0]], bool)
    assert precision_recall_f1(given_, truth) == pytest.approx((2 / 3, 2 / 3, 2 / 3))
    assert macro_f1(given_, truth) == pytest.approx(0.5)  # 1 and 0; the third is true nowhere
    assert precision_recall_f1(~truth & False, truth) == (0.0, 0.0, 0.0)


def test_an_interval_holds_its_value_and_shrinks_with_more_rows() -> None:
    random = np.random.default_rng(0)
    truth = random.random((800, 5)) < 0.3
    given_ = truth ^ (random.random((800, 5)) < 0.1)
    few, many = f1_interval(given_[:50], truth[:50]), f1_interval(given_, truth)
    for found, rows in ((few, 50), (many, 800)):
        assert found.low < found.value < found.high
        assert found.value == precision_recall_f1(given_[:rows], truth[:rows])[2]
    assert many.high - many.low < few.high - few.low


def test_an_interval_is_about_that_of_plain_resampling() -> None:
    random = np.random.default_rng(1)
    truth = random.random((200, 4)) < 0.3
    given_ = truth ^ (random.random((200, 4)) < 0.1)
    found = f1_interval(given_, truth)
    values = []
    for _ in range(1000):
        rows = random.integers(0, 200, 200)
        values.append(precision_recall_f1(given_[rows], truth[rows])[2])
    low, high = np.quantile(values, [0.025, 0.975])
    assert (found.low, found.high) == pytest.approx((low, high), abs=0.01)


def test_rows_of_a_group_are_drawn_together() -> None:
    # Two themes, one all right and one all wrong: only whole themes are drawn.
    truth = np.ones((20, 1), bool)
    given_ = np.arange(20)[:, None] < 10
    groups = ["right"] * 10 + ["wrong"] * 10
    grouped, single = f1_interval(given_, truth, groups=groups), f1_interval(given_, truth)
    assert (grouped.low, grouped.high) == (0.0, 1.0)
    assert single.high - single.low < 0.6
    assert grouped.value == single.value


def test_an_interval_where_nothing_is_true_or_given() -> None:
    nothing = np.zeros((4, 2), bool)
    found = f1_interval(nothing, nothing)
    assert (found.value, found.low, found.high) == (0, 0, 0)


def test_a_figure_is_resampled_the_same_way_every_time() -> None:
    truth = np.random.default_rng(2).random((60, 3)) < 0.4
    assert f1_interval(~truth, truth) == f1_interval(~truth, truth)
    given_ = truth ^ (np.random.default_rng(3).random((60, 3)) < 0.2)
    assert f1_interval(given_, truth) == f1_interval(given_, truth)


def test_hit_at_by_hand() -> None:
    scores = np.array([[0.9, 0.1, 0.5], [0.2, 0.9, 0.5], [0.9, 0.8, 0.7]], np.float32)
    truth = np.array([[0, 0, 1], [0, 1, 0], [0, 0, 0]], bool)
    assert hit_at(scores, truth, k=1) == 0.5
    assert hit_at(scores, truth, k=2) == 1.0
    assert hit_at(scores, np.zeros_like(truth), k=1) == 0.0


@given(rankings(), st.integers(1, 5))
def test_more_places_never_hit_less(pair: Pair, k: int) -> None:
    scores, truth = pair
    assert hit_at(scores, truth, k=k) <= hit_at(scores, truth, k=k + 1)
    assert hit_at(scores, truth, k=truth.shape[1]) == (1.0 if truth.any() else 0.0)


def test_wrongly_tagged_share_by_hand() -> None:
    truth = np.array([[0, 0], [0, 0], [1, 0]], bool)
    given_ = np.array([[0, 1], [0, 0], [0, 1]], bool)
    assert wrongly_tagged_share(given_, truth) == 0.5
    assert wrongly_tagged_share(given_[2:], truth[2:]) == 0.0


def test_reliability_by_hand() -> None:
    scores = np.array([[0.05, 0.05], [0.95, 1.0]], np.float32)
    truth = np.array([[0, 1], [1, 1]], bool)
    curve, error = reliability(scores, truth)
    assert [row["count"] for row in curve] == [2, 2]
    assert [row["true"] for row in curve] == [0.5, 1.0]
    assert [row["score"] for row in curve] == pytest.approx([0.05, 0.975])
    assert error == pytest.approx((2 * 0.45 + 2 * 0.025) / 4)


@given(rankings())
def test_reliability_counts_every_score(pair: Pair) -> None:
    curve, error = reliability(*pair)
    assert sum(row["count"] for row in curve) == pair[0].size
    assert 0 <= error <= 1


def test_right_probabilities_have_no_calibration_error() -> None:
    random = np.random.default_rng(4)
    scores = random.random((20_000, 2)).astype(np.float32)
    assert reliability(scores, random.random(scores.shape) < scores)[1] < 0.01


def test_confusions_by_hand() -> None:
    truth = np.array([[1, 0, 0], [1, 0, 0], [0, 1, 0], [0, 0, 1]], bool)
    given_ = np.array([[0, 1, 0], [0, 1, 0], [0, 0, 1], [0, 0, 1]], bool)
    assert confusions(given_, truth, most=5) == [(0, 1, 2), (1, 2, 1)]
    assert confusions(given_, truth, most=1) == [(0, 1, 2)]
    assert confusions(truth, truth, most=5) == []


@given(pairs())
def test_a_label_is_never_confused_with_itself(pair: tuple[Bools, Bools]) -> None:
    assert all(a != b for a, b, _ in confusions(*pair, most=99))
