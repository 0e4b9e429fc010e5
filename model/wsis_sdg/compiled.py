"""The compiled encoder: OpenVINO in int8, without torch or transformers.

``wsis-sdg compile`` puts it into the user's cache folder (see :mod:`wsis_sdg.compiling`), under
the hashes of the encoder and the adapter that it stands for.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from wsis_sdg.cache import cache_folder
from wsis_sdg.encoder import MAX_TOKENS, Progress
from wsis_sdg.errors import EncoderError
from wsis_sdg.head import file_sha256

if TYPE_CHECKING:
    from tokenizers import Tokenizer

Floats = NDArray[np.float32]

FORMAT_VERSION: Final = 1
MODEL_FILE: Final = "encoder.xml"
WEIGHTS_FILE: Final = "encoder.bin"
TOKENIZER_FILE: Final = "tokenizer.json"
FACTS_FILE: Final = "compiled.json"
BATCH: Final = 16
PAD_TO: Final = 16
"""Tokens; a text is padded to a multiple of it. At whole vector registers an embedding does not
depend, to the last bit, on the texts that share its batch, and whole registers are quicker."""
SETTINGS: Final = {
    "PERFORMANCE_HINT": "THROUGHPUT",
    # What int8 leaves over stays in float32: bfloat16, the default where the CPU has it, makes
    # embeddings depend on the batch by some 0.004.
    "INFERENCE_PRECISION_HINT": "f32",
}
_REMEDY: Final = "run 'wsis-sdg compile', or choose --engine torch"


class CompiledEncoder:
    """The encoder that ``wsis-sdg compile`` built.

    Args:
        folder: Holds model, weights and tokenizer.
        identity: Of the encoder that it stands for.
    """

    engine = "openvino"

    def __init__(self, folder: Path, *, identity: dict[str, str]) -> None:
        import openvino

        self.identity = identity
        self._openvino: Any = openvino
        self._model: Any = openvino.Core().compile_model(folder / MODEL_FILE, "CPU", SETTINGS)
        self._tokenizer = load_tokenizer(folder / TOKENIZER_FILE)

    def encode(self, texts: Sequence[str], *, progress: Progress | None = None) -> Floats:
        """Encode texts into ``(n, d)`` float32 rows of unit length, in the texts' order."""
        dimension = self._model.output(0).get_partial_shape()[1].get_length()
        rows: Floats = np.zeros((len(texts), dimension), np.float32)
        # Several batches are under way at once, each on a thread of its own.
        queue = self._openvino.AsyncInferQueue(self._model)

        def take(request: Any, chosen: NDArray[np.int64]) -> None:
            rows[chosen] = request.get_output_tensor(0).data

        queue.set_callback(take)
        # Texts of like length share a batch, so that little is spent on padding.
        order = np.argsort([-len(text) for text in texts], kind="stable")
        for begin in range(0, len(order), BATCH):
            chosen = order[begin : begin + BATCH]
            queue.start_async(tokenize(self._tokenizer, [texts[i] for i in chosen]), chosen)
            if progress is not None:
                progress(len(chosen))
        queue.wait_all()
        return rows


def load_tokenizer(file: Path) -> Tokenizer:
    """Load a tokenizer, cut at ``MAX_TOKENS`` and padded to a multiple of ``PAD_TO``."""
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(file))
    tokenizer.enable_truncation(MAX_TOKENS)
    padding = tokenizer.padding or {}
    tokenizer.enable_padding(
        pad_to_multiple_of=PAD_TO,
        pad_id=padding.get("pad_id", 0),
        pad_token=padding.get("pad_token", "[PAD]"),
    )
    return tokenizer


def tokenize(tokenizer: Tokenizer, texts: list[str]) -> dict[str, NDArray[np.int64]]:
    """The model's inputs for a batch: ``input_ids`` and ``attention_mask``, each ``(n, t)``."""
    encodings = tokenizer.encode_batch_fast(texts)
    return {
        "input_ids": np.array([e.ids for e in encodings], np.int64),
        "attention_mask": np.array([e.attention_mask for e in encodings], np.int64),
    }


def compiled_folder(identity: dict[str, str]) -> Path:
    """Where the compiled form of an encoder lives, whether it is there or not."""
    facts = json.dumps([FORMAT_VERSION, MAX_TOKENS, *(identity[key] for key in sorted(identity))])
    return cache_folder() / "compiled" / hashlib.sha256(facts.encode()).hexdigest()[:16]


def read_compiled_facts(identity: dict[str, str]) -> dict[str, Any] | None:
    """What ``wsis-sdg compile`` noted of an encoder, or ``None`` where nothing usable is there.

    Nothing usable is there when OpenVINO is not installed, or nothing was compiled for this
    encoder and this version of OpenVINO.

    Raises:
        EncoderError: When what is there was altered or cannot be read.
    """
    folder = compiled_folder(identity)
    if importlib.util.find_spec("openvino") is None or not (folder / FACTS_FILE).is_file():
        return None
    try:
        facts: dict[str, Any] = json.loads((folder / FACTS_FILE).read_text(encoding="utf-8"))
        if facts["openvino"] != version("openvino"):
            return None
        for name, digest in facts["sha256"].items():
            if file_sha256(folder / name) != digest:
                raise EncoderError(f"{folder / name} was altered after it was compiled", _REMEDY)
    except (OSError, ValueError, KeyError) as error:
        raise EncoderError(f"{folder} cannot be read ({error!r})", _REMEDY) from error
    return facts


def require_compiled_facts(identity: dict[str, str]) -> dict[str, Any]:
    """What ``wsis-sdg compile`` noted of an encoder.

    Raises:
        EncoderError: When OpenVINO is not installed, or nothing was compiled.
    """
    if importlib.util.find_spec("openvino") is None:
        raise EncoderError("OpenVINO is not installed", "run 'pip install wsis-sdg[fast]'")
    facts = read_compiled_facts(identity)
    if facts is None:
        raise EncoderError(f"the encoder {identity['name']} has not been compiled", _REMEDY)
    return facts
