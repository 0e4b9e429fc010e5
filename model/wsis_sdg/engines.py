"""Which encoder runs: PyTorch or the compiled one, with or without the cache."""

from __future__ import annotations

from pathlib import Path
from typing import Final, Literal

from wsis_sdg.cache import CachedEncoder, cache_folder
from wsis_sdg.encoder import DEFAULT_ENCODER, Encoder, TorchEncoder, encoder_identity

Engine = Literal["torch", "openvino", "auto"]
EMBEDDINGS_FILE: Final = "embeddings.sqlite"


def load_encoder(
    name: str = DEFAULT_ENCODER,
    *,
    dimension: int,
    adapter: Path | None = None,
    engine: Engine = "auto",
    cache: bool = True,
) -> Encoder:
    """Load an encoder; the model itself is only loaded when a text has to be encoded.

    Args:
        name: See :func:`wsis_sdg.encoder.encoder_folder`.
        dimension: Length of its embeddings.
        adapter: Folder of the adapter to merge, or ``None``.
        engine: ``torch``, ``openvino``, or ``auto`` for the compiled one where there is one.
        cache: Keep embeddings on disk and reuse them.
    """
    identity = encoder_identity(name, adapter)
    return CachedEncoder(
        identity,
        "torch",
        lambda: TorchEncoder(name, adapter=adapter),
        dimension=dimension,
        file=cache_folder() / EMBEDDINGS_FILE if cache else None,
    )
