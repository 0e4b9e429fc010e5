"""The labels and the official matrix."""

from __future__ import annotations

from collections import Counter

from wsis_sdg.taxonomy import (
    ACTION_LINES,
    BY_CODE,
    COLUMN,
    GOALS,
    LABELS,
    TARGETS,
    columns_of,
    official_matrix,
)

TARGETS_PER_GOAL = [7, 8, 13, 10, 9, 8, 5, 12, 8, 10, 10, 11, 5, 10, 12, 12, 19]


def test_counts() -> None:
    assert (len(GOALS), len(TARGETS), len(ACTION_LINES), len(LABELS)) == (17, 169, 18, 204)
    counts = Counter(label.goal for label in TARGETS)
    assert [counts[goal.code] for goal in GOALS] == TARGETS_PER_GOAL


def test_order_and_columns() -> None:
    assert (*GOALS, *TARGETS, *ACTION_LINES) == LABELS
    assert [LABELS[COLUMN[label.code]] for label in LABELS] == list(LABELS)
    assert LABELS[columns_of("action_line")] == ACTION_LINES


def test_every_label_is_complete() -> None:
    for label in LABELS:
        assert label.title
        assert label.address.startswith("https://")
        assert (label.colour is None) == (label.kind == "action_line")


def test_official_matrix_names_every_line_and_only_labels() -> None:
    matrix = official_matrix()
    assert list(matrix) == [line.code for line in ACTION_LINES]
    for row in matrix.values():
        assert row.codes
        assert row.status in {"confirmed", "confirmed_with_extras", "differs"}
        assert all(BY_CODE[code].kind in ("goal", "target") for code in row.codes)
    assert matrix["C7-elea"].codes == ("4",)
