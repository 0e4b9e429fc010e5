"""Write today's figures into the README and the three cards.

Exit 1 when a file that a figure comes from is missing; with ``--check`` also when a page is not
up to date, and then nothing is written.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from wsis_sdg_data import read_training_set
from wsis_sdg_evaluation.cards.fill import PAGES, measured_on_other_data, update
from wsis_sdg_evaluation.cards.sources import Sources

ROOT = Path(__file__).parent.parent


def main(arguments: Sequence[str] | None = None) -> int:
    """Fill the pages; 1 when a source is missing or, with ``--check``, a page is stale."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; 1 when out of date")
    check = parser.parse_args(arguments).check
    sources = Sources(read_training_set(), ROOT)
    stale, problems = update([ROOT / page for page in PAGES], sources, check=check)
    for file in measured_on_other_data(ROOT):
        print(f"note: {file} was measured on other labelled data", file=sys.stderr)
    for problem, names in problems.items():
        print(f"render_cards: {problem} ({', '.join(dict.fromkeys(names))})", file=sys.stderr)
    for path in stale:
        told = "is not up to date; run 'python scripts/render_cards.py'" if check else "written"
        print(f"{path.relative_to(ROOT)}: {told}", file=sys.stderr if check else sys.stdout)
    return 1 if problems or (check and stale) else 0


if __name__ == "__main__":
    sys.exit(main())
