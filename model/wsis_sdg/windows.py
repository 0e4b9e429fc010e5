"""Long paragraphs as windows of clauses, so that no subject is drowned by the others.

A paragraph of 150 words with five subjects has one blurred vector, and the encoder reads
256 tokens at most. So the whole text and windows of its clauses are scored, and combined.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

WINDOW_WORDS: Final = 45
"""Texts up to this length are read as a whole only."""
WINDOW_SHARE: Final = 0.25
"""How much the best window counts beside the whole."""
_CLAUSE_END: Final = re.compile(r"(?<=[.;:!?,])\s+")


@dataclass(frozen=True, slots=True)
class Units:
    """What is to be encoded for a list of texts.

    Attributes:
        texts: The wholes, one a text and in order, then all the windows.
        owners: ``(len(texts) of windows,)``; for every window, the row of its whole.
        count: The number of wholes.
    """

    texts: list[str]
    owners: NDArray[np.int64]
    count: int


def clause_windows(text: str, *, words: int = WINDOW_WORDS) -> list[str]:
    """Cut a text at sentence and clause ends into windows of about ``words`` words.

    A text of no more than ``words`` words gives no windows: the whole says it all.
    """
    length = len(text.split())
    if length <= words:
        return []
    pieces = _CLAUSE_END.split(text)
    share = length / np.ceil(length / words)
    windows: list[str] = []
    current: list[str] = []
    filled = 0
    for piece in pieces:
        size = len(piece.split())
        if current and filled + size / 2 > share:
            windows.append(" ".join(current))
            current, filled = [], 0
        current.append(piece)
        filled += size
    windows.append(" ".join(current))
    return windows if len(windows) > 1 else []


def split_windows(texts: Sequence[str]) -> Units:
    """List the wholes and the windows of many texts for one pass of the encoder."""
    windows: list[str] = []
    owners: list[int] = []
    for row, text in enumerate(texts):
        for window in clause_windows(text):
            windows.append(window)
            owners.append(row)
    return Units([*texts, *windows], np.asarray(owners, dtype=np.int64), len(texts))


def combine_windows(logits: Floats, units: Units) -> Floats:
    """Combine the log-odds of wholes and windows into one row a text.

    Args:
        logits: ``(len(units.texts), k)`` log-odds of wholes, then windows.
        units: What :func:`split_windows` gave.

    Returns:
        ``(units.count, k)``: the whole's log-odds, drawn to its best window's by
        ``WINDOW_SHARE``, or the whole's alone where there are no windows.
    """
    combined = logits[: units.count].copy()
    if len(units.owners):
        best = np.full_like(combined, -np.inf)
        np.maximum.at(best, units.owners, logits[units.count :])
        rows = np.unique(units.owners)
        combined[rows] += WINDOW_SHARE * (best[rows] - combined[rows])
    return combined
