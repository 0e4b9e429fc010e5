"""Rows of CSV and JSONL files, line by line."""

from __future__ import annotations

import codecs
import csv
import io
import json
from collections.abc import Iterator, Sequence
from typing import BinaryIO, Final

from wsis_sdg.documents.table_rows import Row, missing_column
from wsis_sdg.documents.text import MAX_LINE
from wsis_sdg.errors import DocumentError

_LEGACY: Final = "cp1252"
_DELIMITERS: Final = ",;\t|"
# Four bytes a character, and room for the other columns.
_LINE_BYTES: Final = 8 * MAX_LINE


class _Lines:
    """The lines of a stream as text, and how many were read.

    A line that is not UTF-8 is read in the encoding of Western Windows: files that mix both
    exist, and a pipe cannot be read twice to find out first.
    """

    def __init__(self, stream: BinaryIO, *, name: str, notes: list[str]) -> None:
        self._stream = stream
        self._name = name
        self._notes = notes
        self.count = 0
        start = self._readline(stream)
        if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            self._wide: io.TextIOBase | None = self._open_wide(start)
            self._first = b""
        else:
            self._wide = None
            self._first = start.removeprefix(codecs.BOM_UTF8)

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._next_wide() if self._wide is not None else self._next_narrow()
        if not line:
            raise StopIteration
        self.count += 1
        return line

    def _next_narrow(self) -> str:
        line, self._first = self._first or self._readline(self._stream), b""
        try:
            return line.decode("utf-8")
        except UnicodeDecodeError:
            note = f"{self._name} is not UTF-8; read as {_LEGACY}, check its accented letters"
            if note not in self._notes:
                self._notes.append(note)
            return line.decode(_LEGACY, errors="replace")

    def _next_wide(self) -> str:
        try:
            return self._wide.readline(_LINE_BYTES) if self._wide is not None else ""
        except UnicodeError as error:
            raise DocumentError(
                f"{self._name} is not the UTF-16 that it begins as, behind line {self.count}",
                "save it as UTF-8",
            ) from error

    def _readline(self, stream: BinaryIO) -> bytes:
        try:
            line = stream.readline(_LINE_BYTES)
        except OSError as error:
            raise DocumentError(
                f"{self._name} cannot be read ({error.strerror})",
                "check the disk or the pipe it comes from",
            ) from error
        if len(line) >= _LINE_BYTES and not line.endswith(b"\n"):
            raise DocumentError(
                f"line {self.count + 1} of {self._name} is longer than {_LINE_BYTES:,} bytes",
                "check that it is a table, one row a line",
            )
        return line

    def _open_wide(self, start: bytes) -> io.TextIOBase:
        if not self._stream.seekable():
            raise DocumentError(f"{self._name} is UTF-16 from a pipe", "pass it as UTF-8")
        self._stream.seek(-len(start), io.SEEK_CUR)
        return codecs.getreader("utf-16")(self._stream)  # type: ignore[return-value]


def csv_rows(
    stream: BinaryIO, *, column: str, name: str, notes: list[str]
) -> tuple[Sequence[str], Iterator[Row]]:
    """Open a CSV file; commas, semicolons, tabs and bars separate, whichever gives the column.

    Returns:
        Its columns and its rows.

    Raises:
        DocumentError: When it is empty or has no such column.
    """
    # The module's own bound, 131,072 characters, is below what a long paragraph may have.
    csv.field_size_limit(MAX_LINE)
    lines = _Lines(stream, name=name, notes=notes)
    first = next(lines, "")
    delimiters = _DELIMITERS
    if first[:4].lower() == "sep=" and len(first.strip()) == 5:
        delimiters = first[4]
        first = next(lines, "")
    if not first.strip():
        raise DocumentError(f"{name} is empty", "pass a table with a line of column names")
    headers = {mark: _header(first, mark) for mark in delimiters}
    best = max(headers, key=lambda mark: (column in headers[mark], len(headers[mark])))
    columns = headers[best]
    if columns.count(column) != 1:
        raise missing_column(column, columns, name=name)
    return columns, _csv_rows(lines, best, columns.index(column), len(columns))


def _header(first: str, delimiter: str) -> list[str]:
    try:
        return [cell.strip() for cell in next(csv.reader([first], delimiter=delimiter), [])]
    except csv.Error:
        return []


def _csv_rows(lines: _Lines, delimiter: str, place: int, width: int) -> Iterator[Row]:
    reader = csv.reader(lines, delimiter=delimiter)
    number = 0
    while True:
        line = lines.count + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            number += 1
            yield Row(number, line, None, f"cannot be read ({error}): is a quote left open?")
            continue
        if not cells:
            continue
        number += 1
        if len(cells) == width:
            yield Row(number, line, cells[place])
        else:
            yield Row(number, line, None, f"has {len(cells)} cells where the header has {width}")


def jsonl_rows(
    stream: BinaryIO, *, column: str, name: str, notes: list[str]
) -> tuple[Sequence[str], Iterator[Row]]:
    """Open a file with one JSON object a line.

    Returns:
        The keys of its first object and its rows.

    Raises:
        DocumentError: When it is empty or its first object has no such key.
    """
    lines = _Lines(stream, name=name, notes=notes)
    first = next((line for line in lines if line.strip()), "")
    if not first:
        raise DocumentError(f"{name} is empty", "pass a file with one JSON object a line")
    start = lines.count
    record, _ = _parse(first)
    if record is not None and column not in record:
        raise missing_column(column, list(record), name=name)
    columns = list(record) if record is not None else [column]
    return columns, _jsonl_rows(first, lines, column, start)


def _jsonl_rows(first: str, lines: _Lines, column: str, start: int) -> Iterator[Row]:
    number = 0
    line: str | None = first
    place = start
    while line is not None:
        if line.strip():
            number += 1
            record, problem = _parse(line)
            text = record.get(column) if record is not None else None
            if record is not None and column not in record:
                problem = f"has no key {column!r}"
            if text is None or isinstance(text, str):
                yield Row(number, place, text, problem)
            else:
                yield Row(number, place, None, f"has no text under {column!r}")
        line = next(lines, None)
        place = lines.count


def _parse(line: str) -> tuple[dict[str, object] | None, str]:
    try:
        record = json.loads(line)
    except (ValueError, RecursionError) as error:
        return None, f"is not JSON ({str(error)[:100]})"
    return (record, "") if isinstance(record, dict) else (None, "is not a JSON object")
