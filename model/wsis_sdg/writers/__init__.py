"""Records to a terminal or a file."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Protocol

from wsis_sdg.errors import OutputError
from wsis_sdg.records import Record
from wsis_sdg.writers.table import TableWriter

__all__ = ["JsonlWriter", "TableWriter", "Writer", "open_writer"]


class Writer(Protocol):
    """Anything that takes records one by one."""

    def write(self, record: Record) -> None:
        """Take one record."""
        ...


class JsonlWriter:
    """One JSON object a line.

    Args:
        stream: A text stream; it is not closed here.
    """

    def __init__(self, stream: IO[str]) -> None:
        self._stream = stream

    def write(self, record: Record) -> None:
        """Write one record as one line."""
        self._stream.write(json.dumps(record, ensure_ascii=False) + "\n")


@contextmanager
def open_writer(out: Path | None, *, table: bool = True) -> Iterator[Writer]:
    """A writer for a file or for standard output.

    A file is written beside its place and renamed when it is whole, so that a run that is cut
    short leaves no half file under the final name.

    Args:
        out: The file, or ``None`` for standard output.
        table: On a terminal, print a table for reading instead of JSONL.
    """
    if out is None:
        sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
        if table and sys.stdout.isatty():
            yield TableWriter()
        else:
            yield JsonlWriter(sys.stdout)
            sys.stdout.flush()
        return
    partial = out.with_name(f".{out.name}.{os.getpid()}.partial")
    try:
        stream = partial.open("w", encoding="utf-8")
    except OSError as error:
        raise OutputError(
            f"{out} cannot be written ({error.strerror})",
            "choose a folder that exists and that you may write to",
        ) from error
    try:
        with stream:
            yield JsonlWriter(stream)
        partial.replace(out)
    finally:
        partial.unlink(missing_ok=True)
