"""The reproduction on a terminal, and as the page ``evaluation/MATRIX.md``."""

from __future__ import annotations

import re
from typing import Any, Final

from rich.console import Console
from rich.table import Table

from wsis_sdg.errors import WsisSdgError
from wsis_sdg_evaluation.terminal import WIDTH

HEADLINE: Final = "without C3"
WHY: Final = {
    "reproduced": "linked by the predictions too",
    "classifier": "the labels link it, the predictions do not",
    "by_chance": "some paragraphs carry both, no more than chance brings together",
    "unstated": "not one paragraph of the labelled set carries both",
}


def print_reproduction(result: dict[str, Any]) -> None:
    """Print average precision and F1 beside chance and the frequency baseline."""
    table = Table(title="The official WSIS-SDG Matrix reproduced, without C3 (95 % intervals)")
    for name in ("source", "level", "average precision", "chance", "frequencies"):
        table.add_column(name)
    for name in ("F1", "chance", "frequencies"):
        table.add_column(name)
    for source, levels in result["sources"].items():
        for level, figures in levels.items():
            found = figures["scopes"][HEADLINE]
            table.add_row(
                source,
                level,
                _bounded(found["average_precision"]),
                _number(found["chance_average_precision"]),
                _number(found["frequency_average_precision"]),
                _bounded(found["f1"]),
                _number(found["chance_f1"]),
                _number(found["frequency_f1"]),
            )
    Console(width=WIDTH).print(table)


def fill_page(page: str, result: dict[str, Any]) -> str:
    """Put today's figures between the markers ``<!-- begin NAME -->``, ``<!-- end NAME -->``.

    Raises:
        WsisSdgError: When the page lacks a marker.
    """
    for name, text in _sections(result).items():
        begin, end = f"<!-- begin {name} -->", f"<!-- end {name} -->"
        pattern = re.compile(f"{re.escape(begin)}.*?{re.escape(end)}", re.DOTALL)
        if not pattern.search(page):
            raise WsisSdgError(
                f"the page has no markers for {name!r}", f"put '{begin}' and '{end}' into it"
            )
        filled = f"{begin}\n{text}\n{end}"
        page = pattern.sub(lambda _, filled=filled: filled, page)  # type: ignore[misc]
    return page


def _sections(result: dict[str, Any]) -> dict[str, str]:
    return {
        "headline": _headline(result),
        "themes": _themes(result),
        "scopes": _scopes(result),
        "lines": _lines(result),
        "why": _why(result),
        "unstated": _unstated(result),
        "text-only": _text_only(result),
        "stability": _stability(result),
        "about": _about(result),
    }


def _headline(result: dict[str, Any]) -> str:
    rows = []
    for source, levels in result["sources"].items():
        for level, figures in levels.items():
            f = figures["scopes"][HEADLINE]
            rows.append(
                [
                    source,
                    level,
                    f"**{_bounded(f['average_precision'])}**",
                    _number(f["chance_average_precision"]),
                    _number(f["frequency_average_precision"]),
                    f"**{_bounded(f['f1'])}**",
                    _number(f["chance_f1"]),
                    _number(f["frequency_f1"]),
                    _number(f["everything_f1"]),
                ]
            )
    return _table(
        [
            "source",
            "level",
            "average precision",
            "chance",
            "frequencies",
            "F1",
            "chance",
            "frequencies",
            "all cells",
        ],
        rows,
    )


def _themes(result: dict[str, Any]) -> str:
    levels = next(iter(result["sources"].values()))
    return _table(
        ["level", "average precision", "F1"],
        [
            [level, *(_bounded(f["over_themes"][key]) for key in ("average_precision", "f1"))]
            for level, f in levels.items()
        ],
    )


def _scopes(result: dict[str, Any]) -> str:
    rows = []
    for source, levels in result["sources"].items():
        for level, figures in levels.items():
            for name, f in figures["scopes"].items():
                rows.append(
                    [source, level, name, str(f["cells"]), str(f["official"]), str(f["text"])]
                    + [str(f["agree"])]
                    + [
                        _bounded(f[key])
                        for key in ("precision", "recall", "f1", "kappa", "average_precision")
                    ]
                    + [_number(f["chance_average_precision"])]
                )
    return _table(
        [
            "source",
            "level",
            "cells of",
            "cells",
            "official",
            "linked",
            "both",
            "precision",
            "recall",
            "F1",
            "kappa",
            "average precision",
            "chance",
        ],
        rows,
    )


def _lines(result: dict[str, Any]) -> str:
    levels = next(iter(result["sources"].values()))
    rows = []
    for code, goal in levels["goal"]["lines"].items():
        target = levels["target"]["lines"][code]
        rows.append(
            [code]
            + [
                text
                for f in (goal, target)
                for text in (
                    f"{f['agree']} / {f['text'] - f['agree']} / {f['official'] - f['agree']}",
                    _bounded(f["f1"]),
                    _bounded(f["average_precision"]),
                    _number(f["chance_average_precision"]),
                )
            ]
        )
    figures = ["both / text only / official only", "F1", "average precision", "chance"]
    return _table(
        ["line", *(f"{level}: {name}" for level in ("goal", "target") for name in figures)], rows
    )


def _why(result: dict[str, Any]) -> str:
    why = result["why"]
    return _table(
        ["official cells, without C3", "goal level", "target level"],
        [[text, *(str(why[level][key]) for level in why)] for key, text in WHY.items()]
        + [["all", *(str(why[level]["official"]) for level in why)]],
    )


def _unstated(result: dict[str, Any]) -> str:
    return ", ".join(result["why"]["target"]["unstated_cells"]) or "none"


def _text_only(result: dict[str, Any]) -> str:
    return _table(
        ["line", "target", "title", "paragraphs", "strength"],
        [
            [r["line"], r["code"], r["title"], str(r["paragraphs"]), f"{r['strength']:.1f}"]
            for r in result["text_only"]["target"]
        ],
    )


def _stability(result: dict[str, Any]) -> str:
    goal, target = (result["stability"][level] for level in ("goal", "target"))
    return _table(
        ["order", *(f"{level}: {m}" for level in ("goal", "target") for m in ("found", "stable"))],
        [
            [
                name,
                *(
                    _number(part[name][key])
                    for part in (goal, target)
                    for key in ("average_precision", "rank_correlation")
                ),
            ]
            for name in goal
        ],
    )


def _about(result: dict[str, Any]) -> str:
    about = result["about"]
    return (
        f"{result['paragraphs']:,} paragraphs, {result['with_action_line']:,} of them tagged with "
        f"an action line. Commit {about['commit']}, data {about['data_sha256'][:12]}, "
        f"Python {about['python']}, {about['machine']}."
    )


def _table(head: list[str], rows: list[list[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(row)} |" for row in lines)


def _bounded(figure: dict[str, float] | None) -> str:
    if figure is None:
        return "–"
    return f"{figure['value']:.2f} ({figure['low']:.2f}–{figure['high']:.2f})"


def _number(figure: float | None) -> str:
    return "–" if figure is None else f"{figure:.2f}"
