"""Records as JSONL: one object a line."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import IO

from wsis_sdg.records import About, Record


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


def write_jsonl(records: Iterable[Record], path: Path, about: About) -> None:
    """Write records as a JSONL file; it has no place for ``about``."""
    with path.open("w", encoding="utf-8", newline="\n") as stream:
        writer = JsonlWriter(stream)
        for record in records:
            writer.write(record)
