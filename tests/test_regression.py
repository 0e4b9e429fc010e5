"""The committed classifier is as good as its committed results say, on texts it has not seen."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from wsis_sdg.decision import Decision
from wsis_sdg.head import load_head
from wsis_sdg.retrain import fold_encoders, head_encoder, load_training_set
from wsis_sdg.scorer import Floats
from wsis_sdg.tagger import SHIPPED_HEAD
from wsis_sdg.taxonomy import KINDS, columns_of
from wsis_sdg.training import TrainingSet, fit_scorer, fit_scorer_on, score_texts
from wsis_sdg_evaluation.baselines import decide
from wsis_sdg_evaluation.metrics import precision_recall_f1

pytestmark = pytest.mark.slow
RESULTS = Path(__file__).parents[1] / "evaluation" / "results" / "evaluation.json"


@pytest.fixture(scope="module")
def data() -> TrainingSet:
    return load_training_set()


@pytest.fixture(scope="module")
def decision() -> Decision:
    return load_head(SHIPPED_HEAD).decision


@pytest.fixture(scope="module")
def committed() -> dict[str, Any]:
    results: dict[str, Any] = json.loads(RESULTS.read_text(encoding="utf-8"))
    return results


def hold_against(logits: Floats, decision: Decision, truth: Floats, spaces: dict[str, Any]) -> None:
    given = decide("wsis-sdg", logits, decision).given
    for kind in KINDS:
        space = columns_of(kind)
        f1 = precision_recall_f1(given[:, space], truth[:, space] > 0)[2]
        assert f1 >= spaces[kind]["micro_f1"]["low"], kind


def test_held_out_resolution(
    data: TrainingSet, decision: Decision, committed: dict[str, Any]
) -> None:
    # The head's examples are the cached embeddings of the paragraphs, then of the definitions;
    # the phrases, which have no vote, are not among them.
    encoder = head_encoder(SHIPPED_HEAD)
    examples = load_head(SHIPPED_HEAD).scorer.examples.astype(np.float32)
    rows = np.flatnonzero(~data.held_apart)
    phrases = encoder.encode(data.phrases)
    known = np.concatenate([examples[rows], examples[len(data.texts) :], phrases])
    scorer = fit_scorer_on(known, data, rows)
    apart = np.flatnonzero(data.held_apart)
    logits = score_texts(data.texts_of(apart), encoder, scorer)
    spaces = committed["resolution"]["systems"]["wsis-sdg"]["spaces"]
    hold_against(logits, decision, data.truth[apart], spaces)


def test_first_fold(data: TrainingSet, decision: Decision, committed: dict[str, Any]) -> None:
    seen, unseen = np.flatnonzero(data.folds > 0), np.flatnonzero(data.folds == 0)
    encoder = fold_encoders(data, SHIPPED_HEAD)(0)
    logits = score_texts(data.texts_of(unseen), encoder, fit_scorer(data, seen, encoder))
    spaces = committed["cross_validation"]["folds"][0]["spaces"]
    hold_against(logits, decision, data.truth[unseen], spaces)
