"""A matrix as data frames: one row a cell, or a table of action lines by labels."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from typing import Final

import pandas as pd

from wsis_sdg.matrix.change import CellChange
from wsis_sdg.matrix.comparison import cell_states
from wsis_sdg.matrix.official import LEVELS, LINKED_TO_ALL, Level, labels_of, official_cells
from wsis_sdg.matrix.table import Matrix
from wsis_sdg.taxonomy import ACTION_LINES, official_matrix

FIGURES: Final = (
    "together",
    "expected",
    "lift",
    "p_value",
    "q_value",
    "soft",
    "soft_expected",
    "strength",
    "low",
    "high",
    "linked",
)
"""The figures of a cell; see :class:`wsis_sdg.matrix.strength.Cells`."""


def cell_frame(matrix: Matrix) -> pd.DataFrame:
    """One row a cell, goals before targets, action lines in official order.

    Columns: ``level``, ``line``, ``line_title``, ``code``, ``title``, the ``FIGURES``,
    ``official`` (linked, not, or open where the goal was linked as a whole), ``state`` (agree,
    only official, only text, neither, open) and ``official_status`` (how far the transcriptions
    of the official row agree; ``by definition`` for C3).
    """
    return pd.concat([_level_frame(matrix, level) for level in LEVELS], ignore_index=True)


def grid_frame(matrix: Matrix, level: Level = "goal", *, figure: str = "strength") -> pd.DataFrame:
    """One figure of every cell: action lines as rows, labels as columns, in official order.

    Args:
        matrix: The matrix.
        level: Goal or target.
        figure: One of ``FIGURES``.
    """
    return pd.DataFrame(
        getattr(matrix.cells(level), figure),
        index=pd.Index([line.code for line in ACTION_LINES], name="line"),
        columns=pd.Index([label.code for label in labels_of(level)], name=level),
    )


def change_frame(changes: Iterable[CellChange]) -> pd.DataFrame:
    """One row a gained or lost cell; columns as :class:`CellChange` and ``is_clear``."""
    columns = [*CellChange.__dataclass_fields__, "is_clear"]
    rows = [asdict(change) | {"is_clear": change.is_clear} for change in changes]
    return pd.DataFrame(rows, columns=columns)


def _level_frame(matrix: Matrix, level: Level) -> pd.DataFrame:
    labels, cells = labels_of(level), matrix.cells(level)
    official = official_cells(level)
    states = cell_states(level, cells.linked)
    rows = official_matrix()
    k = len(labels)
    return pd.DataFrame(
        {
            "level": level,
            "line": [line.code for line in ACTION_LINES for _ in range(k)],
            "line_title": [line.title for line in ACTION_LINES for _ in range(k)],
            "code": [label.code for label in labels] * len(ACTION_LINES),
            "title": [label.title for label in labels] * len(ACTION_LINES),
            **{figure: getattr(cells, figure).ravel() for figure in FIGURES},
            "official": [
                "open" if is_open else "linked" if linked else "not"
                for linked, is_open in zip(
                    official.linked.ravel(), official.open.ravel(), strict=True
                )
            ],
            "state": [state for row in states for state in row],
            "official_status": [
                "by definition" if line.code == LINKED_TO_ALL else rows[line.code].status
                for line in ACTION_LINES
                for _ in range(k)
            ],
        }
    )
