"""The commands tag and parse: options, messages, exit codes."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest
from typer.testing import CliRunner

from wsis_sdg.cli import app
from wsis_sdg.tagger import Tagger

RESOLUTION = Path(__file__).parents[1] / "data" / "E-RES-2017-21.txt"


@pytest.fixture
def runner(fake: ModuleType, monkeypatch: pytest.MonkeyPatch) -> CliRunner:
    monkeypatch.setattr(Tagger, "load", lambda *args, **kwargs: fake.fake_tagger())
    return CliRunner()


def test_tag_to_every_format(runner: CliRunner, tmp_path: Path) -> None:
    for ending in ("jsonl", "csv", "parquet", "xlsx", "html"):
        out = tmp_path / f"o.{ending}"
        result = runner.invoke(app, ["tag", str(RESOLUTION), "--out", str(out)])
        assert (result.exit_code, result.output) == (0, "")
        assert out.stat().st_size > 10_000


def test_bad_files_exit_one_and_are_listed(runner: CliRunner, tmp_path: Path) -> None:
    (tmp_path / "bad.txt").write_bytes(bytes(range(256)) * 40)
    result = runner.invoke(
        app, ["tag", str(RESOLUTION), str(tmp_path), "--out", str(tmp_path / "o.csv")]
    )
    assert result.exit_code == 1
    assert "bad.txt is not text" in result.stderr
    assert "86 paragraphs of 2 files; 1 with errors" in result.stderr
    (error,) = map(json.loads, (tmp_path / "errors.jsonl").read_text().splitlines())
    assert set(error) == {"document", "path", "problem", "remedy"}


@pytest.mark.parametrize(
    "options",
    [
        ["--out", "o.docx"],
        ["--format", "xlsx"],
        ["--out", "o.xlsx", "--wide"],
        ["--resume"],
        ["--engine", "abacus"],
    ],
)
def test_wrong_usage_exits_two(runner: CliRunner, options: list[str]) -> None:
    assert runner.invoke(app, ["tag", str(RESOLUTION), *options]).exit_code == 2


def test_the_column_of_a_table(runner: CliRunner, tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("id,body\n1,Urges States to act.\n")
    result = runner.invoke(app, ["tag", str(tmp_path / "t.csv"), "--column", "body"])
    assert json.loads(result.stdout)["text"] == "Urges States to act."


def test_limits_can_be_set(runner: CliRunner, tmp_path: Path) -> None:
    (tmp_path / "long.txt").write_text("Some words. " * 200_000)
    result = runner.invoke(app, ["parse", str(tmp_path / "long.txt"), "--max-mb", "1"])
    assert result.exit_code == 1
    assert "long.txt" in result.stderr


def test_csv_to_standard_output(runner: CliRunner) -> None:
    result = runner.invoke(app, ["tag", str(RESOLUTION), "--format", "csv", "--wide"])
    assert len(result.stdout.splitlines()) == 87


def test_parse_reads_standard_input(runner: CliRunner) -> None:
    result = runner.invoke(app, ["parse", "-"], input=b"Recalls target 9.c.")
    record = json.loads(result.stdout)
    assert (record["document"], record["text"]) == ("standard input", "Recalls target 9.c.")
    assert [c["code"] for c in record["citations"]] == ["9.c"]


def test_names_with_line_ends_do_not_upset_the_terminal(runner: CliRunner, tmp_path: Path) -> None:
    (tmp_path / "a\x1b[31m\nb.txt").write_bytes(b"")
    result = runner.invoke(app, ["parse", str(tmp_path)])
    assert "a\\x1b[31m\\nb.txt is empty" in result.stderr


def test_spacy_comes_without_torch_in_the_command_alone() -> None:
    watch = (
        "import sys; from wsis_sdg.cli import app;"
        f"app(['parse', {str(RESOLUTION)!r}], standalone_mode=False);"
        "print('torch' in sys.modules, file=sys.stderr); import torch; torch.zeros(1)"
    )
    done = subprocess.run([sys.executable, "-c", watch], check=True, capture_output=True, text=True)
    assert done.stderr.strip() == "False"
