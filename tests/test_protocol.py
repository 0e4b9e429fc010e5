"""The protocol: what is measured has not been seen, and a result says where it comes from."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from wsis_sdg.decision import Decision, cross_fitted_decisions
from wsis_sdg.scorer import Floats
from wsis_sdg.tagger import Tagger
from wsis_sdg.taxonomy import COLUMN, KINDS, LABELS, columns_of
from wsis_sdg.training import FOLDS, TrainingSet, fit_scorer, label_matrix
from wsis_sdg_data import DataError, LabelledParagraph, data_sha256
from wsis_sdg_evaluation import protocol
from wsis_sdg_evaluation.baselines import (
    cross_validate,
    decide,
    decide_across,
    keyword_rules,
    nothing,
    title_fit_score,
)
from wsis_sdg_evaluation.page import render_page
from wsis_sdg_evaluation.protocol import (
    OURS,
    evaluate_gold,
    evaluate_training_set,
    provenance,
    truth_of,
)
from wsis_sdg_evaluation.report import Predictions, detail, summarize, summarize_rows
from wsis_sdg_evaluation.run import rounded
from wsis_sdg_evaluation.terminal import print_systems

SAME = Decision(
    np.ones(len(LABELS), np.float32),
    np.zeros(len(LABELS), np.float32),
    np.full(len(LABELS), 0.5, np.float32),
)


@pytest.fixture
def paragraphs(words: dict[str, str]) -> list[LabelledParagraph]:
    """Six themes of a dozen paragraphs, the last theme standing for the resolution."""
    random = np.random.default_rng(2)
    made = []
    for theme in range(6):
        for number in range(12):
            chosen = random.choice(list(words), size=number % 3, replace=False).tolist()
            codes = [words[word] for word in chosen]
            made.append(
                LabelledParagraph(
                    id=f"theme-{theme}-{number}",
                    text=f"Number {number} of theme {theme}: {' and '.join(chosen)}",
                    register="report" if number % 2 else "plan",
                    theme="resolution" if theme == 5 else f"theme {theme}",
                    targets=tuple(code for code in codes if "." in code),
                    goals=tuple(code for code in codes if code.isdigit()),
                    action_lines=tuple(code for code in codes if code.startswith("C")),
                    aspects=(),
                    passes=(tuple(codes),),
                )
            )
    return made


@pytest.fixture
def data(paragraphs: list[LabelledParagraph], words: dict[str, str]) -> TrainingSet:
    return TrainingSet(
        texts=[p.text for p in paragraphs],
        truth=label_matrix([p.codes for p in paragraphs]),
        groups=[p.theme for p in paragraphs],
        held_apart=np.array([p.theme == "resolution" for p in paragraphs]),
        definitions=list(words),
        definition_truth=label_matrix([[code] for code in words.values()]),
        phrases=["nothing at all"],
        phrase_truth=label_matrix([[]]),
    )


def test_cross_validation_never_trains_on_the_unseen_fold(data: TrainingSet) -> None:
    calls: list[tuple[set[int], set[int]]] = []

    def fit_score(seen: NDArray[np.int64], unseen: NDArray[np.int64]) -> Floats:
        calls.append(({int(i) for i in seen}, {int(i) for i in unseen}))
        return np.zeros((len(unseen), len(LABELS)), np.float32)

    said, _ = cross_validate("a system", data, fit_score)
    apart = {int(i) for i in np.flatnonzero(data.held_apart)}
    assert len(calls) == FOLDS
    for seen, unseen in calls:
        assert not seen & unseen
        assert not (seen | unseen) & apart
        assert not {data.groups[i] for i in seen} & {data.groups[i] for i in unseen}
        assert seen | unseen == set(range(len(data.texts))) - apart
    assert sorted(i for _, unseen in calls for i in unseen) == list(range(60))
    assert said.given.shape == (60, len(LABELS))


def test_cross_validated_scores_belong_to_their_rows(data: TrainingSet, word_encoder: Any) -> None:
    def oracle(_seen: NDArray[np.int64], unseen: NDArray[np.int64]) -> Floats:
        return (10 * data.truth[unseen] - 5).astype(np.float32)

    said, decision = cross_validate("oracle", data, oracle)
    np.testing.assert_array_equal(said.given, data.truth[~data.held_apart] > 0)
    assert decision.thresholds.shape == (len(LABELS),)

    # Titles say too little of these words to be right, but give a score to every label.
    said, _ = cross_validate("titles", data, title_fit_score(data, word_encoder))
    assert np.isfinite(said.scores).all()


def test_decisions_apply_the_hierarchy() -> None:
    logits = np.full((1, len(LABELS)), -5, np.float32)
    logits[0, COLUMN["9.c"]] = 3
    said = decide("a system", logits, SAME)
    assert [LABELS[c].code for c in np.flatnonzero(said.given[0])] == ["9", "9.c"]
    assert said.scores[0, COLUMN["9"]] == said.scores[0, COLUMN["9.c"]] > 0.9


def test_decisions_apply_calibration_and_thresholds() -> None:
    logits = np.zeros((1, len(LABELS)), np.float32)
    thresholds = np.full(len(LABELS), 0.9, np.float32)
    thresholds[COLUMN["C5"]] = 0.8
    decision = Decision(SAME.slopes, np.full(len(LABELS), 1.5, np.float32), thresholds)
    said = decide("a system", logits, decision)
    assert said.scores[0, COLUMN["C5"]] == pytest.approx(1 / (1 + np.exp(-1.5)))
    assert [LABELS[c].code for c in np.flatnonzero(said.given[0])] == ["C5"]


def test_each_fold_is_decided_by_the_others(data: TrainingSet) -> None:
    random = np.random.default_rng(6)
    rows = ~data.held_apart
    truth, folds = data.truth[rows], data.folds[rows]
    logits = (4 * truth - 3 + random.normal(size=truth.shape)).astype(np.float32)
    said = decide_across("a system", logits, truth, folds)
    for fold, decision in enumerate(cross_fitted_decisions(logits, truth, folds)):
        own = decide("a system", logits[folds == fold], decision)
        np.testing.assert_array_equal(said.given[folds == fold], own.given)
        np.testing.assert_array_equal(said.scores[folds == fold], own.scores)


def test_rules_and_nothing() -> None:
    assert not nothing(3).given.any()
    said = keyword_rules(["All of it: " + LABELS[COLUMN["9.c"]].title.upper(), "Nothing at all"])
    assert said.given[0, [COLUMN["9.c"], COLUMN["9"]]].all()
    assert not said.given[1].any()


def test_the_training_set_is_evaluated_on_what_was_not_seen(
    data: TrainingSet,
    paragraphs: list[LabelledParagraph],
    word_encoder: Any,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    fitted_on: list[set[int]] = []
    asked: list[int | None] = []

    def spy(data: TrainingSet, rows: NDArray[np.int64], encoder: Any) -> Any:
        fitted_on.append({int(row) for row in rows})
        return fit_scorer(data, rows, encoder)

    def encoder_of(fold: int | None) -> Any:
        asked.append(fold)
        return word_encoder

    monkeypatch.setattr(protocol, "load_training_set", lambda: data)
    monkeypatch.setattr(protocol, "read_training_set", lambda: paragraphs)
    monkeypatch.setattr(protocol, "fold_encoders", lambda *_args, **_options: encoder_of)
    monkeypatch.setattr(protocol, "head_encoder", lambda *_args, **_options: encoder_of(None))
    monkeypatch.setattr(protocol, "fit_scorer", spy)
    monkeypatch.setattr("wsis_sdg.training.fit_scorer", spy)

    result = evaluate_training_set(tmp_path, baselines=False)

    assert asked == [*range(FOLDS), None]
    *folds, final = fitted_on
    apart = {int(i) for i in np.flatnonzero(data.held_apart)}
    assert final == set(range(60))
    assert all(not rows & apart for rows in fitted_on)
    assert all(not folds[fold] & {*np.flatnonzero(data.folds == fold)} for fold in range(FOLDS))

    part = result["cross_validation"]
    assert list(part["systems"]) == [OURS]
    assert part["systems"][OURS]["paragraphs"] == 60
    assert len(part["folds"]) == FOLDS
    assert sum(fold["paragraphs"] for fold in part["folds"]) == 60
    assert set(part["registers"]) == {"plan", "report"}
    held = result["resolution"]["systems"][OURS]
    assert (held["paragraphs"], held["unlabelled"]) == (12, 4)
    for kind in KINDS:
        figure = held["spaces"][kind]["micro_f1"]
        assert figure["low"] <= figure["value"] <= figure["high"]
        assert figure["value"] > 0.8

    json.dumps(result)
    print_systems(result)
    said = capsys.readouterr().out
    assert "cross-validation: 60 paragraphs" in said
    assert "E/RES/2017/21, held out: 12 paragraphs" in said
    page = render_page("evaluation", result)
    assert "<svg" in page
    assert "src=" not in page


def test_where_a_result_comes_from_is_said() -> None:
    facts = provenance()
    assert set(facts) == {
        "wsis_sdg",
        "commit",
        "data_sha256",
        "machine",
        "python",
        "scikit_learn",
        "torch",
    }
    assert all(isinstance(value, str) and value for value in facts.values())
    assert facts["data_sha256"] == data_sha256()


def test_without_git_the_commit_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    assert provenance()["commit"] == "no git checkout"


def test_truth_is_grouped_by_theme_or_by_row(paragraphs: list[LabelledParagraph]) -> None:
    by_theme, by_row = truth_of("a", paragraphs), truth_of("a", paragraphs, group_by_row=True)
    assert by_theme.groups == [p.theme for p in paragraphs]
    assert len(set(by_row.groups)) == len(paragraphs)
    np.testing.assert_array_equal(
        by_theme.labels, label_matrix([p.codes for p in paragraphs]).astype(bool)
    )


def test_summaries_of_rows_are_those_of_the_rows_alone(
    paragraphs: list[LabelledParagraph],
) -> None:
    truth = truth_of("a", paragraphs)
    random = np.random.default_rng(9)
    given = truth.labels ^ (random.random(truth.labels.shape) < 0.002)
    said = Predictions("a", given.astype(np.float32), given)
    rows = np.arange(len(paragraphs)) % 2 == 0
    part = [p for p, keep in zip(paragraphs, rows, strict=True) if keep]
    alone = summarize(Predictions("a", said.scores[rows], given[rows]), truth_of("a", part))
    assert summarize_rows(said, truth, rows) == alone
    assert alone["paragraphs"] == len(part)


def test_details_per_label_and_confusions(paragraphs: list[LabelledParagraph]) -> None:
    truth = truth_of("a", paragraphs)
    given = truth.labels.copy()
    # Every 9.c is read as 9.1.
    given[:, COLUMN["9.1"]] = given[:, COLUMN["9.c"]]
    given[:, COLUMN["9.c"]] = False
    parts = detail(Predictions("a", given.astype(np.float32), given), truth)
    labels = {row["code"]: row for row in parts["labels"]}
    assert list(labels) == [label.code for label in LABELS]
    count = int(truth.labels[:, COLUMN["9.c"]].sum())
    assert (labels["9.c"]["positives"], labels["9.c"]["f1"]) == (count, 0.0)
    assert labels["C2"]["f1"] == 1.0
    assert parts["confusions"]["target"] == [{"missed": "9.c", "given": "9.1", "paragraphs": count}]
    assert parts["confusions"]["goal"] == []
    assert parts["registers"]["plan"]["goal"] == 1.0
    assert set(parts["calibration"]) == set(KINDS)


def _write(file: Path, paragraphs: list[LabelledParagraph]) -> None:
    rows = [
        {
            "id": p.id,
            "text": p.text,
            "register": p.register,
            "theme": p.theme,
            "targets": p.targets,
            "goals": p.goals,
            "action_lines": p.action_lines,
            "aspects": [],
            "passes": p.passes,
        }
        for p in paragraphs
    ]
    file.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")


def test_a_gold_file_is_scored_by_the_classifier_as_it_is(
    word_tagger: Tagger, paragraphs: list[LabelledParagraph], tmp_path: Path
) -> None:
    _write(tmp_path / "gold.jsonl", paragraphs)
    result = evaluate_gold(tmp_path / "gold.jsonl", word_tagger)
    assert set(result) == {"about", "gold"}
    summary = result["gold"]["systems"][OURS]
    assert summary["paragraphs"] == len(paragraphs)
    assert summary["unlabelled_tagged"] == 0
    assert all(summary["spaces"][kind]["micro_f1"]["value"] == 1 for kind in KINDS)


def test_a_broken_gold_file_names_its_line(word_tagger: Tagger, tmp_path: Path) -> None:
    (tmp_path / "gold.jsonl").write_text("\n{}\n", encoding="utf-8")
    with pytest.raises(DataError, match=r"gold\.jsonl:2: fields must be"):
        evaluate_gold(tmp_path / "gold.jsonl", word_tagger)


def test_figures_are_kept_to_five_digits() -> None:
    assert rounded({"a": [0.123456789, (1, "b")], "c": None}) == {
        "a": [0.12346, [1, "b"]],
        "c": None,
    }


def test_columns_of_a_space_follow_each_other() -> None:
    spaces = [columns_of(kind) for kind in KINDS]
    assert [(s.start, s.stop) for s in spaces] == [(0, 17), (17, 186), (186, 204)]
