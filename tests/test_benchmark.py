"""The public benchmark: a test set and nothing else, and how accuracy is averaged."""

from __future__ import annotations

import importlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from wsis_sdg.errors import WsisSdgError
from wsis_sdg.tagger import Tagger
from wsis_sdg.taxonomy import COLUMN
from wsis_sdg_data import read_training_set, read_vocabulary
from wsis_sdg_data.checks import runs_of
from wsis_sdg_evaluation import benchmark, run
from wsis_sdg_evaluation.benchmark import (
    PUBLISHED,
    load_benchmark,
    measure,
    our_goals,
    seesus_predictions,
)
from wsis_sdg_evaluation.run import evaluate_all, evaluate_benchmark


def test_nothing_learnt_from_shares_eight_words_with_the_benchmark() -> None:
    pytest.importorskip("sdgclassification.benchmark")
    rows = load_benchmark()
    assert len(rows) == 1251
    runs = {run for text, _, _ in rows for run in runs_of(text)}
    learnt = [(paragraph.id, paragraph.text) for paragraph in read_training_set()]
    learnt += [("vocabulary", phrase) for _, phrase in read_vocabulary()]
    shared = [f"{name}: {run}" for name, text in learnt for run in runs_of(text) if run in runs]
    assert shared == []


def test_the_benchmark_has_goals_and_verdicts() -> None:
    pytest.importorskip("sdgclassification.benchmark")
    rows = load_benchmark()
    assert {goal for _, goal, _ in rows} <= {str(n) for n in range(1, 18)}
    assert {verdict for _, _, verdict in rows} == {True, False}
    assert all(text.strip() for text, _, _ in rows)


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [("a", "1", True), ("b", "1", False), ("c", "1", False), ("d", "1", True)]
    rows += [("e", "10", True), ("f", "2", False)]
    monkeypatch.setattr(benchmark, "load_benchmark", lambda: rows)


@pytest.mark.usefixtures("small")
def test_average_accuracy_is_the_mean_over_goals() -> None:
    def predict(texts: Sequence[str]) -> list[set[str]]:
        said = {"a": {"1"}, "b": {"2"}, "c": {"1"}, "d": {"1", "5"}, "e": set(), "f": {"1"}}
        return [said[text] for text in texts]

    found = measure("a system", predict)
    assert found["accuracy"] == {"1": 75.0, "2": 100.0, "10": 0.0}
    assert list(found["accuracy"]) == ["1", "2", "10"]
    assert found["average_accuracy"] == pytest.approx(175 / 3)
    assert (found["system"], found["texts"]) == ("a system", 6)


@pytest.mark.usefixtures("small")
def test_one_prediction_a_text() -> None:
    with pytest.raises(ValueError, match="zip"):
        measure("a system", lambda texts: [set()])


@pytest.mark.usefixtures("small")
def test_our_row_stands_beside_the_published_ones(word_tagger: Tagger) -> None:
    lines: list[str] = []
    result = evaluate_benchmark(word_tagger, peer=None, report=lines.append)
    (ours,) = result["measured"]
    # It finds no goal in one letter: right where the verdict is no.
    assert ours["accuracy"] == {"1": 50.0, "2": 100.0, "10": 0.0}
    assert result["published"] == PUBLISHED
    assert "data_sha256" in result["about"]


def test_our_goals_are_the_taggers(word_tagger: Tagger) -> None:
    said = our_goals(word_tagger)(["broadband and partners", "nothing"])
    assert said == [{"9", "17"}, set()]


def test_seesus_codes_become_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    class SeeSus:
        def __init__(self, text: str) -> None:
            self.sdg = [f"SDG{text}"]
            self.target = [f"SDG{text}_c", f"SDG{text}_99"]

    class Package:
        pass

    package: Any = Package()
    package.SeeSus = SeeSus
    monkeypatch.setattr(benchmark, "_import", lambda name, remedy: package)
    said = seesus_predictions(["9", "16"])
    assert np.flatnonzero(said.given[0]).tolist() == [COLUMN["9"], COLUMN["9.c"]]
    assert np.flatnonzero(said.given[1]).tolist() == [COLUMN["16"]]
    assert benchmark.seesus_goals(["9"]) == [{"9"}]


def test_a_package_that_is_not_installed_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> Any:
        raise ImportError(name)

    monkeypatch.setattr(importlib, "import_module", missing)
    with pytest.raises(WsisSdgError, match=r"not installed; run 'pip install 'wsis-sdg\[bench"):
        load_benchmark()
    with pytest.raises(WsisSdgError, match=r"seesus is not installed; run 'pip install seesus'"):
        seesus_predictions(["a"])


@pytest.mark.parametrize(
    ("choice", "message"),
    [
        ({"peer": "seesus"}, "--peer has nothing to run on; add --gold FILE or --benchmark sdg"),
        ({"head": Path("nowhere")}, "nowhere/head.json cannot be read"),
    ],
)
def test_what_cannot_be_measured_is_a_clear_error_before_any_work(
    choice: dict[str, Any], message: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def work(*_args: object, **_options: object) -> None:
        pytest.fail("work began")

    monkeypatch.setattr(Tagger, "load", work)
    monkeypatch.setattr(run, "evaluate_training_set", work)
    options: dict[str, Any] = {"benchmark": None, "peer": None, "head": None, **choice}
    with pytest.raises(WsisSdgError) as error:
        evaluate_all(gold=[], out=None, quick=True, report=lambda line: None, **options)
    assert str(error.value).startswith(message)


@pytest.mark.usefixtures("small")
def test_a_result_is_written_as_json_and_as_a_page(
    word_tagger: Tagger, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import json

    monkeypatch.setattr(Tagger, "load", lambda *_args: word_tagger)
    results = evaluate_all(
        gold=[],
        benchmark="sdg",
        peer=None,
        out=tmp_path / "results",
        head=None,
        quick=True,
        report=lambda line: None,
    )
    stored = json.loads((tmp_path / "results/benchmark-sdg.json").read_text(encoding="utf-8"))
    assert stored["published"] == results["benchmark-sdg"]["published"]
    assert stored["measured"][0]["average_accuracy"] == 50.0
    page = (tmp_path / "results/benchmark-sdg.html").read_text(encoding="utf-8")
    assert all(name in page for name in PUBLISHED)
    assert "http" not in page.split("</style>")[0].replace("http://www.w3.org", "")
