"""The wheel, built without git and installed elsewhere, holds all and tags as the checkout does."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[1]
RESOLUTION = ROOT / "tests" / "data" / "E-RES-2017-21.txt"
PACKAGES = {
    "wsis_sdg": ROOT / "model",
    "wsis_sdg_data": ROOT / "training_data",
    "wsis_sdg_evaluation": ROOT / "evaluation",
}
LEFT_OUT = (".git", ".venv", "__pycache__", ".*_cache", ".hypothesis", "*.whl", "*.egg-info")
RUN = (
    "import sys, wsis_sdg, wsis_sdg_data, wsis_sdg_evaluation;"
    "print(wsis_sdg.__file__, wsis_sdg_data.data_sha256(), sep='\\n', file=sys.stderr);"
    "from wsis_sdg.cli import main; main()"
)


def _run(*command: object, **environment: str) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        list(map(str, command)), capture_output=True, text=True, env=os.environ | environment
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    copy = folder / "copy"
    shutil.copytree(ROOT, copy, ignore=shutil.ignore_patterns(*LEFT_OUT, "build", "dist"))
    assert not (copy / ".git").exists()
    # No isolation, so that nothing is downloaded: hatchling has to be installed.
    _run(
        sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder / "out", copy
    )
    (built,) = (folder / "out").glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("elsewhere") / "site"
    _run(
        sys.executable, "-m", "pip", "install", "--no-deps", "--no-index", "--quiet",
        "--disable-pip-version-check", "--target", target, wheel,
    )  # fmt: skip
    return target


def test_the_wheel_holds_what_is_needed(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    needed = {
        "wsis_sdg/artefacts/head/head.json",
        "wsis_sdg/artefacts/head/head.npz",
        "wsis_sdg/artefacts/head/adapter/adapter_config.json",
        "wsis_sdg/artefacts/head/adapter/adapter_model.safetensors",
        "wsis_sdg/artefacts/taxonomy.json",
        "wsis_sdg/artefacts/official_matrix.json",
        "wsis_sdg/matrix/templates/explorer.html",
        "wsis_sdg_data/breadth.json",
        "wsis_sdg_data/fixed_phrases.txt",
        "wsis_sdg_data/vocabulary.tsv",
        "wsis_sdg_data/E-RES-2017-21.jsonl",
        "wsis_sdg_evaluation/templates/results.html",
        *(f"{package}/py.typed" for package in PACKAGES),
    }
    assert needed - names == set()
    data = {file.name for file in (ROOT / "training_data/wsis_sdg_data").glob("*.jsonl")}
    assert {f"wsis_sdg_data/{name}" for name in data} <= names


def test_the_wheel_holds_every_file_of_the_packages_and_no_other(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = {name for name in archive.namelist() if ".dist-info/" not in name}
    files = {
        file.relative_to(room).as_posix()
        for package, room in PACKAGES.items()
        for file in (room / package).rglob("*")
        if file.is_file() and "__pycache__" not in file.parts
    }
    # The adapters of the folds serve `evaluate` in a checkout; a wheel may do without them.
    folds = {name for name in files if name.startswith("wsis_sdg/artefacts/head/folds/")}
    assert files - folds - names == set()
    assert names - files == set()


def test_installed_elsewhere_it_tags_with_the_same_scores(installed: Path, tmp_path: Path) -> None:
    checkout = os.pathsep.join(map(str, PACKAGES.values()))
    said = {}
    for name, path in (("installed", str(installed)), ("checkout", checkout)):
        out = tmp_path / f"{name}.jsonl"
        done = _run(
            sys.executable, "-c", RUN, "tag", RESOLUTION, "--out", out, "--no-cache",
            "--engine", "torch", PYTHONPATH=path,
        )  # fmt: skip
        where, digest = done.stderr.splitlines()[:2]
        said[name] = (Path(where).parents[1], digest, out.read_bytes())
    assert said["installed"][0] == installed
    assert said["checkout"][0] == ROOT / "model"
    assert said["installed"][1:] == said["checkout"][1:]
    assert b'"action_lines": [{"code"' in said["installed"][2]
