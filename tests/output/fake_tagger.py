"""A tagger whose encoder needs no weights: run as a script, it tags the paths it is given."""

from __future__ import annotations

import hashlib
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from wsis_sdg.decision import Decision
from wsis_sdg.head import Head
from wsis_sdg.lexicon import Lexicon
from wsis_sdg.scorer import Scorer
from wsis_sdg.tagger import Tagger
from wsis_sdg.taxonomy import LABELS

DIMENSION = 16


class FakeEncoder:
    """A sum of pseudo-random vectors, one a word; counts what it was asked for."""

    identity = {"name": "fake", "weights_sha256": "00", "adapter_sha256": ""}  # noqa: RUF012
    engine = "fake"

    def __init__(self, *, pause: float = 0.0) -> None:
        self.pause = pause
        self.seen: list[str] = []

    def encode(
        self, texts: Sequence[str], *, progress: Callable[[int], None] | None = None
    ) -> NDArray[np.float32]:
        """As any encoder."""
        time.sleep(self.pause)
        self.seen += texts
        rows = np.zeros((len(texts), DIMENSION), np.float32)
        for row, text in enumerate(texts):
            for word in text.lower().split():
                digest = hashlib.sha256(word.encode()).digest()[:DIMENSION]
                rows[row] += np.frombuffer(digest, np.uint8).astype(np.float32) - 127.5
            rows[row] /= np.linalg.norm(rows[row]) or 1.0
        return rows


def fake_tagger(*, pause: float = 0.0) -> Tagger:
    """A tagger that gives each text some two labels of each kind."""
    random = np.random.default_rng(7)
    n = len(LABELS)
    head = Head(
        Scorer(
            coefficients=random.normal(size=(n, DIMENSION), scale=2).astype(np.float32),
            intercepts=np.zeros(n, np.float32),
            # One example that carries every label: its vote is the same for every label.
            examples=np.zeros((1, DIMENSION), np.float16),
            example_labels=np.ones((1, n), bool),
            lexicon=Lexicon.from_arrays(
                terms=np.frombuffer(b"word", np.uint8),
                inverse_frequencies=np.ones(1, np.float32),
                term_coefficients=np.zeros((n, 1), np.float16),
                term_intercepts=np.zeros(n, np.float32),
            ),
        ),
        decision=Decision(
            slopes=np.ones(n, np.float32),
            offsets=np.zeros(n, np.float32),
            thresholds=np.full(n, 0.9997, np.float32),
        ),
        encoder=FakeEncoder.identity,
        training={"paragraphs": 3},
    )
    return Tagger(FakeEncoder(pause=pause), head)


if __name__ == "__main__":
    from wsis_sdg.batch import tag_paths
    from wsis_sdg.writers import choose_target

    out, pause, *paths = sys.argv[1:]
    summary = tag_paths(
        paths, fake_tagger(pause=float(pause)), choose_target(Path(out), resume=True)
    )
    print(summary.paragraphs)  # noqa: T201
