"""Hold the labelled set against its requirements and print requirement beside count.

Exit 1 with the offending lines when one is not met. Run by ``make check-data``.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import get_args

from rich.console import Console
from rich.table import Table

from wsis_sdg.taxonomy import ACTION_LINES, BY_CODE, GOALS, LABELS, TARGETS, Label
from wsis_sdg_data import (
    DATA_FOLDER,
    RESOLUTION_FILE,
    DataError,
    LabelledParagraph,
    read_breadth,
    read_training_set,
)
from wsis_sdg_data.checks import (
    label_counts,
    openings,
    registers_of_labels,
    repeated_runs,
    similar_pairs,
)
from wsis_sdg_data.reader import Register

FIXED_PHRASES = DATA_FOLDER / "fixed_phrases.txt"
MOST_SHOWN = 20
RESOLUTION_PARAGRAPHS = 80
SIMILARITY = 0.35
OPENING_SHARE = 0.015
RUN_PARAGRAPHS = 3


@dataclass(frozen=True, slots=True)
class Requirement:
    """One requirement: what it bounds, the bound, what was found, and where it is broken."""

    what: str
    bound: str
    found: str
    offenders: tuple[str, ...] = ()
    is_met: bool = True


def at_least(what: str, bound: int, found: int) -> Requirement:
    """A count that must not be smaller than its bound."""
    return Requirement(what, f"≥ {bound:,}", f"{found:,}", (), found >= bound)


def none_of(what: str, offenders: Sequence[str]) -> Requirement:
    """A list of offenders that must be empty."""
    return Requirement(what, "none", str(len(offenders)), tuple(offenders), not offenders)


def each_label(what: str, labels: Sequence[Label], bound: int, counts: Counter[str]) -> Requirement:
    """A count that every label of a space must reach; the smallest is shown."""
    short = tuple(f"{x.code}: {counts[x.code]}" for x in labels if counts[x.code] < bound)
    least = min(labels, key=lambda x: counts[x.code])
    found = f"{counts[least.code]} ({least.code})"
    return Requirement(what, f"≥ {bound}", found, short, not short)


def requirements(paragraphs: Sequence[LabelledParagraph]) -> Iterator[Requirement]:
    """Measure every requirement on the whole training set."""
    written = [p for p in paragraphs if p.theme != RESOLUTION_FILE.stem]
    resolution = [p for p in paragraphs if p.theme == RESOLUTION_FILE.stem]
    counts = label_counts(paragraphs)
    yield at_least("paragraphs", 6000, len(paragraphs))
    yield each_label("paragraphs on every target", TARGETS, 30, counts)
    yield each_label("paragraphs on every action line", ACTION_LINES, 200, counts)
    yield each_label("paragraphs on every goal", GOALS, 250, counts)
    yield at_least("without a label", 900, sum(not p.codes for p in paragraphs))
    both = sum(bool(p.action_lines and p.targets) for p in paragraphs)
    yield at_least("with a line and a target", 1500, both)
    field = sum(bool(p.action_lines) for p in paragraphs)
    yield at_least("on the subjects of WSIS (with an action line)", 1800, field)
    registers = Counter(p.register for p in paragraphs)
    for register in get_args(Register):
        share = registers[register] / len(paragraphs)
        yield Requirement(f"register {register}", "≥ 20 %", f"{share:.1%}", (), share >= 0.2)
    seen = registers_of_labels(paragraphs)
    yield none_of(
        "labels in fewer than three registers",
        [
            f"{x.code}: {sorted(seen.get(x.code, set()))}"
            for x in LABELS
            if len(seen.get(x.code, ())) < 3
        ],
    )
    covered = {aspect for p in paragraphs for aspect in p.aspects}
    named = {aspect for _, aspect, _ in read_breadth()}
    yield none_of("sub-topics without a paragraph", sorted(named - covered))
    yield none_of("aspects that no sub-topic names", sorted(covered - named))
    yield at_least("labelled a second time", 1500, sum(len(p.passes) > 1 for p in paragraphs))
    yield none_of(
        "codes that are no label",
        [f"{p.id}: {code}" for p in paragraphs for code in p.codes if code not in BY_CODE],
    )
    ids = Counter(p.id for p in paragraphs)
    yield none_of("ids that stand twice", [i for i, n in ids.items() if n > 1])
    yield none_of(
        f"pairs with a similarity over {SIMILARITY}",
        [f"{a} and {b}: {s:.2f}" for a, b, s in similar_pairs(written, bound=SIMILARITY)],
    )
    yield none_of(
        f"openings on more than {OPENING_SHARE:.1%} of a register",
        [f"{r}: “{o} …” {s:.1%}" for (r, o), s in openings(written).items() if s > OPENING_SHARE],
    )
    fixed = FIXED_PHRASES.read_text(encoding="utf-8").splitlines()
    runs = repeated_runs(written, most=RUN_PARAGRAPHS, fixed_phrases=fixed)
    yield none_of(
        f"runs of eight words in more than {RUN_PARAGRAPHS} paragraphs",
        [f"“{run}”: {', '.join(ids)}" for run, ids in runs.items()],
    )
    yield Requirement(
        "paragraphs of E/RES/2017/21",
        str(RESOLUTION_PARAGRAPHS),
        str(len(resolution)),
        (),
        len(resolution) == RESOLUTION_PARAGRAPHS,
    )
    once = [p.id for p in resolution if len(p.passes) < 2]
    yield none_of("of these, labelled only once", once)


def main() -> int:
    """Print the table; 1 when a requirement is not met."""
    try:
        rows = list(requirements(read_training_set()))
    except (DataError, json.JSONDecodeError, OSError) as error:
        print(f"check-data: {error}", file=sys.stderr)
        return 1
    table = Table(title="The labelled set: requirement and count")
    for column in ("requirement", "bound", "found", ""):
        table.add_column(column)
    for row in rows:
        table.add_row(row.what, row.bound, row.found, "met" if row.is_met else "NOT MET")
    Console(width=100).print(table)
    for row in rows:
        if not row.is_met and row.offenders:
            print(f"{row.what}:", file=sys.stderr)
            for offender in row.offenders[:MOST_SHOWN]:
                print(f"  {offender}", file=sys.stderr)
            if len(row.offenders) > MOST_SHOWN:
                print(f"  … and {len(row.offenders) - MOST_SHOWN} more", file=sys.stderr)
    return 0 if all(row.is_met for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
