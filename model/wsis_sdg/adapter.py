"""Adapting the encoder to the field: low-rank updates learnt with a joint loss over all labels.

For a few epochs the encoder's weight matrices get small trainable updates (LoRA) under a
throw-away linear layer that predicts all 204 labels at once. What is kept is the updates, one or
two megabytes; the logistic regression is then fitted on the adapted embeddings.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from wsis_sdg.encoder import ADAPTER_WEIGHTS, DEFAULT_ENCODER, load_transformer, quiet_peft

Floats = NDArray[np.float32]

ADAPTER_CONFIG: Final = "adapter_config.json"
MATRICES: Final = ("query", "key", "value", "dense")
"""The linear layers of a BERT block that get a low-rank update."""
BATCHES_PER_BUCKET: Final = 16


@dataclass(frozen=True, slots=True)
class AdapterOptions:
    """How an adapter is fitted.

    Attributes:
        rank: Rank of each update.
        epochs: Passes over the paragraphs.
        learning_rate: Peak rate of the updates; it rises for a tenth of the steps, then falls.
        layer_learning_rate: Peak rate of the throw-away layer.
        batch: Paragraphs a step.
        tokens: Paragraphs are cut to this many tokens while training.
        hidden: Share of the tokens that are masked anew at every step, so that no paragraph can be
            learnt by a few words of its own.
        dropout: Share of embedding dimensions hidden from the throw-away layer.
        scale: Factor on the unit-length embeddings before that layer.
        kept: Share of each learnt update that is kept. Weights between the encoder's own and the
            learnt ones do better on themes that were not learnt from.
        seed: Seed of initial values, order and dropout.
    """

    rank: int = 16
    epochs: int = 4
    learning_rate: float = 1e-3
    layer_learning_rate: float = 2e-2
    batch: int = 32
    tokens: int = 160
    hidden: float = 0.15
    dropout: float = 0.1
    scale: float = 16.0
    kept: float = 0.8
    seed: int = 2017


def fit_adapter(
    texts: Sequence[str],
    truth: Floats,
    folder: Path,
    *,
    encoder: str = DEFAULT_ENCODER,
    options: AdapterOptions | None = None,
    report: Callable[[str], None] = lambda line: None,
) -> None:
    """Fit low-rank updates of the encoder and save them as peft does.

    Args:
        texts: ``n`` paragraphs.
        truth: ``(n, 204)`` zeros and ones.
        folder: Where ``adapter_model.safetensors`` and ``adapter_config.json`` go.
        encoder: See :func:`wsis_sdg.encoder.encoder_folder`.
        options: The defaults when not given.
        report: Called with a line of progress after each epoch.
    """
    import torch
    from peft import LoraConfig, get_peft_model
    from torch.nn import functional

    chosen = options or AdapterOptions()
    torch.manual_seed(chosen.seed)
    order = np.random.default_rng(chosen.seed)
    base = load_transformer(encoder)
    tokenizer = base.tokenizer
    config = LoraConfig(r=chosen.rank, lora_alpha=2 * chosen.rank, target_modules=list(MATRICES))
    with quiet_peft():
        model: Any = get_peft_model(base[0].auto_model, config)
    tokens = tokenizer(list(texts), truncation=True, max_length=chosen.tokens)["input_ids"]
    answers = torch.from_numpy(truth)
    share = answers.mean(dim=0).clamp(1e-4, 1 - 1e-4)
    layer = torch.nn.Linear(base.get_embedding_dimension(), truth.shape[1])
    torch.nn.init.zeros_(layer.weight)
    with torch.no_grad():
        layer.bias.copy_(torch.log(share / (1 - share)))
    updates = [p for p in model.parameters() if p.requires_grad]
    optimizer = torch.optim.AdamW(
        [
            {"params": updates, "lr": chosen.learning_rate, "weight_decay": 0.01},
            {"params": layer.parameters(), "lr": chosen.layer_learning_rate, "weight_decay": 0.0},
        ]
    )
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimizer,
        [chosen.learning_rate, chosen.layer_learning_rate],
        total_steps=chosen.epochs * math.ceil(len(texts) / chosen.batch),
        pct_start=0.1,
    )
    # The encoder's own dropout stays off: on a CPU it costs as much as the matrices, and the
    # dropout below does its work.
    model.eval()
    for epoch in range(1, chosen.epochs + 1):
        total = 0.0
        for rows in _batches([len(t) for t in tokens], chosen.batch, order):
            batch = tokenizer.pad({"input_ids": [tokens[i] for i in rows]}, return_tensors="pt")
            batch["input_ids"] = hide_tokens(batch["input_ids"], tokenizer, chosen.hidden)
            with torch.autocast("cpu", dtype=torch.bfloat16):
                states = model(**batch).last_hidden_state
            vectors = mean_pool(states.float(), batch["attention_mask"])
            thinned = functional.dropout(vectors * chosen.scale, chosen.dropout)
            loss = (
                functional.binary_cross_entropy_with_logits(
                    layer(thinned), answers[rows], reduction="none"
                )
                .sum(dim=1)
                .mean()
            )
            optimizer.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            torch.nn.utils.clip_grad_norm_(updates, 1.0)
            optimizer.step()
            schedule.step()
            total += float(loss.detach()) * len(rows)
        report(f"adapter: epoch {epoch} of {chosen.epochs}, loss {total / len(texts):.3f}")
    folder.mkdir(parents=True, exist_ok=True)
    model.save_pretrained(str(folder), safe_serialization=True)
    _tidy(folder, encoder, kept=chosen.kept)


def hide_tokens(tokens: Any, tokenizer: Any, share: float) -> Any:
    """Token numbers ``(n, t)`` with a share of them, drawn by torch's seed, masked.

    The marks of begin, end and padding stay.
    """
    import torch

    marks = torch.tensor(tokenizer.all_special_ids)
    drawn = (torch.rand(tokens.shape) < share) & ~torch.isin(tokens, marks)
    return tokens.masked_fill(drawn, tokenizer.mask_token_id)


def mean_pool(states: Any, mask: Any) -> Any:
    """Mean of the token states ``(n, t, d)`` under a mask ``(n, t)``, as unit vectors."""
    from torch.nn import functional

    weights = mask.unsqueeze(-1).float()
    return functional.normalize((states * weights).sum(1) / weights.sum(1), dim=1)


def _batches(
    lengths: Sequence[int], size: int, order: np.random.Generator
) -> list[NDArray[np.int64]]:
    """Shuffled batches whose texts are of like length, so that little is spent on padding."""
    shuffled = order.permutation(len(lengths))
    width = size * BATCHES_PER_BUCKET
    batches: list[NDArray[np.int64]] = []
    for begin in range(0, len(shuffled), width):
        bucket = shuffled[begin : begin + width]
        bucket = bucket[np.argsort([lengths[i] for i in bucket], kind="stable")]
        batches.extend(bucket[i : i + size] for i in range(0, len(bucket), size))
    return [batches[i] for i in order.permutation(len(batches))]


def _tidy(folder: Path, encoder: str, *, kept: float) -> None:
    """Keep a share of the updates, in half precision, and no path of this machine."""
    import torch
    from safetensors.torch import load_file, save_file

    weights = folder / ADAPTER_WEIGHTS
    # An update is the product of two factors, A and B: scaling B scales the update.
    factors = {
        name: (kept * value if "lora_B" in name else value).to(torch.float16)
        for name, value in load_file(weights).items()
    }
    save_file(factors, weights)
    # Written readable by the owner alone, which an installed package must not be.
    weights.chmod(0o644)
    config = folder / ADAPTER_CONFIG
    facts = json.loads(config.read_text(encoding="utf-8"))
    facts["base_model_name_or_path"] = Path(encoder).name
    config.write_text(json.dumps(facts, indent=2, sort_keys=True) + "\n", encoding="utf-8")
    (folder / "README.md").unlink(missing_ok=True)
