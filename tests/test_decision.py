"""Calibration, thresholds and the hierarchy of goals: what turns log-odds into tags."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from wsis_sdg.decision import (
    SHRINKAGE,
    Decision,
    best_threshold,
    cross_fitted_decisions,
    fit_decision,
    micro_f1,
    raise_goals,
)
from wsis_sdg.scorer import sigmoid
from wsis_sdg.taxonomy import COLUMN, KINDS, LABELS, columns_of
from wsis_sdg.training import label_matrix

Floats = NDArray[np.float32]


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(0, 20), st.booleans()), min_size=1, max_size=30))
def test_no_threshold_gives_a_higher_f1(rows: list[tuple[int, bool]]) -> None:
    # Distinct probabilities, since a threshold cannot part equal ones.
    distinct = dict(rows)
    probabilities = np.array([p / 20 for p in distinct], np.float32)
    truth = np.array(list(distinct.values()), np.float32)

    def f1(threshold: float) -> float:
        given_ = probabilities >= threshold
        total = given_.sum() + truth.sum()
        return float(2 * (given_ * truth).sum() / total) if total else 0.0

    chosen = best_threshold(probabilities, truth)
    if truth.any():
        assert f1(chosen) == pytest.approx(max(f1(float(p)) for p in probabilities))
    else:
        assert chosen == 0.5


def test_a_threshold_lies_halfway_between_yes_and_no() -> None:
    probabilities = np.array([0.9, 0.7, 0.3, 0.1], np.float32)
    assert best_threshold(probabilities, np.array([1, 1, 0, 0], np.float32)) == pytest.approx(0.5)
    assert best_threshold(np.zeros(0, np.float32), np.zeros(0, np.float32)) == 0.5


@pytest.fixture
def scored() -> tuple[Floats, Floats]:
    """Log-odds that are twice too large and one too low, with labels drawn from the right ones."""
    random = np.random.default_rng(5)
    right = random.normal(loc=-1, scale=2, size=(400, len(LABELS))).astype(np.float32)
    truth = (random.random(right.shape) < sigmoid(right)).astype(np.float32)
    return (2 * right - 1).astype(np.float32), truth


def test_calibration_undoes_what_is_wrong_with_the_log_odds(scored: tuple[Floats, Floats]) -> None:
    decision = fit_decision(*scored)
    for kind in KINDS:
        space = columns_of(kind)
        assert np.ptp(decision.slopes[space]) == np.ptp(decision.offsets[space]) == 0
        assert decision.slopes[space][0] == pytest.approx(0.5, abs=0.05)
        assert decision.offsets[space][0] == pytest.approx(0.5, abs=0.1)


def test_thresholds_are_drawn_to_their_spaces_by_their_rarity(
    scored: tuple[Floats, Floats],
) -> None:
    logits, truth = scored
    truth = truth.copy()
    space = columns_of("target")
    truth[:, space.start] = 0
    decision = fit_decision(logits, truth)
    probabilities = sigmoid(decision.slopes * logits + decision.offsets)
    common = best_threshold(probabilities[:, space].ravel(), truth[:, space].ravel())
    assert decision.thresholds[space.start] == pytest.approx(common)
    column = space.start + 1
    own = best_threshold(probabilities[:, column], truth[:, column])
    share = truth[:, column].sum() / (truth[:, column].sum() + SHRINKAGE)
    assert decision.thresholds[column] == pytest.approx(share * own + (1 - share) * common)


def test_each_folds_decision_is_learnt_on_the_others(scored: tuple[Floats, Floats]) -> None:
    logits, truth = scored
    folds = np.arange(len(truth)) % 3
    before = cross_fitted_decisions(logits, truth, folds)
    changed = truth.copy()
    changed[folds == 1] = 1 - changed[folds == 1]
    after = cross_fitted_decisions(logits, changed, folds)
    assert len(before) == 3
    np.testing.assert_array_equal(before[1].thresholds, after[1].thresholds)
    np.testing.assert_array_equal(before[1].slopes, after[1].slopes)
    assert not np.array_equal(before[0].slopes, after[0].slopes)


def test_rows_with_a_yes_of_their_own_do_not_lower_a_threshold() -> None:
    probabilities = np.array([0.9, 0.6, 0.4, 0.2], np.float32)
    truth = np.array([0, 1, 1, 0], np.float32)
    assert best_threshold(probabilities, truth) == pytest.approx(0.3)
    # Both true rows have their yes already: every further one would be wrong.
    given_anyway = np.array([False, True, True, False])
    assert best_threshold(probabilities, truth, given=given_anyway) > 0.9
    # One of them has: the other is worth the wrong one above it.
    given_anyway[2] = False
    assert best_threshold(probabilities, truth, given=given_anyway) == pytest.approx(0.3)


def test_goals_whose_targets_say_it_all_are_not_given_on_a_hunch() -> None:
    random = np.random.default_rng(7)
    truth = label_matrix([["9.c"] if row % 4 == 0 else [] for row in range(400)])
    logits = np.full(truth.shape, -6, np.float32)
    logits[:, COLUMN["9.c"]] = np.where(truth[:, COLUMN["9.c"]] > 0, 4, -4)
    logits[:, COLUMN["9"]] = random.normal(size=400) + truth[:, COLUMN["9"]]
    decision = fit_decision(logits, truth)
    probabilities = decision.probabilities(logits)
    assert (probabilities[:, COLUMN["9"]] >= probabilities[:, COLUMN["9.c"]]).all()
    np.testing.assert_array_equal(decision.given(probabilities)[:, COLUMN["9"]], truth[:, 8] > 0)


def test_raise_goals_lifts_and_never_lowers() -> None:
    values = np.zeros((2, 204), np.float32)
    values[0, COLUMN["9.c"]], values[0, COLUMN["9"]] = 0.7, 0.2
    values[1, COLUMN["9.c"]], values[1, COLUMN["9"]] = 0.2, 0.7
    assert raise_goals(values) is values
    assert values[:, COLUMN["9"]].tolist() == pytest.approx([0.7, 0.7])
    assert values[:, COLUMN["9.c"]].tolist() == pytest.approx([0.7, 0.2])
    assert values[:, COLUMN["8"]].tolist() == [0, 0]


def test_micro_f1_by_hand() -> None:
    decision = Decision(
        np.ones(len(LABELS), np.float32),
        np.zeros(len(LABELS), np.float32),
        np.full(len(LABELS), 0.5, np.float32),
    )
    logits = np.full((2, len(LABELS)), -1, np.float32)
    logits[0, [COLUMN["9"], COLUMN["5"], COLUMN["C2"]]] = 1
    truth = label_matrix([["9", "C2"], ["9"]])
    assert micro_f1(decision, logits, truth) == {
        "micro_f1_goal": 0.5,
        "micro_f1_target": 0.0,
        "micro_f1_action_line": 1.0,
    }


def test_probabilities_are_calibrated_and_no_goal_is_below_its_targets(
    scored: tuple[Floats, Floats],
) -> None:
    logits, _ = scored
    random = np.random.default_rng(3)
    decision = Decision(*(random.normal(size=len(LABELS)).astype(np.float32) for _ in range(3)))
    probabilities = decision.probabilities(logits)
    expected = sigmoid(decision.slopes * logits + decision.offsets)
    for kind in ("target", "action_line"):
        space = columns_of(kind)
        np.testing.assert_array_equal(probabilities[:, space], expected[:, space])
    np.testing.assert_array_equal(probabilities, raise_goals(expected))
