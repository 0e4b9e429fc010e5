"""Windows of long paragraphs: no word lost, none twice, and scores combined as said."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wsis_sdg.windows import (
    WINDOW_SHARE,
    WINDOW_WORDS,
    clause_windows,
    combine_windows,
    split_windows,
)

CLAUSES = st.lists(
    st.tuples(st.integers(1, 60), st.sampled_from([".", ";", ",", ":", "?", "!", ""])), max_size=15
)


def _text(clauses: list[tuple[int, str]]) -> str:
    parts = [" ".join(["word"] * (size - 1) + [f"end{end}"]) for size, end in clauses]
    return " ".join(f"{number} {part}" for number, part in enumerate(parts))


LONG = "; ".join(f"and clause {number} has five words" for number in range(20)) + "."


@pytest.mark.parametrize("count", [0, 1, WINDOW_WORDS])
def test_short_texts_have_no_windows(count: int) -> None:
    assert clause_windows(", ".join(["word"] * count)) == []


def test_a_long_text_without_clauses_has_no_windows() -> None:
    assert clause_windows("word " * 200) == []


@given(CLAUSES)
def test_windows_hold_every_word_once_and_in_order(clauses: list[tuple[int, str]]) -> None:
    text = _text(clauses)
    windows = clause_windows(text)
    assert not windows or " ".join(windows).split() == text.split()
    assert len(windows) != 1


@given(CLAUSES)
def test_windows_end_at_clauses(clauses: list[tuple[int, str]]) -> None:
    for window in clause_windows(_text(clauses))[:-1]:
        assert window[-1] in ".;:!?,"


def test_windows_are_about_as_long_as_asked() -> None:
    windows = clause_windows(LONG)
    sizes = [len(window.split()) for window in windows]
    assert len(windows) == np.ceil(len(LONG.split()) / WINDOW_WORDS)
    assert max(sizes) - min(sizes) <= 6
    assert max(sizes) <= WINDOW_WORDS + 6


def test_units_are_wholes_then_windows_with_their_owners() -> None:
    units = split_windows(["short", LONG, "brief", LONG])
    windows = clause_windows(LONG)
    assert units.count == 4
    assert units.texts == ["short", LONG, "brief", LONG, *windows, *windows]
    assert units.owners.tolist() == [1] * len(windows) + [3] * len(windows)


def test_nothing_is_cut_out_of_nothing() -> None:
    units = split_windows([])
    combined = combine_windows(np.zeros((0, 3), np.float32), units)
    assert combined.shape == (0, 3)


def test_the_best_window_draws_the_whole_and_other_rows_stay() -> None:
    units = split_windows(["short", LONG])
    count = len(units.owners)
    wholes = np.array([[1.0, -1.0], [0.0, 2.0]], np.float32)
    windows = np.zeros((count, 2), np.float32)
    windows[:, 0] = np.arange(count)
    windows[:, 1] = -np.arange(count)
    combined = combine_windows(np.concatenate([wholes, windows]), units)
    np.testing.assert_array_equal(combined[0], wholes[0])
    np.testing.assert_allclose(
        combined[1], [WINDOW_SHARE * (count - 1), 2 - WINDOW_SHARE * 2], rtol=1e-6
    )


def test_the_given_scores_are_not_changed() -> None:
    units = split_windows([LONG])
    logits = np.random.default_rng(0).normal(size=(len(units.texts), 4)).astype(np.float32)
    before = logits.copy()
    combine_windows(logits, units)
    np.testing.assert_array_equal(logits, before)
