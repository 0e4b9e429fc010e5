"""Tables of texts: dialects, encodings, bad rows, constant memory."""

from __future__ import annotations

import io
import tracemalloc
from itertools import islice
from pathlib import Path

import pyarrow
import pyarrow.parquet
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wsis_sdg.documents import read_document, read_table
from wsis_sdg.errors import DocumentError


def rows(data: bytes | str, form: str = "csv", **options: str) -> list[tuple[str, str]]:
    raw = data.encode() if isinstance(data, str) else data
    table = read_table(io.BytesIO(raw), name="t", format=form, **options)  # type: ignore[arg-type]
    return [(p.number, p.text) for p in table]


@pytest.mark.parametrize(
    "data",
    [
        "id,text\n1,Urges all States\n2,Thanks the host\n",
        "id;text\r\n1;Urges all States\r\n2;Thanks the host\r\n",
        "id\ttext\n1\tUrges all States\n2\tThanks the host",
        "sep=|\nid|text\n1|Urges all States\n2|Thanks the host\n",
        '\ufeff"id","text"\n"1","Urges all States"\n\n"2","Thanks the host"\n',
        "text,id\nUrges all States,1\nThanks the host,2\n",
    ],
)
def test_csv_dialects(data: str) -> None:
    assert rows(data) == [("1", "Urges all States"), ("2", "Thanks the host")]


def test_csv_cells_hold_separators_quotes_and_lines() -> None:
    assert rows('text,n\n"One, two;\n""three""",1\n') == [("1", 'One, two;\n"three"')]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_csv_encodings(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "été 'x'\".csv"
    path.write_bytes("id;text\n1;Genève l’été\n".encode(encoding))
    table = read_table(path)
    assert [p.text for p in table] == ["Genève l’été"]
    assert bool(table.notes) == (encoding == "cp1252")


def test_rows_keep_their_numbers_where_others_are_empty() -> None:
    table = read_table(io.BytesIO(b'text,n\nOne,1\n,2\n"  ",3\nFour,4\n'), format="csv")
    assert [(p.index, p.number, p.kind, p.text) for p in table] == [
        (0, "1", "body", "One"),
        (1, "4", "body", "Four"),
    ]


def test_another_column() -> None:
    assert rows("id,para\n1,Urges\n", column="para") == [("1", "Urges")]
    assert rows('{"para": "Urges", "id": 1}\n', "jsonl", column="para") == [("1", "Urges")]


@pytest.mark.parametrize(
    ("data", "form"), [("id,para\n1,x\n", "csv"), ('{"id": 1, "para": "x"}\n', "jsonl")]
)
def test_a_missing_column_is_named_with_those_there_are(data: str, form: str) -> None:
    with pytest.raises(DocumentError, match=r"no column 'text'; its columns are 'id', 'para'"):
        rows(data, form)


def test_bad_rows_are_named_with_their_line_and_the_rest_is_read() -> None:
    data = b'{"text": "One"}\n\nnot json\n{"text": 3}\n{"other": "x"}\n[1]\n{"text": null}\n'
    data += b'{"text": "\\ud800"}\n' + b"[" * 100_000 + b'\n{"text": "Two"}\n'
    errors: list[DocumentError] = []
    table = read_table(io.BytesIO(data), name="t.jsonl", report=errors.append)
    assert [(p.number, p.text) for p in table] == [("1", "One"), ("9", "Two")]
    assert [error.problem.partition(") ")[0] for error in errors] == [
        f"row {row} of t.jsonl (line {line}"
        for row, line in ((2, 3), (3, 4), (4, 5), (5, 6), (7, 8), (8, 9))
    ]


def test_bad_csv_rows_lose_neither_text_nor_the_rest() -> None:
    data = b"id,text\n1,One\n2,Two, unquoted\n3\n" + b"4,Four\n"
    errors: list[DocumentError] = []
    table = read_table(io.BytesIO(data), name="t.csv", report=errors.append)
    assert [(p.number, p.text) for p in table] == [("1", "One"), ("4", "Four")]
    assert "row 2 of t.csv (line 3) has 3 cells where the header has 2" in errors[0].problem
    assert "row 3 of t.csv (line 4) has 1 cells" in errors[1].problem


def test_a_quote_left_open_is_named() -> None:
    errors: list[DocumentError] = []
    data = b'text\nOne\n"open\n' + b"more words here\n" * 100_000
    list(read_table(io.BytesIO(data), name="t.csv", report=errors.append))
    assert "row 2 of t.csv (line 3) cannot be read" in errors[0].problem


def test_without_a_report_the_first_bad_row_is_raised() -> None:
    table = read_table(io.BytesIO(b"text\nOne\nTwo,x\n"), name="t.csv")
    found = iter(table)
    assert next(found).text == "One"
    with pytest.raises(DocumentError, match=r"row 2 of t\.csv \(line 3\)"):
        next(found)


@pytest.mark.parametrize("kind", ["string", "large_string", "dictionary"])
def test_parquet(tmp_path: Path, kind: str) -> None:
    values = pyarrow.array(["One", None, "Three"])
    values = values.dictionary_encode() if kind == "dictionary" else values.cast(kind)
    path = tmp_path / "t.parquet"
    pyarrow.parquet.write_table(pyarrow.table({"id": [1, 2, 3], "text": values}), path)
    assert [(p.number, p.text) for p in read_table(path)] == [("1", "One"), ("3", "Three")]
    with pytest.raises(DocumentError, match="no column 'para'; its columns are 'id', 'text'"):
        read_table(path, column="para")
    with pytest.raises(DocumentError, match=r"column 'id' of t\.parquet holds int64, not text"):
        read_table(path, column="id")


@pytest.mark.parametrize("data", [b"", b"PAR1", b"PAR1" + b"x" * 100 + b"PAR1", b"text\nOne\n"])
def test_damaged_parquet_is_named(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "t.parquet"
    path.write_bytes(data)
    with pytest.raises(DocumentError, match=r"t\.parquet is not a Parquet file or is damaged"):
        read_table(path)


@pytest.mark.parametrize("form", ["csv", "jsonl"])
@pytest.mark.parametrize("data", [b"", b"\n\n"])
def test_empty_tables_are_named(data: bytes, form: str) -> None:
    with pytest.raises(DocumentError, match="empty"):
        rows(data, form)


def test_doors_point_to_each_other(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("text\nOne\n")
    with pytest.raises(DocumentError, match=r"t\.csv is a table of texts; read it with read_table"):
        read_document(path)
    with pytest.raises(DocumentError, match="no format of a table; say which it is: csv, jsonl"):
        read_table(tmp_path / "t.txt")
    with pytest.raises(DocumentError, match="does not exist"):
        read_table(tmp_path / "nowhere.csv")


def test_a_table_that_grows_while_it_is_read_is_named(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("text\nOne\nTwo\n")
    found = iter(read_table(path))
    assert next(found).text == "One"
    with path.open("a") as stream:
        stream.write("Three\n")
    with pytest.raises(DocumentError, match=r"t\.csv changed while it was read"):
        list(found)


@pytest.mark.parametrize("form", ["csv", "jsonl", "parquet"])
def test_memory_does_not_grow_with_the_rows(tmp_path: Path, form: str) -> None:
    path = tmp_path / f"t.{form}"
    text = "Urges all States to build networks that reach every village. " * 4
    if form == "parquet":
        pyarrow.parquet.write_table(pyarrow.table({"text": [text] * 40_000}), path)
    else:
        line = f"{text}\n" if form == "csv" else f'{{"text": "{text}"}}\n'
        path.write_text(("text\n" if form == "csv" else "") + line * 40_000)
    found = iter(read_table(path))
    tracemalloc.start()
    try:
        assert sum(1 for _ in islice(found, 2_000)) == 2_000
        tracemalloc.reset_peak()
        before = tracemalloc.get_traced_memory()[0]
        assert sum(1 for _ in found) == 38_000
        assert tracemalloc.get_traced_memory()[1] - before < 1_000_000
    finally:
        tracemalloc.stop()


@settings(max_examples=200, deadline=None)
@given(data=st.binary(max_size=300), form=st.sampled_from(["csv", "jsonl", "parquet"]))
def test_any_bytes_give_rows_or_an_error(data: bytes, form: str) -> None:
    errors: list[DocumentError] = []
    try:
        table = read_table(io.BytesIO(data), format=form, report=errors.append)  # type: ignore[arg-type]
        assert all(p.text for p in table)
    except DocumentError as error:
        assert error.remedy


@settings(max_examples=100, deadline=None)
@given(
    data=st.text(alphabet='text,;"\n\r{}:[]\\u d8\x00é', max_size=200).map(
        lambda t: b"text,a\n" + t.encode()
    )
)
def test_any_rows_behind_a_header_are_read_or_reported(data: bytes) -> None:
    errors: list[DocumentError] = []
    list(read_table(io.BytesIO(data), format="csv", report=errors.append))
    assert all("row" in error.problem for error in errors)
