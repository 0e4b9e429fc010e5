"""The reproduction of the official matrix, and the page that is rendered from its figures."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from wsis_sdg.errors import WsisSdgError
from wsis_sdg.matrix import Evidence, Matrix, Passage, build_matrix
from wsis_sdg.matrix.comparison import SCOPES
from wsis_sdg.taxonomy import COLUMN, LABELS
from wsis_sdg_evaluation.matrix_report import fill_page, print_reproduction
from wsis_sdg_evaluation.reproduction import (
    compare_titles,
    explain_official,
    part_of,
    strongest_text_only,
    theme_intervals,
)
from wsis_sdg_evaluation.stability import ORDERS, compare_orders

EVALUATION = Path(__file__).parents[1] / "evaluation"


def _evidence(*groups: tuple[int, tuple[str, ...]]) -> Evidence:
    n = sum(times for times, _ in groups)
    given = np.zeros((n, len(LABELS)), bool)
    row = 0
    for times, codes in groups:
        given[row : row + times, [COLUMN[code] for code in codes]] = True
        row += times
    passages = [Passage(f"theme {i % 7}", i, "", "body", "Text.") for i in range(n)]
    return Evidence(passages, given.astype(np.float32) * np.float32(0.9), given, True)


def _matrix(*groups: tuple[int, tuple[str, ...]]) -> Matrix:
    return build_matrix(_evidence(*groups))


def test_official_cells_are_sorted_by_what_became_of_them() -> None:
    predicted = _matrix((20, ("C2", "9")), (10, ("C9", "5")), (40, ()))
    labelled = _matrix(
        (20, ("C2", "9")), (10, ("C9", "5")), (10, ("C8", "4")), (1, ("C2", "1")), (40, ("1",))
    )
    why = explain_official("goal", predicted, labelled)
    assert why["official"] == 107
    assert why["reproduced"] == 2  # C2 with 9 and C9 with 5
    assert why["classifier"] == 1  # C8 with 4
    assert why["by_chance"] == 1  # C2 with 1
    assert why["unstated"] == 107 - 4
    assert "C2 × 8" in why["unstated_cells"]
    assert not any(cell.startswith("C3 ") for cell in why["unstated_cells"])


def test_cells_of_the_text_alone_come_strongest_first() -> None:
    found = strongest_text_only(
        "goal", _matrix((20, ("C2", "17")), (8, ("C9", "2")), (20, ("C2", "9")), (60, ("17",)))
    )
    assert [(cell["line"], cell["code"]) for cell in found] == [("C9", "2")]
    assert found[0]["paragraphs"] == 8


def test_theme_intervals_hold_their_figure() -> None:
    evidence = _evidence((40, ("C2", "9")), (30, ("C5", "16")), (30, ("C9", "4")), (60, ()))
    themes = [passage.document for passage in evidence.passages]
    figure = theme_intervals(evidence, themes)["goal"]["average_precision"]
    assert figure.low <= figure.value <= figure.high


def test_part_of_evidence_may_repeat_rows() -> None:
    part = part_of(_evidence((2, ("C2",)), (1, ("9",))), np.array([2, 2, 0]))
    assert len(part.passages) == 3
    assert part.given[:, COLUMN["9"]].tolist() == [True, True, False]


def test_orders_are_compared_on_halves() -> None:
    evidence = _evidence(
        (42, ("C2", "9", "9.c")), (35, ("C5", "16", "16.2")), (70, ("9", "9.1")), (70, ())
    )
    themes = [passage.document for passage in evidence.passages]
    found = compare_orders(evidence, evidence, themes)
    assert list(found["goal"]) == list(ORDERS)
    assert found["goal"]["strength"]["average_precision"] == 1
    assert found["goal"]["label frequencies (expected)"]["average_precision"] < 1


def _committed() -> dict[str, Any]:
    return dict(json.loads((EVALUATION / "results" / "matrix.json").read_text(encoding="utf-8")))


def test_page_says_what_the_committed_figures_say() -> None:
    page = (EVALUATION / "MATRIX.md").read_text(encoding="utf-8")
    assert fill_page(page, _committed()) == page


def test_page_without_a_marker_is_refused() -> None:
    with pytest.raises(WsisSdgError, match="no markers for 'headline'"):
        fill_page("A page.", _committed())


def test_committed_figures_are_above_both_baselines() -> None:
    for level, figures in _committed()["sources"]["out-of-fold predictions"].items():
        found = figures["scopes"]["without C3"]
        chance, often = found["chance_average_precision"], found["frequency_average_precision"]
        assert found["average_precision"]["low"] > max(chance, often), level
        assert found["f1"]["value"] > max(found["chance_f1"], found["frequency_f1"]), level


def test_terminal_table(capsys: pytest.CaptureFixture[str]) -> None:
    print_reproduction(_committed())
    said = capsys.readouterr().out
    assert "out-of-fold" in said
    assert "frequencies" in said


@pytest.mark.slow
def test_titles_alone_say_something() -> None:
    found = compare_titles()
    assert tuple(found["target"].scopes) == SCOPES
    headline = found["goal"].scopes["without C3"]
    assert headline.average_precision.value > headline.chance_average_precision
