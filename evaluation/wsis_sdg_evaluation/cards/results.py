"""Sections on what was measured: accuracy, baselines, failures, benchmark, matrix, speed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from wsis_sdg.taxonomy import BY_CODE, KINDS
from wsis_sdg_evaluation.cards.sources import (
    BENCH,
    BENCHMARK,
    DEMO,
    EVALUATION,
    MATRIX,
    QUICK,
    REMEDIES,
    RESULTS,
    SPACES,
    CardError,
    Sources,
)
from wsis_sdg_evaluation.markdown import interval, number, percent, table
from wsis_sdg_evaluation.protocol import OURS

UNMEASURED: Final = (
    "Left out of the run that is kept here (`--quick`); `make evaluate` measures it."
)
CROSSED: Final = "cross_validation"
HELD_OUT: Final = "resolution"
SETS: Final = {CROSSED: "cross-validation", HELD_OUT: "E/RES/2017/21, held out"}
LEAST_POSITIVES: Final = 30
WORST: Final = 12
CONFUSED: Final = 8


def render_results(key: str) -> Callable[[Sources], str]:
    """Our figures on one set, per label space."""

    def render(s: Sources) -> str:
        ours = s.value(EVALUATION, key, "systems", OURS)
        rows = [
            [
                space,
                f"**{interval(ours['spaces'][kind]['micro_f1'])}**",
                *(
                    number(ours["spaces"][kind][name])
                    for name in ("micro_precision", "micro_recall", "macro_f1")
                ),
                *(
                    number(ours["spaces"][kind][name])
                    for name in ("mean_average_precision", "hit_at_1", "hit_at_3")
                ),
            ]
            for kind, space in SPACES.items()
        ]
        head = ["labels", "micro-F1 (95 % interval)", "precision", "recall", "macro-F1"]
        figures = table([*head, "mean average precision", "right at 1", "right at 3"], rows)
        return f"{_paragraphs_of(ours)}\n\n{figures}"

    return render


def render_systems(key: str) -> Callable[[Sources], str]:
    """Ours beside the baselines on one set."""

    def render(s: Sources) -> str:
        systems = s.value(EVALUATION, key, "systems")
        if len(systems) < 2:
            return UNMEASURED
        rows = [
            [f"**{name}**" if name == OURS else name]
            + [interval(found["spaces"][kind]["micro_f1"]) for kind in KINDS]
            + [percent(found["unlabelled_tagged"])]
            for name, found in systems.items()
        ]
        head = ["system", *(f"{space}: micro-F1" for space in SPACES.values())]
        return table([*head, "unlabelled paragraphs tagged"], rows)

    return render


def render_by_register(s: Sources) -> str:
    """Cross-validated micro-F1 in each register."""
    found = s.value(EVALUATION, CROSSED, "registers")
    rows = [[name, *(number(row[kind]) for kind in KINDS)] for name, row in found.items()]
    return table(["register", *SPACES.values()], rows)


def render_folds(s: Sources) -> str:
    """Micro-F1 on each fold of the cross-validation."""
    rows = [
        [str(number), f"{fold['paragraphs']:,}"]
        + [interval(fold["spaces"][kind]["micro_f1"]) for kind in KINDS]
        for number, fold in enumerate(s.value(EVALUATION, CROSSED, "folds"), start=1)
    ]
    return table(["fold", "paragraphs", *SPACES.values()], rows)


def render_calibration(s: Sources) -> str:
    """Expected calibration error on both sets."""
    rows = [
        [title]
        + [
            f"{s.value(EVALUATION, key, 'calibration', kind, 'expected_calibration_error'):.4f}"
            for kind in KINDS
        ]
        for key, title in SETS.items()
    ]
    return table(["expected calibration error", *SPACES.values()], rows)


def render_learning_curve(s: Sources) -> str:
    """Micro-F1 over the number of training paragraphs."""
    points = s.value(EVALUATION).get("learning_curve")
    if points is None:
        return UNMEASURED
    rows = [[f"{p['paragraphs']:,}", *(number(p[kind]) for kind in KINDS)] for p in points]
    return table(["training paragraphs", *SPACES.values()], rows)


def render_ablation(s: Sources) -> str:
    """What each step of the classifier adds."""
    steps = s.value(EVALUATION).get("ablation")
    if steps is None:
        return UNMEASURED
    rows = [[row["step"], *(number(row[kind], digits=3) for kind in KINDS)] for row in steps]
    return table(["step", *SPACES.values()], rows)


def render_failures(s: Sources) -> str:
    """The worst labels, the commonest confusions, and paragraphs that went wrong."""
    found = s.value(EVALUATION, CROSSED)
    known = [x for x in found["labels"] if x["positives"] >= LEAST_POSITIVES]
    worst = sorted(known, key=lambda row: (row["f1"], row["code"]))[:WORST]
    parts = [
        f"The labels with the lowest cross-validated F1, of those on {LEAST_POSITIVES} or more "
        "paragraphs:",
        table(
            ["label", "title", "paragraphs", "precision", "recall", "F1"],
            [
                [row["code"], BY_CODE[row["code"]].title, f"{row['positives']:,}"]
                + [number(row[name]) for name in ("precision", "recall", "f1")]
                for row in worst
            ],
        ),
        "The commonest confusions in cross-validation, paragraphs on which the first was missed "
        "and the second given wrongly:",
        table(
            ["labels", "missed", "given", "paragraphs"],
            [
                [SPACES[kind], _named(row["missed"]), _named(row["given"]), str(row["paragraphs"])]
                for kind in KINDS
                for row in found["confusions"][kind][:CONFUSED]
            ],
        ),
    ]
    parts.append("From the held-out resolution, the paragraphs with the most wrong labels:")
    parts += [_example(row) for row in s.value(EVALUATION, HELD_OUT, "examples")]
    return "\n\n".join(parts)


def render_benchmark(s: Sources) -> str:
    """The public benchmark: measured and published average accuracies, best first."""
    found = s.value(BENCHMARK)
    rows = [(r["system"], r["average_accuracy"], "measured here") for r in found["measured"]]
    rows += [(name, value, "as published") for name, value in found["published"].items()]
    rows.sort(key=lambda row: -row[1])
    return table(
        ["system", "average accuracy, %", "source"],
        [[f"**{n}**" if n == OURS else n, f"{value:.1f}", source] for n, value, source in rows],
    )


def render_benchmark_goals(s: Sources) -> str:
    """Our accuracy per goal on the public benchmark."""
    ours = _ours(s.value(BENCHMARK, "measured"))["accuracy"]
    names = list(ours)
    return table(["goal", *names], [["accuracy, %", *(f"{ours[name]:.0f}" for name in names)]])


def render_accuracy(s: Sources) -> str:
    """The accuracy in three lines."""
    training = _accuracy_of_training(s, EVALUATION)
    bench = s.value(BENCHMARK)
    ours, best = _ours(bench["measured"]), max(bench["published"].items(), key=lambda row: row[1])
    return "\n".join(
        [
            *training,
            f"- On the public SDG Classification Benchmark ({ours['texts']:,} texts, goals only, "
            f"nothing tuned on it): average accuracy {ours['average_accuracy']:.1f} %; the best "
            f"published is {best[1]:.1f} % ({best[0]}).",
        ]
    )


def render_present(s: Sources) -> str:
    """The present head, where it was fitted again after the whole evaluation."""
    if not (s.root / RESULTS / QUICK).is_file():
        return "All figures of cross-validation and resolution are of the present head."
    return "\n".join(
        [
            "Cross-validation and resolution were measured whole, beside all baselines, before the "
            "head was last fitted. The present head, measured without baselines "
            f"(`{RESULTS}/{QUICK}`):",
            "",
            *_accuracy_of_training(s, QUICK),
        ]
    )


def _accuracy_of_training(s: Sources, file: str) -> list[str]:
    """One line on the held-out resolution and one on cross-validation."""
    held, crossed = (s.value(file, key, "systems", OURS) for key in (HELD_OUT, CROSSED))
    return [
        f"- On ECOSOC resolution 2017/21, held out of all fitting: micro-F1 {_f1s(held)}; "
        f"{percent(held['unlabelled_tagged'])} of its {held['unlabelled']} paragraphs "
        "without a label are tagged.",
        f"- Cross-validated on {crossed['paragraphs']:,} labelled paragraphs, by theme: "
        f"{_f1s(crossed)}; {percent(crossed['unlabelled_tagged'])} of "
        f"{crossed['unlabelled']:,} tagged.",
    ]


def render_matrix(s: Sources) -> str:
    """The reproduction of the official matrix beside chance and label frequencies."""
    rows = [
        [source, level, f"**{interval(f['average_precision'])}**"]
        + [number(f[f"{name}_average_precision"]) for name in ("chance", "frequency")]
        + [f"**{interval(f['f1'])}**"]
        + [number(f[f"{name}_f1"]) for name in ("chance", "frequency", "everything")]
        for source, levels in s.value(MATRIX, "sources").items()
        for level, figures in levels.items()
        for f in [figures["scopes"]["without C3"]]
    ]
    head = ["source", "level", "average precision", "chance", "frequencies"]
    return table([*head, "F1", "chance", "frequencies", "all cells"], rows)


def render_about(file: str) -> Callable[[Sources], str]:
    """Which data, versions and machine a result comes from."""

    def render(s: Sources) -> str:
        about = s.value(file, "about")
        return (
            f"wsis-sdg {about['wsis_sdg']}, commit {about['commit']}, data "
            f"{about['data_sha256'][:12]}, Python {about['python']}, scikit-learn "
            f"{about['scikit_learn']}, torch {about['torch']}; {about['machine']}."
        )

    return render


def render_demo(s: Sources) -> str:
    """An excerpt of what ``make demo`` prints."""
    return f"```text\n{s.text(DEMO)}\n```"


def render_bench(s: Sources) -> str:
    """What ``make bench`` prints, where a run has been kept."""
    if not (s.root / RESULTS / BENCH).is_file():
        return "No run on a quiet machine is kept here yet; `make bench` measures yours."
    return s.text(BENCH)


def _ours(measured: Sequence[dict[str, Any]]) -> dict[str, Any]:
    for row in measured:
        if row["system"] == OURS:
            return row
    raise CardError(f"{BENCHMARK} has no row of {OURS}; {REMEDIES[BENCHMARK]}")


def _paragraphs_of(summary: Mapping[str, Any]) -> str:
    return (
        f"{summary['paragraphs']:,} paragraphs; of the {summary['unlabelled']:,} without a label, "
        f"{percent(summary['unlabelled_tagged'])} were given one."
    )


def _f1s(summary: Mapping[str, Any]) -> str:
    return ", ".join(
        f"{space} {interval(summary['spaces'][kind]['micro_f1'])}" for kind, space in SPACES.items()
    )


def _example(row: Mapping[str, Any]) -> str:
    true, given = (", ".join(row[key]) or "no label" for key in ("labels", "given"))
    return f"> {row['text']}\n>\n> Labelled: {true}. Given: {given}."


def _named(code: str) -> str:
    return f"{code} {BY_CODE[code].title}"
