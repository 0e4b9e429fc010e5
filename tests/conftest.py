"""A classifier that knows eight words, so that tests know beforehand what it says."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Final

import numpy as np
import pytest
from numpy.typing import NDArray

from wsis_sdg.decision import Decision
from wsis_sdg.head import Head
from wsis_sdg.lexicon import Lexicon
from wsis_sdg.scorer import Scorer
from wsis_sdg.tagger import Tagger
from wsis_sdg.taxonomy import COLUMN, LABELS
from wsis_sdg_data import LabelledParagraph

WORDS: Final = {
    "broadband": "9.c",
    "cables": "C2",
    "hospitals": "3.8",
    "schools": "4.1",
    "women": "5.b",
    "trust": "C5",
    "forests": "15.2",
    "partners": "17",
}
"""Each word stands for one label, and for one dimension of the encoder below."""


class WordEncoder:
    """Which of the words stand in a text, and one dimension more that every text has."""

    engine = "words"

    def __init__(self, *, adapter: str = "") -> None:
        self.identity = {"name": "words", "weights_sha256": "00", "adapter_sha256": adapter}
        self.seen: list[str] = []

    def encode(
        self, texts: Sequence[str], *, progress: Callable[[int], None] | None = None
    ) -> NDArray[np.float32]:
        self.seen += texts
        rows = np.ones((len(texts), len(WORDS) + 1), np.float32)
        for row, text in enumerate(texts):
            found = set(re.findall(r"\w+", text.lower()))
            rows[row, :-1] = [word in found for word in WORDS]
        if progress is not None:
            progress(len(texts))
        rows /= np.linalg.norm(rows, axis=1, keepdims=True)
        return rows


@pytest.fixture
def words() -> dict[str, str]:
    """Word to code."""
    return WORDS


@pytest.fixture
def silent_lexicon() -> Lexicon:
    """A lexicon in which no word says anything of any label."""
    return Lexicon.from_arrays(
        terms=np.frombuffer(b"word", np.uint8),
        inverse_frequencies=np.ones(1, np.float32),
        term_coefficients=np.zeros((len(LABELS), 1), np.float16),
        term_intercepts=np.zeros(len(LABELS), np.float32),
    )


@pytest.fixture
def word_encoder() -> WordEncoder:
    return WordEncoder()


@pytest.fixture
def word_paragraphs() -> list[LabelledParagraph]:
    """One labelled paragraph a word: the examples behind ``word_head``."""
    return [
        LabelledParagraph(
            id=f"words-{number:04}",
            text=f"Welcomes {word} of all kinds",
            register="report",
            theme=word,
            targets=(code,) if "." in code else (),
            goals=(code,) if code.isdigit() else (),
            action_lines=(code,) if code.startswith("C") else (),
            aspects=(),
            passes=((code,),),
        )
        for number, (word, code) in enumerate(WORDS.items(), start=1)
    ]


@pytest.fixture
def word_head(word_paragraphs: list[LabelledParagraph], silent_lexicon: Lexicon) -> Head:
    """Gives each word's label, and no other, a high probability."""
    encoder = WordEncoder()
    coefficients = np.zeros((len(LABELS), len(WORDS) + 1), np.float32)
    for dimension, code in enumerate(WORDS.values()):
        coefficients[COLUMN[code], dimension] = 16
    labels = np.zeros((len(word_paragraphs), len(LABELS)), bool)
    for row, paragraph in enumerate(word_paragraphs):
        labels[row, [COLUMN[code] for code in paragraph.codes]] = True
    return Head(
        Scorer(
            coefficients,
            np.full(len(LABELS), -4, np.float32),
            encoder.encode([p.text for p in word_paragraphs]).astype(np.float16),
            labels,
            silent_lexicon,
        ),
        decision=Decision(
            slopes=np.ones(len(LABELS), np.float32),
            offsets=np.zeros(len(LABELS), np.float32),
            thresholds=np.full(len(LABELS), 0.5, np.float32),
        ),
        encoder=encoder.identity,
        training={"paragraphs": len(WORDS), "data_sha256": "the words"},
    )


@pytest.fixture
def word_tagger(word_encoder: WordEncoder, word_head: Head) -> Tagger:
    return Tagger(word_encoder, word_head)
