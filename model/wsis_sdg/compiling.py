"""Building the compiled encoder and proving that it tags as the original does.

Behind ``wsis-sdg compile``. Nothing compiled is used before it has passed the check here.
"""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import sys
import warnings
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from wsis_sdg.cache import CachedEncoder
from wsis_sdg.compiled import (
    FACTS_FILE,
    FORMAT_VERSION,
    MODEL_FILE,
    TOKENIZER_FILE,
    WEIGHTS_FILE,
    CompiledEncoder,
    compiled_folder,
    load_tokenizer,
    tokenize,
)
from wsis_sdg.encoder import Encoder, TorchEncoder
from wsis_sdg.errors import EncoderError
from wsis_sdg.head import file_sha256
from wsis_sdg.tagger import Tagger
from wsis_sdg.taxonomy import COLUMN, LABELS

Report = Callable[[str], None]
Given = NDArray[np.bool_]

CALIBRATION_TEXTS: Final = 300
CHECKED_TEXTS: Final = 1_500
SEED: Final = 2017
MIN_COSINE: Final = 0.99
MIN_EQUAL_TAGS: Final = 0.99
LEFT_IN_FLOAT: Final = (
    (),
    (r".*layer\.\d+\.output\.dense.*",),
    (r".*layer\.\d+\.output\.dense.*", r".*layer\.\d+\.attention\.output\.dense.*"),
)
"""What is left out of int8, by name, at the first try, the second, the third: the layers behind
the widest activations lose most by it. Each try is slower and closer to the original."""


@dataclass(frozen=True, slots=True)
class LabelledText:
    """A text and the codes of its labels, as the labelled set has them."""

    text: str
    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Check:
    """How close a compiled encoder comes to the original on texts of the labelled set.

    Attributes:
        paragraphs: Number of texts compared.
        cosine_mean: Mean cosine of the two embeddings of a text or window.
        cosine_min: The lowest of them.
        equal_tags: Share of the labelled set's tags on which the two agree, given or not given.
        given_by_both: Share of the tags that either gives which both give.
    """

    paragraphs: int
    cosine_mean: float
    cosine_min: float
    equal_tags: float
    given_by_both: float

    @property
    def passed(self) -> bool:
        """Close enough to be used."""
        return self.cosine_mean >= MIN_COSINE and self.equal_tags >= MIN_EQUAL_TAGS


def compile_encoder(
    labelled: Sequence[LabelledText],
    *,
    head: Path | None = None,
    report: Report = lambda line: None,
) -> tuple[Path, Check]:
    """Compile a head's encoder into the user's cache folder.

    Args:
        labelled: The labelled set; ``CALIBRATION_TEXTS`` of it set the ranges of the integers,
            the latter halves of ``CHECKED_TEXTS`` others are what is compared. Both are drawn
            with ``SEED``.
        head: A folder written by ``wsis-sdg train``; the shipped head when not given.
        report: Called with lines of progress.

    Returns:
        The folder, and how close the compiled encoder is to the original.

    Raises:
        EncoderError: When a package is missing, or no try comes close enough to be used.
    """
    for package in ("openvino", "nncf"):
        if importlib.util.find_spec(package) is None:
            raise EncoderError(f"{package} is not installed", "run 'pip install wsis-sdg[fast]'")
    tagger = Tagger.load(head, engine="torch")
    reference = _torch_encoder(tagger.encoder)
    drawn = np.random.default_rng(SEED).permutation(len(labelled))
    calibration = [labelled[i].text for i in drawn[:CALIBRATION_TEXTS]]
    checked = [_latter_half(labelled[i]) for i in drawn[CALIBRATION_TEXTS:][:CHECKED_TEXTS]]
    folder = compiled_folder(reference.identity)
    building = folder.with_name(f"{folder.name}.{os.getpid()}.building")
    building.mkdir(parents=True)
    try:
        reference.model.tokenizer.backend_tokenizer.save(str(building / TOKENIZER_FILE))
        for left_in_float in LEFT_IN_FLOAT:
            report("converting and quantizing")
            _build(reference, calibration, building, left_in_float)
            compiled = CompiledEncoder(building, identity=reference.identity)
            check = compare(compiled, tagger, checked)
            report(
                f"on {check.paragraphs} paragraphs: cosine {check.cosine_mean:.4f}, "
                f"tags equal {check.equal_tags:.2%}, given by both {check.given_by_both:.2%}"
            )
            if check.passed:
                _note_facts(building, check, left_in_float)
                shutil.rmtree(folder, ignore_errors=True)
                building.rename(folder)
                return folder, check
    finally:
        shutil.rmtree(building, ignore_errors=True)
    raise EncoderError(
        f"the compiled encoder is too far from the original (cosine {check.cosine_mean:.4f}, "
        f"tags equal {check.equal_tags:.2%})",
        "go on with --engine torch",
    )


def compare(encoder: Encoder, tagger: Tagger, labelled: Sequence[LabelledText]) -> Check:
    """Compare an encoder with the one behind a tagger, by embeddings and by tags given."""
    texts = [each.text for each in labelled]
    other = Tagger(encoder, tagger.head)
    truth = np.zeros((len(texts), len(LABELS)), dtype=bool)
    for row, each in enumerate(labelled):
        truth[row, [COLUMN[code] for code in each.codes]] = True
    ours, theirs = _given(other, texts), _given(tagger, texts)
    cosines = (encoder.encode(texts) * tagger.encoder.encode(texts)).sum(axis=1)
    either = ours | theirs
    return Check(
        paragraphs=len(texts),
        cosine_mean=float(cosines.mean()),
        cosine_min=float(cosines.min()),
        equal_tags=float((ours == theirs)[truth].mean()),
        given_by_both=float((ours & theirs)[either].mean()) if either.any() else 1.0,
    )


def _given(tagger: Tagger, texts: Sequence[str]) -> Given:
    given = np.zeros((len(texts), len(LABELS)), dtype=bool)
    for row, tagging in enumerate(tagger.predict(texts)):
        given[row, [COLUMN[code] for code in tagging.codes]] = True
    return given


def _latter_half(labelled: LabelledText) -> LabelledText:
    """Half of a text, with its labels.

    The head knows the whole texts as examples. Each would find itself, with a cosine near one
    whatever the encoder, and its vote would hide the very differences that are looked for.
    """
    words = labelled.text.split()
    return LabelledText(" ".join(words[len(words) // 2 :]), labelled.codes)


def _torch_encoder(encoder: Encoder) -> TorchEncoder:
    inner = encoder.inner if isinstance(encoder, CachedEncoder) else encoder
    if not isinstance(inner, TorchEncoder):
        raise TypeError("only an encoder on PyTorch can be compiled")
    return inner


def _build(
    reference: TorchEncoder,
    calibration: Sequence[str],
    folder: Path,
    left_in_float: tuple[str, ...],
) -> None:
    with warnings.catch_warnings():
        # Both packages use functions that torch will drop; there is nothing a user could do.
        warnings.simplefilter("ignore")
        import nncf
        import openvino

        nncf.set_log_level("ERROR")
        tokenizer = load_tokenizer(folder / TOKENIZER_FILE)
        example = tokenize(tokenizer, list(calibration[:2]))
        converted = openvino.convert_model(
            _traceable(reference.model), example_input=_tensors(example)
        )
        quantized = nncf.quantize(
            converted,
            nncf.Dataset(list(calibration), lambda text: tokenize(tokenizer, [text])),
            model_type=nncf.ModelType.TRANSFORMER,
            subset_size=len(calibration),
            ignored_scope=nncf.IgnoredScope(patterns=list(left_in_float), validate=False),
        )
    openvino.save_model(quantized, folder / MODEL_FILE, compress_to_fp16=False)


def _traceable(model: Any) -> Any:
    """The sentence-transformers model as a function of two tensors, giving unit vectors."""
    import torch

    class Traceable(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.model = model

        def forward(self, input_ids: Any, attention_mask: Any) -> Any:
            features = {"input_ids": input_ids, "attention_mask": attention_mask}
            vectors = self.model(features)["sentence_embedding"]
            return torch.nn.functional.normalize(vectors, dim=1)

    return Traceable().eval()


def _tensors(arrays: dict[str, NDArray[np.int64]]) -> dict[str, Any]:
    import torch

    return {name: torch.from_numpy(array) for name, array in arrays.items()}


def _note_facts(folder: Path, check: Check, left_in_float: tuple[str, ...]) -> None:
    facts = {
        "format_version": FORMAT_VERSION,
        "openvino": version("openvino"),
        "nncf": version("nncf"),
        "python": sys.version.split()[0],
        "left_in_float": list(left_in_float),
        "check": asdict(check),
        "sha256": {
            name: file_sha256(folder / name) for name in (MODEL_FILE, WEIGHTS_FILE, TOKENIZER_FILE)
        },
    }
    (folder / FACTS_FILE).write_text(json.dumps(facts, indent=1) + "\n", encoding="utf-8")
