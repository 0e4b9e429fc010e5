"""The compiled encoder: built, checked, chosen, and quick to start."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from wsis_sdg import compiled, compiling
from wsis_sdg.compiled import CompiledEncoder, compiled_folder, read_compiled_facts
from wsis_sdg.compiling import Check, LabelledText, compare, compile_encoder
from wsis_sdg.encoder import DEFAULT_ENCODER, encoder_identity
from wsis_sdg.engines import load_encoder
from wsis_sdg.errors import EncoderError
from wsis_sdg.tagger import Tagger

RESOLUTION = Path(__file__).parents[1] / "data" / "E-RES-2017-21.txt"
IDENTITY = {"name": "x", "weights_sha256": "0", "adapter_sha256": ""}


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("WSIS_SDG_CACHE", str(tmp_path))
    return tmp_path


def note(folder: Path, **facts: object) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "encoder.xml").write_text("<net/>")
    digest = compiled.file_sha256(folder / "encoder.xml")
    known = {"openvino": compiled.version("openvino"), "sha256": {"encoder.xml": digest}}
    (folder / "compiled.json").write_text(json.dumps(known | facts))


def test_nothing_compiled_is_torch(cache: Path) -> None:
    assert read_compiled_facts(IDENTITY) is None
    assert load_encoder(dimension=384, cache=False).engine == "torch"
    with pytest.raises(EncoderError, match="has not been compiled; run 'wsis-sdg compile'"):
        load_encoder(dimension=384, cache=False, engine="openvino")


def test_auto_takes_what_was_compiled_for_this_encoder(cache: Path) -> None:
    note(compiled_folder(encoder_identity(DEFAULT_ENCODER, None)))
    assert load_encoder(dimension=384, cache=False).engine == "openvino"
    assert load_encoder(dimension=384, cache=False, engine="torch").engine == "torch"


def test_of_another_version_it_is_passed_over(cache: Path) -> None:
    note(compiled_folder(IDENTITY), openvino="1.0")
    assert read_compiled_facts(IDENTITY) is None


def test_altered_or_broken_it_is_named(cache: Path) -> None:
    folder = compiled_folder(IDENTITY)
    note(folder)
    assert read_compiled_facts(IDENTITY) is not None
    (folder / "encoder.xml").write_text("<other/>")
    with pytest.raises(EncoderError, match="was altered after it was compiled"):
        read_compiled_facts(IDENTITY)
    (folder / "compiled.json").write_text("{")
    with pytest.raises(EncoderError, match="cannot be read"):
        read_compiled_facts(IDENTITY)


def test_without_openvino(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    assert read_compiled_facts(IDENTITY) is None
    with pytest.raises(EncoderError, match=r"OpenVINO is not installed; run 'pip install"):
        compiled.require_compiled_facts(IDENTITY)


@pytest.mark.parametrize(
    ("cosine", "equal", "passed"), [(0.99, 0.99, True), (0.98, 1.0, False), (1.0, 0.98, False)]
)
def test_what_passes(cosine: float, equal: float, passed: bool) -> None:
    assert Check(1, cosine, 0.9, equal, 0.9).passed is passed


def test_an_encoder_equals_itself(fake: ModuleType) -> None:
    tagger = fake.fake_tagger()
    labelled = [LabelledText(f"some words {n}", ("9", "9.c")) for n in range(20)]
    check = compare(tagger.encoder, tagger, labelled)
    assert check.cosine_mean == pytest.approx(1.0, abs=1e-5)
    assert (check.equal_tags, check.given_by_both) == (1.0, 1.0)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, Check]]:
    from wsis_sdg_data import read_training_set

    labelled = [LabelledText(p.text, p.codes) for p in read_training_set()][::5]
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("WSIS_SDG_CACHE", str(tmp_path_factory.mktemp("cache")))
        patch.setattr(compiling, "CHECKED_TEXTS", 600)
        # Of so few texts a single tag weighs much.
        patch.setattr(compiling, "MIN_EQUAL_TAGS", 0.97)
        yield compile_encoder(labelled)


@pytest.mark.slow
def test_compiled_is_close_and_does_not_depend_on_the_batch(built: tuple[Path, Check]) -> None:
    folder, check = built
    assert check.passed
    facts = json.loads((folder / "compiled.json").read_text())
    assert facts["check"]["paragraphs"] == 600
    assert not list(folder.parent.glob("*.building"))
    encoder = CompiledEncoder(folder, identity=IDENTITY)
    texts = [f"Urges States to build {'broadband ' * (n % 40)}networks" for n in range(50)]
    rows = encoder.encode(texts)
    np.testing.assert_array_equal(encoder.encode(texts[::-1])[::-1], rows)
    np.testing.assert_array_equal(np.vstack([encoder.encode([t]) for t in texts]), rows)
    np.testing.assert_allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-4)
    assert encoder.encode([]).shape == (0, rows.shape[1])


@pytest.mark.slow
def test_tags_go_out_without_torch(built: tuple[Path, Check], tmp_path: Path) -> None:
    assert Tagger.load(cache=False).encoder.engine == "openvino"
    watch = (
        "import sys; from wsis_sdg.cli import app;"
        "app(sys.argv[1:], standalone_mode=False);"
        "print([m for m in ('torch', 'transformers', 'sentence_transformers') if m in sys.modules])"
    )
    arguments = ["tag", str(RESOLUTION), "--no-cache", "--out", str(tmp_path / "o.jsonl")]
    done = subprocess.run(
        [sys.executable, "-c", watch, *arguments], check=True, capture_output=True, text=True
    )
    assert done.stdout.strip() == "[]"
    assert len((tmp_path / "o.jsonl").read_text().splitlines()) == 86
