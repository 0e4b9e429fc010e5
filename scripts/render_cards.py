"""Write today's figures into the README and the three cards.

A figure stands between ``<!-- numbers:NAME -->`` and ``<!-- end -->``, on lines of its own or
within a line. It comes from the committed labelled set or from a file in evaluation/results;
nothing is measured here. Exit 1 when a file that a figure comes from is missing; with ``--check``
also when a page is not up to date, and then nothing is written.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any, get_args

import krippendorff
import numpy as np

from wsis_sdg.taxonomy import BY_CODE, KINDS, LABELS, Kind, columns_of
from wsis_sdg.training import label_matrix
from wsis_sdg_data import (
    RESOLUTION_FILE,
    LabelledParagraph,
    data_sha256,
    read_breadth,
    read_training_set,
)
from wsis_sdg_data.checks import label_counts
from wsis_sdg_data.reader import Register
from wsis_sdg_evaluation.metrics import precision_recall_f1
from wsis_sdg_evaluation.protocol import OURS

ROOT = Path(__file__).parent.parent
PAGES = ("README.md", "training_data/README.md", "model/README.md", "evaluation/README.md")
RESULTS = "evaluation/results"
REVIEW = "training_data/review.json"
EVALUATION, BENCHMARK, MATRIX = "evaluation.json", "benchmark-sdg.json", "matrix.json"
BENCH, DEMO = "bench.txt", "demo.txt"
UNMEASURED = "Left out of the run that is kept here (`--quick`); `make evaluate` measures it."
REMEDIES = {
    EVALUATION: "run 'make evaluate'",
    BENCHMARK: "run 'make evaluate'",
    MATRIX: "run 'make matrix'",
    DEMO: "run 'make demo' and keep an excerpt there",
    "review.json": "write it: looked_at, wrong and method of the look at suspicious labels",
}
SPACES: dict[Kind, str] = {"goal": "goals", "target": "targets", "action_line": "action lines"}
REGISTERS = get_args(Register)
CROSSED, HELD_OUT = "cross_validation", "resolution"
SETS = {CROSSED: "cross-validation", HELD_OUT: "E/RES/2017/21, held out"}
LEAST_POSITIVES = 30
WORST = 12
CONFUSED = 8
MARKED = re.compile(r"(<!-- numbers:([\w-]+) -->)(.*?)(<!-- end -->)", re.DOTALL)


class CardError(Exception):
    """A figure that cannot be written; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Sources:
    """Where the figures come from.

    Attributes:
        paragraphs: The labelled set.
        root: The folder that holds evaluation/results and training_data.
    """

    paragraphs: Sequence[LabelledParagraph]
    root: Path

    def text(self, file: str) -> str:
        """The text of a results file, or of training_data/review.json.

        Raises:
            CardError: When it is missing.
        """
        path = self.root / (REVIEW if file == Path(REVIEW).name else f"{RESULTS}/{file}")
        try:
            return path.read_text(encoding="utf-8").strip("\n")
        except OSError as error:
            remedy = REMEDIES.get(file, "make it again")
            place = path.relative_to(self.root)
            raise CardError(f"{place} cannot be read ({error.strerror}); {remedy}") from error

    def value(self, file: str, *keys: str) -> Any:
        """A value in a JSON file, found by its keys.

        Raises:
            CardError: When the file or the value is missing.
        """
        try:
            found = json.loads(self.text(file))
            for key in keys:
                found = found[key]
        except (ValueError, KeyError, TypeError) as error:
            remedy = REMEDIES.get(file, "make it again")
            raise CardError(f"{file} has no {' / '.join(keys)}; {remedy}") from error
        return found


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


# The labelled set


def render_size(s: Sources) -> str:
    """The size of the labelled set."""
    written, resolution = _parts(s.paragraphs)
    rows = [
        ("paragraphs", len(s.paragraphs)),
        ("of these written for the set", len(written)),
        ("of these in E/RES/2017/21", len(resolution)),
        ("with an action line", sum(bool(p.action_lines) for p in s.paragraphs)),
        ("with a target", sum(bool(p.targets) for p in s.paragraphs)),
        ("with both", sum(bool(p.action_lines and p.targets) for p in s.paragraphs)),
        ("without any label", sum(not p.codes for p in s.paragraphs)),
        ("labels in all", sum(len(p.codes) for p in s.paragraphs)),
        ("themes", len({p.theme for p in s.paragraphs})),
        ("labelled a second time", sum(len(p.passes) > 1 for p in s.paragraphs)),
        ("sub-topics written down, each covered", len(read_breadth())),
        ("median length in words", round(_words(s.paragraphs))),
    ]
    return _table(["what", "count"], [[what, f"{count:,}"] for what, count in rows])


def render_count(s: Sources) -> str:
    """The number of paragraphs, for use within a line."""
    return f"{len(s.paragraphs):,}"


def render_fewest(s: Sources) -> str:
    """The rarest label of each space."""
    counts = label_counts(s.paragraphs)
    return ", ".join(
        f"{min(counts[x.code] for x in LABELS[columns_of(kind)])} among {name}"
        for kind, name in SPACES.items()
    )


def render_registers(s: Sources) -> str:
    """How the set spreads over the registers."""
    rows = []
    for register in REGISTERS:
        own = [p for p in s.paragraphs if p.register == register]
        rows.append(
            [
                register,
                f"{len(own):,}",
                _percent(len(own) / max(1, len(s.paragraphs))),
                f"{sum(bool(p.action_lines) for p in own):,}",
                f"{sum(bool(p.targets) for p in own):,}",
                f"{sum(not p.codes for p in own):,}",
                f"{_words(own):.0f}",
            ]
        )
    head = ["register", "paragraphs", "share", "with a line", "with a target", "no label"]
    return _table([*head, "median words"], rows)


def render_files(s: Sources) -> str:
    """What each file holds, in numbers."""
    files: dict[str, list[LabelledParagraph]] = {}
    for p in s.paragraphs:
        files.setdefault(p.theme.partition(":")[0], []).append(p)
    rows = []
    for name, own in files.items():
        registers = Counter(p.register for p in own)
        rows.append(
            [f"`{name}`", f"{len(own):,}", f"{len({p.theme for p in own})}"]
            + [f"{registers[r]:,}" for r in REGISTERS]
            + [f"{sum(len(p.passes) > 1 for p in own):,}"]
        )
    return _table(["file", "paragraphs", "themes", *REGISTERS, "labelled twice"], rows)


def render_labels(kind: Kind) -> Callable[[Sources], str]:
    """A table of one label space: paragraphs of each label, all and by register."""

    def render(s: Sources) -> str:
        counts = label_counts(s.paragraphs)
        by_register = {
            r: label_counts([p for p in s.paragraphs if p.register == r]) for r in REGISTERS
        }
        topics = Counter(code for code, _, _ in read_breadth())
        alone = Counter(goal for p in s.paragraphs for goal in p.goals)
        extra = "without a target" if kind == "goal" else "sub-topics"
        rows = [
            [x.code, x.title, f"{counts[x.code]:,}"]
            + [f"{by_register[r][x.code]:,}" for r in REGISTERS]
            + [f"{(alone if kind == 'goal' else topics)[x.code]:,}"]
            for x in LABELS[columns_of(kind)]
        ]
        return _table(["code", "title", "paragraphs", *REGISTERS, extra], rows)

    return render


def render_agreement(s: Sources) -> str:
    """Agreement of first and second labelling: F1 and Krippendorff's alpha per label space."""
    rows = []
    for name, part in zip(("written", "E/RES/2017/21"), _parts(s.paragraphs), strict=True):
        twice = [p for p in part if len(p.passes) > 1]
        for kind, space in SPACES.items():
            first, second = (_pass_matrix(twice, number, kind) for number in (0, 1))
            given = [len(twice), int(first.sum()), int(second.sum())]
            agreed = f"{precision_recall_f1(first, second)[2]:.2f}" if twice else "–"
            rows.append(
                [name, space, *(f"{count:,}" for count in given), agreed, _alpha(first, second)]
            )
    head = ["set", "labels", "paragraphs", "given first", "given second", "F1", "alpha"]
    return _table(head, rows)


def render_settled(s: Sources) -> str:
    """What the settlement of differences did to the labels of the first labelling."""
    rows = []
    for name, part in zip(("written", "E/RES/2017/21"), _parts(s.paragraphs), strict=True):
        twice = [p for p in part if len(p.passes) > 1]
        for kind, space in SPACES.items():
            first, second = (_pass_matrix(twice, number, kind) for number in (0, 1))
            settled = label_matrix([p.codes for p in twice])[:, columns_of(kind)] > 0
            differing = f"{int((first != second).any(axis=1).sum()):,} of {len(twice):,}"
            changed = [first != second, first & ~settled, ~first & settled]
            rows.append([name, space, differing, *(f"{int(x.sum()):,}" for x in changed)])
    head = ["set", "labels", "paragraphs that differed", "labels that differed"]
    return _table([*head, "taken from the first labelling", "added to it"], rows)


def render_suspects(s: Sources) -> str:
    """The look at the labels that the classifier doubts most."""
    review = {key: s.value("review.json", key) for key in ("looked_at", "wrong", "method")}
    looked, wrong = int(review["looked_at"]), int(review["wrong"])
    share = _percent(wrong / looked) if looked else "–"
    return (
        f"Looked at: {looked:,} labels. Wrong and mended: {wrong:,} ({share}). "
        f"Method: {str(review['method']).rstrip('.')}."
    )


# Results


def render_results(key: str) -> Callable[[Sources], str]:
    """Our figures on one set, per label space."""

    def render(s: Sources) -> str:
        ours = s.value(EVALUATION, key, "systems", OURS)
        rows = [
            [
                space,
                f"**{_interval(ours['spaces'][kind]['micro_f1'])}**",
                *(
                    _number(ours["spaces"][kind][name])
                    for name in ("micro_precision", "micro_recall", "macro_f1")
                ),
                *(
                    _number(ours["spaces"][kind][name])
                    for name in ("mean_average_precision", "hit_at_1", "hit_at_3")
                ),
            ]
            for kind, space in SPACES.items()
        ]
        head = ["labels", "micro-F1 (95 % interval)", "precision", "recall", "macro-F1"]
        table = _table([*head, "mean average precision", "right at 1", "right at 3"], rows)
        return f"{_paragraphs_of(ours)}\n\n{table}"

    return render


def render_systems(key: str) -> Callable[[Sources], str]:
    """Ours beside the baselines on one set."""

    def render(s: Sources) -> str:
        systems = s.value(EVALUATION, key, "systems")
        if len(systems) < 2:
            return UNMEASURED
        rows = [
            [f"**{name}**" if name == OURS else name]
            + [_interval(found["spaces"][kind]["micro_f1"]) for kind in KINDS]
            + [_percent(found["unlabelled_tagged"])]
            for name, found in systems.items()
        ]
        head = ["system", *(f"{space}: micro-F1" for space in SPACES.values())]
        return _table([*head, "unlabelled paragraphs tagged"], rows)

    return render


def render_by_register(s: Sources) -> str:
    """Cross-validated micro-F1 in each register."""
    found = s.value(EVALUATION, CROSSED, "registers")
    rows = [[name, *(_number(row[kind]) for kind in KINDS)] for name, row in found.items()]
    return _table(["register", *SPACES.values()], rows)


def render_folds(s: Sources) -> str:
    """Micro-F1 on each fold of the cross-validation."""
    rows = [
        [str(number), f"{fold['paragraphs']:,}"]
        + [_interval(fold["spaces"][kind]["micro_f1"]) for kind in KINDS]
        for number, fold in enumerate(s.value(EVALUATION, CROSSED, "folds"), start=1)
    ]
    return _table(["fold", "paragraphs", *SPACES.values()], rows)


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
    return _table(["expected calibration error", *SPACES.values()], rows)


def render_learning_curve(s: Sources) -> str:
    """Micro-F1 over the number of training paragraphs."""
    points = s.value(EVALUATION).get("learning_curve")
    if points is None:
        return UNMEASURED
    rows = [[f"{p['paragraphs']:,}", *(_number(p[kind]) for kind in KINDS)] for p in points]
    return _table(["training paragraphs", *SPACES.values()], rows)


def render_ablation(s: Sources) -> str:
    """What each step of the classifier adds."""
    steps = s.value(EVALUATION).get("ablation")
    if steps is None:
        return UNMEASURED
    rows = [[row["step"], *(_number(row[kind], digits=3) for kind in KINDS)] for row in steps]
    return _table(["step", *SPACES.values()], rows)


def render_failures(s: Sources) -> str:
    """The worst labels, the commonest confusions, and paragraphs that went wrong."""
    found = s.value(EVALUATION, CROSSED)
    known = [x for x in found["labels"] if x["positives"] >= LEAST_POSITIVES]
    worst = sorted(known, key=lambda row: (row["f1"], row["code"]))[:WORST]
    parts = [
        f"The labels with the lowest cross-validated F1, of those on {LEAST_POSITIVES} or more "
        "paragraphs:",
        _table(
            ["label", "title", "paragraphs", "precision", "recall", "F1"],
            [
                [row["code"], BY_CODE[row["code"]].title, f"{row['positives']:,}"]
                + [_number(row[name]) for name in ("precision", "recall", "f1")]
                for row in worst
            ],
        ),
        "The commonest confusions in cross-validation, paragraphs on which the first was missed "
        "and the second given wrongly:",
        _table(
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
    return _table(
        ["system", "average accuracy, %", "source"],
        [[f"**{n}**" if n == OURS else n, f"{value:.1f}", source] for n, value, source in rows],
    )


def render_benchmark_goals(s: Sources) -> str:
    """Our accuracy per goal on the public benchmark."""
    ours = _ours(s.value(BENCHMARK, "measured"))["accuracy"]
    names = list(ours)
    return _table(["goal", *names], [["accuracy, %", *(f"{ours[name]:.0f}" for name in names)]])


def render_accuracy(s: Sources) -> str:
    """The accuracy in three lines."""
    held, crossed = (s.value(EVALUATION, key, "systems", OURS) for key in (HELD_OUT, CROSSED))
    bench = s.value(BENCHMARK)
    ours, best = _ours(bench["measured"]), max(bench["published"].items(), key=lambda row: row[1])
    return "\n".join(
        [
            f"- On ECOSOC resolution 2017/21, held out of all fitting: micro-F1 {_f1s(held)}; "
            f"{_percent(held['unlabelled_tagged'])} of its {held['unlabelled']} paragraphs "
            "without a label are tagged.",
            f"- Cross-validated on {crossed['paragraphs']:,} labelled paragraphs, by theme: "
            f"{_f1s(crossed)}; {_percent(crossed['unlabelled_tagged'])} of "
            f"{crossed['unlabelled']:,} tagged.",
            f"- On the public SDG Classification Benchmark ({ours['texts']:,} texts, goals only, "
            f"nothing tuned on it): average accuracy {ours['average_accuracy']:.1f} %; the best "
            f"published is {best[1]:.1f} % ({best[0]}).",
        ]
    )


def render_matrix(s: Sources) -> str:
    """The reproduction of the official matrix beside chance and label frequencies."""
    rows = [
        [source, level, f"**{_interval(f['average_precision'])}**"]
        + [_number(f[f"{name}_average_precision"]) for name in ("chance", "frequency")]
        + [f"**{_interval(f['f1'])}**"]
        + [_number(f[f"{name}_f1"]) for name in ("chance", "frequency", "everything")]
        for source, levels in s.value(MATRIX, "sources").items()
        for level, figures in levels.items()
        for f in [figures["scopes"]["without C3"]]
    ]
    head = ["source", "level", "average precision", "chance", "frequencies"]
    return _table([*head, "F1", "chance", "frequencies", "all cells"], rows)


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
    "matrix": render_matrix,
    "about": render_about(EVALUATION),
    "about-benchmark": render_about(BENCHMARK),
    "about-matrix": render_about(MATRIX),
    "demo": render_demo,
    "bench": render_bench,
}
"""What may stand behind ``numbers:`` in a page."""


def _parts(
    paragraphs: Sequence[LabelledParagraph],
) -> tuple[list[LabelledParagraph], list[LabelledParagraph]]:
    """The paragraphs written for the set, and those of the resolution."""
    resolution = RESOLUTION_FILE.stem
    return (
        [p for p in paragraphs if p.theme != resolution],
        [p for p in paragraphs if p.theme == resolution],
    )


def _pass_matrix(paragraphs: Sequence[LabelledParagraph], number: int, kind: Kind) -> Any:
    """What one labelling gave, ``(n, k)`` booleans; targets give their goals too."""
    return label_matrix([p.passes[number] for p in paragraphs])[:, columns_of(kind)] > 0


def _alpha(first: Any, second: Any) -> str:
    """Krippendorff's alpha over every paragraph and label; nothing where no label was given."""
    if not (first | second).any() or (first & second).all():
        return "–"
    ratings = np.stack([first.ravel(), second.ravel()]).astype(np.int8)
    return f"{krippendorff.alpha(ratings, level_of_measurement='nominal'):.2f}"


def _words(paragraphs: Sequence[LabelledParagraph]) -> float:
    return float(median([len(p.text.split()) for p in paragraphs] or [0]))


def _ours(measured: Sequence[dict[str, Any]]) -> dict[str, Any]:
    for row in measured:
        if row["system"] == OURS:
            return row
    raise CardError(f"{BENCHMARK} has no row of {OURS}; {REMEDIES[BENCHMARK]}")


def _paragraphs_of(summary: Mapping[str, Any]) -> str:
    return (
        f"{summary['paragraphs']:,} paragraphs; of the {summary['unlabelled']:,} without a label, "
        f"{_percent(summary['unlabelled_tagged'])} were given one."
    )


def _f1s(summary: Mapping[str, Any]) -> str:
    return ", ".join(
        f"{space} {_interval(summary['spaces'][kind]['micro_f1'])}"
        for kind, space in SPACES.items()
    )


def _example(row: Mapping[str, Any]) -> str:
    true, given = (", ".join(row[key]) or "no label" for key in ("labels", "given"))
    return f"> {row['text']}\n>\n> Labelled: {true}. Given: {given}."


def _named(code: str) -> str:
    return f"{code} {BY_CODE[code].title}"


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(row)} |" for row in lines)


def _interval(figure: Mapping[str, float] | None) -> str:
    if figure is None:
        return "–"
    return f"{figure['value']:.2f} ({figure['low']:.2f}–{figure['high']:.2f})"


def _number(figure: float | None, *, digits: int = 2) -> str:
    return "–" if figure is None else f"{figure:.{digits}f}"


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %"


def warn_of_other_data(root: Path) -> None:
    """Say on standard error which results were measured on another state of the labelled set."""
    for file in (EVALUATION, BENCHMARK, MATRIX):
        path = root / RESULTS / file
        if path.is_file():
            about = json.loads(path.read_text(encoding="utf-8")).get("about", {})
            if about.get("data_sha256") != data_sha256():
                print(f"note: {file} was measured on other labelled data", file=sys.stderr)


def main(arguments: Sequence[str] | None = None) -> int:
    """Fill the pages; 1 when a source is missing or, with ``--check``, a page is stale."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; 1 when out of date")
    check = parser.parse_args(arguments).check
    sources = Sources(read_training_set(), ROOT)
    stale, problems = update([ROOT / page for page in PAGES], sources, check=check)
    warn_of_other_data(ROOT)
    for problem, names in problems.items():
        print(f"render_cards: {problem} ({', '.join(dict.fromkeys(names))})", file=sys.stderr)
    for path in stale:
        told = "is not up to date; run 'python scripts/render_cards.py'" if check else "written"
        print(f"{path.relative_to(ROOT)}: {told}", file=sys.stderr if check else sys.stdout)
    return 1 if problems or (check and stale) else 0


if __name__ == "__main__":
    sys.exit(main())
