"""A matrix as an Excel workbook: a coloured sheet a level, all cells, agreement and changes."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, Final

import xlsxwriter

from wsis_sdg.matrix.colours import ink_on, shade
from wsis_sdg.matrix.comparison import cell_states
from wsis_sdg.matrix.frames import change_frame
from wsis_sdg.matrix.official import LEVELS, Level, labels_of
from wsis_sdg.matrix.terminal import MARKS
from wsis_sdg.taxonomy import ACTION_LINES, BY_CODE

if TYPE_CHECKING:
    from wsis_sdg.matrix.export import Result

LINE_WIDTH: Final = 58
AGREEMENT: Final = (
    "cells",
    "official",
    "text",
    "agree",
    "precision",
    "recall",
    "f1",
    "kappa",
    "average_precision",
    "chance_average_precision",
    "frequency_average_precision",
    "chance_f1",
    "frequency_f1",
    "everything_f1",
)


def workbook_bytes(result: Result) -> bytes:
    """The workbook's bytes; texts that look like formulas stay texts."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(
        buffer, {"strings_to_formulas": False, "strings_to_urls": False, "in_memory": True}
    ) as book:
        for level in LEVELS:
            _grid_sheet(book, result, level)
        frame = result.matrix.to_frame()
        _table_sheet(book, "Cells", list(frame.columns), frame.itertuples(index=False))
        _table_sheet(book, "Agreement", ["level", "cells of", *AGREEMENT], _agreement_rows(result))
        if result.changes is not None:
            changes = change_frame(result.changes)
            _table_sheet(book, "Changes", list(changes.columns), changes.itertuples(index=False))
    return buffer.getvalue()


def _grid_sheet(book: Any, result: Result, level: Level) -> None:
    labels, cells = labels_of(level), result.matrix.cells(level)
    states = cell_states(level, cells.linked)
    sheet = book.add_worksheet("Goals" if level == "goal" else "Targets")
    sheet.freeze_panes(1, 1)
    sheet.set_column(0, 0, LINE_WIDTH)
    sheet.set_column(1, len(labels), 7)
    sheet.set_landscape()
    sheet.set_paper(8)  # A3
    sheet.fit_to_pages(1, 1)
    sheet.write(
        0, 0, f"{result.name}: paragraphs with both; ◉ text and official, ● text, ○ official"
    )
    for column, label in enumerate(labels, start=1):
        colour = BY_CODE[str(label.goal)].colour
        head = book.add_format(
            {"bg_color": colour, "font_color": ink_on(colour), "bold": True, "align": "center"}
        )
        sheet.write_string(0, column, label.code, head)
        sheet.write_comment(0, column, label.title)
    formats: dict[str, Any] = {}
    for row, line in enumerate(ACTION_LINES):
        sheet.write_string(row + 1, 0, f"{line.code}  {line.title}")
        for column, label in enumerate(labels):
            tint = shade(BY_CODE[str(label.goal)].colour, float(cells.strength[row, column]))
            if tint not in formats:
                formats[tint] = book.add_format({"bg_color": tint, "align": "center", "border": 4})
            count = int(cells.together[row, column])
            said = f"{MARKS[states[row][column]].strip()} {count or ''}".strip()
            sheet.write_string(row + 1, column + 1, said, formats[tint])


def _agreement_rows(result: Result) -> Iterable[list[Any]]:
    for level, comparison in result.comparisons.items():
        for name, found in (comparison.scopes | comparison.lines).items():
            figures = found.as_dict()
            yield [
                level,
                name,
                *(
                    figures[key]["value"] if isinstance(figures[key], dict) else figures[key]
                    for key in AGREEMENT
                ),
            ]


def _table_sheet(
    book: Any, name: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]
) -> None:
    sheet = book.add_worksheet(name)
    bold = book.add_format({"bold": True})
    sheet.freeze_panes(1, 0)
    for column, title in enumerate(columns):
        sheet.write_string(0, column, title, bold)
    last = 0
    for last, row in enumerate(rows, start=1):
        for column, value in enumerate(row):
            if isinstance(value, str):
                sheet.write_string(last, column, value)
            elif value is not None:
                sheet.write(last, column, value)
    sheet.autofilter(0, 0, max(last, 1), len(columns) - 1)
    sheet.set_column(0, len(columns) - 1, 14)
