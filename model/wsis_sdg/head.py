"""The classifier on top of the embedding: what turns ``(n, d)`` into tags, on disk and in memory.

A head is plain numbers: coefficients, examples, calibration and thresholds in an ``.npz`` without
pickle, and a JSON beside it that pins what the numbers belong to. Loading checks all of it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

from wsis_sdg.decision import Decision
from wsis_sdg.errors import HeadError
from wsis_sdg.lexicon import Lexicon
from wsis_sdg.scorer import Floats, Scorer
from wsis_sdg.taxonomy import LABELS

FORMAT_VERSION: Final = 3
NUMBERS_FILE: Final = "head.npz"
FACTS_FILE: Final = "head.json"
SCORER_ARRAYS: Final = ("coefficients", "intercepts", "examples", "example_labels")
LEXICON_ARRAYS: Final = (
    "terms",
    "inverse_frequencies",
    "term_coefficients",
    "term_intercepts",
)
DECISION_ARRAYS: Final = ("slopes", "offsets", "thresholds")


@dataclass(frozen=True, slots=True)
class Head:
    """Logistic regression, calibration and thresholds for every label.

    Attributes:
        scorer: Embeddings to uncalibrated log-odds.
        decision: Log-odds to calibrated probabilities and tags.
        encoder: Name, weight hash and adapter hash of the encoder it was fitted on.
        training: How it was fitted: hash of the training data, number of paragraphs, options.
    """

    scorer: Scorer
    decision: Decision
    encoder: Mapping[str, str]
    training: Mapping[str, Any]

    @property
    def dimension(self) -> int:
        """Length of the embeddings it takes."""
        return int(self.scorer.coefficients.shape[1])

    def logits(self, embeddings: Floats, texts: Sequence[str]) -> Floats:
        """Uncalibrated log-odds ``(n, 204)`` of ``n`` texts, columns as ``LABELS``.

        Args:
            embeddings: ``(n, d)`` of the texts.
            texts: The texts themselves.
        """
        return self.scorer.logits(embeddings, texts)


def save_head(head: Head, folder: Path) -> None:
    """Write a head as ``head.npz`` and ``head.json`` into ``folder``."""
    folder.mkdir(parents=True, exist_ok=True)
    numbers = folder / NUMBERS_FILE
    arrays = {name: getattr(head.scorer, name) for name in SCORER_ARRAYS}
    arrays |= head.scorer.lexicon.to_arrays()
    arrays |= {name: getattr(head.decision, name) for name in DECISION_ARRAYS}
    np.savez(numbers, allow_pickle=False, **arrays)
    facts = {
        "format_version": FORMAT_VERSION,
        "numbers_sha256": file_sha256(numbers),
        "labels": [label.code for label in LABELS],
        "encoder": dict(head.encoder),
        "training": dict(head.training),
    }
    (folder / FACTS_FILE).write_text(json.dumps(facts, indent=1) + "\n", encoding="utf-8")


def load_head(folder: Path) -> Head:
    """Read a head and check every fact that its numbers rest on.

    Raises:
        HeadError: When a file is missing, was altered, or belongs to another format or to
            another set of labels; the message says which and what to do.
    """
    remedy = "restore the folder from the package, or run 'wsis-sdg train'"
    try:
        facts = json.loads((folder / FACTS_FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise HeadError(f"{folder / FACTS_FILE} cannot be read ({error})", remedy) from error
    if not isinstance(facts, dict) or facts.get("format_version") != FORMAT_VERSION:
        raise HeadError(f"{folder / FACTS_FILE} is not of format {FORMAT_VERSION}", remedy)
    numbers = folder / NUMBERS_FILE
    if not numbers.is_file():
        raise HeadError(f"{numbers} is missing", remedy)
    if file_sha256(numbers) != facts.get("numbers_sha256"):
        raise HeadError(f"{numbers} was altered after it was saved", remedy)
    if facts.get("labels") != [label.code for label in LABELS]:
        raise HeadError(f"{folder} was trained for other labels than this version has", remedy)
    with np.load(numbers, allow_pickle=False) as stored:
        lexicon = Lexicon.from_arrays(**{name: stored[name] for name in LEXICON_ARRAYS})
        scorer = Scorer(**{name: stored[name] for name in SCORER_ARRAYS}, lexicon=lexicon)
        decision = Decision(**{name: stored[name] for name in DECISION_ARRAYS})
    return Head(scorer, decision, encoder=facts["encoder"], training=facts["training"])


def file_sha256(path: Path) -> str:
    """The SHA-256 of a file's bytes as lower-case hexadecimal digits."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
