"""From labelled texts to a head: folds of themes, adapters, coefficients, out-of-fold scores.

Everything a head holds beyond its coefficients is learnt from scores that were given to
paragraphs by models which had not seen them, nor any paragraph of the same theme.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from wsis_sdg.decision import Decision
from wsis_sdg.encoder import Encoder
from wsis_sdg.errors import HeadError
from wsis_sdg.head import Head
from wsis_sdg.lexicon import fit_lexicon
from wsis_sdg.scorer import Floats, Scorer, fit_logistic
from wsis_sdg.taxonomy import COLUMN, LABELS
from wsis_sdg.windows import combine_windows, split_windows

Report = Callable[[str], None]

FOLDS: Final = 3
INVERSE_REGULARIZATION: Final = 2.5
DEFINITION_WEIGHT: Final = 2.0
"""How many paragraphs one definition counts for in the logistic regression."""
SEEN_THEMES: Final = "seen_themes.txt"
"""Beside an adapter: the themes it was fitted on, one a line."""


def label_matrix(code_lists: Sequence[Sequence[str]]) -> Floats:
    """Codes as ``(n, 204)`` zeros and ones; a target sets its goal too.

    Raises:
        HeadError: At a code that the taxonomy does not hold.
    """
    truth: Floats = np.zeros((len(code_lists), len(LABELS)), np.float32)
    for row, codes in enumerate(code_lists):
        for code in codes:
            if code not in COLUMN:
                raise HeadError(
                    f"row {row} is labelled {code!r}, which is no label",
                    "correct the labelled data; 'wsis-sdg labels' lists all codes",
                )
            truth[row, COLUMN[code]] = 1.0
            goal = LABELS[COLUMN[code]].goal
            if goal is not None:
                truth[row, COLUMN[goal]] = 1.0
    return truth


def assign_folds(groups: Sequence[str], *, folds: int = FOLDS) -> NDArray[np.int64]:
    """Give every row the number of the fold that holds it out; a group never straddles two.

    The fold is drawn from the group's name alone: new groups leave all others where they were,
    so that an adapter fitted without a fold has still not seen it when the set has grown.
    """
    digests = {group: hashlib.sha256(group.encode()).digest() for group in set(groups)}
    numbers = {group: int.from_bytes(digest) % folds for group, digest in digests.items()}
    return np.array([numbers[group] for group in groups], dtype=np.int64)


@dataclass(frozen=True, slots=True)
class TrainingSet:
    """What a head is fitted on.

    Attributes:
        texts: ``n`` paragraphs.
        truth: ``(n, 204)`` zeros and ones.
        groups: ``n`` theme groups; a group is held out as a whole.
        held_apart: ``(n,)``, true for rows that only the final coefficients learn from: no
            adapter, calibration or threshold ever sees them.
        definitions: ``k`` short descriptions of labels: titles and sub-topics.
        definition_truth: ``(k, 204)`` zeros and ones.
        phrases: ``m`` phrases in which the labels' matters are spoken of, some of which earn no
            label. They teach adapters, planes and words, but are too short to vote on paragraphs.
        phrase_truth: ``(m, 204)`` zeros and ones.
    """

    texts: Sequence[str]
    truth: Floats
    groups: Sequence[str]
    held_apart: NDArray[np.bool_]
    definitions: Sequence[str]
    definition_truth: Floats
    phrases: Sequence[str]
    phrase_truth: Floats

    @property
    def folds(self) -> NDArray[np.int64]:
        """Fold of every row, -1 for the rows held apart."""
        numbers = np.full(len(self.texts), -1, dtype=np.int64)
        rows = np.flatnonzero(~self.held_apart)
        numbers[rows] = assign_folds([self.groups[int(row)] for row in rows])
        return numbers

    def texts_of(self, rows: NDArray[np.int64]) -> list[str]:
        """The texts of some rows."""
        return [self.texts[int(row)] for row in rows]

    def lessons(self, rows: NDArray[np.int64]) -> list[str]:
        """What a model learns from when it may see some rows: these, definitions, phrases."""
        return [*self.texts_of(rows), *self.definitions, *self.phrases]

    def lesson_truth(self, rows: NDArray[np.int64]) -> Floats:
        """Zeros and ones of :meth:`lessons`, one row each."""
        return np.concatenate([self.truth[rows], self.definition_truth, self.phrase_truth])


def fit_adapters(
    data: TrainingSet, folder: Path, folds_folder: Path, *, report: Report, encoder: str
) -> None:
    """Fit the adapter that is shipped, and one a fold that has not seen the fold.

    The definitions of all labels and the phrases stand among the rows of each.

    Args:
        data: The rows held apart are seen by no adapter.
        folder: Where the shipped adapter goes.
        folds_folder: Where the folds' adapters go, in folders named by :func:`fold_adapter`.
        report: Called with a line of progress.
        encoder: Name or folder of the encoder.
    """
    from wsis_sdg.adapter import fit_adapter

    folds = data.folds
    for fold in range(-1, FOLDS):
        rows = np.flatnonzero((folds >= 0) & (folds != fold))
        report(f"adapter {'for all' if fold < 0 else f'without fold {fold}'}: {len(rows)} rows")
        target = folder if fold < 0 else fold_adapter(folds_folder, fold)
        fit_adapter(
            data.lessons(rows),
            data.lesson_truth(rows),
            target,
            encoder=encoder,
            report=report,
        )
        themes = sorted({data.groups[int(row)] for row in rows})
        (target / SEEN_THEMES).write_text("\n".join(themes) + "\n", encoding="utf-8")


def fold_adapter(folder: Path, fold: int) -> Path:
    """The folder of the adapter that has not seen a fold."""
    return folder / f"fold-{fold}"


def check_unseen(data: TrainingSet, folds_folder: Path) -> None:
    """Make sure that no fold's adapter has seen a theme which it is to be measured on.

    Raises:
        HeadError: At the first adapter that has, or that does not say what it has seen.
    """
    folds = data.folds
    for fold in range(FOLDS):
        record = fold_adapter(folds_folder, fold) / SEEN_THEMES
        if not record.is_file():
            raise HeadError(
                f"{record} is missing, so nobody knows what the adapter has seen",
                "fit adapters again with 'wsis-sdg train'",
            )
        held_out = {data.groups[int(row)] for row in np.flatnonzero(folds == fold)}
        both = held_out & set(record.read_text(encoding="utf-8").splitlines())
        if both:
            raise HeadError(
                f"the adapter of fold {fold} was fitted on {len(both)} themes that it would be "
                f"measured on, {min(both)!r} among them",
                "fit adapters again with 'wsis-sdg train'",
            )


def out_of_fold_logits(
    data: TrainingSet, encoders: Callable[[int], Encoder], *, report: Report
) -> Floats:
    """Log-odds ``(n, 204)`` of every row by an adapter and a head that have not seen its fold.

    Args:
        data: Rows held apart have log-odds of zero.
        encoders: Gives the encoder for a fold, see :func:`fold_encoders`.
        report: Called with a line of progress.
    """
    folds = data.folds
    logits: Floats = np.zeros(data.truth.shape, np.float32)
    for fold in range(FOLDS):
        report(f"scoring fold {fold + 1} of {FOLDS}")
        encoder = encoders(fold)
        seen = np.flatnonzero((folds >= 0) & (folds != fold))
        unseen = np.flatnonzero(folds == fold)
        scorer = fit_scorer(data, seen, encoder)
        logits[unseen] = score_texts(data.texts_of(unseen), encoder, scorer)
    return logits


def fit_scorer(data: TrainingSet, rows: NDArray[np.int64], encoder: Encoder) -> Scorer:
    """Fit a scorer on some rows, on the definitions of all labels and on the phrases."""
    return fit_scorer_on(encoder.encode(data.lessons(rows)), data, rows)


def fit_scorer_on(embeddings: Floats, data: TrainingSet, rows: NDArray[np.int64]) -> Scorer:
    """Fit a scorer on the embeddings of :meth:`TrainingSet.lessons`."""
    truth = data.lesson_truth(rows)
    voting = len(rows) + len(data.definitions)
    weights = np.ones(len(truth), np.float32)
    weights[len(rows) : voting] = DEFINITION_WEIGHT
    coefficients, intercepts = fit_logistic(
        embeddings, truth, inverse_regularization=INVERSE_REGULARIZATION, weights=weights
    )
    lexicon = fit_lexicon(data.lessons(rows), truth, weights)
    examples = embeddings[:voting].astype(np.float16)
    return Scorer(coefficients, intercepts, examples, truth[:voting] > 0, lexicon)


def score_texts(texts: Sequence[str], encoder: Encoder, scorer: Scorer) -> Floats:
    """Log-odds ``(n, 204)`` of texts, their windows combined as the tagger does it."""
    units = split_windows(texts)
    return combine_windows(scorer.logits(encoder.encode(units.texts), units.texts), units)


def fit_head(
    data: TrainingSet,
    encoder: Encoder,
    decision: Decision,
    *,
    facts: dict[str, Any],
    apart: bool = True,
) -> Head:
    """Fit the final coefficients and join them with calibration and thresholds.

    Args:
        data: The training set.
        encoder: The adapted encoder.
        decision: From out-of-fold log-odds.
        facts: What the head's JSON says of its training.
        apart: Learn from the rows held apart too. Figures reported on those rows come from a
            head fitted with ``apart=False``.
    """
    rows = np.arange(len(data.texts)) if apart else np.flatnonzero(~data.held_apart)
    return Head(
        scorer=fit_scorer(data, rows, encoder),
        decision=decision,
        encoder=encoder.identity,
        training=facts,
    )
