"""The whole training run: labelled set in, head out. Behind ``wsis-sdg train``.

The only place where the model reaches for the labelled set, and only when it is called.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final, Literal

import numpy as np

from wsis_sdg.decision import fit_decision, micro_f1
from wsis_sdg.encoder import DEFAULT_ENCODER, Encoder
from wsis_sdg.engines import load_encoder
from wsis_sdg.head import Head, save_head
from wsis_sdg.tagger import ADAPTER_FOLDER, SHIPPED_HEAD
from wsis_sdg.taxonomy import LABELS
from wsis_sdg.training import (
    FOLDS,
    INVERSE_REGULARIZATION,
    Report,
    TrainingSet,
    check_unseen,
    fit_adapters,
    fit_head,
    fold_adapter,
    label_matrix,
    out_of_fold_logits,
)

AdapterChoice = Literal["fit", "keep", "none"]
FOLDS_FOLDER: Final = "folds"
DIMENSION: Final = 384


def load_training_set() -> TrainingSet:
    """The committed labelled set as arrays; E/RES/2017/21 is the part held apart."""
    from wsis_sdg_data import (
        RESOLUTION_FILE,
        read_breadth,
        read_training_set,
        read_vocabulary,
    )

    paragraphs = read_training_set()
    definitions = [(label.code, label.title) for label in LABELS]
    definitions += [(code, text) for code, _, text in read_breadth()]
    vocabulary = read_vocabulary()
    return TrainingSet(
        texts=[p.text for p in paragraphs],
        truth=label_matrix([p.codes for p in paragraphs]),
        groups=[p.theme for p in paragraphs],
        held_apart=np.array([p.theme == RESOLUTION_FILE.stem for p in paragraphs]),
        definitions=[text for _, text in definitions],
        definition_truth=label_matrix([[code] for code, _ in definitions]),
        phrases=[phrase for _, phrase in vocabulary],
        phrase_truth=label_matrix([codes for codes, _ in vocabulary]),
    )


def retrain(
    out: Path | None,
    *,
    encoder: str | None,
    adapter: AdapterChoice,
    report: Report = lambda line: None,
) -> tuple[Head, dict[str, float]]:
    """Fit and save a head.

    Args:
        out: Folder of the head; the shipped one when ``None``.
        encoder: Name or folder of the encoder; the default one when ``None``.
        adapter: ``fit`` new ones, ``keep`` those in the folder, or use ``none``.
        report: Called with lines of progress.

    Returns:
        The head, and its cross-validated micro-F1 per label space.
    """
    from wsis_sdg_data import data_sha256

    folder = out or SHIPPED_HEAD
    name = encoder or DEFAULT_ENCODER
    data = load_training_set()
    if adapter == "fit":
        fit_adapters(
            data, folder / ADAPTER_FOLDER, folder / FOLDS_FOLDER, report=report, encoder=name
        )
    adapted = adapter != "none"
    encoders = fold_encoders(data, folder, name=name, adapted=adapted)
    logits = out_of_fold_logits(data, encoders, report=report)
    rows = ~data.held_apart
    decision = fit_decision(logits[rows], data.truth[rows])
    facts = {
        "data_sha256": data_sha256(),
        "paragraphs": len(data.texts),
        "folds": FOLDS,
        "inverse_regularization": INVERSE_REGULARIZATION,
    }
    final = head_encoder(folder, name=name, adapted=adapted)
    head = fit_head(data, final, decision, facts=facts)
    save_head(head, folder)
    return head, micro_f1(decision, logits[rows], data.truth[rows])


def head_encoder(folder: Path, *, name: str = DEFAULT_ENCODER, adapted: bool = True) -> Encoder:
    """The encoder of the head in a folder, which has seen all folds."""
    adapter = folder / ADAPTER_FOLDER if adapted else None
    return load_encoder(name, dimension=DIMENSION, adapter=adapter, engine="torch")


def fold_encoders(
    data: TrainingSet, folder: Path, *, name: str = DEFAULT_ENCODER, adapted: bool = True
) -> Callable[[int], Encoder]:
    """Gives for every fold the encoder whose adapter has not seen it.

    Raises:
        HeadError: When an adapter has seen a theme of its fold.
    """
    if adapted:
        check_unseen(data, folder / FOLDS_FOLDER)

    def fold_encoder(fold: int) -> Encoder:
        adapter = fold_adapter(folder / FOLDS_FOLDER, fold) if adapted else None
        return load_encoder(name, dimension=DIMENSION, adapter=adapter, engine="torch")

    return fold_encoder
