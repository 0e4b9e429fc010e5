"""Sections on the labelled set: size, spread, labels, agreement."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from statistics import median
from typing import Any, Final, get_args

import numpy as np

from wsis_sdg.taxonomy import LABELS, Kind, columns_of
from wsis_sdg.training import label_matrix
from wsis_sdg_data import RESOLUTION_FILE, LabelledParagraph, read_breadth, read_vocabulary
from wsis_sdg_data.checks import label_counts
from wsis_sdg_data.reader import Register
from wsis_sdg_evaluation.cards.sources import SPACES, Sources
from wsis_sdg_evaluation.markdown import percent, table
from wsis_sdg_evaluation.metrics import precision_recall_f1

REGISTERS: Final = get_args(Register)


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
        ("phrases of the vocabulary", len(read_vocabulary())),
        ("median length in words", round(_words(s.paragraphs))),
    ]
    return table(["what", "count"], [[what, f"{count:,}"] for what, count in rows])


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
                percent(len(own) / max(1, len(s.paragraphs))),
                f"{sum(bool(p.action_lines) for p in own):,}",
                f"{sum(bool(p.targets) for p in own):,}",
                f"{sum(not p.codes for p in own):,}",
                f"{_words(own):.0f}",
            ]
        )
    head = ["register", "paragraphs", "share", "with a line", "with a target", "no label"]
    return table([*head, "median words"], rows)


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
    return table(["file", "paragraphs", "themes", *REGISTERS, "labelled twice"], rows)


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
        return table(["code", "title", "paragraphs", *REGISTERS, extra], rows)

    return render


def render_agreement(s: Sources) -> str:
    """Agreement of first and second labelling: F1 and Krippendorff's alpha per label space."""
    rows = []
    for name, kind, twice, first, second in _labelled_twice(s):
        given = [len(twice), int(first.sum()), int(second.sum())]
        agreed = f"{precision_recall_f1(first, second)[2]:.2f}" if twice else "–"
        rows.append(
            [name, SPACES[kind]]
            + [f"{count:,}" for count in given]
            + [agreed, _alpha(first, second)]
        )
    head = ["set", "labels", "paragraphs", "given first", "given second", "F1", "alpha"]
    return table(head, rows)


def render_settled(s: Sources) -> str:
    """What the settlement of differences did to the labels of the first labelling."""
    rows = []
    for name, kind, twice, first, second in _labelled_twice(s):
        settled = label_matrix([p.codes for p in twice])[:, columns_of(kind)] > 0
        differing = f"{int((first != second).any(axis=1).sum()):,} of {len(twice):,}"
        changed = [first != second, first & ~settled, ~first & settled]
        rows.append([name, SPACES[kind], differing, *(f"{int(x.sum()):,}" for x in changed)])
    head = ["set", "labels", "paragraphs that differed", "labels that differed"]
    return table([*head, "taken from the first labelling", "added to it"], rows)


def render_suspects(s: Sources) -> str:
    """The look at the labels that the classifier doubts most."""
    review = {key: s.value("review.json", key) for key in ("looked_at", "wrong", "method")}
    looked, wrong = int(review["looked_at"]), int(review["wrong"])
    share = percent(wrong / looked) if looked else "–"
    return (
        f"Looked at: {looked:,} labels. Wrong and mended: {wrong:,} ({share}). "
        f"Method: {str(review['method']).rstrip('.')}."
    )


def _parts(
    paragraphs: Sequence[LabelledParagraph],
) -> tuple[list[LabelledParagraph], list[LabelledParagraph]]:
    """The paragraphs written for the set, and those of the resolution."""
    resolution = RESOLUTION_FILE.stem
    return (
        [p for p in paragraphs if p.theme != resolution],
        [p for p in paragraphs if p.theme == resolution],
    )


def _labelled_twice(
    s: Sources,
) -> Iterator[tuple[str, Kind, list[LabelledParagraph], Any, Any]]:
    """For each set and label space its paragraphs labelled twice, and both labellings."""
    for name, part in zip(("written", "E/RES/2017/21"), _parts(s.paragraphs), strict=True):
        twice = [p for p in part if len(p.passes) > 1]
        for kind in SPACES:
            yield name, kind, twice, _pass_matrix(twice, 0, kind), _pass_matrix(twice, 1, kind)


def _pass_matrix(paragraphs: Sequence[LabelledParagraph], number: int, kind: Kind) -> Any:
    """What one labelling gave, ``(n, k)`` booleans; targets give their goals too."""
    return label_matrix([p.passes[number] for p in paragraphs])[:, columns_of(kind)] > 0


def _alpha(first: Any, second: Any) -> str:
    """Krippendorff's alpha over every paragraph and label; nothing where no label was given."""
    if not (first | second).any() or (first & second).all():
        return "–"
    import krippendorff  # with the extra [dev] only

    ratings = np.stack([first.ravel(), second.ravel()]).astype(np.int8)
    return f"{krippendorff.alpha(ratings, level_of_measurement='nominal'):.2f}"


def _words(paragraphs: Sequence[LabelledParagraph]) -> float:
    return float(median([len(p.text.split()) for p in paragraphs] or [0]))
