"""Figures and tables as Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(row)} |" for row in lines)


def interval(figure: Mapping[str, float] | None) -> str:
    """A figure with its 95 % interval; a dash for none."""
    if figure is None:
        return "–"
    return f"{figure['value']:.2f} ({figure['low']:.2f}–{figure['high']:.2f})"


def number(figure: float | None, *, digits: int = 2) -> str:
    """A figure to some digits; a dash for none."""
    return "–" if figure is None else f"{figure:.{digits}f}"


def percent(share: float) -> str:
    """A share from 0 to 1 in per cent."""
    return f"{100 * share:.0f} %"
