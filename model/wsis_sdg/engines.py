"""Which encoder runs: PyTorch or the compiled one, with or without the cache."""

from __future__ import annotations

from pathlib import Path
from typing import Final, Literal, get_args

from wsis_sdg.cache import CachedEncoder, cache_folder
from wsis_sdg.compiled import (
    CompiledEncoder,
    compiled_folder,
    read_compiled_facts,
    require_compiled_facts,
)
from wsis_sdg.encoder import DEFAULT_ENCODER, Encoder, TorchEncoder, encoder_identity

Engine = Literal["torch", "openvino", "auto"]
ENGINES: Final[tuple[Engine, ...]] = get_args(Engine)
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

    Raises:
        EncoderError: When the encoder is not there, or not compiled though ``openvino`` is asked.
    """
    identity = encoder_identity(name, adapter)
    file = cache_folder() / EMBEDDINGS_FILE if cache else None
    facts = None
    if engine == "openvino":
        facts = require_compiled_facts(identity)
    elif engine == "auto":
        facts = read_compiled_facts(identity)
    if facts is None:
        return CachedEncoder(
            identity,
            "torch",
            lambda: TorchEncoder(name, adapter=adapter),
            dimension=dimension,
            file=file,
        )
    folder = compiled_folder(identity)
    return CachedEncoder(
        identity,
        "openvino",
        lambda: CompiledEncoder(folder, identity=identity),
        dimension=dimension,
        file=file,
        build="".join(facts["sha256"].values()),
    )
