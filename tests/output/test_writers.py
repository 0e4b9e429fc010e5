"""Every format holds every record; formulas stay text; files are whole or not there."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyarrow import parquet

from wsis_sdg.errors import OutputError
from wsis_sdg.records import About, Failure
from wsis_sdg.taxonomy import GOALS, LABELS
from wsis_sdg.writers import CsvWriter, choose_target, write_file, written_whole
from wsis_sdg.writers.colours import ink_on
from wsis_sdg.writers.workbook import MAX_CELL

Records = list[dict[str, Any]]
FORMULA = "=cmd|' /C calc'!A0"
ABOUT = About(
    facts=(("made by", "wsis-sdg"), ("paragraphs", "5")),
    failures=(Failure("bad.pdf", "in/bad.pdf", "in/bad.pdf is encrypted", "remove the password"),),
)


def write(records: Records, path: Path, **options: Any) -> Path:
    write_file(records, choose_target(path, **options), ABOUT)
    return path


def read_csv(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def test_jsonl_gives_the_records_back(records: Records, tmp_path: Path) -> None:
    path = write(records, tmp_path / "o.jsonl")
    assert [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n")[:-1]] == (
        records
    )


def test_csv_has_a_row_a_tag(records: Records, tmp_path: Path) -> None:
    path = write(records, tmp_path / "o.csv")
    assert path.read_bytes().startswith(b"\xef\xbb\xbfdocument,index,")
    rows = read_csv(path)
    assert [(r["index"], r["label_kind"], r["code"], r["score"]) for r in rows] == [
        ("0", "", "", ""),
        ("1", "goal", "9", "0.9"),
        ("1", "target", "9.c", "1.0"),
        ("1", "action_line", "C2", "0.61"),
        ("2", "", "", ""),
        ("0", "goal", "5", "0.7"),
        ("0", "target", "5.b", "0.7"),
        ("1", "", "", ""),
    ]
    assert rows[-1]["text"].endswith("é 中\nsecond line")


def test_wide_csv_has_a_column_a_label(records: Records, tmp_path: Path) -> None:
    rows = read_csv(write(records, tmp_path / "o.csv", wide=True))
    assert len(rows) == len(records)
    assert list(rows[0])[6:] == [label.code for label in LABELS]
    assert {c: v for c, v in list(rows[1].items())[6:] if v} == {
        "9": "0.9",
        "9.c": "1.0",
        "C2": "0.61",
    }


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=40))
def test_no_csv_cell_begins_like_a_formula(text: str) -> None:
    stream = io.StringIO(newline="")
    empty: dict[str, Any] = {"goals": [], "targets": [], "action_lines": [], "citations": []}
    CsvWriter(stream).write(
        {"document": text, "index": 0, "number": text, "kind": "body", "heading": text}
        | {"text": text}
        | empty
    )
    (row,) = csv.DictReader(io.StringIO(stream.getvalue(), newline=""))
    for column in ("document", "number", "heading", "text"):
        assert not row[column].startswith(("=", "+", "-", "@", "\t", "\r", "\n"))
        assert row[column] in (text, f"'{text}")


def test_parquet_gives_the_records_back(
    records: Records, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("wsis_sdg.writers.parquet.GROUP", 2)
    for record in records:
        for tag in record["targets"]:
            tag.pop("evidence", None)
    path = write(records, tmp_path / "o.parquet")
    assert parquet.read_table(path).to_pylist() == records
    file = parquet.ParquetFile(path)
    assert file.num_row_groups == 3
    assert file.schema_arrow.metadata[b"made by"] == b"wsis-sdg"
    file.close()


def test_workbook(records: Records, tmp_path: Path) -> None:
    book = openpyxl.load_workbook(write(records, tmp_path / "o.xlsx"))
    assert book.sheetnames == ["paragraphs", "tags", "matrix", "about"]
    paragraphs, tags = book["paragraphs"], book["tags"]
    assert (paragraphs.freeze_panes, paragraphs.auto_filter.ref) == ("A2", "A1:I6")
    assert (tags.freeze_panes, tags.auto_filter.ref) == ("A2", "A1:H6")
    assert paragraphs.column_dimensions["F"].width > 80
    assert [cell.value for cell in paragraphs[3]][5:] == [records[1]["text"], "9", "9.c", "C2"]
    assert [cell.value for cell in tags[3]][3:7] == [
        "target",
        "9.c",
        records[1]["targets"][0]["title"],
        1,
    ]
    assert tags["E3"].fill.fgColor.rgb == f"FF{GOALS[8].colour}".replace("#", "").upper()
    matrix = {
        (row[0].value, head.value): cell.value
        for row in book["matrix"].iter_rows(min_row=2)
        for head, cell in zip(book["matrix"][1], row, strict=True)
        if isinstance(cell.value, int)
    }
    assert matrix == {("C2", "9"): 1, ("C2", "9.c"): 1}
    about = [[cell.value for cell in row] for row in book["about"].iter_rows()]
    assert ["bad.pdf", "in/bad.pdf is encrypted; remove the password"] in about


def test_formulas_stay_text_in_the_workbook(records: Records, tmp_path: Path) -> None:
    book = openpyxl.load_workbook(write(records, tmp_path / "o.xlsx"))
    assert book["paragraphs"]["F4"].value == FORMULA
    assert {cell.data_type for sheet in book for row in sheet for cell in row} <= {
        "s",
        "n",
        "inlineStr",
    }


def test_a_cell_that_is_too_long_says_that_it_was_cut(records: Records, tmp_path: Path) -> None:
    records[0]["text"] = "a" * 40_000
    book = openpyxl.load_workbook(write(records, tmp_path / "o.xlsx"))
    text = book["paragraphs"]["F2"].value
    assert len(text) == MAX_CELL
    assert text.endswith("[cut here: a cell holds no more]")


def test_a_full_sheet_goes_on_in_the_next(
    records: Records, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("wsis_sdg.writers.workbook.MAX_ROWS", 4)
    book = openpyxl.load_workbook(write(records, tmp_path / "o.xlsx"))
    assert book.sheetnames[:4] == ["paragraphs", "paragraphs 2", "tags", "tags 2"]
    assert book["paragraphs 2"].max_row == 3


@pytest.mark.parametrize("ending", ["jsonl", "csv", "parquet", "xlsx", "html"])
def test_no_records_are_a_whole_file_too(tmp_path: Path, ending: str) -> None:
    assert write([], tmp_path / f"o.{ending}").stat().st_size >= 0


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_workbook_opens_in_libreoffice(records: Records, tmp_path: Path) -> None:
    write(records, tmp_path / "o.xlsx")
    done = subprocess.run(
        [
            "soffice",
            f"-env:UserInstallation=file://{tmp_path}/profile",
            "--headless",
            "--convert-to",
            # Every sheet, as shown, with formulas rather than their values.
            "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,false,true,false,false,-1",
            "--outdir",
            str(tmp_path / "sheets"),
            str(tmp_path / "o.xlsx"),
        ],
        check=True,
        capture_output=True,
        text=True,
        timeout=180,
    )
    # Java is for its database alone, and is not there in small installations.
    said = [x for x in (done.stdout + done.stderr).splitlines() if "javaldx" not in x]
    assert not re.search("warn|error|repair|corrupt", "\n".join(said), re.IGNORECASE)
    sheets = {p.stem: p.read_text(encoding="utf-8") for p in (tmp_path / "sheets").iterdir()}
    assert sorted(sheets) == ["o-about", "o-matrix", "o-paragraphs", "o-tags"]
    rows = list(csv.reader(io.StringIO(sheets["o-paragraphs"], newline="")))
    assert [row[5] for row in rows[1:]] == [record["text"] for record in records]


def test_a_file_is_whole_or_not_there(tmp_path: Path) -> None:
    out = tmp_path / "o.txt"
    with pytest.raises(RuntimeError), written_whole(out) as partial:
        partial.write_text("half")
        raise RuntimeError
    assert list(tmp_path.iterdir()) == []
    named = pytest.raises(OutputError, match=r"o\.txt cannot be written \(No space left\)")
    with named, written_whole(out):
        raise OSError(28, "No space left")


@pytest.mark.parametrize(
    ("out", "options", "words"),
    [
        ("o.docx", {}, "says no format"),
        ("o", {}, "says no format"),
        ("o.csv", {"format": "ods"}, "no format 'ods'"),
        ("o.xlsx", {"wide": True}, "--wide is for CSV"),
        (None, {"format": "xlsx"}, "needs a file"),
        (None, {"resume": True}, "--resume needs"),
    ],
)
def test_options_that_do_not_go_together(
    out: str | None, options: dict[str, Any], words: str
) -> None:
    with pytest.raises(ValueError, match=words):
        choose_target(None if out is None else Path(out), **options)


def test_format_from_the_ending_or_the_option() -> None:
    assert choose_target(Path("o.HTM")).format == "html"
    assert choose_target(Path("o.data"), format="csv").format == "csv"
    assert choose_target(None).format is None


def test_ink_can_be_read_on_every_goal() -> None:
    def light(colour: str) -> float:
        parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        r, g, b = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
        return 0.2126 * r + 0.7152 * g + 0.0722 * b + 0.05

    for goal in GOALS:
        assert goal.colour is not None
        pair = sorted((light(goal.colour), light(ink_on(goal.colour))))
        assert pair[1] / pair[0] >= 4.5
