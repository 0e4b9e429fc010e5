"""Which files are read: folders, patterns, odd names, links, and what cannot be read."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from wsis_sdg.documents import Paragraph
from wsis_sdg.records import Failure, writable
from wsis_sdg.sources import ReadOptions, Source, find_sources, read_source


def names(*paths: Path | str) -> list[str]:
    return [source.name for source in find_sources([str(p) for p in paths])[0]]


def read(path: Path, *, column: str = "text") -> list[Paragraph | Failure]:
    source = Source(str(path), path.name)
    options = ReadOptions(column=column)
    return list(read_source(source, note=lambda text: None, options=options))


def test_a_folder_gives_known_endings_in_order_without_hidden_files(tmp_path: Path) -> None:
    for name in ("b.txt", "a.md", "sub/c.TXT", "sub/x.exe", ".hidden.txt", ".git/d.txt", "t.csv"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("text")
    assert names(tmp_path) == ["a.md", "b.txt", "t.csv", "sub/c.TXT"]


def test_patterns_and_repeated_paths(tmp_path: Path) -> None:
    for name in ("a.txt", "b.txt", "c.md", "sub/d.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("text")
    assert names(tmp_path / "*.txt", tmp_path / "a.txt") == ["a.txt", "b.txt"]
    assert names(tmp_path / "**" / "*.txt") == ["a.txt", "b.txt", "d.txt"]


def test_a_name_with_brackets_is_no_pattern(tmp_path: Path) -> None:
    (tmp_path / "a[1].txt").write_text("text")
    assert names(tmp_path / "a[1].txt") == ["a[1].txt"]


def test_files_of_one_name_are_told_apart(tmp_path: Path) -> None:
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "x.txt").write_text("text")
    found = names(tmp_path / "a", tmp_path / "b")
    assert found == [f"{tmp_path}/a/x.txt", f"{tmp_path}/b/x.txt"]


def test_where_nothing_is_says_so(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    _, failures = find_sources([str(tmp_path / "empty"), str(tmp_path / "*.pdf")])
    assert [f.problem.rsplit("/", 1)[1] for f in failures] == [
        "empty holds no document",
        "*.pdf matches no file",
    ]


def test_own_output_is_left_out(tmp_path: Path) -> None:
    for name in ("a.txt", "out.jsonl", "errors.jsonl"):
        (tmp_path / name).write_text("text")
    sources, _ = find_sources(
        [str(tmp_path)], leave_out=[tmp_path / "out.jsonl", tmp_path / "errors.jsonl"]
    )
    assert [s.name for s in sources] == ["a.txt"]


def test_links_in_a_circle(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("text")
    (tmp_path / "loop").symlink_to(tmp_path, target_is_directory=True)
    (tmp_path / "x.txt").symlink_to(tmp_path / "y.txt")
    (tmp_path / "y.txt").symlink_to(tmp_path / "x.txt")
    assert names(tmp_path) == ["a.txt", "x.txt", "y.txt"]
    (failure,) = read(tmp_path / "x.txt")
    assert isinstance(failure, Failure)
    assert "x.txt" in failure.problem


def test_pipes_in_a_folder_are_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.txt")
    (tmp_path / "a.txt").write_text("text")
    assert names(tmp_path) == ["a.txt"]


@pytest.mark.parametrize(
    ("raw", "name"),
    [
        (b"with space.txt", "with space.txt"),
        (b'it\'s "quoted".txt', 'it\'s "quoted".txt'),
        (b"line\nbreak.txt", "line\nbreak.txt"),
        (b"caf\xe9.txt", "caf\\xe9.txt"),
        ("中文.txt".encode(), "中文.txt"),
    ],
)
def test_odd_names(tmp_path: Path, raw: bytes, name: str) -> None:
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/" + raw))
    path.write_text("Some text.")
    (source,) = find_sources([str(tmp_path)])[0]
    assert source.name == name
    (paragraph,) = read_source(source, note=lambda text: None)
    assert isinstance(paragraph, Paragraph)


def test_writable_keeps_what_can_be_kept() -> None:
    assert writable("a\udcff\ud800é") == "a\\xff\ufffdé"


def test_tables_go_on_after_a_bad_row(tmp_path: Path) -> None:
    table = tmp_path / "t.jsonl"
    table.write_text('{"text": "one"}\nnot json\n{"text": "two"}\n')
    kinds = [item.text if isinstance(item, Paragraph) else "bad" for item in read(table)]
    assert kinds == ["one", "bad", "two"]


def test_a_missing_column_is_a_failure(tmp_path: Path) -> None:
    table = tmp_path / "t.csv"
    table.write_text("a,b\n1,2\n")
    (failure,) = read(table, column="body")
    assert isinstance(failure, Failure)
    assert "body" in failure.problem


def test_a_reader_that_breaks_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*args: object, **kwargs: object) -> None:
        raise RuntimeError("inside")

    monkeypatch.setattr("wsis_sdg.sources.read_document", broken)
    (failure,) = read(tmp_path / "x.txt")
    assert isinstance(failure, Failure)
    assert "broke its reader (RuntimeError: inside)" in failure.problem


def test_ten_thousand_files(tmp_path: Path) -> None:
    for number in range(10_000):
        (tmp_path / f"{number:05}.txt").write_text(f"Paragraph {number}.")
    found = names(tmp_path)
    assert len(found) == 10_000
    assert found == sorted(found)
