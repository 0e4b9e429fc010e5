"""Folds, calibration and thresholds: nothing that decides has seen what it decides on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from wsis_sdg import retrain as retrain_module
from wsis_sdg.errors import HeadError
from wsis_sdg.head import Head, load_head
from wsis_sdg.retrain import retrain
from wsis_sdg.scorer import sigmoid
from wsis_sdg.taxonomy import COLUMN, KINDS, LABELS, columns_of
from wsis_sdg.training import (
    FOLDS,
    SHRINKAGE,
    Decision,
    TrainingSet,
    assign_folds,
    best_threshold,
    cross_fitted_decisions,
    fit_decision,
    fit_head,
    fit_scorer,
    label_matrix,
    micro_f1,
    out_of_fold_logits,
    score_texts,
)

Floats = NDArray[np.float32]


@pytest.fixture
def data(words: dict[str, str]) -> TrainingSet:
    """Six themes of sixteen paragraphs with one or two words each, and four rows held apart."""
    random = np.random.default_rng(11)
    names = list(words)
    texts, codes, groups = [], [], []
    for theme in range(6):
        for number in range(16):
            chosen = random.choice(names, size=1 + number % 2, replace=False).tolist()
            if number == 0:
                chosen = []
            texts.append(f"Theme {theme} number {number} on {' and '.join(chosen)}")
            codes.append([words[word] for word in chosen])
            groups.append(f"theme {theme}")
    for number, word in enumerate(names[:4]):
        texts.append(f"Apart {number} on {word}")
        codes.append([words[word]])
        groups.append("apart")
    return TrainingSet(
        texts=texts,
        truth=label_matrix(codes),
        groups=groups,
        held_apart=np.array([group == "apart" for group in groups]),
        definitions=names,
        definition_truth=label_matrix([[code] for code in words.values()]),
    )


def test_a_target_sets_its_goal() -> None:
    truth = label_matrix([["9.c", "C2"], [], ["17"]])
    assert truth.shape == (3, len(LABELS))
    assert [LABELS[c].code for c in np.flatnonzero(truth[0])] == ["9", "9.c", "C2"]
    assert not truth[1].any()
    assert [LABELS[c].code for c in np.flatnonzero(truth[2])] == ["17"]


def test_a_code_that_is_no_label_is_named_with_its_row() -> None:
    with pytest.raises(HeadError, match=r"row 1 is labelled '9\.z'"):
        label_matrix([["9.c"], ["9.z"]])


@settings(deadline=None, max_examples=50)
@given(st.lists(st.sampled_from("abcdefgh"), max_size=40))
def test_folds_never_split_a_group(more: list[str]) -> None:
    groups = [*"abcd", *more]
    folds = assign_folds(groups)
    assert set(folds.tolist()) == set(range(FOLDS))
    for group in set(groups):
        assert len({int(f) for f, g in zip(folds, groups, strict=True) if g == group}) == 1


def test_rows_held_apart_are_in_no_fold(data: TrainingSet) -> None:
    np.testing.assert_array_equal(data.folds == -1, data.held_apart)
    np.testing.assert_array_equal(data.folds, data.folds)


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


def test_out_of_fold_scores_come_from_the_other_folds(
    data: TrainingSet, word_encoder: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    folds = data.folds
    learnt_from: list[set[int]] = []

    def spy(data: TrainingSet, rows: NDArray[np.int64], encoder: Any) -> Any:
        learnt_from.append({int(folds[row]) for row in rows})
        return fit_scorer(data, rows, encoder)

    monkeypatch.setattr("wsis_sdg.training.fit_scorer", spy)
    asked: list[int] = []

    def encoders(fold: int) -> Any:
        asked.append(fold)
        return word_encoder

    logits = out_of_fold_logits(data, encoders, report=lambda line: None)
    assert asked == list(range(FOLDS))
    assert learnt_from == [set(range(FOLDS)) - {fold} for fold in range(FOLDS)]
    assert not logits[data.held_apart].any()
    rows = ~data.held_apart
    scores = micro_f1(fit_decision(logits[rows], data.truth[rows]), logits[rows], data.truth[rows])
    assert min(scores.values()) > 0.9


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


def test_a_scorers_examples_are_rows_then_definitions(data: TrainingSet, word_encoder: Any) -> None:
    rows = np.array([3, 1, 7])
    scorer = fit_scorer(data, rows, word_encoder)
    np.testing.assert_array_equal(scorer.example_labels[:3], data.truth[rows] > 0)
    np.testing.assert_array_equal(scorer.example_labels[3:], data.definition_truth > 0)
    expected = word_encoder.encode([*data.texts_of(rows), *data.definitions])
    np.testing.assert_array_equal(scorer.examples, expected.astype(np.float16))


def test_texts_are_scored_as_the_tagger_scores_them(
    data: TrainingSet, word_encoder: Any, word_head: Head, word_tagger: Any
) -> None:
    texts = ["on schools", "; ".join(["on many other matters of this kind"] * 12) + "; and women"]
    logits = score_texts(texts, word_encoder, word_head.scorer)
    scores = word_tagger.scores(texts)
    targets = columns_of("target")
    np.testing.assert_allclose(sigmoid(logits)[:, targets], scores[:, targets], rtol=1e-6)


def test_a_head_learns_from_the_rows_held_apart_only_when_told(
    data: TrainingSet, word_encoder: Any
) -> None:
    decision = Decision(*(np.full(len(LABELS), 0.5, np.float32) for _ in range(3)))
    for apart, count in ((True, 100), (False, 96)):
        head = fit_head(data, word_encoder, decision, facts={}, apart=apart)
        assert len(head.scorer.examples) == count + len(data.definitions)


def _retrain(
    data: TrainingSet, folder: Path, encoder: Any, monkeypatch: pytest.MonkeyPatch
) -> tuple[Head, dict[str, float]]:
    monkeypatch.setattr(retrain_module, "load_training_set", lambda: data)
    monkeypatch.setattr(retrain_module, "fold_encoder", lambda *_args, **_options: encoder)
    return retrain(folder, encoder=None, adapter="none")


def test_rows_held_apart_never_influence_the_decision(
    data: TrainingSet,
    words: dict[str, str],
    word_encoder: Any,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    first, scores = _retrain(data, tmp_path / "a", word_encoder, monkeypatch)

    texts: Sequence[str] = [
        "Schools, women, forests" if apart else text
        for text, apart in zip(data.texts, data.held_apart, strict=True)
    ]
    truth = data.truth.copy()
    truth[data.held_apart] = 1 - truth[data.held_apart]
    other = replace(data, texts=texts, truth=truth)
    second, other_scores = _retrain(other, tmp_path / "b", word_encoder, monkeypatch)

    assert scores == other_scores
    for name in ("slopes", "offsets", "thresholds"):
        np.testing.assert_array_equal(getattr(first, name), getattr(second, name))
    assert not np.array_equal(first.scorer.coefficients, second.scorer.coefficients)


def test_training_again_gives_the_same_head(
    data: TrainingSet, word_encoder: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    head, scores = _retrain(data, tmp_path / "a", word_encoder, monkeypatch)
    _, again = _retrain(data, tmp_path / "b", word_encoder, monkeypatch)
    assert scores == again
    assert (tmp_path / "a/head.json").read_bytes() == (tmp_path / "b/head.json").read_bytes()
    loaded = load_head(tmp_path / "a")
    np.testing.assert_array_equal(loaded.scorer.coefficients, head.scorer.coefficients)
    assert loaded.training["paragraphs"] == len(data.texts)
