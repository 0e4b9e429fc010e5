"""Tables of texts, row by row in constant memory: CSV, JSONL, Parquet."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

from wsis_sdg.documents.formats import TableFormat, table_format
from wsis_sdg.documents.records import Paragraph
from wsis_sdg.documents.source import check_unchanged, open_file
from wsis_sdg.documents.table_lines import csv_rows, jsonl_rows
from wsis_sdg.documents.table_rows import Row
from wsis_sdg.documents.text import MAX_LINE
from wsis_sdg.errors import DocumentError

Report = Callable[[DocumentError], None]

DEFAULT_COLUMN: Final = "text"


@dataclass(frozen=True, slots=True)
class Table:
    """A table of texts that yields its paragraphs while it is read.

    It can be gone through once, and holds one row at a time (of Parquet, a batch).

    Attributes:
        name: File name, or what the caller called it.
        column: The column that holds the texts.
        columns: All columns there are.
        notes: What a reader should know, such as an encoding guessed; filled while reading.
        paragraphs: One paragraph a row, ``number`` being the row's number.
    """

    name: str
    column: str
    columns: tuple[str, ...]
    notes: list[str]
    paragraphs: Iterator[Paragraph]

    def __iter__(self) -> Iterator[Paragraph]:
        """The paragraphs."""
        return self.paragraphs


def read_table(
    source: Path | str | BinaryIO,
    *,
    column: str = DEFAULT_COLUMN,
    name: str | None = None,
    format: TableFormat | None = None,
    report: Report | None = None,
) -> Table:
    """Open a table of texts; its rows are read while the result is gone through.

    Every row with text gives one paragraph of kind ``body``: ``index`` counts the paragraphs
    from 0, ``number`` is the row's number from 1. Rows without text give none.

    Args:
        source: A file's path, or a binary stream (CSV and JSONL).
        column: The column, or the key, that holds the texts.
        name: The table's name; the file's name when not given.
        format: What it is; by the file's ending when not given.
        report: Takes the error of each row that cannot be read, after which reading goes on;
            without it the first such row ends the reading with its error.

    Raises:
        DocumentError: When it cannot be read, or has no such column: the message names those
            there are. While it is gone through: at a bad row, see ``report``, and when the file
            changes meanwhile.
    """
    if isinstance(source, (str, Path)):
        path = Path(source)
        name = name or path.name
        form = table_format(name, wanted=format)
        stream = open_file(path)
    else:
        name = name or "standard input"
        form = table_format(name, wanted=format)
        stream = source
    notes: list[str] = []
    try:
        columns, rows = _open_rows(stream, form, column=column, name=name, notes=notes)
    except BaseException:
        if stream is not source:
            stream.close()
        raise
    paragraphs = _paragraphs(rows, stream, name=name, report=report, closes=stream is not source)
    return Table(name, column, tuple(columns), notes, paragraphs)


def _open_rows(
    stream: BinaryIO, form: TableFormat, *, column: str, name: str, notes: list[str]
) -> tuple[Sequence[str], Iterator[Row]]:
    if form == "parquet":
        # pyarrow takes a quarter of a second to import.
        from wsis_sdg.documents.table_parquet import parquet_rows

        return parquet_rows(stream, column=column, name=name)
    open_lines = csv_rows if form == "csv" else jsonl_rows
    return open_lines(stream, column=column, name=name, notes=notes)


def _paragraphs(
    rows: Iterator[Row], stream: BinaryIO, *, name: str, report: Report | None, closes: bool
) -> Iterator[Paragraph]:
    before = os.fstat(stream.fileno()) if closes else None
    index = 0
    try:
        for row in rows:
            problem = row.problem or _text_problem(row.text)
            if problem:
                error = DocumentError(
                    f"row {row.number} of {name} (line {row.line}) {problem}",
                    "correct the row and read the table again",
                )
                if report is None:
                    raise error
                report(error)
                continue
            text = (row.text or "").strip()
            if text:
                yield Paragraph(index, str(row.number), "body", "", text, 0, len(text))
                index += 1
        if before is not None:
            check_unchanged(before, stream, name=name)
    finally:
        if closes:
            stream.close()


def _text_problem(text: str | None) -> str:
    if text is None:
        return ""
    if len(text) > MAX_LINE:
        return f"has {len(text):,} characters, more than any paragraph"
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return "holds half of a character, which no file can keep"
    return ""
