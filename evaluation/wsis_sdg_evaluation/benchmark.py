"""The public SDG Classification Benchmark, and packages to hold ours against.

The benchmark (PyPI ``sdgclassification-benchmark``) holds 1,251 texts, each with one SDG and an
expert's verdict whether the text is about it. It is a test set: nothing is fitted or chosen on it.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Sequence
from typing import Any, Final

import numpy as np

from wsis_sdg.errors import WsisSdgError
from wsis_sdg.tagger import Tagger
from wsis_sdg.taxonomy import COLUMN, LABELS
from wsis_sdg_evaluation.report import Predictions

PUBLISHED: Final = {
    "AFD SDG Prospector": 87.8,
    "GPT-4o": 87.2,
    "DeepSeek-v3": 86.9,
    "text2sdg": 83.0,
    "Aurora": 79.2,
    "JRC SDG Mapper": 77.3,
    "OSDG v1": 69.7,
}
"""Average accuracies as published with the benchmark, in per cent."""

PredictGoals = Callable[[Sequence[str]], list[set[str]]]


def load_benchmark() -> list[tuple[str, str, bool]]:
    """The benchmark's texts, each with its goal's code and the expert's verdict.

    Raises:
        WsisSdgError: When the package is not installed.
    """
    package = _import("sdgclassification.benchmark", "pip install 'wsis-sdg[benchmark]'")
    rows = package.load_benchmark_df()
    return [
        (str(text), str(int(goal)), bool(label))
        for text, goal, label in zip(rows["text"], rows["sdg"], rows["label"], strict=True)
    ]


def measure(name: str, predict: PredictGoals) -> dict[str, Any]:
    """One system's accuracy per goal and their plain average, in per cent."""
    rows = load_benchmark()
    said = predict([text for text, _, _ in rows])
    right: dict[str, list[bool]] = {}
    for (_, goal, label), goals in zip(rows, said, strict=True):
        right.setdefault(goal, []).append((goal in goals) == label)
    accuracy = {goal: 100 * float(np.mean(right[goal])) for goal in sorted(right, key=int)}
    return {
        "system": name,
        "texts": len(rows),
        "average_accuracy": float(np.mean(list(accuracy.values()))),
        "accuracy": accuracy,
    }


def our_goals(tagger: Tagger) -> PredictGoals:
    """The goals that a classifier gives."""

    def predict(texts: Sequence[str]) -> list[set[str]]:
        return [{tag.code for tag in tagging.goals} for tagging in tagger.predict(texts)]

    return predict


def seesus_goals(texts: Sequence[str]) -> list[set[str]]:
    """The goals that seesus gives.

    Raises:
        WsisSdgError: When seesus is not installed.
    """
    return [
        {LABELS[c].code for c in np.flatnonzero(row[:17])}
        for row in seesus_predictions(texts).given
    ]


def seesus_predictions(texts: Sequence[str]) -> Predictions:
    """The goals and targets that seesus gives, as predictions; it knows no action lines.

    Raises:
        WsisSdgError: When seesus is not installed.
    """
    seesus = _import("seesus", "pip install seesus")
    given = np.zeros((len(texts), len(LABELS)), bool)
    for row, text in enumerate(texts):
        found = seesus.SeeSus(text)
        for code in (*found.sdg, *found.target):
            goal, _, target = str(code).removeprefix("SDG").partition("_")
            given[row, COLUMN[goal]] = True
            if f"{goal}.{target}" in COLUMN:
                given[row, COLUMN[f"{goal}.{target}"]] = True
    return Predictions("seesus", given.astype(np.float32), given)


def _import(name: str, remedy: str) -> Any:
    try:
        return importlib.import_module(name)
    except ImportError as error:
        raise WsisSdgError(f"the package for {name} is not installed", f"run '{remedy}'") from error
