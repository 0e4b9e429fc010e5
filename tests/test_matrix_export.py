"""Every format of a matrix: what is written is what was measured."""

from __future__ import annotations

import io
import json
from pathlib import Path
from xml.etree import ElementTree

import openpyxl
import pandas as pd
import pytest
from rich.console import Console

from wsis_sdg import matrix
from wsis_sdg.errors import OutputError
from wsis_sdg.matrix.colours import ink_on, shade
from wsis_sdg.matrix.export import Result, write_result
from wsis_sdg.matrix.terminal import print_changes, print_matrix

TAGGED = Path(__file__).parent / "data" / "E-RES-2017-21.tagged.jsonl"


def _result(name: str = "E-RES-2017-21.txt", *, records: list[dict] | None = None) -> Result:
    if records is None:
        records = [json.loads(line) for line in TAGGED.read_text(encoding="utf-8").splitlines()]
    built = matrix.build(records)
    return Result(name, built, matrix.compare(built))


@pytest.fixture(scope="module")
def result() -> Result:
    return _result()


def test_csv_is_the_frame(result: Result, tmp_path: Path) -> None:
    write_result(result, tmp_path / "m.csv")
    read = pd.read_csv(tmp_path / "m.csv", dtype={"code": str})
    pd.testing.assert_frame_equal(read, result.matrix.to_frame().round(6), check_dtype=False)


def test_json_holds_everything(result: Result, tmp_path: Path) -> None:
    write_result(result, tmp_path / "m.json")
    read = json.loads((tmp_path / "m.json").read_text(encoding="utf-8"))
    assert read["text"]["paragraphs"] == result.matrix.paragraphs
    assert len(read["cells"]) == 18 * (17 + 169)
    assert read["comparison"]["goal"]["scopes"]["without C3"]["cells"] == 289
    assert read["changes"] is None
    assert read["notes"] == list(result.matrix.notes)


def test_workbook_has_both_grids_and_all_cells(tmp_path: Path) -> None:
    other = _result("=1+1")
    changes = matrix.changed_cells(other.matrix, matrix.build([]))
    result = Result("=1+1", other.matrix, other.comparisons, changes, "nothing")
    write_result(result, tmp_path / "m.xlsx")
    book = openpyxl.load_workbook(tmp_path / "m.xlsx")
    assert book.sheetnames == ["Goals", "Targets", "Cells", "Agreement", "Changes"]
    goals = book["Goals"]
    assert (goals.max_row, goals.max_column) == (19, 18)
    assert goals["J1"].value == "9"
    assert goals["J3"].value.startswith("◉ ")
    assert goals["J3"].fill.fgColor.rgb != "FFFFFFFF"
    assert book["Targets"].max_column == 170
    assert book["Cells"].max_row == 1 + 18 * 186
    assert book["Changes"].max_row == 1 + len(changes)
    assert all(cell.data_type != "f" for sheet in book for row in sheet for cell in row)


@pytest.mark.parametrize("level", ["goal", "target"])
def test_images(result: Result, level: str, tmp_path: Path) -> None:
    write_result(result, tmp_path / "m.png", level=level)
    assert (tmp_path / "m.png").read_bytes().startswith(b"\x89PNG")
    write_result(result, tmp_path / "m.svg", level=level)
    text = "".join(ElementTree.parse(tmp_path / "m.svg").getroot().itertext())
    assert "C7-egov" in text
    assert ("9.c" in text) == (level == "target")


def test_page_stays_small_and_escapes(tmp_path: Path) -> None:
    texts = [
        json.loads(line)["text"]
        for file in (Path(__file__).parents[1] / "training_data" / "wsis_sdg_data").glob("*.jsonl")
        for line in file.read_text(encoding="utf-8").splitlines()
    ][:5000]
    records = [json.loads(line) for line in TAGGED.read_text(encoding="utf-8").splitlines()]
    tagged = [r for r in records if r["action_lines"] and r["goals"]]
    many = [
        tagged[i % len(tagged)] | {"document": f"d{i // 80}.txt", "text": f"{text} </script>"}
        for i, text in enumerate(texts)
    ]
    result = _result("<b>&</b>", records=many)
    write_result(result, tmp_path / "m.html")
    page = (tmp_path / "m.html").read_text(encoding="utf-8")
    assert result.matrix.paragraphs == 5000
    assert (tmp_path / "m.html").stat().st_size < 3_000_000
    assert "<b>&</b>" not in page
    assert page.count("</script>") == 2
    for address in ("http://", "https://", "src=", "@import", "url("):
        assert address not in page


def test_wrong_endings_and_places_are_named(result: Result, tmp_path: Path) -> None:
    with pytest.raises(OutputError, match=r"m\.doc names no format"):
        write_result(result, tmp_path / "m.doc")
    with pytest.raises(OutputError, match="cannot be written"):
        write_result(result, tmp_path / "nowhere" / "m.csv")


@pytest.mark.parametrize("level", ["goal", "target"])
def test_terminal(result: Result, level: str) -> None:
    console = Console(
        file=io.StringIO(),
        width=140,
        force_terminal=True,
        color_system="truecolor",
        highlight=False,
    )
    print_matrix(result.matrix, result.comparisons, level=level, console=console)
    print_changes(matrix.changed_cells(result.matrix, matrix.build([])), console=console)
    said = console.file.getvalue()
    assert "80 paragraphs" in said
    assert "◉" in said
    assert "gained" in said
    assert "48;2;" in said  # shading


def test_terminal_of_an_empty_text() -> None:
    empty = _result(records=[])
    console = Console(file=io.StringIO(), width=140)
    print_matrix(empty.matrix, empty.comparisons, level="goal", console=console)
    print_changes([], console=console)
    assert "No paragraph was read" in console.file.getvalue()
    assert "No cell was gained or lost" in console.file.getvalue()


def test_every_format_takes_an_empty_text(tmp_path: Path) -> None:
    empty = _result(records=[])
    for ending in ("csv", "json", "xlsx", "png", "svg", "html"):
        write_result(empty, tmp_path / f"m.{ending}")
        assert (tmp_path / f"m.{ending}").stat().st_size > 1000


def test_ink_can_be_read_on_every_shade() -> None:
    assert ink_on("#FCC30B") == "#000000"
    assert ink_on("#19486A") == "#ffffff"
    assert shade("#000000", 1.0) == "#ffffff"
    assert shade("#000000", 8.0) == shade("#000000", 80.0) == "#737373"
