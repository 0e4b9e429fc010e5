"""Rows of a Parquet file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import BinaryIO, Final

import pyarrow
import pyarrow.parquet

from wsis_sdg.documents.table_rows import Row, missing_column
from wsis_sdg.errors import DocumentError

_BATCH: Final = 1_000
"""Rows that are held at a time."""
_WRITE_AGAIN: Final = "write it again with the program that made it"


def parquet_rows(
    stream: BinaryIO, *, column: str, name: str
) -> tuple[Sequence[str], Iterator[Row]]:
    """Open a Parquet file.

    Returns:
        Its columns and its rows.

    Raises:
        DocumentError: When it is damaged, or the column is missing or holds no text.
    """
    if not stream.seekable():
        raise DocumentError(
            f"{name}: a Parquet table cannot be read from a pipe", "pass the path of a file"
        )
    try:
        file = pyarrow.parquet.ParquetFile(stream, pre_buffer=False)
        schema = file.schema_arrow
    except (pyarrow.ArrowException, OSError, ValueError) as error:
        raise _damaged(name, error) from error
    columns = list(schema.names)
    if columns.count(column) != 1:
        raise missing_column(column, columns, name=name)
    kind = schema.field(column).type
    if pyarrow.types.is_dictionary(kind):
        kind = kind.value_type
    if not (pyarrow.types.is_string(kind) or pyarrow.types.is_large_string(kind)):
        raise DocumentError(
            f"column {column!r} of {name} holds {kind}, not text",
            "name the column that holds the texts",
        )
    return columns, _rows(file, column, name)


def _rows(file: pyarrow.parquet.ParquetFile, column: str, name: str) -> Iterator[Row]:
    number = 0
    try:
        for batch in file.iter_batches(batch_size=_BATCH, columns=[column]):
            for value in batch.column(0):
                number += 1
                try:
                    text = value.as_py()
                except UnicodeDecodeError:
                    yield Row(number, number, None, "is not UTF-8")
                else:
                    yield Row(number, number, text)
    except (pyarrow.ArrowException, OSError, ValueError) as error:
        raise _damaged(f"{name} behind row {number}", error) from error


def _damaged(name: str, error: Exception) -> DocumentError:
    return DocumentError(f"{name} is not a Parquet file or is damaged ({error})", _WRITE_AGAIN)
