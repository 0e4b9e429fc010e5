"""The command as a whole: labels, help, and one clear line for everything that goes wrong."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

import wsis_sdg_data
from wsis_sdg import cli
from wsis_sdg.encoder import DEFAULT_ENCODER, DEFAULT_WEIGHTS_SHA256
from wsis_sdg.head import Head, save_head
from wsis_sdg.tagger import Tagger
from wsis_sdg.taxonomy import ACTION_LINES, LABELS
from wsis_sdg_data import LabelledParagraph

RESOLUTION = Path(__file__).parent / "data" / "E-RES-2017-21.txt"
COMMANDS = ("tag", "parse", "matrix", "evaluate", "train", "compile", "explain", "labels")
RAW_LINE_BYTES = 50_000_000


@pytest.fixture
def runner(word_tagger: Tagger, monkeypatch: pytest.MonkeyPatch) -> CliRunner:
    monkeypatch.setattr(Tagger, "load", lambda *_args, **_options: word_tagger)
    return CliRunner()


class Said:
    """What a run left on its two streams, and its exit code."""

    def __init__(self, code: int, out: str, err: str) -> None:
        self.code, self.out, self.err = code, out, err
        # A progress bar, which slow runs show, leaves an empty line.
        self.lines = [line for line in err.splitlines() if line.strip()]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Any:
    """Runs the command as the console script does, in this process."""

    def invoke(*arguments: object) -> Said:
        monkeypatch.setattr(sys, "argv", ["wsis-sdg", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        code = ended.value.code
        captured = capsys.readouterr()
        return Said(code if isinstance(code, int) else int(bool(code)), *captured)

    return invoke


@pytest.fixture
def head_folder(word_head: Head, tmp_path: Path) -> Path:
    """A head that claims the default encoder's published weights."""
    identity = {
        "name": DEFAULT_ENCODER,
        "weights_sha256": DEFAULT_WEIGHTS_SHA256,
        "adapter_sha256": "",
    }
    save_head(replace(word_head, encoder=identity), tmp_path / "head")
    return tmp_path / "head"


def test_labels_are_listed_in_their_order(run: Any) -> None:
    said = run("labels")
    rows = [line.split("\t") for line in said.out.splitlines()]
    assert rows == [[label.code, label.kind, label.title] for label in LABELS]
    assert (said.code, said.err) == (0, "")


def test_labels_of_one_kind(run: Any) -> None:
    codes = [
        line.split("\t")[0] for line in run("labels", "--kind", "action_line").out.splitlines()
    ]
    assert codes == [label.code for label in ACTION_LINES]


@pytest.mark.parametrize("command", COMMANDS)
def test_help_of_every_command_has_an_example_of_it(command: str) -> None:
    said = CliRunner().invoke(cli.app, [command, "--help"])
    assert said.exit_code == 0
    assert f"Example: wsis-sdg {command}" in " ".join(said.stdout.split())


def test_the_commands_are_those_of_the_contract() -> None:
    names = {
        command.name or getattr(command.callback, "__name__", "")
        for command in cli.app.registered_commands
    }
    assert names == set(COMMANDS)


@pytest.mark.parametrize(
    "arguments",
    [
        ["abacus"],
        ["tag"],
        ["parse"],
        ["explain"],
        ["matrix"],
        ["labels", "--kind", "colour"],
        ["labels", "--abacus"],
        ["tag", "x.txt", "--max-mb", "0"],
        ["tag", "x.txt", "--max-pages", "many"],
        ["explain", str(RESOLUTION), "--engine", "abacus"],
        ["matrix", str(RESOLUTION), "--level", "line"],
    ],
)
def test_wrong_usage_exits_two_and_says_why(run: Any, arguments: list[str]) -> None:
    said = run(*arguments)
    assert said.code == 2
    assert said.out == ""
    assert "Error" in said.err
    assert "Traceback" not in said.err


def test_no_command_shows_the_help(run: Any) -> None:
    said = run()
    assert said.code == 2
    assert "Commands:" in said.out + said.err


def _bad_inputs(folder: Path) -> dict[str, tuple[Path, str]]:
    files = {
        name: folder / f"{name}.txt" for name in ("missing", "empty", "blank", "binary", "line")
    }
    files["empty"].write_bytes(b"")
    files["blank"].write_bytes(b" \n\n \n")
    files["binary"].write_bytes(bytes(range(256)) * 20)
    files["folder"] = folder / "folder"
    files["folder"].mkdir()
    files["pattern"] = folder / "no*.pdf"
    words = {
        "missing": "does not exist",
        "empty": "is empty",
        "blank": "is empty",
        "binary": "is not text",
        "line": "line 1 of line.txt has 50,000,000 characters",
        "folder": "holds no document",
        "pattern": "matches no file",
    }
    return {name: (files[name], words[name]) for name in files}


@pytest.mark.parametrize("command", ["tag", "parse", "explain"])
@pytest.mark.parametrize("name", ["missing", "empty", "blank", "binary", "folder", "pattern"])
def test_bad_input_is_one_clear_line(
    command: str, name: str, run: Any, runner: CliRunner, tmp_path: Path
) -> None:
    path, words = _bad_inputs(tmp_path)[name]
    said = run(command, path)
    assert said.code == 1
    assert said.out == ""
    (problem,) = said.lines
    assert problem.startswith("wsis-sdg: ")
    assert path.name in problem
    assert words in problem
    assert "; " in problem, "a remedy follows the problem"


def test_a_line_of_fifty_megabytes_is_refused(run: Any, runner: CliRunner, tmp_path: Path) -> None:
    path, words = _bad_inputs(tmp_path)["line"]
    path.write_bytes(b"word " * (RAW_LINE_BYTES // 5))
    said = run("tag", path)
    assert said.code == 1
    assert words in said.lines[0]
    assert "Traceback" not in said.err
    assert max(map(len, said.lines)) < 300


def test_a_legacy_encoding_is_read_with_a_note(run: Any, runner: CliRunner, tmp_path: Path) -> None:
    (tmp_path / "old.txt").write_bytes("Résolution sur le réseau: broadband.".encode("latin-1"))
    said = run("tag", tmp_path / "old.txt")
    assert said.code == 0
    assert json.loads(said.out)["text"].startswith("Résolution")
    (note,) = said.lines
    assert note.startswith("wsis-sdg: note: old.txt:")


@pytest.mark.parametrize("command", ["tag", "explain", "matrix"])
def test_an_altered_head_is_one_clear_line(command: str, run: Any, head_folder: Path) -> None:
    numbers = head_folder / "head.npz"
    data = bytearray(numbers.read_bytes())
    data[len(data) // 2] ^= 1
    numbers.write_bytes(data)
    said = run(command, RESOLUTION, "--head", head_folder)
    assert (said.code, said.out) == (1, "")
    (line,) = said.lines
    assert line == (
        f"wsis-sdg: {numbers} was altered after it was saved; "
        "restore the folder from the package, or run 'wsis-sdg train'"
    )


def test_a_missing_head_is_one_clear_line(run: Any, tmp_path: Path) -> None:
    said = run("tag", RESOLUTION, "--head", tmp_path / "nowhere")
    assert said.code == 1
    (line,) = said.lines
    assert "nowhere/head.json cannot be read" in line
    assert "run 'wsis-sdg train'" in line


@pytest.mark.parametrize("fact", ["weights_sha256", "adapter_sha256"])
def test_a_foreign_encoder_is_one_clear_line(
    fact: str, run: Any, word_head: Head, head_folder: Path
) -> None:
    encoder = {"name": DEFAULT_ENCODER, "weights_sha256": DEFAULT_WEIGHTS_SHA256}
    encoder |= {"adapter_sha256": "", fact: "00"}
    if fact == "adapter_sha256":
        (head_folder / "adapter").mkdir()
        (head_folder / "adapter" / "adapter_model.safetensors").write_bytes(b"another")
    save_head(replace(word_head, encoder=encoder), head_folder)
    said = run("tag", RESOLUTION, "--head", head_folder)
    assert (said.code, said.out) == (1, "")
    (line,) = said.lines
    assert f"fitted on an encoder whose {fact} is '00', not '" in line


def test_a_missing_adapter_is_one_clear_line(run: Any, word_head: Head, head_folder: Path) -> None:
    encoder = {"name": DEFAULT_ENCODER, "weights_sha256": DEFAULT_WEIGHTS_SHA256}
    save_head(replace(word_head, encoder=encoder | {"adapter_sha256": "00"}), head_folder)
    said = run("tag", RESOLUTION, "--head", head_folder)
    assert said.code == 1
    (line,) = said.lines
    assert "adapter_model.safetensors" in line


def test_an_encoder_that_is_none_is_one_clear_line(run: Any, tmp_path: Path) -> None:
    said = run("train", "--no-adapter", "--encoder", tmp_path, "--out", tmp_path / "head")
    assert said.code == 1
    assert "is not a sentence-transformers folder; name a local folder" in said.lines[-1]
    assert not (tmp_path / "head").exists()


@pytest.mark.parametrize(
    ("content", "words"), [(None, "cannot be read"), ("{}\n", "gold.jsonl:1: fields must be")]
)
def test_a_bad_gold_file_is_one_clear_line(
    content: str | None, words: str, run: Any, runner: CliRunner, tmp_path: Path
) -> None:
    gold = tmp_path / "gold.jsonl"
    if content is not None:
        gold.write_text(content, encoding="utf-8")
    said = run("evaluate", "--gold", gold)
    assert said.code in (1, 2)
    assert words in said.lines[-1]
    assert "Traceback" not in said.err


def test_no_traceback_from_the_console_script(tmp_path: Path) -> None:
    script = Path(sys.executable).with_name("wsis-sdg")
    done = subprocess.run(
        [script, "parse", tmp_path / "missing.txt"], capture_output=True, text=True
    )
    assert done.returncode == 1
    assert "missing.txt does not exist; check the path" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_reader_that_goes_away_is_no_error(tmp_path: Path) -> None:
    (tmp_path / "long.txt").write_text("A paragraph on networks.\n\n" * 5_000, encoding="utf-8")
    code = "from wsis_sdg.cli import main; main()"
    command = [sys.executable, "-c", code, "parse", str(tmp_path / "long.txt")]
    reading, writing = os.pipe()
    with subprocess.Popen(command, stdout=writing, stderr=subprocess.PIPE, text=True) as process:
        os.close(writing)
        assert os.read(reading, 100).startswith(b'{"document"')
        os.close(reading)
        assert process.stderr is not None
        said = process.stderr.read()
    assert said.strip() == ""


@pytest.fixture
def explaining(
    runner: CliRunner, word_paragraphs: list[LabelledParagraph], monkeypatch: pytest.MonkeyPatch
) -> CliRunner:
    monkeypatch.setattr(wsis_sdg_data, "data_sha256", lambda: "the words")
    monkeypatch.setattr(wsis_sdg_data, "read_training_set", lambda: word_paragraphs)
    return runner


def test_one_paragraph_is_explained_as_text(explaining: CliRunner, tmp_path: Path) -> None:
    file = tmp_path / "r.txt"
    file.write_text("1. Urges broadband for all;\n\n2. Recalls trust, and women;\n", "utf-8")
    said = explaining.invoke(cli.app, ["explain", str(file), "--number", "2"])
    assert said.exit_code == 0
    assert said.stdout.startswith("r.txt, paragraph 2\nRecalls trust, and women;\n")
    assert "carried by: “and women;” (+" in said.stdout
    assert "broadband for all" not in said.stdout


def test_paragraphs_are_explained_as_json(explaining: CliRunner, tmp_path: Path) -> None:
    file = tmp_path / "r.txt"
    file.write_text("1. Urges broadband for all;\n\n2. Recalls trust, and women;\n", "utf-8")
    said = explaining.invoke(cli.app, ["explain", str(file), "--json"])
    rows = [json.loads(line) for line in said.stdout.splitlines()]
    assert [(row["document"], row["number"]) for row in rows] == [("r.txt", "1"), ("r.txt", "2")]
    assert [tag["tag"]["code"] for tag in rows[0]["tags"]] == ["9", "9.c"]
    assert set(rows[0]) == {"document", "index", "number", "text", "tags", "runners_up"}


def test_a_number_that_no_paragraph_has_is_named(explaining: CliRunner, tmp_path: Path) -> None:
    file = tmp_path / "r.txt"
    file.write_text("1. Urges broadband for all;\n", "utf-8")
    said = explaining.invoke(cli.app, ["explain", str(file), "--number", "7"])
    assert said.exit_code == 1
    assert "no paragraph has the number 7; 'wsis-sdg parse' lists the numbers" in said.stderr


@pytest.mark.parametrize(
    ("options", "adapter"), [([], "fit"), (["--no-adapter"], "none"), (["--keep-adapters"], "keep")]
)
def test_train_passes_its_options_on(
    options: list[str], adapter: str, word_head: Head, monkeypatch: pytest.MonkeyPatch
) -> None:
    def retrain(out: Path | None, **asked: Any) -> tuple[Head, dict[str, float]]:
        asked["report"]("a line of progress")
        assert (out, asked["encoder"], asked["adapter"]) == (Path("a-head"), None, adapter)
        return word_head, {"micro_f1_goal": 0.5}

    monkeypatch.setattr("wsis_sdg.retrain.retrain", retrain)
    said = CliRunner().invoke(cli.app, ["train", "--out", "a-head", *options])
    assert said.exit_code == 0, said.exception
    assert json.loads(said.stdout) == {"paragraphs": 8, "micro_f1_goal": 0.5}
    assert said.stderr == "a line of progress\n"


def test_evaluate_passes_its_options_on(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: dict[str, Any] = {}
    monkeypatch.setattr("wsis_sdg_evaluation.run.evaluate_all", lambda **rest: asked.update(rest))
    arguments = ["evaluate", "--gold", "a.jsonl", "--gold", "b.jsonl", "--quick", "-o", "results"]
    said = CliRunner().invoke(cli.app, [*arguments, "--benchmark", "sdg", "--peer", "seesus"])
    assert said.exit_code == 0, said.exception
    assert asked["gold"] == [Path("a.jsonl"), Path("b.jsonl")]
    assert (asked["benchmark"], asked["peer"], asked["quick"]) == ("sdg", "seesus", True)
    assert (asked["out"], asked["head"]) == (Path("results"), None)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["evaluate", "--benchmark", "abacus"], "'abacus' is not sdg"),
        (["evaluate", "--peer", "abacus"], "'abacus' is not seesus"),
        (["train", "--no-adapter", "--keep-adapters"], "choose one"),
    ],
)
def test_a_wrong_choice_is_wrong_usage(arguments: list[str], message: str) -> None:
    said = CliRunner().invoke(cli.app, arguments)
    assert said.exit_code == 2
    assert message in said.stderr
