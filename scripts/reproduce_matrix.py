"""Reproduce the official WSIS-SDG Matrix: evaluation/results/matrix.json and MATRIX.md."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from wsis_sdg.tagger import SHIPPED_HEAD
from wsis_sdg_evaluation.matrix_report import fill_page, print_reproduction
from wsis_sdg_evaluation.reproduction import reproduce_matrix
from wsis_sdg_evaluation.run import rounded

EVALUATION = Path(__file__).parent.parent / "evaluation"


def main() -> None:
    """Reproduce, print, and write both files."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--head", type=Path, default=SHIPPED_HEAD, help="folder of the head")
    folder = parser.parse_args().head
    result = rounded(reproduce_matrix(folder, report=lambda line: print(line, file=sys.stderr)))
    results = EVALUATION / "results"
    results.mkdir(exist_ok=True)
    text = json.dumps(result, ensure_ascii=False, indent=1)
    (results / "matrix.json").write_text(text + "\n", encoding="utf-8")
    page = EVALUATION / "MATRIX.md"
    page.write_text(fill_page(page.read_text(encoding="utf-8"), result), encoding="utf-8")
    print_reproduction(result)


if __name__ == "__main__":
    main()
