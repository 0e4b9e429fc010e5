"""The labelled set's reader, its measurements, and the committed set itself."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wsis_sdg.taxonomy import LABELS
from wsis_sdg_data import (
    RESOLUTION_FILE,
    DataError,
    LabelledParagraph,
    data_sha256,
    read_breadth,
    read_labelled,
    read_training_set,
    read_vocabulary,
    reader,
)
from wsis_sdg_data.checks import (
    label_counts,
    openings,
    registers_of_labels,
    repeated_runs,
    runs_of,
    shingles_of,
    similar_pairs,
    words_of,
)

ROOT = Path(__file__).parents[1]
ROW: dict[str, Any] = {
    "id": "a-1",
    "text": "Urges access to broadband;",
    "register": "resolution",
    "theme": "access",
    "targets": ["9.c"],
    "goals": ["17"],
    "action_lines": ["C2"],
    "aspects": ["9.c#2"],
    "passes": [["9.c", "17", "C2"]],
}


def _file(folder: Path, *rows: object) -> Path:
    file = folder / "some.jsonl"
    lines = [row if isinstance(row, str) else json.dumps(row) for row in rows]
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return file


def _paragraph(number: int, text: str, **more: Any) -> LabelledParagraph:
    facts: dict[str, Any] = {
        "id": f"a-{number}",
        "text": text,
        "register": "report",
        "theme": "t",
        "targets": (),
        "goals": (),
        "action_lines": (),
        "aspects": (),
        "passes": ((),),
    }
    return LabelledParagraph(**facts | more)


def test_a_row_is_read(tmp_path: Path) -> None:
    (paragraph,) = read_labelled(_file(tmp_path, ROW, ""))
    assert paragraph.codes == ("9", "17", "9.c", "C2")
    assert paragraph.passes == (("9.c", "17", "C2"),)
    assert (paragraph.id, paragraph.register, paragraph.aspects) == (
        "a-1",
        "resolution",
        ("9.c#2",),
    )


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"id": ""}, "id must be a text that is not empty"),
        ({"text": "  "}, "text must be a text that is not empty"),
        ({"text": 3}, "text must be a text that is not empty"),
        ({"theme": None}, "theme must be a text that is not empty"),
        ({"register": "poem"}, "register 'poem' is not one of the four"),
        ({"targets": "9.c"}, "targets must be a list of codes"),
        ({"targets": [9]}, "targets must be a list of codes"),
        ({"targets": ["9.z"]}, "targets has '9.z', which is no such code"),
        ({"targets": ["9"]}, "targets has '9', which is no such code"),
        ({"targets": ["9.c", "9.c"]}, "targets names a code twice"),
        ({"goals": ["18"]}, "goals has '18', which is no such code"),
        ({"goals": ["9"]}, "goal 9 stands alone only where none of its targets do"),
        ({"action_lines": ["C7"]}, "action_lines has 'C7', which is no such code"),
        ({"action_lines": ["C12"]}, "action_lines has 'C12', which is no such code"),
        ({"aspects": "9.c#2"}, "aspects must be a list of codes"),
        ({"passes": []}, "passes must hold at least the first labelling"),
        ({"passes": ["9.c"]}, "passes must be a list of codes"),
        ({"more": 1}, "fields must be id, text"),
    ],
)
def test_errors_name_file_and_line(tmp_path: Path, change: dict[str, Any], message: str) -> None:
    file = _file(tmp_path, ROW, "", ROW | {"id": "a-2"} | change)
    with pytest.raises(DataError) as error:
        read_labelled(file)
    assert str(error.value).startswith(f"{file}:3: {message}")


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("{", "not a JSON object"),
        ("[]", "fields must be .*; found list"),
        ("{}", "fields must be"),
        (json.dumps(ROW), "the id 'a-1' stands twice"),
    ],
)
def test_lines_that_are_no_rows_are_named(tmp_path: Path, line: str, message: str) -> None:
    with pytest.raises(DataError, match=rf"some\.jsonl:2: {message}"):
        read_labelled(_file(tmp_path, ROW, line))


def test_files_that_cannot_be_read_are_named(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"missing\.jsonl: cannot be read"):
        read_labelled(tmp_path / "missing.jsonl")
    (tmp_path / "latin.jsonl").write_bytes(b"\xe9")
    with pytest.raises(DataError, match=r"latin\.jsonl: cannot be read as UTF-8"):
        read_labelled(tmp_path / "latin.jsonl")


def test_breadth_numbers_its_sub_topics(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "BREADTH_FILE", tmp_path / "breadth.json")
    with pytest.raises(DataError, match=r"breadth\.json: cannot be read as JSON"):
        read_breadth()
    (tmp_path / "breadth.json").write_text('{"9.c": ["one", "two"], "C2": ["three"]}')
    assert read_breadth() == [
        ("9.c", "9.c#1", "one"),
        ("9.c", "9.c#2", "two"),
        ("C2", "C2#1", "three"),
    ]
    for broken in ('{"9.c": "one"}', '{"9.c": [1]}'):
        (tmp_path / "breadth.json").write_text(broken)
        with pytest.raises(DataError, match=r"9\.c must hold a list of descriptions"):
            read_breadth()


def test_breadth_that_is_no_object_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reader, "BREADTH_FILE", tmp_path / "breadth.json")
    (tmp_path / "breadth.json").write_text("[]")
    with pytest.raises(DataError, match=r"breadth\.json"):
        read_breadth()


def test_a_vocabulary_is_codes_and_phrases(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "vocabulary.tsv"
    monkeypatch.setattr(reader, "VOCABULARY_FILE", file)
    with pytest.raises(DataError, match=r"vocabulary\.tsv: cannot be read"):
        read_vocabulary()
    file.write_text("9.c C2\tmasts for villages\n\tthe board met\n", encoding="utf-8")
    assert read_vocabulary() == [(("9.c", "C2"), "masts for villages"), ((), "the board met")]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("9.c masts", "must be codes, one tab and a phrase"),
        ("9.c\t ", "must be codes, one tab and a phrase"),
        ("9.c\tmasts\ttoo many", "must be codes, one tab and a phrase"),
        ("9.c, C2\tmasts", "'9.c,' is no code"),
        ("C2\tfirst", "the phrase 'first' stands twice"),
    ],
)
def test_lines_that_are_no_vocabulary_are_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, line: str, message: str
) -> None:
    file = tmp_path / "vocabulary.tsv"
    monkeypatch.setattr(reader, "VOCABULARY_FILE", file)
    file.write_text(f"9.c\tfirst\n{line}\n", encoding="utf-8")
    with pytest.raises(DataError, match=rf"vocabulary\.tsv:2: {message}"):
        read_vocabulary()


def test_every_label_has_a_vocabulary_and_every_phrase_a_label_or_none() -> None:
    rows = read_vocabulary()
    counts = Counter(code for codes, _ in rows for code in codes)
    assert {label.code for label in LABELS if counts[label.code] < 5} == set()
    assert set(counts) <= {label.code for label in LABELS}
    assert sum(not codes for codes, _ in rows) >= 300
    for codes, phrase in rows:
        implied = {code.partition(".")[0] for code in codes if "." in code}
        assert not implied & set(codes), phrase


def test_the_hash_changes_with_every_byte_and_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reader, "DATA_FOLDER", tmp_path)
    monkeypatch.setattr(reader, "BREADTH_FILE", tmp_path / "breadth.json")
    monkeypatch.setattr(reader, "VOCABULARY_FILE", tmp_path / "vocabulary.tsv")
    (tmp_path / "breadth.json").write_text("{}")
    (tmp_path / "vocabulary.tsv").write_text("9.c\tmasts\n")
    file = _file(tmp_path, ROW)
    hashes = [data_sha256()]
    file.write_text(file.read_text() + "\n")
    hashes.append(data_sha256())
    file.rename(tmp_path / "other.jsonl")
    hashes.append(data_sha256())
    (tmp_path / "breadth.json").write_text("{ }")
    hashes.append(data_sha256())
    (tmp_path / "vocabulary.tsv").write_text("C2\tmasts\n")
    hashes.append(data_sha256())
    assert len(set(hashes)) == 5
    assert data_sha256() == hashes[-1]


def test_the_resolution_can_be_left_out() -> None:
    whole, written = read_training_set(), read_training_set(resolution=False)
    theme = RESOLUTION_FILE.stem
    assert [p for p in whole if p.theme != theme] == written
    assert [p for p in whole if p.theme == theme] == read_labelled(RESOLUTION_FILE)


def test_words_and_runs() -> None:
    assert words_of("Urges: access, (ICTs)!") == ["urges", "access", "icts"]
    assert list(runs_of("a b c d", length=3)) == ["a b c", "b c d"]
    assert list(runs_of("a b", length=3)) == []
    assert shingles_of("a b c a b c") == {"a b c", "b c a", "c a b"}


@settings(deadline=None)
@given(st.lists(st.sampled_from("abcdef"), max_size=30))
def test_runs_are_as_many_as_fit(words: list[str]) -> None:
    text = " ".join(words)
    runs = list(runs_of(text))
    assert len(runs) == max(0, len(words) - 7)
    assert all(run in text for run in runs)


def test_similar_pairs_are_exact_and_most_similar_first() -> None:
    pytest.importorskip("datasketch")
    long = " ".join(f"w{n}" for n in range(40))
    paragraphs = [
        _paragraph(1, long),
        _paragraph(2, "something else that has nothing to do with any of the others at all"),
        _paragraph(3, long.replace("w39", "end")),
        _paragraph(4, long.upper() + "!"),
    ]
    found = similar_pairs(paragraphs, bound=0.5)
    assert [(a, b) for a, b, _ in found] == [("a-1", "a-4"), ("a-1", "a-3"), ("a-3", "a-4")]
    assert [s for *_, s in found] == pytest.approx([1, 37 / 39, 37 / 39])
    assert similar_pairs(paragraphs[:2], bound=0.5) == []


def test_texts_too_short_for_a_shingle_are_not_similar() -> None:
    pytest.importorskip("datasketch")
    assert similar_pairs([_paragraph(1, "two words"), _paragraph(2, "one")], bound=0.3) == []


def test_repeated_runs_are_named_unless_they_are_fixed_phrases() -> None:
    run = "one two three four five six seven eight"
    paragraphs = [_paragraph(n, f"{run} then {n}") for n in range(3)]
    found = repeated_runs(paragraphs, most=2, fixed_phrases=[])
    assert found == {run: ["a-0", "a-1", "a-2"], f"{run} then"[4:]: ["a-0", "a-1", "a-2"]}
    assert repeated_runs(paragraphs, most=3, fixed_phrases=[]) == {}
    fixed = ["Three, four five six"]
    assert repeated_runs(paragraphs, most=2, fixed_phrases=fixed) == {}
    twice = [_paragraph(1, f"{run}. {run}")]
    assert repeated_runs(twice, most=1, fixed_phrases=[]) == {}


def test_openings_are_shares_of_their_register() -> None:
    paragraphs = [
        _paragraph(1, "Urges all States to act now"),
        _paragraph(2, "urges all States, to wait"),
        _paragraph(3, "Another one of these here"),
        _paragraph(4, "Urges all States to", register="plan"),
    ]
    shares = openings(paragraphs)
    assert shares[("report", "urges all states to")] == pytest.approx(2 / 3)
    assert shares[("plan", "urges all states to")] == 1


def test_counts_and_registers_of_labels() -> None:
    paragraphs = [
        _paragraph(1, "a", targets=("9.c", "9.1")),
        _paragraph(2, "b", targets=("9.c",), register="plan"),
        _paragraph(3, "c", goals=("9",), action_lines=("C2",)),
    ]
    counts = label_counts(paragraphs)
    assert counts == {"9": 3, "9.c": 2, "9.1": 1, "C2": 1}
    assert registers_of_labels(paragraphs) == {
        "9": {"report", "plan"},
        "9.c": {"report", "plan"},
        "9.1": {"report"},
        "C2": {"report"},
    }


def test_the_committed_set_meets_its_requirements() -> None:
    pytest.importorskip("datasketch")
    done = subprocess.run(
        [sys.executable, ROOT / "scripts" / "check_data.py"], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "NOT MET" not in done.stdout
