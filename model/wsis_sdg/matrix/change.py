"""Two bodies of text against each other: which cells were gained and which lost."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from wsis_sdg.matrix.official import LEVELS, Level, labels_of
from wsis_sdg.matrix.strength import FALSE_DISCOVERY_RATE, Doubles, adjust_p_values
from wsis_sdg.matrix.table import Matrix
from wsis_sdg.taxonomy import ACTION_LINES


@dataclass(frozen=True, slots=True)
class CellChange:
    """A cell that one body of text links and the other does not.

    Attributes:
        level: Goal or target.
        line: The action line's code.
        code: The goal's or target's code.
        change: ``gained`` where the text at hand links it, ``lost`` where only the other does.
        paragraphs: Paragraphs with both labels in the text at hand.
        paragraphs_other: The same in the other text.
        strength: In the text at hand.
        strength_other: In the other text.
        q_value: Fisher's exact test, two-sided, that the share of paragraphs with both labels
            is the same in both texts, adjusted over all cells that either text holds.
    """

    level: Level
    line: str
    code: str
    change: Literal["gained", "lost"]
    paragraphs: int
    paragraphs_other: int
    strength: float
    strength_other: float
    q_value: float

    @property
    def is_clear(self) -> bool:
        """Whether the shares differ beyond chance; a link may also turn on a single paragraph."""
        return self.q_value <= FALSE_DISCOVERY_RATE


def changed_cells(matrix: Matrix, other: Matrix) -> list[CellChange]:
    """The cells that ``matrix`` has gained over ``other`` and lost, in official order."""
    changes = []
    for level in LEVELS:
        here, there = matrix.cells(level), other.cells(level)
        q_value = _share_q_values(matrix, other, level)
        for row, line in enumerate(ACTION_LINES):
            for column, label in enumerate(labels_of(level)):
                if here.linked[row, column] == there.linked[row, column]:
                    continue
                changes.append(
                    CellChange(
                        level=level,
                        line=line.code,
                        code=label.code,
                        change="gained" if here.linked[row, column] else "lost",
                        paragraphs=int(here.together[row, column]),
                        paragraphs_other=int(there.together[row, column]),
                        strength=float(here.strength[row, column]),
                        strength_other=float(there.strength[row, column]),
                        q_value=float(q_value[row, column]),
                    )
                )
    return changes


def _share_q_values(matrix: Matrix, other: Matrix, level: Level) -> Doubles:
    from scipy.stats import fisher_exact

    here, there = matrix.cells(level).together, other.cells(level).together
    p_value = np.ones(here.shape)
    seen = here + there > 0
    for row, column in np.argwhere(seen):
        a, b = int(here[row, column]), int(there[row, column])
        table = [[a, matrix.paragraphs - a], [b, other.paragraphs - b]]
        p_value[row, column] = fisher_exact(table).pvalue
    return adjust_p_values(p_value, testable=seen)
