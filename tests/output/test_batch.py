"""Whole runs over the fake tagger: chunks, failures, journal, resuming, SIGKILL."""

from __future__ import annotations

import json
import random
import subprocess
import sys
import time
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from wsis_sdg.batch import tag_paths
from wsis_sdg.chunks import CHUNK, read_chunks
from wsis_sdg.errors import OutputError
from wsis_sdg.journal import Journal, Position, journal_path
from wsis_sdg.sources import Source, find_sources
from wsis_sdg.tagger import Tagger
from wsis_sdg.writers import choose_target

ENDINGS = ("jsonl", "csv", "parquet", "xlsx", "html")


def write_documents(folder: Path, count: int, *, bad: int = 0) -> Path:
    folder.mkdir()
    for number in range(count):
        lines = [
            f"{n + 1}. Urges item {number * 7 + n} on networks;" for n in range(number % 5 + 1)
        ]
        (folder / f"doc{number:04}.txt").write_text("\n".join(lines))
    for number in range(bad):
        (folder / f"doc{number * 3:04}-bad.txt").write_bytes(bytes(range(256)) * 40)
    return folder


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_bad_files_are_named_and_the_rest_is_done(tmp_path: Path, tagger: Tagger) -> None:
    folder = write_documents(tmp_path / "in", 180, bad=20)
    out = tmp_path / "out.jsonl"
    summary = tag_paths([str(folder)], tagger, choose_target(out))
    assert summary.sources == 200
    assert len(summary.failures) == 20
    records = lines(out)
    assert len(records) == summary.paragraphs
    assert len({r["document"] for r in records}) == 180
    errors = lines(tmp_path / "errors.jsonl")
    assert [e["document"] for e in errors] == [f"doc{n * 3:04}-bad.txt" for n in range(20)]
    assert all("not text" in e["problem"] and e["remedy"] for e in errors)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["errors.jsonl", "in", "out.jsonl"]


def test_a_clean_run_empties_old_errors(tmp_path: Path, tagger: Tagger) -> None:
    folder = write_documents(tmp_path / "in", 1)
    (tmp_path / "errors.jsonl").write_text("old")
    tag_paths([str(folder)], tagger, choose_target(tmp_path / "out.jsonl"))
    assert (tmp_path / "errors.jsonl").read_text() == ""


def test_standard_output(
    tmp_path: Path, tagger: Tagger, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = write_documents(tmp_path / "in", 2, bad=1)
    summary = tag_paths([str(folder)], tagger, choose_target(None))
    assert [json.loads(x)["index"] for x in capsys.readouterr().out.splitlines()] == [0, 0, 1]
    assert len(summary.failures) == 1


def test_identical_paragraphs_of_a_chunk_are_encoded_once(tmp_path: Path, fake: ModuleType) -> None:
    from wsis_sdg.cache import CachedEncoder

    plain = fake.fake_tagger()
    cached = CachedEncoder(
        plain.encoder.identity,
        "fake",
        lambda: plain.encoder,
        dimension=fake.DIMENSION,
        file=tmp_path / "cache.sqlite",
    )
    table = tmp_path / "t.csv"
    table.write_text("text\n" + "Same words.\n" * 700 + "Other words.\n")
    tag_paths([str(table)], Tagger(cached, plain.head), choose_target(tmp_path / "o.jsonl"))
    assert sorted(plain.encoder.seen) == ["Other words.", "Same words."]


def test_chunks_taken_up_anywhere_are_the_same(tmp_path: Path) -> None:
    folder = write_documents(tmp_path / "in", 300, bad=30)
    table = tmp_path / "in" / "t.jsonl"
    table.write_text(
        "".join(f'{{"text": "row {n}"}}\n' + "bad\n" * (n % 97 == 0) for n in range(600))
    )
    sources, _ = find_sources([str(folder)])
    chunks = list(read_chunks(sources))
    assert [len(c.paragraphs) for c in chunks[:-1]] == [CHUNK] * (len(chunks) - 1)
    for place, chunk in enumerate(chunks[:-1]):
        assert list(read_chunks(sources, begin=chunk.end)) == chunks[place + 1 :]
    assert list(read_chunks(sources, begin=chunks[-1].end)) == []


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_run_taken_up_gives_the_same_bytes(
    tmp_path: Path, tagger: Tagger, monkeypatch: pytest.MonkeyPatch, ending: str
) -> None:
    folder = write_documents(tmp_path / "in", 250, bad=10)
    whole = tmp_path / f"whole.{ending}"
    tag_paths([str(folder)], tagger, choose_target(whole))

    broken = tmp_path / f"broken.{ending}"
    encode, calls = tagger.encoder.encode, 0

    def fail_at_third(texts: Any, *, progress: Any = None) -> Any:
        nonlocal calls
        calls += 1
        if calls == 3:
            raise MemoryError
        return encode(texts, progress=progress)

    monkeypatch.setattr(tagger.encoder, "encode", fail_at_third)
    with pytest.raises(MemoryError):
        tag_paths([str(folder)], tagger, choose_target(broken))
    assert not broken.exists()
    kept = journal_path(broken).read_bytes()
    journal_path(broken).write_bytes(kept + b'{"record": {"torn')
    assert kept.count(b'{"mark":') == 2

    summary = tag_paths([str(folder)], tagger, choose_target(broken, resume=True))
    assert broken.read_bytes() == whole.read_bytes()
    assert calls == 3 + summary.paragraphs // CHUNK - 1
    assert not journal_path(broken).exists()


def test_other_inputs_are_not_taken_up(tmp_path: Path) -> None:
    out = tmp_path / "out.csv"
    journal = Journal(out, stamp="one", resume=False)
    journal.append([{"text": "x"}], [], Position(1))
    journal.close(remove=False)
    with pytest.raises(OutputError, match="had other inputs or settings; leave out --resume"):
        Journal(out, stamp="two", resume=True)
    again = Journal(out, stamp="one", resume=True)
    assert (again.begin, again.records) == (Position(1), 1)
    again.close(remove=True)


def test_two_runs_do_not_share_an_output(tmp_path: Path) -> None:
    first = Journal(tmp_path / "out.csv", stamp="one", resume=False)
    with pytest.raises(OutputError, match="another run is writing"):
        Journal(tmp_path / "out.csv", stamp="one", resume=False)
    first.close(remove=True)


def test_an_output_that_cannot_be_written_is_named_at_once(tmp_path: Path, tagger: Tagger) -> None:
    folder = write_documents(tmp_path / "in", 1)
    with pytest.raises(OutputError, match=r"out\.csv cannot be written"):
        tag_paths([str(folder)], tagger, choose_target(tmp_path / "no" / "out.csv"))


def test_a_page_too_long_is_refused_on_the_way(
    tmp_path: Path, tagger: Tagger, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("wsis_sdg.writers.MAX_PAGE_PARAGRAPHS", 10)
    folder = write_documents(tmp_path / "in", 20)
    with pytest.raises(OutputError, match="too much for a browser; write xlsx"):
        tag_paths([str(folder)], tagger, choose_target(tmp_path / "out.html"))


@pytest.mark.parametrize(
    "ending",
    [
        "jsonl",
        *(pytest.param(e, marks=pytest.mark.slow) for e in ("csv", "parquet", "xlsx", "html")),
    ],
)
def test_killed_at_any_moment(tmp_path: Path, script: Path, tagger: Tagger, ending: str) -> None:
    folder = write_documents(tmp_path / "in", 900, bad=5)
    whole = tmp_path / f"whole.{ending}"
    tag_paths([str(folder)], tagger, choose_target(whole))
    out = tmp_path / f"killed.{ending}"
    command = [sys.executable, str(script), str(out), "0.03", str(folder)]
    chance = random.Random(2017)
    begin = time.monotonic()
    subprocess.run([*command[:2], str(tmp_path / f"timed.{ending}"), *command[3:]], check=True)
    whole_run = time.monotonic() - begin
    for _ in range(4):
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        try:
            process.communicate(timeout=chance.uniform(0.3, 0.95) * whole_run)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()
        assert not out.exists() or out.read_bytes() == whole.read_bytes()
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    assert out.read_bytes() == whole.read_bytes()
    assert int(done.stdout) == sum(n % 5 + 1 for n in range(900))
    assert not list(tmp_path.glob(".*"))


def test_memory_is_flat(tmp_path: Path, script: Path) -> None:
    def peak(rows: int) -> int:
        table = tmp_path / f"{rows}.csv"
        table.write_text("text\n" + "".join(f"Paragraph {n} on networks.\n" for n in range(rows)))
        watch = (
            "import resource, runpy, sys; sys.argv = sys.argv[1:];"
            "runpy.run_path(sys.argv[0], run_name='__main__');"
            "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)"
        )
        command = [sys.executable, "-c", watch, str(script), str(tmp_path / f"{rows}.jsonl"), "0"]
        done = subprocess.run([*command, str(table)], check=True, capture_output=True, text=True)
        return int(done.stdout.split()[-1])

    assert peak(20_000) < peak(2_000) * 1.1 + 10_000


def test_ten_thousand_files_are_tagged(tmp_path: Path, tagger: Tagger) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    for number in range(10_000):
        (folder / f"{number:05}.txt").write_text(f"Paragraph {number}.")
    summary = tag_paths([str(folder)], tagger, choose_target(tmp_path / "out.jsonl"))
    assert (summary.sources, summary.paragraphs, summary.failures) == (10_000, 10_000, ())


def test_a_file_that_goes_away_is_named(tmp_path: Path) -> None:
    (chunk,) = read_chunks([Source(str(tmp_path / "gone.txt"), "gone.txt")])
    assert [f.document for f in chunk.failures] == ["gone.txt"]
    assert chunk.end == Position(1)
