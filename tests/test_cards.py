"""The README and the three cards say what the committed data and results say."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from wsis_sdg_data import LabelledParagraph, read_training_set
from wsis_sdg_evaluation.cards.fill import MARKED, PAGES, SECTIONS, fill_page, update
from wsis_sdg_evaluation.cards.labelled_set import _alpha, render_agreement, render_settled
from wsis_sdg_evaluation.cards.results import render_failures
from wsis_sdg_evaluation.cards.sources import Sources

ROOT = Path(__file__).parents[1]


def paragraph(number: int, *passes: tuple[str, ...], **labels: tuple[str, ...]) -> Any:
    fields: dict[str, Any] = {"targets": (), "goals": (), "action_lines": (), **labels}
    return LabelledParagraph(
        id=f"small-{number:04}",
        text="Calls for broadband in every village.",
        register="plan",
        theme="small: broadband",
        aspects=(),
        passes=passes,
        **fields,
    )


@pytest.fixture
def paragraphs() -> list[LabelledParagraph]:
    return [
        paragraph(1, ("9.c", "C2"), ("9.c",), targets=("9.c",), action_lines=("C2",)),
        paragraph(2, ("C4",), ("4.4", "C4"), targets=("4.4",), action_lines=("C4",)),
        paragraph(3, ("16.10",), ("16", "C9"), goals=("16",), action_lines=("C9",)),
        paragraph(4, ()),
    ]


def figure(value: float) -> dict[str, float]:
    return {"value": value, "low": value - 0.05, "high": value + 0.05}


def system(value: float) -> dict[str, Any]:
    space = {
        "micro_precision": value,
        "micro_recall": value,
        "micro_f1": figure(value),
        "macro_f1": value,
        "mean_average_precision": value,
        "hit_at_1": value,
        "hit_at_3": value,
    }
    return {
        "paragraphs": 1200,
        "unlabelled": 100,
        "unlabelled_tagged": 0.07,
        "spaces": dict.fromkeys(("goal", "target", "action_line"), space),
    }


@pytest.fixture
def root(tmp_path: Path) -> Path:
    kinds = ("goal", "target", "action_line")
    labels = [
        {"code": "9.c", "kind": "target", "positives": 90, "precision": 1, "recall": 1, "f1": 1},
        {"code": "17.8", "kind": "target", "positives": 90, "precision": 0, "recall": 0, "f1": 0},
        {"code": "1.1", "kind": "target", "positives": 3, "precision": 0, "recall": 0, "f1": 0},
    ]
    confused = {kind: [] for kind in kinds}
    confused["target"] = [{"missed": "17.8", "given": "9.c", "paragraphs": 5}]  # type: ignore[list-item]
    part = {
        "systems": {"wsis-sdg": system(0.7), "nothing": system(0.1)},
        "labels": labels,
        "registers": {"plan": dict.fromkeys(kinds, 0.61)},
        "calibration": {kind: {"expected_calibration_error": 0.0123} for kind in kinds},
        "confusions": confused,
    }
    about = {
        "wsis_sdg": "0.1.0",
        "commit": "abc1234",
        "data_sha256": "f" * 64,
        "machine": "2 cores",
        "python": "3.11",
        "scikit_learn": "1.9",
        "torch": "2.13",
    }
    results = tmp_path / "evaluation/results"
    results.mkdir(parents=True)
    (results / "evaluation.json").write_text(
        json.dumps(
            {
                "about": about,
                "cross_validation": {**part, "folds": [system(0.69), system(0.71)]},
                "resolution": {
                    **part,
                    "examples": [{"text": "A text.", "labels": ["9.c"], "given": []}],
                },
                "learning_curve": [{"paragraphs": 600, **dict.fromkeys(kinds, 0.5)}],
                "ablation": [{"step": "a step", **dict.fromkeys(kinds, 0.5123)}],
            }
        ),
        encoding="utf-8",
    )
    accuracy = {"1": 91.0, "2": 89.0}
    ours = {"system": "wsis-sdg", "texts": 2, "average_accuracy": 90.0, "accuracy": accuracy}
    (results / "benchmark-sdg.json").write_text(
        json.dumps({"about": about, "measured": [ours], "published": {"another": 87.8}}),
        encoding="utf-8",
    )
    scope = {
        f"{name}{measure}": 0.3
        for name in ("chance_", "frequency_", "everything_")
        for measure in ("average_precision", "f1")
    }
    scope |= {"average_precision": figure(0.64), "f1": figure(0.46)}  # type: ignore[dict-item]
    sources = {"from text": {"goal": {"scopes": {"without C3": scope}}}}
    (results / "matrix.json").write_text(
        json.dumps({"about": about, "sources": sources}), encoding="utf-8"
    )
    (results / "demo.txt").write_text("66  Requests …\n", encoding="utf-8")
    (results / "bench.txt").write_text("A machine\n\n| what |\n|---|\n", encoding="utf-8")
    (tmp_path / "training_data").mkdir()
    (tmp_path / "training_data/review.json").write_text(
        json.dumps({"looked_at": 300, "wrong": 30, "method": "by out-of-fold score."}),
        encoding="utf-8",
    )
    return tmp_path


def test_every_section_is_written_from_small_inputs(
    paragraphs: list[LabelledParagraph], root: Path
) -> None:
    page = "".join(f"<!-- numbers:{name} -->\nas before\n<!-- end -->\n" for name in SECTIONS)
    problems: dict[str, list[str]] = {}
    filled = fill_page(page, Sources(paragraphs, root), problems)
    assert problems == {}
    assert "as before" not in filled
    assert "goals 0.70 (0.65–0.75)" in filled
    assert "| **wsis-sdg** | 90.0 | measured here |" in filled
    assert "300 labels. Wrong and mended: 30 (10 %). Method: by out-of-fold score." in filled
    assert "```text\n66  Requests …\n```" in filled
    assert "| a step | 0.512 | 0.512 | 0.512 |" in filled
    assert fill_page(filled, Sources(paragraphs, root), problems) == filled


def test_the_worst_labels_leave_out_the_rare_ones(root: Path) -> None:
    text = render_failures(Sources([], root))
    first = text.partition("The commonest")[0]
    assert first.index("17.8") < first.index("9.c")
    assert "| 1.1 |" not in first
    assert "| targets | 17.8 " in text


def test_agreement_expands_targets_to_goals(
    paragraphs: list[LabelledParagraph], root: Path
) -> None:
    rows = render_agreement(Sources(paragraphs, root)).splitlines()
    # First: goals 9 and 16; second: 9, 4 and 16. Two of them are the same.
    assert rows[2].startswith("| written | goals | 3 | 2 | 3 | 0.80 | ")
    # First: 9.c and 16.10; second: 9.c and 4.4.
    assert rows[3].startswith("| written | targets | 3 | 2 | 2 | 0.50 | ")
    assert rows[4].startswith("| written | action lines | 3 | 2 | 2 | 0.50 | ")
    assert rows[5] == "| E/RES/2017/21 | goals | 0 | 0 | 0 | – | – |"


def test_alpha_is_one_where_both_agree_and_low_where_they_do_not() -> None:
    import numpy as np

    first = np.array([[True, False], [False, False]])
    assert _alpha(first, first) == "1.00"
    assert float(_alpha(first, ~first)) < 0
    assert _alpha(first & False, first & False) == "–"


def test_settlement_counts_what_the_first_labelling_lost_and_gained(
    paragraphs: list[LabelledParagraph], root: Path
) -> None:
    rows = render_settled(Sources(paragraphs, root)).splitlines()
    # 4.4 was added and 16.10 taken away; 9.c and C2 stayed.
    assert rows[3] == "| written | targets | 2 of 3 | 2 | 1 | 1 |"
    assert rows[4] == "| written | action lines | 2 of 3 | 2 | 0 | 1 |"


def test_a_figure_within_a_line_stays_there(
    paragraphs: list[LabelledParagraph], root: Path
) -> None:
    page = "It holds <!-- numbers:count -->?<!-- end --> paragraphs."
    filled = fill_page(page, Sources(paragraphs, root), {})
    assert filled == "It holds <!-- numbers:count -->4<!-- end --> paragraphs."


def test_check_notices_a_stale_file_and_leaves_it(
    paragraphs: list[LabelledParagraph], root: Path
) -> None:
    page = root / "README.md"
    stale = "<!-- numbers:count -->\n5\n<!-- end -->\n"
    page.write_text(stale, encoding="utf-8")
    sources = Sources(paragraphs, root)
    assert update([page], sources, check=True) == ([page], {})
    assert page.read_text(encoding="utf-8") == stale
    assert update([page], sources, check=False) == ([page], {})
    assert update([page], sources, check=True) == ([], {})


def test_a_missing_result_is_named_with_its_remedy_and_the_rest_is_written(
    paragraphs: list[LabelledParagraph], tmp_path: Path
) -> None:
    page = tmp_path / "README.md"
    accuracy = "<!-- numbers:accuracy -->\nas before\n<!-- end -->\n"
    page.write_text(f"{accuracy}<!-- numbers:count -->\n<!-- end -->\n", encoding="utf-8")
    _, problems = update([page], Sources(paragraphs, tmp_path), check=False)
    ((problem, names),) = problems.items()
    assert problem.startswith("evaluation/results/evaluation.json cannot be read")
    assert problem.endswith("run 'make evaluate'")
    assert names == ["accuracy"]
    assert page.read_text(encoding="utf-8").startswith(accuracy)
    assert "\n4\n" in page.read_text(encoding="utf-8")


def test_a_result_without_a_part_is_named(paragraphs: list[LabelledParagraph], root: Path) -> None:
    (root / "evaluation/results/evaluation.json").write_text("{}", encoding="utf-8")
    problems: dict[str, list[str]] = {}
    page = "<!-- numbers:by-register --><!-- end --><!-- numbers:nonsense --><!-- end -->"
    assert fill_page(page, Sources(paragraphs, root), problems) == page
    assert list(problems.values()) == [["by-register"], ["nonsense"]]
    assert "evaluation.json has no cross_validation / registers; run 'make evaluate'" in problems


def test_every_marker_is_closed() -> None:
    for name in PAGES:
        page = (ROOT / name).read_text(encoding="utf-8")
        assert len(MARKED.findall(page)) == page.count("<!-- numbers:"), name
        assert page.count("<!-- numbers:") == page.count("<!-- end -->"), name


def test_the_readme_names_every_command() -> None:
    from wsis_sdg.cli import app

    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for command in app.registered_commands:
        name = command.name or command.callback.__name__  # type: ignore[union-attr]
        assert f"\n| `{name}` |" in readme, name


def test_the_data_card_names_every_file() -> None:
    card = MARKED.sub("", (ROOT / "training_data/README.md").read_text(encoding="utf-8"))
    files = {p.theme.partition(":")[0] for p in read_training_set()}
    assert [file for file in sorted(files) if f"`{file}`" not in card] == []


def test_the_committed_pages_are_up_to_date() -> None:
    sources = Sources(read_training_set(), ROOT)
    stale, problems = update([ROOT / page for page in PAGES], sources, check=True)
    assert (stale, problems) == ([], {})
