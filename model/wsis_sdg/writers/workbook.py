"""Records as an Excel workbook: paragraphs, tags, matrix, about."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from wsis_sdg.records import TAG_FIELDS, About, Record, codes
from wsis_sdg.taxonomy import ACTION_LINES, BY_CODE, GOALS, TARGETS
from wsis_sdg.writers.colours import ink_on, label_colour

MAX_ROWS: Final = 1_048_576
"""Of a sheet, the header included; what is more goes on in a further sheet."""
MAX_CELL: Final = 32_767
"""Characters; Excel cannot hold more in a cell."""
_CUT: Final = " … [cut here: a cell holds no more]"
_PARAGRAPHS: Final = (
    ("document", 26),
    ("index", 7),
    ("number", 9),
    ("kind", 13),
    ("heading", 28),
    ("text", 90),
    ("goals", 14),
    ("targets", 18),
    ("action lines", 18),
)
_TAGS: Final = (
    ("document", 26),
    ("index", 7),
    ("number", 9),
    ("label kind", 12),
    ("code", 9),
    ("title", 40),
    ("score", 8),
    ("text", 90),
)
_FIXED_DATE: Final = datetime(2000, 1, 1)


def write_workbook(records: Iterable[Record], path: Path, about: About) -> None:
    """Write records as an Excel workbook; every text is a text, whatever it begins with.

    Args:
        records: Gone through once for each of the first three sheets.
        path: The file.
        about: The last sheet.
    """
    import xlsxwriter

    # Rows go to disk one by one, so that memory does not grow with the records.
    with xlsxwriter.Workbook(
        path, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    ) as book:
        # The date of writing would make two runs over the same texts differ.
        book.set_properties({"title": "Tagged paragraphs", "created": _FIXED_DATE})
        styles = _Styles(book)
        paragraphs = _Sheets(book, "paragraphs", _PARAGRAPHS, styles)
        for record in records:
            joined = [", ".join(codes(record, field)) for field in TAG_FIELDS]
            first = [record[name] for name, _ in _PARAGRAPHS[:6]]
            paragraphs.add([*first, *joined], {})
        paragraphs.close()
        tags = _Sheets(book, "tags", _TAGS, styles)
        for record in records:
            for row, colour in _tag_rows(record):
                tags.add(row, {4: styles.chip(colour), 6: styles.score})
        tags.close()
        _write_matrix(book, records, styles)
        _write_about(book, about, styles)


class _Styles:
    """The formats of a workbook's cells."""

    def __init__(self, book: Any) -> None:
        self._book = book
        self._chips: dict[str, Any] = {}
        top = {"valign": "top"}
        self.head = book.add_format(
            {"bold": True, "bg_color": "#1F4E79", "font_color": "#FFFFFF", "valign": "vcenter"}
        )
        self.plain = book.add_format(top)
        self.wrapped = book.add_format({**top, "text_wrap": True})
        self.score = book.add_format({**top, "num_format": "0.00"})
        self.bold = book.add_format({**top, "bold": True})

    def chip(self, colour: str) -> Any:
        """A cell filled with a label's colour."""
        if colour not in self._chips:
            self._chips[colour] = self._book.add_format(
                {
                    "bg_color": colour,
                    "font_color": ink_on(colour),
                    "bold": True,
                    "align": "center",
                    "valign": "top",
                }
            )
        return self._chips[colour]


class _Sheets:
    """A table that goes on in a further sheet where one is full."""

    def __init__(
        self, book: Any, name: str, columns: Sequence[tuple[str, int]], styles: _Styles
    ) -> None:
        self._book, self._name, self._columns, self._styles = book, name, columns, styles
        self._count = 0
        self._open()

    def add(self, values: Sequence[Any], formats: dict[int, Any]) -> None:
        """Add a row; ``formats`` are those of columns that are not plain."""
        if self._row == MAX_ROWS:
            self.close()
            self._open()
        for column, value in enumerate(values):
            wraps = self._columns[column][1] >= 40
            form = formats.get(column, self._styles.wrapped if wraps else self._styles.plain)
            _put(self._sheet, self._row, column, value, form)
        self._row += 1

    def close(self) -> None:
        """Set the filter over the rows of the sheet."""
        self._sheet.autofilter(0, 0, max(self._row - 1, 1), len(self._columns) - 1)

    def _open(self) -> None:
        self._count += 1
        name = self._name if self._count == 1 else f"{self._name} {self._count}"
        self._sheet = self._book.add_worksheet(name)
        self._sheet.freeze_panes(1, 0)
        for column, (title, width) in enumerate(self._columns):
            self._sheet.set_column(column, column, width)
            self._sheet.write_string(0, column, title, self._styles.head)
        self._row = 1


def _put(sheet: Any, row: int, column: int, value: Any, form: Any) -> None:
    if isinstance(value, (int, float)):
        sheet.write_number(row, column, value, form)
        return
    text = value if len(value) <= MAX_CELL else value[: MAX_CELL - len(_CUT)] + _CUT
    sheet.write_string(row, column, text, form)


def _tag_rows(record: Record) -> Iterable[tuple[list[Any], str]]:
    for field in TAG_FIELDS:
        for tag in record[field]:
            code = tag["code"]
            yield (
                [
                    record["document"],
                    record["index"],
                    record["number"],
                    BY_CODE[code].kind.replace("_", " "),
                    code,
                    tag["title"],
                    tag["score"],
                    record["text"],
                ],
                label_colour(code),
            )


def _write_matrix(book: Any, records: Iterable[Record], styles: _Styles) -> None:
    """How many paragraphs carry an action line together with a goal or a target."""
    pairs: Counter[tuple[str, str]] = Counter()
    for record in records:
        others = [*codes(record, "goals"), *codes(record, "targets")]
        pairs.update((line, code) for line in codes(record, "action_lines") for code in others)
    met = {code for _, code in pairs}
    columns = [*GOALS, *(target for target in TARGETS if target.code in met)]
    sheet = book.add_worksheet("matrix")
    sheet.freeze_panes(1, 2)
    sheet.set_column(0, 0, 10)
    sheet.set_column(1, 1, 52)
    sheet.set_column(2, 1 + len(columns), 6)
    sheet.write_string(0, 0, "action line", styles.head)
    sheet.write_string(0, 1, "paragraphs that share it with a goal or target", styles.head)
    for column, label in enumerate(columns, start=2):
        sheet.write_string(0, column, label.code, styles.chip(label_colour(label.code)))
    for row, line in enumerate(ACTION_LINES, start=1):
        sheet.write_string(row, 0, line.code, styles.bold)
        sheet.write_string(row, 1, line.title, styles.plain)
        for column, label in enumerate(columns, start=2):
            if count := pairs[line.code, label.code]:
                sheet.write_number(row, column, count, styles.plain)
    sheet.conditional_format(
        1,
        2,
        len(ACTION_LINES),
        1 + len(columns),
        {"type": "2_color_scale", "min_color": "#FFFFFF", "max_color": "#7FB2DD"},
    )


def _write_about(book: Any, about: About, styles: _Styles) -> None:
    sheet = book.add_worksheet("about")
    sheet.set_column(0, 0, 28)
    sheet.set_column(1, 1, 100)
    row = 0
    for name, value in about.facts:
        sheet.write_string(row, 0, name, styles.bold)
        _put(sheet, row, 1, value, styles.wrapped)
        row += 1
    if about.failures:
        row += 1
        sheet.write_string(row, 0, "not read", styles.head)
        sheet.write_string(row, 1, "why", styles.head)
        for failure in about.failures:
            row += 1
            _put(sheet, row, 0, failure.document, styles.plain)
            _put(sheet, row, 1, f"{failure.problem}; {failure.remedy}", styles.wrapped)
