"""The arguments that several commands share, and how their words become values."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from wsis_sdg.engines import Engine
    from wsis_sdg.sources import ReadOptions
    from wsis_sdg.writers import Target

Paths = Annotated[
    list[str],
    typer.Argument(
        metavar="PATH...", help="Files, folders, patterns such as '*.pdf', or - for standard input."
    ),
]
OutFile = Annotated[
    Path | None, typer.Option("--out", "-o", help="Write here instead of standard output.")
]
FormatName = Annotated[
    str | None,
    typer.Option("--format", help="jsonl, csv, parquet, xlsx or html; default: by --out's ending."),
]
Wide = Annotated[
    bool, typer.Option("--wide", help="CSV: one row a paragraph with a column a label.")
]
Resume = Annotated[bool, typer.Option("--resume", help="Go on with a run that was broken off.")]
Column = Annotated[
    str, typer.Option("--column", help="The column that holds the texts, of a table.")
]
MaxMegabytes = Annotated[int, typer.Option("--max-mb", min=1, help="Largest file, in megabytes.")]
MaxPages = Annotated[int, typer.Option("--max-pages", min=1, help="Most pages of a PDF file.")]
MaxSeconds = Annotated[
    float, typer.Option("--max-seconds", min=0.1, help="Longest time for reading one file.")
]
HeadFolder = Annotated[
    Path | None,
    typer.Option("--head", help="A folder that 'train' wrote; default: the shipped one."),
]
EngineName = Annotated[
    str,
    typer.Option("--engine", help="torch, openvino (see 'compile'), or auto: the compiled if any."),
]
NoCache = Annotated[bool, typer.Option("--no-cache", help="Do not keep embeddings on disk.")]


def choose_output(
    out: Path | None, *, format: str | None, resume: bool, wide: bool = False
) -> Target:
    """The output behind ``--out``, ``--format``, ``--wide`` and ``--resume``."""
    from wsis_sdg.writers import choose_target

    try:
        return choose_target(out, format=format, wide=wide, resume=resume)
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="--out") from error


def read_options(column: str, megabytes: int, pages: int, seconds: float) -> ReadOptions:
    """The options of reading behind ``--column`` and the limits."""
    from wsis_sdg.documents import Limits
    from wsis_sdg.sources import ReadOptions

    return ReadOptions(column, Limits(file_bytes=megabytes * 2**20, pages=pages, seconds=seconds))


def choose_engine(name: str) -> Engine:
    """The engine of a name."""
    from wsis_sdg.engines import ENGINES

    for engine in ENGINES:
        if engine == name:
            return engine
    raise typer.BadParameter(f"{name!r} is not {', '.join(ENGINES)}", param_hint="--engine")
