"""Records to a terminal, to standard output or to a file, in the format that was asked for."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Final, Literal, Protocol, get_args

from wsis_sdg.errors import OutputError
from wsis_sdg.records import About, Record
from wsis_sdg.writers.csv_rows import CsvWriter
from wsis_sdg.writers.jsonl import JsonlWriter
from wsis_sdg.writers.table import TableWriter
from wsis_sdg.writers.whole import written_whole

__all__ = [
    "FORMATS",
    "CsvWriter",
    "Format",
    "JsonlWriter",
    "TableWriter",
    "Target",
    "Writer",
    "choose_target",
    "stream_writer",
    "write_file",
    "written_whole",
]

Format = Literal["jsonl", "csv", "parquet", "xlsx", "html"]
FORMATS: Final[tuple[Format, ...]] = get_args(Format)
ENDINGS: Final[dict[str, Format]] = {
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".csv": "csv",
    ".parquet": "parquet",
    ".xlsx": "xlsx",
    ".html": "html",
    ".htm": "html",
}
MAX_PAGE_PARAGRAPHS: Final = 20_000
"""Of an HTML page; a browser grows slow beyond it."""

WriteFile = Callable[[Iterable[Record], Path, About], None]


class Writer(Protocol):
    """Anything that takes records one by one."""

    def write(self, record: Record) -> None:
        """Take one record."""
        ...


@dataclass(frozen=True, slots=True)
class Target:
    """Where records go, and as what.

    Attributes:
        out: The file, or ``None`` for standard output.
        format: The format; ``None`` for a table on a terminal and JSONL elsewhere.
        wide: Of CSV: one row a paragraph with a column a label.
        resume: Go on with an unfinished run.
    """

    out: Path | None = None
    format: Format | None = None
    wide: bool = False
    resume: bool = False

    def check_count(self, paragraphs: int) -> None:
        """Stop a run as soon as it is clear that its output could not be used.

        Raises:
            OutputError: When there are more paragraphs than the format can hold.
        """
        if self.format == "html" and paragraphs > MAX_PAGE_PARAGRAPHS:
            raise OutputError(
                f"a page of more than {MAX_PAGE_PARAGRAPHS:,} paragraphs is too much for a browser",
                "write xlsx, csv or parquet, or make several pages",
            )


def choose_target(
    out: Path | None, *, format: str | None = None, wide: bool = False, resume: bool = False
) -> Target:
    """Find the format by the file's ending, or as asked for.

    Raises:
        ValueError: When the options do not go together; the message says why.
    """
    known = next((each for each in FORMATS if each == format), None)
    if format is not None and known is None:
        raise ValueError(f"there is no format {format!r}; choose one of {', '.join(FORMATS)}")
    if known is None and out is not None:
        known = ENDINGS.get(out.suffix.lower())
        if known is None:
            raise ValueError(
                f"the ending of {out} says no format; known are {', '.join(ENDINGS)}, "
                "or name one with --format"
            )
    if out is None and known in ("parquet", "xlsx", "html"):
        raise ValueError(f"{known} needs a file; name it with --out")
    if out is None and resume:
        raise ValueError("--resume needs the file of the unfinished run in --out")
    if wide and known != "csv":
        raise ValueError("--wide is for CSV alone")
    return Target(out, known, wide, resume)


@contextmanager
def stream_writer(target: Target, *, table: bool = True) -> Iterator[Writer]:
    """A writer to standard output.

    Args:
        target: One without a file.
        table: On a terminal, print a table for reading where no format was asked for.
    """
    sys.stdout.reconfigure(encoding="utf-8", newline="\n")  # type: ignore[union-attr]
    if target.format == "csv":
        yield CsvWriter(sys.stdout, wide=target.wide)
    elif table and target.format is None and sys.stdout.isatty():
        yield TableWriter()
    else:
        yield JsonlWriter(sys.stdout)
    sys.stdout.flush()


def write_file(records: Iterable[Record], target: Target, about: About) -> None:
    """Write records to the target's file, which is whole or not there.

    Args:
        records: Gone through several times by some formats.
        target: One with a file and a format.
        about: What the file says of itself, where the format has a place for it.

    Raises:
        OutputError: When it cannot be written.
    """
    if target.out is None or target.format is None:
        raise TypeError("write_file needs a target with a file and a format")
    write = _file_writer(target.format, wide=target.wide)
    with written_whole(target.out) as partial:
        write(records, partial, about)


def _file_writer(format: Format, *, wide: bool) -> WriteFile:
    # pyarrow, XlsxWriter and Jinja2 are imported only where their format is asked for.
    module, name = {
        "jsonl": ("jsonl", "write_jsonl"),
        "csv": ("csv_rows", "write_wide_csv" if wide else "write_csv"),
        "parquet": ("parquet", "write_parquet"),
        "xlsx": ("workbook", "write_workbook"),
        "html": ("page", "write_page"),
    }[format]
    write: WriteFile = getattr(import_module(f"wsis_sdg.writers.{module}"), name)
    return write
