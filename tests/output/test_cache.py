"""Embeddings on disk: once each, bounded, shared by processes, and errors that say what to do."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from wsis_sdg.cache import CachedEncoder
from wsis_sdg.errors import OutputError


def cached(fake: ModuleType, file: Path | None, **options: Any) -> tuple[CachedEncoder, Any]:
    inner = fake.FakeEncoder()
    encoder = CachedEncoder(
        inner.identity, "fake", lambda: inner, dimension=fake.DIMENSION, file=file, **options
    )
    return encoder, inner


def test_each_text_is_encoded_once_across_runs(fake: ModuleType, tmp_path: Path) -> None:
    file = tmp_path / "deep" / "cache.sqlite"
    first, inner = cached(fake, file)
    rows = first.encode(["a b", "c", "a b"])
    assert inner.seen == ["a b", "c"]
    np.testing.assert_array_equal(rows[0], rows[2])
    second, inner = cached(fake, file)
    np.testing.assert_array_equal(second.encode(["c", "a b", "d"])[:2], rows[[1, 0]])
    assert inner.seen == ["d"]


def test_no_model_is_loaded_for_known_texts(fake: ModuleType, tmp_path: Path) -> None:
    cached(fake, tmp_path / "c.sqlite")[0].encode(["a"])
    again, _ = cached(fake, tmp_path / "c.sqlite")
    again.encode(["a"])
    assert "inner" not in vars(again)


def test_builds_of_an_engine_are_told_apart(fake: ModuleType, tmp_path: Path) -> None:
    cached(fake, tmp_path / "c.sqlite", build="one")[0].encode(["a"])
    other, inner = cached(fake, tmp_path / "c.sqlite", build="two")
    other.encode(["a"])
    assert inner.seen == ["a"]


def test_without_a_file_nothing_is_kept(fake: ModuleType, tmp_path: Path) -> None:
    encoder, inner = cached(fake, None)
    encoder.encode(["a", "a"])
    encoder.encode(["a"])
    assert inner.seen == ["a", "a"]
    assert not list(tmp_path.iterdir())


def test_the_oldest_go_when_it_is_full(
    fake: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("wsis_sdg.cache.MAX_ROWS", 20)
    encoder, inner = cached(fake, tmp_path / "c.sqlite")
    for number in range(50):
        encoder.encode([f"text {number}"])
    with sqlite3.connect(tmp_path / "c.sqlite") as connection:
        (count,) = connection.execute("SELECT COUNT(*) FROM embeddings").fetchone()
    connection.close()
    assert 18 <= count <= 20
    inner.seen.clear()
    encoder.encode(["text 49", "text 0"])
    assert inner.seen == ["text 0"]


def test_a_damaged_cache_says_what_to_do(fake: ModuleType, tmp_path: Path) -> None:
    (tmp_path / "c.sqlite").write_bytes(b"no database at all " * 100)
    with pytest.raises(OutputError, match=r"c\.sqlite cannot be used .* pass --no-cache"):
        cached(fake, tmp_path / "c.sqlite")[0].encode(["a"])


def test_two_processes_share_it(tmp_path: Path, script: Path) -> None:
    work = (
        "import runpy, sys; from pathlib import Path;"
        "fake = runpy.run_path(sys.argv[1]); from wsis_sdg.cache import CachedEncoder;"
        "inner = fake['FakeEncoder']();"
        "e = CachedEncoder(inner.identity, 'fake', lambda: inner, dimension=16,"
        " file=Path(sys.argv[2]));"
        "[e.encode([f'text {n} {m}' for m in range(20)]) for n in range(100)]"
    )
    command = [sys.executable, "-c", work, str(script), str(tmp_path / "c.sqlite")]
    running = [subprocess.Popen(command, stderr=subprocess.PIPE) for _ in range(3)]
    errors = [process.communicate(timeout=120)[1] for process in running]
    assert [p.returncode for p in running] == [0, 0, 0], errors
    with sqlite3.connect(tmp_path / "c.sqlite") as connection:
        (count,) = connection.execute("SELECT COUNT(*) FROM embeddings").fetchone()
    connection.close()
    assert count == 2000
