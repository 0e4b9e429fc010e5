"""The command: documents, tagged JSONL and standard input to tables and files."""

from __future__ import annotations

import io
import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

from wsis_sdg.cli import app
from wsis_sdg.decision import Decision
from wsis_sdg.matrix.collect import collect_evidence, is_tagged
from wsis_sdg.tagger import Tagger
from wsis_sdg.taxonomy import COLUMN, LABELS

DATA = Path(__file__).parent / "data"
TAGGED = DATA / "E-RES-2017-21.tagged.jsonl"
RESOLUTION = DATA / "E-RES-2017-21.txt"


class _Head:
    decision = Decision(*(np.full(len(LABELS), value, np.float32) for value in (1, 0, 0.5)))


class _Tagger:
    """Gives C2 and 9.c with 0.8 to everything, and C5 with a score below its threshold."""

    head = _Head()
    loaded = 0

    def scores(self, texts, *, progress=None):
        scores = np.zeros((len(texts), len(LABELS)), np.float32)
        for code, score in (("C2", 0.8), ("9.c", 0.8), ("C5", 0.2)):
            scores[:, COLUMN[code]] = score
        progress(len(texts))
        return scores


@pytest.fixture
def stub(monkeypatch: pytest.MonkeyPatch) -> _Tagger:
    tagger = _Tagger()

    def load(path=None, **options):
        tagger.loaded += 1
        return tagger

    monkeypatch.setattr(Tagger, "load", load)
    return tagger


def _run(*arguments: object):
    return CliRunner().invoke(app, ["matrix", *map(str, arguments)])


def test_tagged_jsonl_needs_no_classifier(stub: _Tagger) -> None:
    said = _run(TAGGED)
    assert said.exit_code == 0
    assert stub.loaded == 0
    frame = pd.read_csv(io.StringIO(said.stdout), dtype={"code": str})
    assert len(frame) == 18 * 186
    assert frame.loc[frame["linked"], "line"].tolist()


def test_documents_are_tagged_with_the_scores_of_all_labels(stub: _Tagger) -> None:
    evidence = collect_evidence([str(RESOLUTION)], Tagger.load, [])
    assert evidence.all_scores
    assert len(evidence.passages) == 80
    assert evidence.given[:, COLUMN["9"]].all()
    assert not evidence.given[:, COLUMN["C5"]].any()
    assert evidence.probabilities[0, COLUMN["C5"]] == pytest.approx(0.2)


def test_one_classifier_serves_both_texts(stub: _Tagger, tmp_path: Path) -> None:
    out = tmp_path / "m.json"
    said = _run(RESOLUTION, TAGGED, "--against", DATA / "report-with-numbers.txt", "--out", out)
    assert said.exit_code == 0, said.stderr
    assert stub.loaded == 1
    result = json.loads(out.read_text(encoding="utf-8"))
    assert result["text"]["paragraphs"] == 160
    assert result["text"]["all_scores"] is False
    assert result["changes"]["other"] == "report-with-numbers.txt"


@pytest.mark.parametrize(("file", "loads"), [(TAGGED, 0), (RESOLUTION, 1)])
def test_standard_input_may_be_tagged_jsonl_or_a_document(
    file: Path, loads: int, stub: _Tagger, monkeypatch: pytest.MonkeyPatch
) -> None:
    with file.open("rb") as stream, io.TextIOWrapper(stream) as text:
        monkeypatch.setattr("sys.stdin", text)
        evidence = collect_evidence(["-"], Tagger.load, [])
    assert len(evidence.passages) == 80
    assert stub.loaded == loads


def test_several_files_at_once(stub: _Tagger, tmp_path: Path) -> None:
    said = _run(TAGGED, "-o", tmp_path / "m.csv", "-o", tmp_path / "m.html")
    assert said.exit_code == 0
    assert said.stdout == ""
    assert {file.name for file in tmp_path.iterdir()} == {"m.csv", "m.html"}


def test_a_missing_input_is_named_and_the_rest_done(stub: _Tagger, tmp_path: Path) -> None:
    said = _run(tmp_path / "missing.txt", TAGGED)
    assert said.exit_code == 1
    assert "missing.txt does not exist" in said.stderr
    assert said.stdout.startswith("level,line")


def test_a_broken_line_is_named(stub: _Tagger, tmp_path: Path) -> None:
    broken = tmp_path / "broken.jsonl"
    first = TAGGED.read_text(encoding="utf-8").splitlines()[5]
    broken.write_text(f"{first}\n\n{{\n", encoding="utf-8")
    said = _run(broken)
    assert said.exit_code == 1
    assert "line 3 of" in said.stderr
    broken.write_text(f"{first}\n[]\n", encoding="utf-8")
    assert "line 2 of" in _run(broken).stderr


def test_an_empty_text_still_has_its_table(stub: _Tagger, tmp_path: Path) -> None:
    empty = tmp_path / "heading.jsonl"
    empty.write_text(TAGGED.read_text(encoding="utf-8").splitlines()[0] + "\n", encoding="utf-8")
    said = _run(empty, "--out", tmp_path / "m.html")
    assert said.exit_code == 0
    assert "No paragraph was read" in (tmp_path / "m.html").read_text(encoding="utf-8")


def test_wrong_options(stub: _Tagger, tmp_path: Path) -> None:
    assert _run(TAGGED, "--level", "line").exit_code == 2
    said = _run(RESOLUTION, "--out", tmp_path / "m.doc")
    assert "names no format" in str(said.exception)
    assert stub.loaded == 0  # found before any work


def test_only_records_of_tag_count_as_tagged(tmp_path: Path) -> None:
    assert is_tagged(str(TAGGED))
    assert not is_tagged(str(RESOLUTION))
    table = tmp_path / "table.jsonl"
    for first in ('{"text": "a row"}', "no JSON", "[]", ""):
        table.write_text(first, encoding="utf-8")
        assert not is_tagged(str(table))
