"""The evaluation as one run: what to measure, then terminal table, JSON and page."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from wsis_sdg.errors import OutputError, WsisSdgError
from wsis_sdg.head import load_head
from wsis_sdg.tagger import SHIPPED_HEAD, Tagger
from wsis_sdg.training import Report
from wsis_sdg_data import read_labelled
from wsis_sdg_evaluation.benchmark import (
    PUBLISHED,
    measure,
    our_goals,
    seesus_goals,
    seesus_predictions,
)
from wsis_sdg_evaluation.page import render_page
from wsis_sdg_evaluation.protocol import (
    OURS,
    evaluate_gold,
    evaluate_training_set,
    provenance,
    truth_of,
)
from wsis_sdg_evaluation.report import summarize
from wsis_sdg_evaluation.terminal import print_benchmark, print_systems

BENCHMARKS: Final = ("sdg",)
PEERS: Final = ("seesus",)
TRAINING_SET: Final = "evaluation"
BENCHMARK: Final = "benchmark-sdg"


def evaluate_all(
    *,
    gold: Sequence[Path],
    benchmark: str | None,
    peer: str | None,
    out: Path | None,
    head: Path | None,
    quick: bool,
    report: Report,
) -> dict[str, dict[str, Any]]:
    """Measure what was asked for, print it, and write it where a folder is named.

    Args:
        gold: Labelled files that were never trained on.
        benchmark: ``sdg`` or ``None``.
        peer: ``seesus`` or ``None``: a package to run on the same gold files or benchmark.
        out: Folder for one JSON and one HTML file a result.
        head: The head's folder; the shipped one when ``None``.
        quick: Leave out the baselines and the learning curve.
        report: Called with a line of progress.

    Returns:
        The results by name. Without ``gold`` and ``benchmark`` this is the cross-validation and
        the held-out resolution, named ``evaluation``.

    Raises:
        WsisSdgError: When the head or a package is missing, or a peer has nothing to run on.
    """
    folder = head or SHIPPED_HEAD
    load_head(folder)  # a folder that holds no head is named before anything is measured
    results: dict[str, dict[str, Any]] = {}
    if benchmark is not None:
        results[BENCHMARK] = evaluate_benchmark(Tagger.load(folder), peer=peer, report=report)
    for file in gold:
        results[file.stem] = _gold(file, folder, peer, report)
    if not results:
        if peer is not None:
            raise WsisSdgError("--peer has nothing to run on", "add --gold FILE or --benchmark sdg")
        results[TRAINING_SET] = evaluate_training_set(folder, baselines=not quick, report=report)
    for name, result in results.items():
        if name == BENCHMARK:
            print_benchmark(result)
        else:
            print_systems(result)
        if out is not None:
            write_result(name, result, out)
            report(f"wrote {out / name}.json and .html")
    return results


def evaluate_benchmark(tagger: Tagger, *, peer: str | None, report: Report) -> dict[str, Any]:
    """The public benchmark: our row, the published ones, and a peer's where asked for."""
    report("scoring the benchmark's 1,251 texts")
    measured = [measure(OURS, our_goals(tagger))]
    if peer is not None:
        report(f"running {peer} on them")
        measured.append(measure(f"{peer} (run here)", seesus_goals))
    return {"about": provenance(), "measured": measured, "published": dict(PUBLISHED)}


def write_result(name: str, result: dict[str, Any], folder: Path) -> None:
    """Write one result as ``NAME.json`` and as the self-contained page ``NAME.html``.

    Raises:
        OutputError: When the folder cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{name}.json").write_text(
            json.dumps(rounded(result), indent=1) + "\n", encoding="utf-8"
        )
        (folder / f"{name}.html").write_text(render_page(name, result), encoding="utf-8")
    except OSError as error:
        raise OutputError(
            f"{folder} cannot be written ({error.strerror})", "choose a folder you may write to"
        ) from error


def _gold(file: Path, folder: Path, peer: str | None, report: Report) -> dict[str, Any]:
    report(f"scoring {file.name}")
    result = evaluate_gold(file, Tagger.load(folder))
    if peer is not None:
        paragraphs = read_labelled(file)
        said = seesus_predictions([p.text for p in paragraphs])
        truth = truth_of(file.stem, paragraphs, group_by_row=True)
        result[file.stem]["systems"][peer] = summarize(said, truth)
    return result


def rounded(value: Any) -> Any:
    """Floats to five digits: more would differ between machines and say nothing."""
    if isinstance(value, float):
        return round(value, 5)
    if isinstance(value, dict):
        return {key: rounded(entry) for key, entry in value.items()}
    if isinstance(value, (list, tuple)):
        return [rounded(entry) for entry in value]
    return value
