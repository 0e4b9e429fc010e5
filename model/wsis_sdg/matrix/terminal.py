"""The matrix on a terminal: a shaded grid, the agreement with the official one, and changes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from rich.console import Console
from rich.table import Table
from rich.text import Text

from wsis_sdg.matrix.agreement import Bounded
from wsis_sdg.matrix.change import CellChange
from wsis_sdg.matrix.colours import ink_on, shade
from wsis_sdg.matrix.comparison import Comparison, State, cell_states
from wsis_sdg.matrix.official import Level, labels_of
from wsis_sdg.matrix.table import Matrix
from wsis_sdg.taxonomy import ACTION_LINES, BY_CODE, GOALS

MARKS: Final[dict[State, str]] = {
    "agree": "◉",
    "only official": "○",
    "only text": "●",
    "neither": " ",
    "open": "·",
}
LEGEND: Final = "◉ text and official   ● text only   ○ official only   number: paragraphs with both"


def print_matrix(
    matrix: Matrix,
    comparisons: dict[Level, Comparison],
    *,
    level: Level,
    console: Console,
) -> None:
    """Print the matrix at one level with what there is to know about it."""
    console.print(
        f"WSIS-SDG Matrix from {matrix.paragraphs} paragraphs, "
        f"{matrix.with_line} with an action line"
    )
    console.print(_goal_grid(matrix) if level == "goal" else _target_list(matrix))
    console.print(LEGEND, style="dim")
    for note in matrix.notes:
        console.print(f"Note: {note}")
    console.print(_agreement(comparisons))


def print_changes(changes: Sequence[CellChange], *, console: Console) -> None:
    """Print the cells gained and lost; a star marks those that differ beyond chance."""
    table = Table(title="Cells gained and lost against the other text")
    for name in ("", "line", "cell", "paragraphs", "other", "strength", "other", "q"):
        table.add_column(name, justify="left" if name in ("", "line", "cell") else "right")
    for change in changes:
        table.add_row(
            change.change,
            change.line,
            change.code,
            str(change.paragraphs),
            str(change.paragraphs_other),
            f"{change.strength:.1f}",
            f"{change.strength_other:.1f}",
            f"{change.q_value:.3f}{'*' if change.is_clear else ' '}",
        )
    if changes:
        console.print(table)
        console.print("* the share of paragraphs with both differs beyond chance", style="dim")
    else:
        console.print("No cell was gained or lost against the other text.")


def _goal_grid(matrix: Matrix) -> Table:
    states = cell_states("goal", matrix.goals.linked)
    table = Table(box=None, padding=(0, 0), show_edge=False)
    table.add_column("", no_wrap=True)
    for goal in GOALS:
        table.add_column(
            Text(f"  {goal.code:>2} ", style=f"bold {ink_on(goal.colour)} on {goal.colour}"),
            justify="right",
            no_wrap=True,
        )
    for row, line in enumerate(ACTION_LINES):
        cells = [
            _cell(
                states[row][column],
                int(matrix.goals.together[row, column]),
                shade(goal.colour, float(matrix.goals.strength[row, column])),
            )
            for column, goal in enumerate(GOALS)
        ]
        table.add_row(Text(f"{line.code:<8} {int(matrix.line_counts[row]):>4} "), *cells)
    return table


def _cell(state: State, count: int, background: str) -> Text:
    style = f"{ink_on(background)} on {background}" if count else ""
    return Text(f"{MARKS[state]}{count or '':>3} ", style=style)


def _target_list(matrix: Matrix) -> Table:
    states = cell_states("target", matrix.targets.linked)
    table = Table(box=None, padding=(0, 1), show_edge=False)
    table.add_column("line", no_wrap=True)
    table.add_column("targets linked by text or officially, with paragraphs")
    for row, line in enumerate(ACTION_LINES):
        said = Text()
        for column, target in enumerate(labels_of("target")):
            state, count = states[row][column], int(matrix.targets.together[row, column])
            if state in ("agree", "only official", "only text") or (
                state == "open" and matrix.targets.linked[row, column]
            ):
                mark = MARKS["only text" if state == "open" else state]
                tint = shade(
                    BY_CODE[str(target.goal)].colour, float(matrix.targets.strength[row, column])
                )
                style = f"{ink_on(tint)} on {tint}" if count else ""
                said.append(mark + target.code, style=style)
                said.append(f" {count}  " if count else "  ", style="dim")
        table.add_row(line.code, said)
    return table


def _agreement(comparisons: dict[Level, Comparison]) -> Table:
    table = Table(title="Against the official matrix, without C3", title_justify="left")
    table.add_column("")
    found = [comparison.scopes["without C3"] for comparison in comparisons.values()]
    for level in comparisons:
        table.add_column(f"{level}s", justify="right")
    table.add_row("linked by both", *(str(f.agree) for f in found))
    table.add_row("by the text only", *(str(f.text - f.agree) for f in found))
    table.add_row("officially only", *(str(f.official - f.agree) for f in found))
    table.add_row("precision", *(_bounded(f.precision) for f in found))
    table.add_row("recall", *(_bounded(f.recall) for f in found))
    table.add_row("F1", *(_bounded(f.f1) for f in found))
    table.add_row(
        "  by chance / frequencies",
        *(f"{_number(f.chance_f1)} / {_number(f.frequency_f1)}" for f in found),
    )
    table.add_row("Cohen's kappa", *(_bounded(f.kappa) for f in found))
    table.add_row("average precision", *(_bounded(f.average_precision) for f in found))
    table.add_row(
        "  by chance / frequencies",
        *(
            f"{_number(f.chance_average_precision)} / {_number(f.frequency_average_precision)}"
            for f in found
        ),
    )
    return table


def _bounded(figure: Bounded | None) -> str:
    return "–" if figure is None else f"{figure.value:.2f} ({figure.low:.2f}–{figure.high:.2f})"


def _number(figure: float | None) -> str:
    return "–" if figure is None else f"{figure:.2f}"
