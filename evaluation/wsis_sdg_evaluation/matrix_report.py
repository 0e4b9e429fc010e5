"""The reproduction on a terminal, and as the page ``evaluation/MATRIX.md``."""

from __future__ import annotations

import re
from typing import Any, Final

from rich.console import Console
from rich.table import Table

from wsis_sdg.errors import WsisSdgError
from wsis_sdg_evaluation.markdown import interval, number, table
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
                interval(found["average_precision"]),
                number(found["chance_average_precision"]),
                number(found["frequency_average_precision"]),
                interval(found["f1"]),
                number(found["chance_f1"]),
                number(found["frequency_f1"]),
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
                    f"**{interval(f['average_precision'])}**",
                    number(f["chance_average_precision"]),
                    number(f["frequency_average_precision"]),
                    f"**{interval(f['f1'])}**",
                    number(f["chance_f1"]),
                    number(f["frequency_f1"]),
                    number(f["everything_f1"]),
                ]
            )
    return table(
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
    return table(
        ["level", "average precision", "F1"],
        [
            [level, *(interval(f["over_themes"][key]) for key in ("average_precision", "f1"))]
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
                        interval(f[key])
                        for key in ("precision", "recall", "f1", "kappa", "average_precision")
                    ]
                    + [number(f["chance_average_precision"])]
                )
    return table(
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
                    interval(f["f1"]),
                    interval(f["average_precision"]),
                    number(f["chance_average_precision"]),
                )
            ]
        )
    figures = ["both / text only / official only", "F1", "average precision", "chance"]
    return table(
        ["line", *(f"{level}: {name}" for level in ("goal", "target") for name in figures)], rows
    )


def _why(result: dict[str, Any]) -> str:
    why = result["why"]
    return table(
        ["official cells, without C3", "goal level", "target level"],
        [[text, *(str(why[level][key]) for level in why)] for key, text in WHY.items()]
        + [["all", *(str(why[level]["official"]) for level in why)]],
    )


def _unstated(result: dict[str, Any]) -> str:
    return ", ".join(result["why"]["target"]["unstated_cells"]) or "none"


def _text_only(result: dict[str, Any]) -> str:
    return table(
        ["line", "target", "title", "paragraphs", "strength"],
        [
            [r["line"], r["code"], r["title"], str(r["paragraphs"]), f"{r['strength']:.1f}"]
            for r in result["text_only"]["target"]
        ],
    )


def _stability(result: dict[str, Any]) -> str:
    goal, target = (result["stability"][level] for level in ("goal", "target"))
    return table(
        ["order", *(f"{level}: {m}" for level in ("goal", "target") for m in ("found", "stable"))],
        [
            [
                name,
                *(
                    number(part[name][key])
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
