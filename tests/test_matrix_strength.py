"""The statistics of a cell against scipy, and what shrinking does."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import false_discovery_control, fisher_exact

from wsis_sdg.matrix.strength import (
    adjust_p_values,
    chance_p_values,
    decide_links,
    fit_prior,
    measure_cells,
    shrink_lift,
)


@given(st.lists(st.tuples(st.booleans(), st.booleans()), min_size=1, max_size=60))
def test_p_value_is_fishers(pairs: list[tuple[bool, bool]]) -> None:
    line, label = (np.array(column) for column in zip(*pairs, strict=True))
    both = int((line & label).sum())
    mine = chance_p_values(
        np.array([[both]]), np.array([[line.sum()]]), np.array([[label.sum()]]), n=len(pairs)
    )
    table = [[both, (line & ~label).sum()], [(~line & label).sum(), (~line & ~label).sum()]]
    assert mine[0, 0] == pytest.approx(fisher_exact(table, alternative="greater").pvalue)


def test_only_testable_cells_are_paid_for() -> None:
    p_value = np.array([[0.01, 0.02, 1.0, 1.0]])
    adjusted = adjust_p_values(p_value, testable=np.array([[True, True, False, False]]))
    assert adjusted[0, :2] == pytest.approx(false_discovery_control([0.01, 0.02]))
    assert adjusted[0, 2:].tolist() == [1.0, 1.0]


def test_shrinking_draws_towards_one_the_more_the_less_was_expected() -> None:
    observed, expected = np.array([1.0, 10.0, 100.0]), np.array([0.1, 1.0, 10.0])
    strength, low, high = shrink_lift(observed, expected, shape=2.0)
    assert np.all(np.diff(strength) > 0)
    assert 1 < strength[0] < strength[2] < 10
    assert np.all((low < strength) & (strength < high))
    weak, _, _ = shrink_lift(observed, expected, shape=0.5)
    assert np.all(weak > strength)


def test_prior_is_tight_where_counts_follow_independence() -> None:
    random = np.random.default_rng(3)
    expected = random.uniform(1, 20, size=(18, 17))
    independent = fit_prior(random.poisson(expected).astype(float), expected)
    lifts = random.gamma(0.5, 1 / 0.5, size=expected.shape)
    varied = fit_prior(random.poisson(expected * lifts).astype(float), expected)
    assert independent > 20
    assert varied == pytest.approx(0.5, rel=0.3)


def test_prior_of_nothing() -> None:
    assert fit_prior(np.zeros((18, 17)), np.zeros((18, 17))) == 1.0


def test_rule_asks_for_both_bounds() -> None:
    q_value, lift = np.array([0.05, 0.05, 0.06]), np.array([1.5, 1.4, 9.0])
    assert decide_links(q_value, lift).tolist() == [True, False, False]


def test_soft_counts_see_what_thresholds_hide() -> None:
    scores = np.array([[0.4], [0.0], [0.4], [0.0]], np.float32)
    nothing = np.zeros((4, 1), bool)
    cells = measure_cells(scores, scores, nothing, nothing)
    assert cells.together[0, 0] == 0
    assert cells.soft[0, 0] == pytest.approx(0.32)
    assert cells.soft_expected[0, 0] == pytest.approx(0.16)
    assert cells.strength[0, 0] > 0
    assert not cells.linked[0, 0]
