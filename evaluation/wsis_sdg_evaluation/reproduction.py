"""The official WSIS-SDG Matrix reproduced from text, and from the labels' titles alone.

From text means from predictions: every paragraph of the labelled set is tagged by a classifier
that has seen neither it nor its theme. The labels serve two ends only: to fit the classifier on
the other folds, and to tell why a cell was missed.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import numpy as np

from wsis_sdg.decision import fit_decision
from wsis_sdg.matrix import Evidence, Matrix, Passage, build_matrix
from wsis_sdg.matrix.agreement import Bounded, average_precisions, f1_scores
from wsis_sdg.matrix.comparison import Comparison, compare, compare_cells
from wsis_sdg.matrix.official import LEVELS, LINKED_TO_ALL, Level, labels_of, official_cells
from wsis_sdg.matrix.strength import FALSE_DISCOVERY_RATE, LEAST_LIFT, Bools, Doubles
from wsis_sdg.retrain import fold_encoders, head_encoder, load_training_set
from wsis_sdg.tagger import ADAPTER_FOLDER, SHIPPED_HEAD
from wsis_sdg.taxonomy import ACTION_LINES, TARGETS
from wsis_sdg.training import Report, TrainingSet, out_of_fold_logits
from wsis_sdg_evaluation.baselines import decide
from wsis_sdg_evaluation.protocol import OURS, provenance
from wsis_sdg_evaluation.stability import compare_orders

FROM_TEXT: Final = "out-of-fold predictions"
FROM_TITLES: Final = "label titles"
LEAST_DEVIATION: Final = 1.645
"""Titles are linked from the likeness that one in twenty would reach by chance, one-sided."""
THEME_DRAWS: Final = 200
THEME_SEED: Final = 2017
STRONGEST: Final = 25


def reproduce_matrix(
    head_folder: Path = SHIPPED_HEAD, *, report: Report = lambda line: None
) -> dict[str, Any]:
    """Reproduce the matrix in both ways and measure it against the official one.

    Args:
        head_folder: The folder of the head with its adapters.
        report: Called with a line of progress.

    Returns:
        Plain data: ``about``, ``rule``, ``sources`` (per way the agreement at both levels),
        ``stability``, ``why`` (what became of every official cell), ``text_only`` (the strongest
        cells that are not official) and ``cells`` (goal level, as predictions have it).
    """
    data = load_training_set()
    adapted = (head_folder / ADAPTER_FOLDER).is_dir()
    rows = ~data.held_apart
    encoders = fold_encoders(data, head_folder, adapted=adapted)
    logits = out_of_fold_logits(data, encoders, report=report)[rows]
    said = decide(OURS, logits, fit_decision(logits, data.truth[rows]))
    chosen = np.flatnonzero(rows)
    predicted = build_matrix(_evidence(data, chosen, said.scores, said.given))
    labelled = build_matrix(_evidence(data, chosen, data.truth[chosen], data.truth[chosen] > 0))
    themes = [data.groups[int(row)] for row in chosen]
    report(f"drawing themes {THEME_DRAWS} times")
    intervals = theme_intervals(predicted.evidence, themes)
    report("comparing orders of the cells between halves of the themes")
    return {
        "about": provenance(),
        "rule": {"false_discovery_rate": FALSE_DISCOVERY_RATE, "least_lift": LEAST_LIFT},
        "paragraphs": predicted.paragraphs,
        "with_action_line": predicted.with_line,
        "sources": {
            FROM_TEXT: _figures(compare(predicted), intervals),
            FROM_TITLES: _figures(compare_titles()),
        },
        "stability": compare_orders(predicted.evidence, labelled.evidence, themes),
        "why": {level: explain_official(level, predicted, labelled) for level in LEVELS},
        "text_only": {level: strongest_text_only(level, predicted) for level in LEVELS},
        "cells": _goal_cells(predicted),
    }


def compare_titles() -> dict[Level, Comparison]:
    """The matrix that the labels' titles alone give, by the bare encoder, against the official one.

    Strength is the likeness of two titles beyond what either has with all others, in standard
    deviations: without that, titles of general words would be near to everything.
    """
    encoder = head_encoder(SHIPPED_HEAD, adapted=False)
    lines = encoder.encode([line.title for line in ACTION_LINES])
    strength: dict[Level, Doubles] = {}
    general: dict[Level, Doubles] = {}
    for level in LEVELS:
        titles = encoder.encode([label.title for label in labels_of(level)])
        likeness = (lines @ titles.T).astype(np.float64)
        general[level] = (
            likeness.mean(axis=1, keepdims=True) + likeness.mean(axis=0) - (likeness.mean())
        )
        beyond = likeness - general[level]
        strength[level] = beyond / beyond.std()
    for column, target in enumerate(TARGETS):
        goal = strength["goal"][:, int(str(target.goal)) - 1]
        np.maximum(goal, strength["target"][:, column], out=goal)
    return {
        level: compare_cells(
            level,
            strength=strength[level],
            linked=strength[level] >= LEAST_DEVIATION,
            frequency=general[level],
        )
        for level in LEVELS
    }


def theme_intervals(evidence: Evidence, themes: list[str]) -> dict[Level, dict[str, Bounded]]:
    """95 % intervals of average precision and F1, without C3, when whole themes are drawn anew."""
    names, numbers = np.unique(themes, return_inverse=True)
    members = [np.flatnonzero(numbers == number) for number in range(len(names))]
    random = np.random.default_rng(THEME_SEED)
    values: dict[Level, list[tuple[float, float]]] = {level: [] for level in LEVELS}
    for _ in range(THEME_DRAWS):
        rows = np.concatenate([members[i] for i in random.integers(len(names), size=len(names))])
        matrix = build_matrix(part_of(evidence, rows))
        for level in LEVELS:
            values[level].append(_headline(level, matrix))
    whole = build_matrix(evidence)
    intervals: dict[Level, dict[str, Bounded]] = {}
    for level in LEVELS:
        low, high = np.quantile(np.array(values[level]), [0.025, 0.975], axis=0)
        intervals[level] = {
            name: Bounded(value, float(low[place]), float(high[place]))
            for place, (name, value) in enumerate(
                zip(("average_precision", "f1"), _headline(level, whole), strict=True)
            )
        }
    return intervals


def part_of(evidence: Evidence, rows: Any) -> Evidence:
    """Some rows of evidence; a row may come more than once."""
    return Evidence(
        [evidence.passages[int(row)] for row in rows],
        evidence.probabilities[rows],
        evidence.given[rows],
        evidence.all_scores,
    )


def explain_official(level: Level, predicted: Matrix, labelled: Matrix) -> dict[str, Any]:
    """What became of the official cells without C3, and why those were missed that were.

    Returns:
        ``reproduced``; ``classifier``: linked by the paragraphs' own labels but not
        by predictions; ``by_chance``: paragraphs are labelled with both, but no more than chance
        brings together; ``unstated``: not one paragraph has both. And the ``unstated`` cells.
    """
    official = official_cells(level).linked & _judged()[:, None]
    linked, stated = predicted.cells(level).linked, labelled.cells(level)
    missed = official & ~linked
    unstated = missed & ~stated.linked & (stated.together == 0)
    return {
        "official": int(official.sum()),
        "reproduced": int((official & linked).sum()),
        "classifier": int((missed & stated.linked).sum()),
        "by_chance": int((missed & ~stated.linked & (stated.together > 0)).sum()),
        "unstated": int(unstated.sum()),
        "unstated_cells": [
            f"{ACTION_LINES[r].code} × {labels_of(level)[c].code}" for r, c in np.argwhere(unstated)
        ],
    }


def strongest_text_only(level: Level, matrix: Matrix) -> list[dict[str, Any]]:
    """The strongest cells that the text links and the official matrix does not, without C3."""
    cells, official = matrix.cells(level), official_cells(level)
    only = cells.linked & ~official.linked & ~official.open & _judged()[:, None]
    places = sorted(np.argwhere(only), key=lambda place: -cells.strength[tuple(place)])
    return [
        {
            "line": ACTION_LINES[r].code,
            "code": labels_of(level)[c].code,
            "title": labels_of(level)[c].title,
            "paragraphs": int(cells.together[r, c]),
            "strength": float(cells.strength[r, c]),
        }
        for r, c in places[:STRONGEST]
    ]


def _judged() -> Bools:
    return np.array([line.code != LINKED_TO_ALL for line in ACTION_LINES])


def _headline(level: Level, matrix: Matrix) -> tuple[float, float]:
    official, cells = official_cells(level), matrix.cells(level)
    compared = _judged()[:, None] & ~official.open
    true, linked = official.linked[compared], cells.linked[compared]
    whole = np.ones((1, len(true)))
    return (
        float(average_precisions(cells.strength[compared], true, whole)[0]),
        float(f1_scores(linked, true, whole)[0]),
    )


def _evidence(data: TrainingSet, rows: Any, scores: Any, given: Bools) -> Evidence:
    passages = [
        Passage(data.groups[int(row)], int(row), "", "body", data.texts[int(row)]) for row in rows
    ]
    return Evidence(passages, scores, given, all_scores=True)


def _figures(
    comparisons: dict[Level, Comparison],
    intervals: dict[Level, dict[str, Bounded]] | None = None,
) -> dict[str, Any]:
    return {
        level: {
            "scopes": {name: found.as_dict() for name, found in comparison.scopes.items()},
            "lines": {code: found.as_dict() for code, found in comparison.lines.items()},
            "over_themes": {}
            if intervals is None
            else {
                name: {"value": b.value, "low": b.low, "high": b.high}
                for name, b in intervals[level].items()
            },
        }
        for level, comparison in comparisons.items()
    }


def _goal_cells(matrix: Matrix) -> list[dict[str, Any]]:
    frame = matrix.to_frame()
    columns = ["line", "code", "together", "expected", "q_value", "strength", "linked", "state"]
    goals = frame.loc[frame["level"] == "goal", columns]
    rows: list[dict[str, Any]] = goals.to_dict(orient="records")
    return rows
