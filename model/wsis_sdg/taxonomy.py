"""The labels: 17 goals, 169 targets and 18 WSIS action lines, and the official matrix.

Titles are short paraphrases; the binding wording stands at each label's ``address``
(sdgs.un.org for goals and targets, the Geneva Plan of Action at itu.int for action lines).
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final, Literal

Kind = Literal["goal", "target", "action_line"]
KINDS: Final[tuple[Kind, ...]] = ("goal", "target", "action_line")
ARTEFACTS: Final = Path(__file__).parent / "artefacts"


@dataclass(frozen=True, slots=True)
class Label:
    """One tag that a paragraph can carry.

    Attributes:
        code: ``"9"``, ``"9.c"`` or ``"C7-egov"``.
        kind: The label space: goal, target or action line.
        title: A short title in this project's words.
        colour: The goal's official colour as ``#RRGGBB``; none for action lines.
        address: Where the official wording stands.
    """

    code: str
    kind: Kind
    title: str
    colour: str | None
    address: str

    @property
    def goal(self) -> str | None:
        """The code of the goal this label belongs to, or ``None`` for an action line."""
        return None if self.kind == "action_line" else self.code.partition(".")[0]


def _read_labels() -> tuple[Label, ...]:
    rows = json.loads((ARTEFACTS / "taxonomy.json").read_text(encoding="utf-8"))
    return tuple(Label(**row) for row in rows)


LABELS: Final[tuple[Label, ...]] = _read_labels()
"""All 204 labels; this order is the column order of every score array and table."""
GOALS: Final = tuple(label for label in LABELS if label.kind == "goal")
TARGETS: Final = tuple(label for label in LABELS if label.kind == "target")
ACTION_LINES: Final = tuple(label for label in LABELS if label.kind == "action_line")
BY_CODE: Final[dict[str, Label]] = {label.code: label for label in LABELS}
COLUMN: Final[dict[str, int]] = {label.code: column for column, label in enumerate(LABELS)}


def columns_of(kind: Kind) -> slice:
    """The columns of a label space as a slice into any ``(n, 204)`` array."""
    codes = [column for column, label in enumerate(LABELS) if label.kind == kind]
    return slice(codes[0], codes[-1] + 1)


@dataclass(frozen=True, slots=True)
class OfficialRow:
    """One action line's row of the official WSIS-SDG Matrix.

    Attributes:
        codes: The goals and targets that the line's facilitator linked to it.
        status: How far the two transcriptions of the row agree: ``confirmed``,
            ``confirmed_with_extras`` or ``differs``.
    """

    codes: tuple[str, ...]
    status: str


@cache
def official_matrix() -> dict[str, OfficialRow]:
    """The official WSIS-SDG Matrix, action line by action line.

    Source: ITU and the UN action line facilitators (2015, status 2017), wsis.org/sdg, as
    transcribed in the ICT4SDG app; see ``artefacts/official_matrix.json``.
    """
    facts = json.loads((ARTEFACTS / "official_matrix.json").read_text(encoding="utf-8"))
    return {
        line: OfficialRow(codes=tuple(row["targets"]), status=row["status"])
        for line, row in facts["action_lines"].items()
    }
