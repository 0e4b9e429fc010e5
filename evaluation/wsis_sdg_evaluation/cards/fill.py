"""Figures between the markers of a page."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Final

from wsis_sdg_data import data_sha256
from wsis_sdg_evaluation.cards.labelled_set import (
    render_agreement,
    render_count,
    render_fewest,
    render_files,
    render_labels,
    render_registers,
    render_settled,
    render_size,
    render_suspects,
)
from wsis_sdg_evaluation.cards.results import (
    CROSSED,
    HELD_OUT,
    render_ablation,
    render_about,
    render_accuracy,
    render_bench,
    render_benchmark,
    render_benchmark_goals,
    render_by_register,
    render_calibration,
    render_demo,
    render_failures,
    render_folds,
    render_learning_curve,
    render_matrix,
    render_present,
    render_results,
    render_systems,
)
from wsis_sdg_evaluation.cards.sources import (
    BENCHMARK,
    EVALUATION,
    MATRIX,
    RESULTS,
    CardError,
    Sources,
)

PAGES: Final = (
    "README.md",
    "training_data/README.md",
    "model/README.md",
    "evaluation/README.md",
)
MARKED: Final = re.compile(r"(<!-- numbers:([\w-]+) -->)(.*?)(<!-- end -->)", re.DOTALL)
SECTIONS: Mapping[str, Callable[[Sources], str]] = {
    "size": render_size,
    "count": render_count,
    "fewest": render_fewest,
    "registers": render_registers,
    "files": render_files,
    "goals": render_labels("goal"),
    "targets": render_labels("target"),
    "action-lines": render_labels("action_line"),
    "agreement": render_agreement,
    "settled": render_settled,
    "suspects": render_suspects,
    "results-cross-validation": render_results(CROSSED),
    "results-resolution": render_results(HELD_OUT),
    "systems-cross-validation": render_systems(CROSSED),
    "systems-resolution": render_systems(HELD_OUT),
    "by-register": render_by_register,
    "folds": render_folds,
    "calibration": render_calibration,
    "learning-curve": render_learning_curve,
    "ablation": render_ablation,
    "failures": render_failures,
    "benchmark": render_benchmark,
    "benchmark-goals": render_benchmark_goals,
    "accuracy": render_accuracy,
    "present": render_present,
    "matrix": render_matrix,
    "about": render_about(EVALUATION),
    "about-benchmark": render_about(BENCHMARK),
    "about-matrix": render_about(MATRIX),
    "demo": render_demo,
    "bench": render_bench,
}
"""What may stand behind ``numbers:`` in a page."""


def fill_page(page: str, sources: Sources, problems: dict[str, list[str]]) -> str:
    """Put the figures between a page's markers.

    Args:
        page: Markdown with markers.
        sources: Where the figures come from.
        problems: Takes each problem with the names of the figures that cannot be written for it;
            the text between their markers stays as it is.
    """

    def fill(match: re.Match[str]) -> str:
        begin, name, old, end = match.groups()
        try:
            if name not in SECTIONS:
                raise CardError(f"there are no figures named {name}; see SECTIONS")
            text = SECTIONS[name](sources)
        except CardError as error:
            problems.setdefault(str(error), []).append(name)
            return match.group()
        gap = "\n" if old.startswith("\n") else ""
        return f"{begin}{gap}{text}{gap}{end}"

    return MARKED.sub(fill, page)


def update(
    pages: Iterable[Path], sources: Sources, *, check: bool
) -> tuple[list[Path], dict[str, list[str]]]:
    """Fill pages, or see whether they are up to date.

    Args:
        pages: The files.
        sources: Where the figures come from.
        check: Write nothing.

    Returns:
        The pages that differ from what they should be, and each problem with the names of the
        figures that could not be written for it.
    """
    stale: list[Path] = []
    problems: dict[str, list[str]] = {}
    for path in pages:
        old = path.read_text(encoding="utf-8")
        new = fill_page(old, sources, problems)
        if new != old:
            stale.append(path)
            if not check:
                path.write_text(new, encoding="utf-8")
    return stale, problems


def measured_on_other_data(root: Path) -> list[str]:
    """The results that were measured on another state of the labelled set."""
    stale = []
    for file in (EVALUATION, BENCHMARK, MATRIX):
        path = root / RESULTS / file
        if path.is_file():
            about = json.loads(path.read_text(encoding="utf-8")).get("about", {})
            if about.get("data_sha256") != data_sha256():
                stale.append(file)
    return stale
