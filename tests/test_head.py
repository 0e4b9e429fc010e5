"""The head: what is saved is what is loaded, and nothing else is."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from wsis_sdg.decision import Decision
from wsis_sdg.errors import HeadError
from wsis_sdg.head import Head, file_sha256, load_head, save_head
from wsis_sdg.lexicon import Lexicon
from wsis_sdg.scorer import Scorer
from wsis_sdg.taxonomy import LABELS

IDENTITY = {"name": "tiny", "weights_sha256": "00", "adapter_sha256": ""}


@pytest.fixture
def head() -> Head:
    random = np.random.default_rng(1)
    n = len(LABELS)
    decision = Decision(*(random.normal(size=n).astype(np.float32) for _ in range(3)))
    scorer = Scorer(
        coefficients=random.normal(size=(n, 6)).astype(np.float32),
        intercepts=random.normal(size=n).astype(np.float32),
        examples=random.normal(size=(30, 6)).astype(np.float16),
        example_labels=random.random(size=(30, n)) < 0.1,
        lexicon=Lexicon.from_arrays(
            terms=np.frombuffer(b"water\nclean water", np.uint8),
            inverse_frequencies=np.array([1.5, 2.5], np.float32),
            term_coefficients=random.normal(size=(n, 2)).astype(np.float16),
            term_intercepts=random.normal(size=n).astype(np.float32),
        ),
    )
    return Head(scorer=scorer, decision=decision, encoder=IDENTITY, training={"paragraphs": 3})


def test_log_odds_are_the_scorers(head: Head) -> None:
    x = np.random.default_rng(2).normal(size=(3, 6)).astype(np.float32)
    texts = ["clean water", "", "water, and much more of it"]
    logits = head.logits(x, texts)
    np.testing.assert_array_equal(logits, head.scorer.logits(x, texts))
    assert head.dimension == 6


def test_saved_is_loaded(head: Head, tmp_path: Path) -> None:
    save_head(head, tmp_path)
    loaded = load_head(tmp_path)
    x = np.random.default_rng(2).normal(size=(4, 6)).astype(np.float32)
    texts = ["clean water", "", "Water", "nothing known"]
    logits = head.logits(x, texts)
    np.testing.assert_array_equal(loaded.logits(x, texts), logits)
    np.testing.assert_array_equal(
        loaded.decision.probabilities(logits), head.decision.probabilities(logits)
    )
    np.testing.assert_array_equal(loaded.decision.thresholds, head.decision.thresholds)
    assert loaded.scorer.examples.dtype == np.float16
    assert loaded.scorer.example_labels.dtype == np.bool_
    assert (loaded.encoder, loaded.training) == (head.encoder, head.training)


def test_altered_bytes_are_noticed(head: Head, tmp_path: Path) -> None:
    save_head(head, tmp_path)
    numbers = tmp_path / "head.npz"
    data = bytearray(numbers.read_bytes())
    data[200] ^= 1
    numbers.write_bytes(data)
    with pytest.raises(HeadError, match="was altered"):
        load_head(tmp_path)


@pytest.mark.parametrize(
    ("fact", "value", "words"),
    [
        ("format_version", 99, "not of format"),
        ("format_version", 1, "not of format"),
        ("labels", ["1"], "other labels"),
    ],
)
def test_foreign_heads_are_refused(
    head: Head, tmp_path: Path, fact: str, value: object, words: str
) -> None:
    save_head(head, tmp_path)
    file = tmp_path / "head.json"
    file.write_text(json.dumps(json.loads(file.read_text()) | {fact: value}))
    with pytest.raises(HeadError, match=words):
        load_head(tmp_path)


def test_missing_files_are_named(head: Head, tmp_path: Path) -> None:
    with pytest.raises(HeadError, match=r"head\.json cannot be read"):
        load_head(tmp_path)
    save_head(head, tmp_path)
    (tmp_path / "head.npz").unlink()
    with pytest.raises(HeadError, match=r"head\.npz is missing"):
        load_head(tmp_path)


def test_no_pickle_is_read(head: Head, tmp_path: Path) -> None:
    save_head(head, tmp_path)
    numbers = tmp_path / "head.npz"
    arrays = {**head.scorer.lexicon.to_arrays(), "coefficients": np.array([{"an": "object"}])}
    np.savez(numbers, **arrays)
    facts = json.loads((tmp_path / "head.json").read_text())
    facts["numbers_sha256"] = file_sha256(numbers)
    (tmp_path / "head.json").write_text(json.dumps(facts))
    with pytest.raises(ValueError, match="allow_pickle"):
        load_head(tmp_path)


@pytest.mark.parametrize("content", ["", "[]", "{", "null"])
def test_facts_that_are_no_facts_are_refused(head: Head, tmp_path: Path, content: str) -> None:
    save_head(head, tmp_path)
    (tmp_path / "head.json").write_text(content)
    with pytest.raises(HeadError, match=r"head\.json"):
        load_head(tmp_path)
