"""A matrix to files; the ending of the name says which format."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from wsis_sdg.errors import OutputError
from wsis_sdg.matrix.change import CellChange
from wsis_sdg.matrix.comparison import Comparison
from wsis_sdg.matrix.official import Level
from wsis_sdg.matrix.table import Matrix

DIGITS: Final = 6


@dataclass(frozen=True, slots=True)
class Result:
    """Everything that one run has to say.

    Attributes:
        name: What the text is called.
        matrix: The matrix.
        comparisons: Beside the official one, per level.
        changes: Against another text; ``None`` where none was named.
        other: What the other text is called.
    """

    name: str
    matrix: Matrix
    comparisons: dict[Level, Comparison]
    changes: Sequence[CellChange] | None = None
    other: str = ""


def write_result(result: Result, path: Path, *, level: Level = "goal") -> None:
    """Write a result as CSV, JSON, XLSX, PNG, SVG or HTML.

    CSV holds the cells, or with another text the changes; images hold one level; all other
    formats hold everything.

    Args:
        result: What to write.
        path: The file; its ending names the format.
        level: The level that an image shows.

    Raises:
        OutputError: When the ending is unknown or the file cannot be written.
    """
    check_format(path)
    data = _FORMATS[path.suffix.lower()](result, level)
    try:
        path.write_bytes(data)
    except OSError as error:
        raise OutputError(
            f"{path} cannot be written ({error.strerror})",
            "choose a folder that exists and that you may write to",
        ) from error


def check_format(path: Path) -> None:
    """Check that a file's ending names a format.

    Raises:
        OutputError: When it does not.
    """
    if path.suffix.lower() not in _FORMATS:
        raise OutputError(f"{path} names no format of a matrix", f"end it in {', '.join(_FORMATS)}")


def csv_text(result: Result) -> str:
    """The cells as CSV, or the changes where there is another text."""
    from wsis_sdg.matrix.frames import change_frame

    frame = (
        result.matrix.to_frame() if result.changes is None else change_frame(result.changes)
    ).round(DIGITS)
    return str(frame.to_csv(index=False, lineterminator="\n"))


def result_dict(result: Result) -> dict[str, Any]:
    """A result as plain data: ``text``, ``notes``, ``cells``, ``comparison`` and ``changes``."""
    matrix = result.matrix
    return {
        "text": {
            "name": result.name,
            "paragraphs": matrix.paragraphs,
            "with_action_line": matrix.with_line,
            "all_scores": matrix.evidence.all_scores,
        },
        "notes": list(matrix.notes),
        "comparison": {
            level: {
                "scopes": {name: found.as_dict() for name, found in comparison.scopes.items()},
                "lines": {code: found.as_dict() for code, found in comparison.lines.items()},
            }
            for level, comparison in result.comparisons.items()
        },
        "changes": None
        if result.changes is None
        else {
            "other": result.other,
            "cells": [asdict(change) | {"is_clear": change.is_clear} for change in result.changes],
        },
        "cells": matrix.to_frame().round(DIGITS).to_dict(orient="records"),
    }


def _csv(result: Result, level: Level) -> bytes:
    return csv_text(result).encode()


def _json(result: Result, level: Level) -> bytes:
    return (json.dumps(result_dict(result), ensure_ascii=False, indent=1) + "\n").encode()


def _xlsx(result: Result, level: Level) -> bytes:
    from wsis_sdg.matrix.workbook import workbook_bytes

    return workbook_bytes(result)


def _png(result: Result, level: Level) -> bytes:
    from wsis_sdg.matrix.heatmap import render_heatmap

    return render_heatmap(result.matrix, level, form="png")


def _svg(result: Result, level: Level) -> bytes:
    from wsis_sdg.matrix.heatmap import render_heatmap

    return render_heatmap(result.matrix, level, form="svg")


def _html(result: Result, level: Level) -> bytes:
    from wsis_sdg.matrix.explorer import render_explorer

    return render_explorer(result).encode()


_FORMATS: Final[dict[str, Callable[[Result, Level], bytes]]] = {
    ".html": _html,
    ".csv": _csv,
    ".json": _json,
    ".xlsx": _xlsx,
    ".png": _png,
    ".svg": _svg,
}
