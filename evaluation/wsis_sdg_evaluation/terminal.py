"""Results as tables on a terminal."""

from __future__ import annotations

from typing import Any, Final

from rich.console import Console
from rich.table import Table

from wsis_sdg.taxonomy import KINDS

SETS: Final = {"cross_validation": "cross-validation", "resolution": "E/RES/2017/21, held out"}
WIDTH: Final = 110


def print_systems(result: dict[str, Any]) -> None:
    """Print micro-F1 with its interval per label space, one row a system, one table a set."""
    console = Console(width=WIDTH)
    for name, part in result.items():
        if not isinstance(part, dict) or "systems" not in part:
            continue
        first = next(iter(part["systems"].values()))
        table = Table(
            title=f"{SETS.get(name, name)}: {first['paragraphs']} paragraphs, "
            f"{first['unlabelled']} without a label"
        )
        table.add_column("system")
        for kind in KINDS:
            table.add_column(f"{kind} micro-F1", justify="right")
        table.add_column("unlabelled tagged", justify="right")
        for system, summary in part["systems"].items():
            table.add_row(
                system,
                *(_interval(summary["spaces"][kind]["micro_f1"]) for kind in KINDS),
                f"{summary['unlabelled_tagged']:.0%}",
            )
        console.print(table)


def print_benchmark(result: dict[str, Any]) -> None:
    """Print the benchmark's average accuracies, measured and published, best first."""
    rows = [(r["system"], r["average_accuracy"], "measured here") for r in result["measured"]]
    rows += [(name, accuracy, "as published") for name, accuracy in result["published"].items()]
    table = Table(title="SDG Classification Benchmark, average accuracy in per cent")
    table.add_column("system")
    table.add_column("accuracy", justify="right")
    table.add_column("source")
    for system, accuracy, source in sorted(rows, key=lambda row: -row[1]):
        table.add_row(system, f"{accuracy:.1f}", source)
    Console(width=WIDTH).print(table)


def _interval(figure: dict[str, float]) -> str:
    return f"{figure['value']:.3f} ({figure['low']:.3f}–{figure['high']:.3f})"
