"""A tiny adapter: what is written, what merging it does, and that a seed fixes it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from wsis_sdg.adapter import AdapterOptions, _batches, fit_adapter, hide_tokens
from wsis_sdg.encoder import DEFAULT_ENCODER, TorchEncoder, file_sha256, load_transformer
from wsis_sdg.training import label_matrix

# peft reads a name that transformers is about to drop.
pytestmark = pytest.mark.filterwarnings("ignore:.*is_gradient_checkpointing:FutureWarning")

TEXTS = ("Broadband for all", "Girls at school", "Clean water", "Trust in networks", "Decent work")
CODES = (["9.c", "C2"], ["4.1"], ["6.1"], ["C5"], ["8.5"])


def test_batches_hold_every_text_once_with_others_of_like_length() -> None:
    lengths = [(7 * n) % 100 for n in range(100)]
    batches = _batches(lengths, 8, np.random.default_rng(1))
    assert sorted(int(i) for batch in batches for i in batch) == list(range(100))
    assert max(len(batch) for batch in batches) == 8
    spreads = [np.ptp([lengths[int(i)] for i in batch]) for batch in batches]
    assert max(spreads) < 20


@pytest.mark.slow
def test_words_are_masked_by_their_share_and_marks_never() -> None:
    import torch

    tokenizer = load_transformer(DEFAULT_ENCODER).tokenizer
    texts = ["broadband for villages " * 30, "schools"] * 40
    tokens = tokenizer(texts, padding=True, return_tensors="pt")["input_ids"]
    torch.manual_seed(1)
    hidden = hide_tokens(tokens, tokenizer, 0.15)
    changed = hidden != tokens
    words = ~torch.isin(tokens, torch.tensor(tokenizer.all_special_ids))
    assert not (changed & ~words).any()
    assert (hidden[changed] == tokenizer.mask_token_id).all()
    assert float(changed.sum() / words.sum()) == pytest.approx(0.15, abs=0.02)
    assert torch.equal(hide_tokens(tokens, tokenizer, 0.0), tokens)


@pytest.fixture(scope="module")
def adapters(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, list[str]]:
    folder = tmp_path_factory.mktemp("adapters")
    lines: list[str] = []
    for name in ("one", "two"):
        fit_adapter(
            TEXTS,
            label_matrix(CODES),
            folder / name,
            options=AdapterOptions(rank=2, epochs=1, batch=2, learning_rate=5e-3),
            report=lines.append,
        )
    return folder / "one", folder / "two", lines


@pytest.mark.slow
def test_what_merging_needs_is_written_and_no_more(
    adapters: tuple[Path, Path, list[str]],
) -> None:
    from safetensors import safe_open

    folder, _, lines = adapters
    assert {file.name for file in folder.iterdir()} == {
        "adapter_config.json",
        "adapter_model.safetensors",
    }
    with safe_open(folder / "adapter_model.safetensors", framework="np") as stored:
        kinds = {stored.get_tensor(name).dtype for name in stored.keys()}  # noqa: SIM118
    assert kinds == {np.dtype(np.float16)}
    assert [line.partition(",")[0] for line in lines] == ["adapter: epoch 1 of 1"] * 2


@pytest.mark.slow
def test_a_seed_fixes_the_adapter(adapters: tuple[Path, Path, list[str]]) -> None:
    one, two, _ = adapters
    assert file_sha256(one / "adapter_model.safetensors") == file_sha256(
        two / "adapter_model.safetensors"
    )


@pytest.mark.slow
def test_half_of_what_is_kept_is_half_the_update(
    adapters: tuple[Path, Path, list[str]], tmp_path: Path
) -> None:
    from safetensors.numpy import load_file

    half = AdapterOptions().kept / 2
    options = AdapterOptions(rank=2, epochs=1, batch=2, learning_rate=5e-3, kept=half)
    fit_adapter(TEXTS, label_matrix(CODES), tmp_path, options=options)
    whole = load_file(adapters[0] / "adapter_model.safetensors")
    part = load_file(tmp_path / "adapter_model.safetensors")
    assert set(whole) == set(part)
    for name, value in whole.items():
        expected = value / 2 if "lora_B" in name else value
        np.testing.assert_allclose(part[name], expected, rtol=2e-3, atol=1e-6)


@pytest.mark.slow
def test_merging_moves_the_embeddings(adapters: tuple[Path, Path, list[str]]) -> None:
    bare, adapted = TorchEncoder(), TorchEncoder(adapter=adapters[0])
    assert bare.identity["adapter_sha256"] == ""
    assert adapted.identity == bare.identity | {
        "adapter_sha256": file_sha256(adapters[0] / "adapter_model.safetensors")
    }
    before, after = bare.encode(TEXTS), adapted.encode(TEXTS)
    assert before.shape == after.shape == (len(TEXTS), 384)
    np.testing.assert_allclose(np.linalg.norm(after, axis=1), 1, atol=1e-5)
    # Three small steps: far more than rounding, and still much the same encoder.
    assert np.linalg.norm(after - before, axis=1).min() > 1e-3
    assert (before * after).sum(axis=1).min() > 0.5
