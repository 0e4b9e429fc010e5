"""The command ``wsis-sdg matrix`` as one function."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path

from rich.console import Console

from wsis_sdg.batch import Summary
from wsis_sdg.matrix.change import changed_cells
from wsis_sdg.matrix.collect import collect_evidence
from wsis_sdg.matrix.comparison import compare
from wsis_sdg.matrix.export import Result, check_format, csv_text, write_result
from wsis_sdg.matrix.official import Level
from wsis_sdg.matrix.table import build_matrix
from wsis_sdg.matrix.terminal import print_changes, print_matrix
from wsis_sdg.records import Failure
from wsis_sdg.sources import DEFAULT_OPTIONS, ReadOptions
from wsis_sdg.tagger import Tagger


def run_matrix(
    paths: Sequence[str],
    *,
    against: Sequence[str],
    out: Sequence[Path],
    level: Level,
    load_tagger: Callable[[], Tagger],
    options: ReadOptions = DEFAULT_OPTIONS,
) -> Summary:
    """Aggregate the texts at some paths and write or print their matrix.

    Args:
        paths: Documents, folders, tagged JSONL, or ``-``.
        against: The same, for the text to compare with; none when empty.
        out: Files to write; standard output when empty.
        level: What the table or an image shows.
        load_tagger: Called once, when there is something to tag.
        options: How documents and tables are read.

    Returns:
        What was read and what could not be; everything else was aggregated.

    Raises:
        OutputError: When a file cannot be written; a wrong ending is found before any work.
    """
    for path in out:
        check_format(path)
    failures: list[Failure] = []
    load_tagger = cache(load_tagger)
    evidence = collect_evidence(paths, load_tagger, failures, options=options)
    matrix = build_matrix(evidence)
    changes = None
    if against:
        changes = changed_cells(
            matrix, build_matrix(collect_evidence(against, load_tagger, failures, options=options))
        )
    summary = Summary(len(paths) + len(against), len(evidence.passages), tuple(failures))
    result = Result(_name(paths), matrix, compare(matrix), changes, _name(against))
    for path in out:
        write_result(result, path, level=level)
    if out:
        return summary
    sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    if sys.stdout.isatty():
        console = Console(highlight=False)
        print_matrix(matrix, result.comparisons, level=level, console=console)
        if changes is not None:
            print_changes(changes, console=console)
    else:
        sys.stdout.write(csv_text(result))
    return summary


def _name(paths: Sequence[str]) -> str:
    names = ["standard input" if path == "-" else Path(path).name for path in paths]
    return ", ".join(names) if len(names) <= 3 else f"{names[0]} and {len(names) - 1} more"
