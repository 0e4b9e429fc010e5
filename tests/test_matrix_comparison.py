"""The comparison with the official matrix, its measures against scikit-learn's."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import average_precision_score, cohen_kappa_score, f1_score

from wsis_sdg import matrix
from wsis_sdg.matrix.agreement import (
    average_precisions,
    chance_average_precision,
    f1_scores,
    kappas,
    measure_agreement,
    top_cells,
)
from wsis_sdg.matrix.change import changed_cells
from wsis_sdg.matrix.comparison import SCOPES, cell_states, compare_cells
from wsis_sdg.matrix.official import LEVELS, official_cells
from wsis_sdg.taxonomy import ACTION_LINES, TARGETS

TAGGED = Path(__file__).parent / "data" / "E-RES-2017-21.tagged.jsonl"
LINES = [line.code for line in ACTION_LINES]
CELLS = st.lists(
    st.tuples(st.booleans(), st.booleans(), st.integers(0, 4), st.integers(1, 3)),
    min_size=2,
    max_size=40,
).filter(lambda cells: len({true for _, true, _, _ in cells}) == 2)


@given(CELLS)
def test_measures_are_scikit_learns(cells: list[tuple[bool, bool, int, int]]) -> None:
    said, true, scores, weights = (np.array(column) for column in zip(*cells, strict=True))
    scores, draws = scores.astype(float), weights[None, :].astype(float)
    options = {"sample_weight": weights}
    assert average_precisions(scores, true, draws)[0] == pytest.approx(
        average_precision_score(true, scores, **options)
    )
    assert kappas(said, true, draws)[0] == pytest.approx(cohen_kappa_score(said, true, **options))
    assert f1_scores(said, true, draws)[0] == pytest.approx(f1_score(true, said, **options))


@pytest.mark.parametrize(("cells", "positives"), [(20, 1), (20, 7), (20, 20), (1, 1)])
def test_chance_is_what_random_orders_give(cells: int, positives: int) -> None:
    true = np.arange(cells) < positives
    random = np.random.default_rng(0)
    whole = np.ones((1, cells))
    found = [average_precisions(random.random(cells), true, whole)[0] for _ in range(4000)]
    assert chance_average_precision(cells, positives) == pytest.approx(np.mean(found), abs=0.01)


def test_chance_without_positives_is_undefined() -> None:
    assert chance_average_precision(5, 0) is None


def test_top_cells_takes_earlier_ones_among_equals() -> None:
    assert top_cells(np.array([1.0, 3.0, 1.0, 2.0]), 3).tolist() == [True, True, False, True]


def test_official_cells() -> None:
    goals, targets = (official_cells(level) for level in LEVELS)
    assert goals.linked[LINES.index("C3")].all()
    assert not goals.open.any()
    codes = [target.code for target in TARGETS]
    learning, health = LINES.index("C7-elea"), LINES.index("C7-ehea")
    assert targets.open[learning].sum() == 10
    assert not targets.linked[learning].any()
    assert targets.linked[health, codes.index("3.3")]
    assert not targets.open[health, codes.index("3.3")]
    assert targets.open[health, codes.index("3.1")]
    assert not goals.confirmed[LINES.index("C1")]
    assert not (targets.linked & targets.open).any()


@pytest.mark.parametrize("level", LEVELS)
def test_the_official_matrix_agrees_with_itself(level: str) -> None:
    official = official_cells(level)
    frequency = np.ones(official.linked.shape)
    same = compare_cells(
        level, strength=official.linked.astype(float), linked=official.linked, frequency=frequency
    )
    found = same.scopes["without C3"]
    assert found.agree == found.official == found.text
    for figure in (found.precision, found.recall, found.f1, found.kappa, found.average_precision):
        assert (figure.value, figure.low, figure.high) == pytest.approx((1, 1, 1))
    # One single tie ranks nothing: its average precision is the share of official cells.
    assert found.frequency_average_precision == pytest.approx(found.official / found.cells)
    opposite = compare_cells(
        level, strength=-official.linked.astype(float), linked=~official.linked, frequency=frequency
    )
    assert opposite.scopes["without C3"].agree == 0
    assert opposite.scopes["without C3"].kappa.value < 0


def test_scopes_and_lines_are_the_cells_they_say() -> None:
    with TAGGED.open(encoding="utf-8") as stream:
        found = matrix.compare(matrix.build(map(json.loads, stream)))
    goal, target = found["goal"], found["target"]
    assert tuple(goal.scopes) == SCOPES[:-1]
    assert tuple(target.scopes) == SCOPES
    assert goal.scopes["with C3"].cells == 18 * 17
    assert goal.scopes["without C3"].cells == 17 * 17
    assert goal.scopes["uncertain rows"].cells == 7 * 17
    assert target.scopes["whole goals spread"].cells == 17 * 169
    assert list(goal.lines) == LINES
    assert sum(line.official for line in goal.lines.values()) == goal.scopes["with C3"].official
    assert goal.lines["C3"].kappa.value == 0  # linked to everything: chance agrees as often
    assert target.lines["C3"].cells == 0
    assert target.lines["C3"].average_precision is None
    headline = goal.scopes["without C3"]
    assert headline.average_precision.low < headline.average_precision.value
    assert headline.average_precision.value < headline.average_precision.high


def test_nothing_linked_has_no_precision() -> None:
    nothing = np.zeros((2, 3), bool)
    true = np.array([[True, False, False], [False, True, False]])
    found = measure_agreement(np.ones((2, 3)), nothing, np.ones((2, 3)), true, np.ones_like(true))
    assert found.precision is None
    assert found.recall.value == 0
    assert found.chance_f1 == 0


def test_states_name_every_cell() -> None:
    official = official_cells("target")
    states = np.array(cell_states("target", np.ones(official.linked.shape, bool)))
    assert np.array_equal(states == "agree", official.linked)
    assert np.array_equal(states == "open", official.open)
    assert np.array_equal(states == "only text", ~official.linked & ~official.open)


def _text(*groups: tuple[int, tuple[str, ...]]) -> matrix.Matrix:
    fields = {"document": "d", "index": 0, "number": "", "kind": "body", "text": "Text."}
    return matrix.build(
        fields
        | {
            "goals": [{"code": c, "score": 0.9} for c in codes if c[0] != "C"],
            "targets": [],
            "action_lines": [{"code": c, "score": 0.9} for c in codes if c[0] == "C"],
        }
        for times, codes in groups
        for _ in range(times)
    )


def test_gained_and_lost_cells() -> None:
    here = _text((20, ("C2", "9")), (20, ("4",)), (40, ()))
    there = _text((20, ("C2",)), (20, ("4", "C4")), (40, ("9",)))
    changes = {(c.line, c.code): c for c in changed_cells(here, there)}
    gained, lost = changes["C2", "9"], changes["C4", "4"]
    assert (gained.change, gained.paragraphs, gained.paragraphs_other) == ("gained", 20, 0)
    assert (lost.change, lost.paragraphs, lost.paragraphs_other) == ("lost", 0, 20)
    assert gained.is_clear
    assert gained.strength > gained.strength_other
    assert changed_cells(here, here) == []
    mirrored = {(c.line, c.code): c.change for c in changed_cells(there, here)}
    assert mirrored == {("C2", "9"): "lost", ("C4", "4"): "gained"}
