"""Folds, adapters and heads: nothing that decides has seen what it decides on."""

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
from wsis_sdg.decision import (
    Decision,
    fit_decision,
    micro_f1,
)
from wsis_sdg.errors import HeadError
from wsis_sdg.head import Head, load_head
from wsis_sdg.retrain import retrain
from wsis_sdg.scorer import sigmoid
from wsis_sdg.taxonomy import LABELS, columns_of
from wsis_sdg.training import (
    FOLDS,
    SEEN_THEMES,
    TrainingSet,
    assign_folds,
    check_unseen,
    fit_adapters,
    fit_head,
    fit_scorer,
    fold_adapter,
    label_matrix,
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
        phrases=["nothing at all"],
        phrase_truth=label_matrix([[]]),
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
    assert set(folds.tolist()) <= set(range(FOLDS))
    for group in set(groups):
        assert len({int(f) for f, g in zip(folds, groups, strict=True) if g == group}) == 1


def test_new_themes_leave_the_folds_of_all_others() -> None:
    groups = [f"theme {number}" for number in range(300)]
    before = assign_folds(groups)
    after = assign_folds(["a new theme", *groups, "another"])
    np.testing.assert_array_equal(after[1:-1], before)
    assert np.bincount(before).min() > 80


def test_an_adapter_that_saw_what_it_is_measured_on_is_refused(
    data: TrainingSet, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fitted: list[int] = []

    def fit_nothing(texts: Sequence[str], truth: Floats, folder: Path, **_options: Any) -> None:
        fitted.append(len(texts))
        folder.mkdir(parents=True)

    monkeypatch.setattr("wsis_sdg.adapter.fit_adapter", fit_nothing)
    fit_adapters(data, tmp_path / "all", tmp_path, report=lambda line: None, encoder="any")
    check_unseen(data, tmp_path)
    assert fitted[0] == 96 + len(data.definitions) + len(data.phrases)
    seen = (tmp_path / "all" / SEEN_THEMES).read_text(encoding="utf-8").splitlines()
    assert seen == [f"theme {number}" for number in range(6)]

    leaky = fold_adapter(tmp_path, 1) / SEEN_THEMES
    own = data.groups[int(np.flatnonzero(data.folds == 1)[0])]
    leaky.write_text(leaky.read_text(encoding="utf-8") + own + "\n", encoding="utf-8")
    with pytest.raises(HeadError, match=rf"fold 1 was fitted on 1 themes .*'{own}' among them"):
        check_unseen(data, tmp_path)
    leaky.unlink()
    with pytest.raises(HeadError, match=r"seen_themes\.txt is missing"):
        check_unseen(data, tmp_path)


def test_rows_held_apart_are_in_no_fold(data: TrainingSet) -> None:
    np.testing.assert_array_equal(data.folds == -1, data.held_apart)
    np.testing.assert_array_equal(data.folds, data.folds)


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


def test_a_scorers_examples_are_rows_then_definitions(data: TrainingSet, word_encoder: Any) -> None:
    rows = np.array([3, 1, 7])
    scorer = fit_scorer(data, rows, word_encoder)
    np.testing.assert_array_equal(scorer.example_labels[:3], data.truth[rows] > 0)
    np.testing.assert_array_equal(scorer.example_labels[3:], data.definition_truth > 0)
    expected = word_encoder.encode([*data.texts_of(rows), *data.definitions])
    np.testing.assert_array_equal(scorer.examples, expected.astype(np.float16))


def test_phrases_teach_planes_and_words(data: TrainingSet, word_encoder: Any) -> None:
    rows = np.array([3, 1, 7])
    code = LABELS[0].code
    taught = replace(data, phrases=["zebra", "zebra too"], phrase_truth=label_matrix([[code]] * 2))
    plain, more = (fit_scorer(some, rows, word_encoder) for some in (data, taught))
    assert data.lessons(rows)[-1] == "nothing at all"
    assert "zebra" in more.lexicon.vectorizer.vocabulary_
    assert "zebra" not in plain.lexicon.vectorizer.vocabulary_
    assert more.intercepts[0] > plain.intercepts[0]
    np.testing.assert_array_equal(more.examples, plain.examples)


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
    monkeypatch.setattr(
        retrain_module, "fold_encoders", lambda *_args, **_options: lambda _: encoder
    )
    monkeypatch.setattr(retrain_module, "head_encoder", lambda *_args, **_options: encoder)
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
        np.testing.assert_array_equal(getattr(first.decision, name), getattr(second.decision, name))
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
