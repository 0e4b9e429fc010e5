"""The official matrix as arrays: which cells the facilitators linked, and which they left open."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from wsis_sdg.taxonomy import ACTION_LINES, GOALS, TARGETS, Label, official_matrix

Bools = NDArray[np.bool_]
Level = Literal["goal", "target"]
LEVELS: Final[tuple[Level, ...]] = ("goal", "target")

CONFIRMED: Final = "confirmed"
LINKED_TO_ALL: Final = "C3"
"""Access to information and knowledge is linked to every goal by definition, not by judgement."""


@dataclass(frozen=True, slots=True)
class OfficialCells:
    """The official matrix at one level; arrays are ``(18, k)``.

    Attributes:
        linked: The cells that the facilitators linked. A goal counts as linked where it or one
            of its targets is named.
        open: Targets of a goal that was linked as a whole, without being named themselves: the
            official matrix says neither yes nor no. All false at goal level.
        confirmed: ``(18,)``, rows in which both transcriptions agree in every cell.
    """

    linked: Bools
    open: Bools
    confirmed: Bools


def labels_of(level: Level) -> tuple[Label, ...]:
    """The labels that a level's columns stand for, in official order."""
    return GOALS if level == "goal" else TARGETS


@cache
def official_cells(level: Level) -> OfficialCells:
    """The official matrix at goal or target level."""
    rows = official_matrix()
    named = [set(rows[line.code].codes) for line in ACTION_LINES]
    if level == "goal":
        goals = [{code.partition(".")[0] for code in codes} for codes in named]
        linked = np.array([[goal.code in codes for goal in GOALS] for codes in goals])
        is_open = np.zeros_like(linked)
    else:
        linked = np.array([[target.code in codes for target in TARGETS] for codes in named])
        whole = np.array([[target.goal in codes for target in TARGETS] for codes in named])
        is_open = whole & ~linked
    confirmed = np.array([rows[line.code].status == CONFIRMED for line in ACTION_LINES])
    for array in (linked, is_open, confirmed):
        array.flags.writeable = False
    return OfficialCells(linked, is_open, confirmed)
