"""The matrix beside the official one: cell by cell, line by line, and as a whole.

The official matrix enters here and nowhere earlier: no score, bound or rule has seen it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from wsis_sdg.matrix.agreement import Agreement, measure_agreement
from wsis_sdg.matrix.official import LEVELS, LINKED_TO_ALL, Level, official_cells
from wsis_sdg.matrix.strength import Bools, Doubles
from wsis_sdg.matrix.table import Matrix
from wsis_sdg.taxonomy import ACTION_LINES

State = Literal["agree", "only official", "only text", "neither", "open"]
STATES: Final[tuple[State, ...]] = ("agree", "only official", "only text", "neither", "open")

SCOPES: Final = (
    "without C3",
    "with C3",
    "confirmed rows without C3",
    "uncertain rows",
    "whole goals spread",
)
"""The sets of cells that are reported; the first is the headline.

``uncertain rows`` are those in which the transcriptions of the official matrix differ, or one
holds more. ``whole goals spread``, at target level only, takes a goal that was linked as a whole
for a link to each of its targets, which every other scope leaves out as neither yes nor no.
"""


@dataclass(frozen=True, slots=True)
class Comparison:
    """One level of a matrix against the official one.

    Attributes:
        scopes: The agreement per name in ``SCOPES``.
        lines: The agreement per action line's code.
    """

    scopes: dict[str, Agreement]
    lines: dict[str, Agreement]


def compare(matrix: Matrix) -> dict[Level, Comparison]:
    """Compare a matrix with the official one at both levels."""
    return {
        level: compare_cells(
            level,
            strength=matrix.cells(level).strength,
            linked=matrix.cells(level).linked,
            frequency=matrix.cells(level).soft_expected,
        )
        for level in LEVELS
    }


def compare_cells(
    level: Level, *, strength: Doubles, linked: Bools, frequency: Doubles
) -> Comparison:
    """Compare any order and selection of one level's cells with the official ones.

    Args:
        level: Goal or target.
        strength: ``(18, k)``, the order of the cells.
        linked: ``(18, k)``, the cells called linked.
        frequency: ``(18, k)``, the order that the labels' frequencies alone would give.
    """
    official = official_cells(level)

    def agreement(rows: Bools, *, spread: bool = False) -> Agreement:
        true = official.linked | official.open if spread else official.linked
        compared = rows[:, None] & (np.ones_like(true) if spread else ~official.open)
        return measure_agreement(strength, linked, frequency, true, compared)

    judged = np.array([line.code != LINKED_TO_ALL for line in ACTION_LINES])
    scopes = {
        "without C3": agreement(judged),
        "with C3": agreement(np.ones_like(judged)),
        "confirmed rows without C3": agreement(judged & official.confirmed),
        "uncertain rows": agreement(~official.confirmed),
    }
    if level == "target":
        scopes["whole goals spread"] = agreement(judged, spread=True)
    lines = {
        line.code: agreement(np.arange(len(ACTION_LINES)) == row)
        for row, line in enumerate(ACTION_LINES)
    }
    return Comparison(scopes, lines)


def cell_states(level: Level, linked: Bools) -> list[list[State]]:
    """Per cell of ``linked`` ``(18, k)``, who links it."""
    official = official_cells(level)
    names: dict[tuple[bool, bool], State] = {
        (True, True): "agree",
        (True, False): "only official",
        (False, True): "only text",
        (False, False): "neither",
    }
    return [
        [
            "open"
            if official.open[r, c]
            else names[bool(official.linked[r, c]), bool(linked[r, c])]
            for c in range(linked.shape[1])
        ]
        for r in range(linked.shape[0])
    ]
