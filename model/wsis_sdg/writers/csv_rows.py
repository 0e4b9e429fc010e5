"""Records as CSV: one row a tag, or one row a paragraph with a column a label."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from pathlib import Path
from typing import IO, Any, Final

from wsis_sdg.records import TAG_FIELDS, About, Record
from wsis_sdg.taxonomy import BY_CODE, LABELS

PARAGRAPH_COLUMNS: Final = ("document", "index", "number", "kind", "heading", "text")
TAG_COLUMNS: Final = ("label_kind", "code", "title", "score")
_FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


class CsvWriter:
    """One row a tag; a paragraph without tags has one row whose tag columns are empty.

    Args:
        stream: A text stream opened with ``newline=""``; it is not closed here.
        wide: One row a paragraph instead, with a column a label that holds the score.
    """

    def __init__(self, stream: IO[str], *, wide: bool = False) -> None:
        # With the full line end, the module quotes a lone carriage return too.
        self._rows = csv.writer(stream, lineterminator="\r\n")
        self._wide = wide
        labels = tuple(label.code for label in LABELS)
        self._rows.writerow((*PARAGRAPH_COLUMNS, *(labels if wide else TAG_COLUMNS)))

    def write(self, record: Record) -> None:
        """Write the rows of one record."""
        start = [_as_text(record[column]) for column in PARAGRAPH_COLUMNS]
        tags = [tag for field in TAG_FIELDS for tag in record[field]]
        if self._wide:
            scores = {tag["code"]: tag["score"] for tag in tags}
            self._rows.writerow([*start, *(scores.get(label.code, "") for label in LABELS)])
            return
        for tag in tags:
            kind = BY_CODE[tag["code"]].kind
            self._rows.writerow([*start, kind, tag["code"], tag["title"], tag["score"]])
        if not tags:
            self._rows.writerow([*start, *("" for _ in TAG_COLUMNS)])


def write_csv(records: Iterable[Record], path: Path, about: About, *, wide: bool = False) -> None:
    """Write records as a CSV file; it has no place for ``about``."""
    # Excel takes a file for UTF-8 only where it begins with the mark.
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = CsvWriter(stream, wide=wide)
        for record in records:
            writer.write(record)


def write_wide_csv(records: Iterable[Record], path: Path, about: About) -> None:
    """Write records as a CSV file of one row a paragraph; it has no place for ``about``."""
    write_csv(records, path, about, wide=True)


def _as_text(value: Any) -> Any:
    # A spreadsheet runs a cell that begins like a formula; an apostrophe before it makes it text.
    if isinstance(value, str) and value.startswith(_FORMULA_STARTS):
        return f"'{value}"
    return value
