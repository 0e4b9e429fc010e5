"""The matrix as one self-contained HTML page that opens its evidence.

The page asks no server for anything: styles, script and data stand in it, and a content
security policy forbids the rest. The data is compressed, since paragraphs are most of it.
"""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from jinja2 import Environment, PackageLoader
from markupsafe import Markup

from wsis_sdg.matrix.colours import DEEPEST, FULL_STRENGTH, ink_on, shade_share
from wsis_sdg.matrix.evidence import Evidence
from wsis_sdg.matrix.frames import change_frame
from wsis_sdg.matrix.official import LEVELS, LINKED_TO_ALL, Level, labels_of, official_cells
from wsis_sdg.matrix.strength import FALSE_DISCOVERY_RATE, LEAST_LIFT
from wsis_sdg.matrix.table import Matrix
from wsis_sdg.taxonomy import ACTION_LINES, COLUMN, LABELS, columns_of, official_matrix

if TYPE_CHECKING:
    from wsis_sdg.matrix.export import Result

MOST_TEXTS: Final = 5_000
"""Paragraphs whose words the page holds: the best ones of every cell come first."""
MOST_CHARACTERS: Final = 1_000
TEMPLATES: Final = Path(__file__).parent / "templates"
STATUS: Final = {
    "confirmed": "Official row confirmed: both transcriptions agree.",
    "confirmed_with_extras": "Official row uncertain: one transcription holds a few more cells.",
    "differs": "Official row uncertain: the transcriptions differ in some cells.",
}


def render_explorer(result: Result) -> str:
    """Render a result as the explorer page."""
    data = json.dumps(_payload(result.matrix), ensure_ascii=False, separators=(",", ":"))
    packed = base64.b64encode(zlib.compress(data.encode(), 9)).decode()
    environment = Environment(
        loader=PackageLoader("wsis_sdg.matrix"), autoescape=True, trim_blocks=True
    )
    return environment.get_template("explorer.html").render(
        result=result,
        matrix=result.matrix,
        comparisons=result.comparisons,
        changes=None
        if result.changes is None
        else change_frame(result.changes).to_dict(orient="records"),
        rate=FALSE_DISCOVERY_RATE,
        least=LEAST_LIFT,
        full=FULL_STRENGTH,
        # Both files are this package's own, and base64 holds no character of HTML.
        style=Markup((TEMPLATES / "explorer.css").read_text(encoding="utf-8")),  # noqa: S704
        script=Markup((TEMPLATES / "explorer.js").read_text(encoding="utf-8")),  # noqa: S704
        data=Markup(packed),  # noqa: S704
    )


def _payload(matrix: Matrix) -> dict[str, Any]:
    evidence = matrix.evidence
    documents = sorted({passage.document for passage in evidence.passages})
    kinds = sorted({passage.kind for passage in evidence.passages})
    years = {passage.document: passage.year for passage in evidence.passages}
    texts = _chosen_texts(evidence)
    place = {row: position for position, row in enumerate(texts)}
    numbers = {name: position for position, name in enumerate(documents)}
    rows = []
    for row, passage in enumerate(evidence.passages):
        columns = np.flatnonzero(evidence.given[row])
        rows.append(
            [
                numbers[passage.document],
                kinds.index(passage.kind),
                place.get(row, -1),
                columns.tolist(),
                np.rint(100 * evidence.probabilities[row, columns]).astype(int).tolist(),
            ]
        )
    official = official_matrix()
    return {
        "labels": [[label.code, label.title, label.goal or ""] for label in LABELS],
        "colours": [[goal.colour, ink_on(goal.colour)] for goal in labels_of("goal")],
        "deepest": DEEPEST,
        "lines": [
            [
                COLUMN[line.code],
                "Linked to every goal by definition."
                if line.code == LINKED_TO_ALL
                else STATUS[official[line.code].status],
            ]
            for line in ACTION_LINES
        ],
        "levels": {level: _level(matrix, level) for level in LEVELS},
        "documents": [[name, years[name]] for name in documents],
        "kinds": kinds,
        "rows": rows,
        "texts": [
            [evidence.passages[row].number, _shorten(evidence.passages[row].text)] for row in texts
        ],
    }


def _level(matrix: Matrix, level: Level) -> dict[str, Any]:
    cells, official = matrix.cells(level), official_cells(level)
    return {
        "first": columns_of(level).start,
        "count": len(labels_of(level)),
        "strength": np.round(cells.strength, 2).ravel().tolist(),
        "low": np.round(cells.low, 2).ravel().tolist(),
        "high": np.round(cells.high, 2).ravel().tolist(),
        "soft": np.round(cells.soft, 1).ravel().tolist(),
        "q": [float(f"{value:.2g}") for value in cells.q_value.ravel()],
        "shade": [round(shade_share(float(s)), 2) for s in cells.strength.ravel()],
        "linked": cells.linked.astype(int).ravel().tolist(),
        "official": (official.linked + 2 * official.open).ravel().tolist(),
    }


def _chosen_texts(evidence: Evidence) -> Sequence[int]:
    """The rows whose words the page holds: those with a line and a goal, best of a cell first."""
    lines, goals = columns_of("action_line"), slice(0, columns_of("target").stop)
    rows = np.flatnonzero(
        evidence.given[:, lines].any(axis=1) & evidence.given[:, goals].any(axis=1)
    )
    if len(rows) <= MOST_TEXTS:
        return [int(row) for row in rows]
    best = np.full(len(rows), len(rows))
    for line in range(lines.start, lines.stop):
        for label in range(goals.stop):
            both = evidence.given[rows, line] & evidence.given[rows, label]
            found = np.flatnonzero(both)
            scores = evidence.probabilities[rows[found]][:, [line, label]].prod(axis=1)
            ranks = np.empty(len(found), dtype=np.int64)
            ranks[np.argsort(-scores, kind="stable")] = np.arange(len(found))
            best[found] = np.minimum(best[found], ranks)
    return [int(row) for row in np.sort(rows[np.argsort(best, kind="stable")[:MOST_TEXTS]])]


def _shorten(text: str) -> str:
    return text if len(text) <= MOST_CHARACTERS else text[: MOST_CHARACTERS - 1].rstrip() + "…"
