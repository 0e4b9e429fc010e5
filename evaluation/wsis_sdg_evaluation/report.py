"""One system on one set of paragraphs, measured in every way the protocol names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

import numpy as np

from wsis_sdg.taxonomy import KINDS, LABELS, columns_of
from wsis_sdg_evaluation.metrics import (
    Bools,
    Floats,
    confusions,
    f1_interval,
    hit_at,
    macro_f1,
    mean_average_precision,
    precision_recall_f1,
    reliability,
    wrongly_tagged_share,
)

CONFUSIONS: Final = 25
EXAMPLES: Final = 5


@dataclass(frozen=True, slots=True)
class Predictions:
    """What one system said of a set of paragraphs.

    Attributes:
        system: Its name.
        scores: ``(n, 204)``, higher is likelier; probabilities where the system gives them.
        given: ``(n, 204)``, the labels it decided for.
    """

    system: str
    scores: Floats
    given: Bools


@dataclass(frozen=True, slots=True)
class Truth:
    """The labels of a set of paragraphs, with what the measures are broken down by."""

    name: str
    labels: Bools
    registers: Sequence[str]
    groups: Sequence[str]


def summarize(predictions: Predictions, truth: Truth) -> dict[str, Any]:
    """The headline measures per label space, as plain numbers."""
    spaces: dict[str, Any] = {}
    for kind in KINDS:
        space = columns_of(kind)
        given, labels = predictions.given[:, space], truth.labels[:, space]
        scores = predictions.scores[:, space]
        precision, recall, _ = precision_recall_f1(given, labels)
        spaces[kind] = {
            "micro_precision": precision,
            "micro_recall": recall,
            "micro_f1": asdict(f1_interval(given, labels, groups=list(truth.groups))),
            "macro_f1": macro_f1(given, labels),
            "mean_average_precision": mean_average_precision(scores, labels),
            "hit_at_1": hit_at(scores, labels, k=1),
            "hit_at_3": hit_at(scores, labels, k=3),
        }
    return {
        "paragraphs": len(truth.labels),
        "unlabelled": int((~truth.labels.any(axis=1)).sum()),
        "unlabelled_tagged": wrongly_tagged_share(predictions.given, truth.labels),
        "spaces": spaces,
    }


def summarize_rows(predictions: Predictions, truth: Truth, rows: Bools) -> dict[str, Any]:
    """The headline measures on some of the paragraphs, given as a mask ``(n,)``."""
    chosen = [int(row) for row in np.flatnonzero(rows)]
    return summarize(
        Predictions(predictions.system, predictions.scores[rows], predictions.given[rows]),
        Truth(
            truth.name,
            truth.labels[rows],
            [truth.registers[i] for i in chosen],
            [truth.groups[i] for i in chosen],
        ),
    )


def worst_paragraphs(
    texts: Sequence[str], predictions: Predictions, truth: Truth
) -> list[dict[str, Any]]:
    """The paragraphs with the most targets and lines missed or wrongly given, with both sides."""
    goals = columns_of("goal").stop
    wrong = (predictions.given ^ truth.labels)[:, goals:].sum(axis=1)
    order = np.argsort(-wrong, kind="stable")[:EXAMPLES]

    def codes(row: Bools) -> list[str]:
        return [LABELS[column].code for column in np.flatnonzero(row) if column >= goals]

    return [
        {
            "text": texts[row],
            "labels": codes(truth.labels[row]),
            "given": codes(predictions.given[row]),
        }
        for row in map(int, order)
        if wrong[row]
    ]


def detail(predictions: Predictions, truth: Truth) -> dict[str, Any]:
    """The breakdowns: per label, per register, calibration, and confusions among labels."""
    labels = []
    for column, label in enumerate(LABELS):
        given, true = predictions.given[:, [column]], truth.labels[:, [column]]
        precision, recall, f1 = precision_recall_f1(given, true)
        labels.append(
            {
                "code": label.code,
                "kind": label.kind,
                "positives": int(true.sum()),
                "precision": precision,
                "recall": recall,
                "f1": f1,
            }
        )
    registers = {}
    for register in sorted(set(truth.registers)):
        rows = np.array([r == register for r in truth.registers])
        registers[register] = {
            kind: precision_recall_f1(
                predictions.given[rows, columns_of(kind)], truth.labels[rows, columns_of(kind)]
            )[2]
            for kind in KINDS
        }
    calibration, confused = {}, {}
    for kind in KINDS:
        space = columns_of(kind)
        curve, error = reliability(predictions.scores[:, space], truth.labels[:, space])
        calibration[kind] = {"expected_calibration_error": error, "curve": curve}
        confused[kind] = [
            {
                "missed": LABELS[space.start + a].code,
                "given": LABELS[space.start + b].code,
                "paragraphs": n,
            }
            for a, b, n in confusions(
                predictions.given[:, space], truth.labels[:, space], most=CONFUSIONS
            )
        ]
    return {
        "labels": labels,
        "registers": registers,
        "calibration": calibration,
        "confusions": confused,
    }
