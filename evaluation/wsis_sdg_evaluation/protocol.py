"""The protocol: which system is measured on which paragraphs, and fitted on which others."""

from __future__ import annotations

import platform
import subprocess
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from wsis_sdg.decision import Decision, fit_decision
from wsis_sdg.encoder import Encoder
from wsis_sdg.retrain import fold_encoders, head_encoder, load_training_set
from wsis_sdg.scorer import Floats
from wsis_sdg.tagger import SHIPPED_HEAD, Tagger
from wsis_sdg.taxonomy import KINDS, columns_of
from wsis_sdg.training import (
    FOLDS,
    Report,
    TrainingSet,
    fit_scorer,
    label_matrix,
    out_of_fold_logits,
    score_texts,
)
from wsis_sdg_data import LabelledParagraph, data_sha256, read_labelled, read_training_set
from wsis_sdg_evaluation.ablation import ablate
from wsis_sdg_evaluation.baselines import (
    cross_validate,
    decide,
    decide_across,
    keyword_rules,
    nothing,
    tfidf_fit_score,
    title_fit_score,
)
from wsis_sdg_evaluation.metrics import precision_recall_f1
from wsis_sdg_evaluation.report import (
    Predictions,
    Truth,
    detail,
    summarize,
    summarize_rows,
    worst_paragraphs,
)

OURS: Final = "wsis-sdg"
LEARNING_SHARES: Final = (0.1, 0.25, 0.5, 1.0)
LEARNING_SEED: Final = 9


def evaluate_training_set(
    head_folder: Path = SHIPPED_HEAD, *, baselines: bool = True, report: Report = lambda line: None
) -> dict[str, Any]:
    """Cross-validated figures, figures on the held-out resolution, and the baselines.

    Every score comes from an adapter, coefficients, calibration and thresholds that were fitted
    without the paragraph it is given to, and without its theme.

    Args:
        head_folder: The folder of the head with its adapters.
        baselines: Measure the baselines and the learning curve too.
        report: Called with a line of progress.
    """
    data = load_training_set()
    paragraphs = read_training_set()
    adapted = (head_folder / "adapter").is_dir()
    rows = ~data.held_apart
    truth = truth_of("cross-validation", [p for p, r in zip(paragraphs, rows, strict=True) if r])
    encoders = fold_encoders(data, head_folder, adapted=adapted)
    logits = out_of_fold_logits(data, encoders, report=report)[rows]

    folds = data.folds[rows]
    ours = decide_across(OURS, logits, data.truth[rows], folds)
    result: dict[str, Any] = {
        "about": provenance(),
        "cross_validation": {
            "systems": {OURS: summarize(ours, truth)},
            **detail(ours, truth),
            "folds": [summarize_rows(ours, truth, folds == fold) for fold in range(FOLDS)],
        },
    }
    decision = fit_decision(logits, data.truth[rows])
    if data.held_apart.any():
        report("scoring the held-out resolution")
        encoder = head_encoder(head_folder, adapted=adapted)
        scorer = fit_scorer(data, np.flatnonzero(rows), encoder)
        apart = [p for p, r in zip(paragraphs, rows, strict=True) if not r]
        scores = score_texts([p.text for p in apart], encoder, scorer)
        held = truth_of("E/RES/2017/21", apart, group_by_row=True)
        mine = decide(OURS, scores, decision)
        result["resolution"] = {
            "systems": {OURS: summarize(mine, held)},
            **detail(mine, held),
            "examples": worst_paragraphs([p.text for p in apart], mine, held),
        }
    if baselines:
        _add_baselines(result, data, truth, report)
        result["ablation"] = ablate(data, head_folder, report=report)
        result["learning_curve"] = _learning_curve(data, encoders(0), decision, report)
    return result


def _add_baselines(result: dict[str, Any], data: TrainingSet, truth: Truth, report: Report) -> None:
    rows = np.flatnonzero(~data.held_apart)
    apart = np.flatnonzero(data.held_apart)
    bare = head_encoder(SHIPPED_HEAD, adapted=False)

    def plain(seen: NDArray[np.int64], unseen: NDArray[np.int64]) -> Floats:
        return score_texts(data.texts_of(unseen), bare, fit_scorer(data, seen, bare))

    systems = {
        "TF-IDF + logistic regression": tfidf_fit_score(data),
        "nearest label title": title_fit_score(data, bare),
        "plain head, no adapter": plain,
    }
    on_resolution = result.get("resolution", {}).get("systems")
    held = None
    if on_resolution is not None:
        held = Truth(
            "E/RES/2017/21", data.truth[apart] > 0, [""] * len(apart), [str(i) for i in apart]
        )
    for fixed in (lambda t: nothing(len(t)), keyword_rules):
        said = fixed(data.texts_of(rows))
        result["cross_validation"]["systems"][said.system] = summarize(said, truth)
        if held is not None:
            said = fixed(data.texts_of(apart))
            on_resolution[said.system] = summarize(said, held)
    for name, fit_score in systems.items():
        report(f"baseline: {name}")
        said, decision = cross_validate(name, data, fit_score)
        result["cross_validation"]["systems"][name] = summarize(said, truth)
        if held is not None:
            logits = fit_score(rows, apart)
            on_resolution[name] = summarize(decide(name, logits, decision), held)


def _learning_curve(
    data: TrainingSet, encoder: Encoder, decision: Decision, report: Report
) -> list[dict[str, Any]]:
    """Micro-F1 on the first fold by heads fitted on growing shares of the other themes.

    The adapter is the fold's own throughout, so the curve is that of the head.
    """
    folds = data.folds
    unseen = np.flatnonzero(folds == 0)
    seen = np.flatnonzero(folds > 0)
    themes = sorted({data.groups[int(i)] for i in seen})
    order = np.random.default_rng(LEARNING_SEED).permutation(len(themes))
    points = []
    for share in LEARNING_SHARES:
        report(f"learning curve: {share:.0%} of the themes")
        kept = {themes[i] for i in order[: max(1, round(share * len(themes)))]}
        rows = np.array([i for i in seen if data.groups[int(i)] in kept])
        scores = score_texts(data.texts_of(unseen), encoder, fit_scorer(data, rows, encoder))
        said = decide(OURS, scores, decision)
        point: dict[str, Any] = {"paragraphs": len(rows)}
        for kind in KINDS:
            space = columns_of(kind)
            given, labels = said.given[:, space], data.truth[unseen][:, space] > 0
            point[kind] = precision_recall_f1(given, labels)[2]
        points.append(point)
    return points


def evaluate_gold(file: Path, tagger: Tagger) -> dict[str, Any]:
    """Figures of a loaded classifier on a gold file, which must be no part of its training.

    Raises:
        wsis_sdg_data.DataError: When the file does not follow the format.
    """
    paragraphs = read_labelled(file)
    scores = tagger.scores([p.text for p in paragraphs])
    given = tagger.head.decision.given(scores)
    truth = truth_of(file.stem, paragraphs, group_by_row=True)
    said = Predictions(OURS, scores, given)
    return {
        "about": provenance(),
        file.stem: {"systems": {OURS: summarize(said, truth)}, **detail(said, truth)},
    }


def truth_of(
    name: str, paragraphs: Sequence[LabelledParagraph], *, group_by_row: bool = False
) -> Truth:
    """The labels of paragraphs as arrays.

    Args:
        name: Of the set.
        paragraphs: The set.
        group_by_row: For the bootstrap, draw paragraphs rather than themes.
    """
    return Truth(
        name,
        label_matrix([p.codes for p in paragraphs]) > 0,
        [p.register for p in paragraphs],
        [p.id if group_by_row else p.theme for p in paragraphs],
    )


def provenance() -> dict[str, Any]:
    """What a committed result must say of itself: commit, data, versions and machine."""
    try:
        commit = subprocess.run(
            ["git", "describe", "--always", "--dirty"],  # noqa: S607
            capture_output=True,
            text=True,
            check=True,
            cwd=Path(__file__).parent,
        ).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        commit = "no git checkout"
    return {
        "wsis_sdg": version("wsis-sdg"),
        "commit": commit,
        "data_sha256": data_sha256(),
        "machine": f"{platform.machine()}, {_processor()}",
        "python": platform.python_version(),
        "scikit_learn": version("scikit-learn"),
        "torch": version("torch"),
    }


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor() or "unknown processor"
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return f"{len(names)} cores of {names[0]}" if names else platform.processor()
