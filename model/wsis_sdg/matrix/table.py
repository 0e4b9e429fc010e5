"""The matrix itself: the cells of both levels, with the evidence they were measured on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from wsis_sdg.matrix.evidence import Evidence, evidence_of_records
from wsis_sdg.matrix.official import Level
from wsis_sdg.matrix.strength import Bools, Cells, Counts, measure_cells
from wsis_sdg.records import Record
from wsis_sdg.tagger import TaggedParagraph
from wsis_sdg.taxonomy import TARGETS, columns_of

if TYPE_CHECKING:
    from pandas import DataFrame


@dataclass(frozen=True, slots=True)
class Matrix:
    """Action lines by goals and by targets, as a body of text links them.

    Attributes:
        evidence: The paragraphs that it was measured on.
        goals: The cells with the 17 goals. A target brings its goal along: a goal's strength is
            at least that of its strongest target, and a linked target links its goal.
        targets: The cells with the 169 targets.
    """

    evidence: Evidence
    goals: Cells
    targets: Cells

    def cells(self, level: Level) -> Cells:
        """The cells of one level."""
        return self.goals if level == "goal" else self.targets

    @property
    def paragraphs(self) -> int:
        """How many paragraphs were aggregated, those without any tag included."""
        return len(self.evidence.passages)

    @property
    def line_counts(self) -> Counts:
        """Paragraphs ``(18,)`` that carry each action line."""
        given = self.evidence.given[:, columns_of("action_line")]
        counts: Counts = given.sum(axis=0, dtype=np.int64)
        return counts

    @property
    def with_line(self) -> int:
        """How many paragraphs carry an action line."""
        return int(self.evidence.given[:, columns_of("action_line")].any(axis=1).sum())

    @property
    def notes(self) -> tuple[str, ...]:
        """What a reader should know before reading the table."""
        if self.paragraphs == 0:
            return ("No paragraph was read, so the text links nothing.",)
        notes = []
        if self.with_line == 0:
            notes.append("No paragraph carries an action line, so the text links nothing.")
        elif not self.goals.linked.any():
            said = "1 paragraph is" if self.paragraphs == 1 else f"{self.paragraphs} paragraphs are"
            notes.append(
                f"{said} too few, or too even, to tell a link from chance: read the counts only."
            )
        if not self.evidence.all_scores:
            notes.append(
                "Soft counts rest on the scores of the tags alone; tag and aggregate in one step "
                "to count the scores of all labels."
            )
        return tuple(notes)

    def to_frame(self) -> DataFrame:
        """One row a cell, both levels, with every figure; see :func:`frames.cell_frame`."""
        from wsis_sdg.matrix.frames import cell_frame

        return cell_frame(self)

    def to_grid(self, level: Level = "goal", *, figure: str = "strength") -> DataFrame:
        """One figure as a table of action lines by labels; see :func:`frames.grid_frame`."""
        from wsis_sdg.matrix.frames import grid_frame

        return grid_frame(self, level, figure=figure)


def build(tagged: Iterable[Record | TaggedParagraph]) -> Matrix:
    """Aggregate tagged paragraphs into the matrix.

    Tagged paragraphs carry the scores of their tags only, so soft counts rest on those;
    :func:`build_matrix` takes the scores of all labels.

    Args:
        tagged: Records as ``wsis-sdg tag`` writes them, or what ``Tagger.tag`` returns.

    Raises:
        DocumentError: At a record that lacks a field or carries a code that is no label.

    >>> from wsis_sdg import matrix
    >>> matrix.build([]).notes
    ('No paragraph was read, so the text links nothing.',)
    """
    return build_matrix(evidence_of_records(tagged))


def build_matrix(evidence: Evidence) -> Matrix:
    """Aggregate evidence, with the scores of all labels where it has them, into the matrix."""
    lines = columns_of("action_line")
    goals, targets = (
        measure_cells(
            evidence.probabilities[:, lines],
            evidence.probabilities[:, space],
            evidence.given[:, lines],
            evidence.given[:, space],
        )
        for space in (columns_of("goal"), columns_of("target"))
    )
    return Matrix(evidence, raise_goal_cells(goals, targets), targets)


def raise_goal_cells(goals: Cells, targets: Cells) -> Cells:
    """Lift every goal's strength to that of its strongest target, and link it where one is linked.

    The same hierarchy holds among tags: a paragraph on a target is one on its goal.
    """
    strength, low, high = goals.strength.copy(), goals.low.copy(), goals.high.copy()
    linked: Bools = goals.linked.copy()
    for column, target in enumerate(TARGETS):
        goal = int(str(target.goal)) - 1
        stronger = targets.strength[:, column] > strength[:, goal]
        for mine, theirs in (
            (strength, targets.strength),
            (low, targets.low),
            (high, targets.high),
        ):
            mine[stronger, goal] = theirs[stronger, column]
        linked[:, goal] |= targets.linked[:, column]
    return replace(goals, strength=strength, low=low, high=high, linked=linked)
