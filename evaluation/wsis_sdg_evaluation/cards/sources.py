"""Where the figures of the cards come from."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from wsis_sdg.taxonomy import Kind
from wsis_sdg_data import LabelledParagraph

RESULTS: Final = "evaluation/results"
REVIEW: Final = "training_data/review.json"
EVALUATION: Final = "evaluation.json"
QUICK: Final = "quick/evaluation.json"
"""Optional: the present head, where it was fitted again after the whole evaluation."""
BENCHMARK: Final = "benchmark-sdg.json"
MATRIX: Final = "matrix.json"
BENCH: Final = "bench.txt"
DEMO: Final = "demo.txt"
REMEDIES: Final = {
    EVALUATION: "run 'make evaluate'",
    BENCHMARK: "run 'make evaluate'",
    MATRIX: "run 'make matrix'",
    DEMO: "run 'make demo' and keep an excerpt there",
    "review.json": "write it: looked_at, wrong and method of the look at suspicious labels",
}
SPACES: Final[dict[Kind, str]] = {
    "goal": "goals",
    "target": "targets",
    "action_line": "action lines",
}


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
