"""The matrix as a heatmap for reports: PNG or SVG, with both kinds of marks."""

from __future__ import annotations

from typing import Any, Final

import altair as alt

from wsis_sdg.matrix.colours import FULL_STRENGTH, shade
from wsis_sdg.matrix.comparison import cell_states
from wsis_sdg.matrix.official import Level, labels_of
from wsis_sdg.matrix.table import Matrix
from wsis_sdg.taxonomy import ACTION_LINES, BY_CODE

INK: Final = "#12263a"
CELL: Final = {"goal": 40, "target": 14}
FONT: Final = "Liberation Sans, Arial, sans-serif"


def heatmap(matrix: Matrix, level: Level = "goal") -> alt.LayerChart:
    """Draw one level: shade is strength, a ring an official link, a dot a link of the text."""
    labels = labels_of(level)
    lines = [f"{line.code}  {line.title}" for line in ACTION_LINES]
    columns = [
        f"{label.code}  {label.title}" if level == "goal" else label.code for label in labels
    ]
    size = CELL[level]
    # Room below the mark for the number of paragraphs.
    raised = size * 0.1 if level == "goal" else 0
    x = alt.X(
        "label:N",
        sort=columns,
        axis=alt.Axis(orient="top", labelAngle=-60 if level == "goal" else -90, title=None),
    )
    y = alt.Y("line:N", sort=lines, axis=alt.Axis(title=None))
    base = alt.Chart(alt.Data(values=_rows(matrix, level, lines, columns))).encode(x=x, y=y)
    shades = base.mark_rect(stroke="#d5dbe1").encode(
        color=alt.Color("shade:N", scale=None, legend=None)
    )
    rings = base.transform_filter("datum.official").mark_point(
        size=size * size / 6, color=INK, strokeWidth=1.6, filled=False, yOffset=-raised
    )
    dots = base.transform_filter("datum.text").mark_circle(
        size=size * size / 16, color=INK, opacity=1, yOffset=-raised
    )
    layers = [shades, rings, dots]
    if level == "goal":
        layers.append(
            base.transform_filter("datum.together > 0")
            .mark_text(dx=size * 0.32, dy=size * 0.33, fontSize=9, color="#333", align="right")
            .encode(text="together:Q")
        )
    chart = alt.layer(*layers).properties(
        width=size * len(columns),
        height=size * len(lines) * (1 if level == "goal" else 1.3),
        padding=12,
        title=alt.TitleParams(
            f"WSIS-SDG Matrix from {matrix.paragraphs:,} paragraphs",
            subtitle=[
                "Dot: linked by the text; ring: linked officially.",
                f"Shade: strength, 1 (white) to {FULL_STRENGTH:.0f} times what chance would give."
                + (" Number: paragraphs with both." if level == "goal" else ""),
            ],
            anchor="start",
        ),
    )
    return chart.configure(font=FONT).configure_axis(
        labelLimit=320, domain=False, ticks=False, labelColor="#1b1b1b"
    )


def render_heatmap(matrix: Matrix, level: Level, *, form: str) -> bytes:
    """The heatmap's bytes; ``form`` is ``png`` or ``svg``."""
    import vl_convert

    spec = heatmap(matrix, level).to_dict()
    if form == "svg":
        return str(vl_convert.vegalite_to_svg(spec)).encode()
    return bytes(vl_convert.vegalite_to_png(spec, scale=2))


def _rows(
    matrix: Matrix, level: Level, lines: list[str], columns: list[str]
) -> list[dict[str, Any]]:
    cells = matrix.cells(level)
    states = cell_states(level, cells.linked)
    rows = []
    for r, line in enumerate(lines):
        for c, label in enumerate(labels_of(level)):
            colour = BY_CODE[str(label.goal)].colour
            rows.append(
                {
                    "line": line,
                    "label": columns[c],
                    "shade": shade(colour, float(cells.strength[r, c])),
                    "official": states[r][c] in ("agree", "only official"),
                    "text": bool(cells.linked[r, c]),
                    "together": int(cells.together[r, c]),
                }
            )
    return rows
