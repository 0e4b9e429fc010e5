"""A row of a table of texts, and what can be wrong with the table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from wsis_sdg.errors import DocumentError


@dataclass(frozen=True, slots=True)
class Row:
    """One row's text as a format's reader found it.

    Attributes:
        number: The row's number, from 1, the header not counted.
        line: The line of the file that it begins on, or the row's number where there are no lines.
        text: The cell, or ``None`` where it is null.
        problem: What is wrong with the row, or empty.
    """

    number: int
    line: int
    text: str | None
    problem: str = ""


def missing_column(column: str, columns: Sequence[str], *, name: str) -> DocumentError:
    """The error for a table that does not have the column."""
    there = ", ".join(repr(each[:60]) for each in columns[:30]) or "none"
    return DocumentError(
        f"{name} has no column {column!r}; its columns are {there}",
        "name the column that holds the texts",
    )
