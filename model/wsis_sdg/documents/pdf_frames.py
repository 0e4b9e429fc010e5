"""Tables and boxes on a PDF page: by their rules, or by rows of cells."""

from __future__ import annotations

import ctypes
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

import pypdfium2.raw as pdfium

from wsis_sdg.documents.pdf_glyphs import Box, Turn
from wsis_sdg.documents.pdf_page import Piece

_THIN: Final = 3.0
"""Points up to which a drawn shape is a rule."""
_TOUCH: Final = 3.0
"""Points between two rules of one frame, at most."""
_MOST_RULES: Final = 1_500
"""Rules on a page beyond which it is a drawing or a map, not a table."""
_WHOLE_PAGE: Final = 0.6
"""Share of the page from which a rectangle is its ground or its border."""
_LEAST_ROWS: Final = 3


@dataclass(frozen=True, slots=True)
class Frame:
    """A place on a page that is no running text."""

    box: Box
    kind: Literal["table", "box"]


def find_frames(page: Any, turn: Turn, page_box: Box, pieces: Sequence[Piece]) -> list[Frame]:
    """The tables and boxes that rules or a ground mark on a page.

    Args:
        page: PDFium's handle.
        turn: How the page is turned.
        page_box: The page, turned.
        pieces: Its pieces of line.
    """
    shapes = _shapes(page, turn)
    area = (page_box.x1 - page_box.x0) * (page_box.y1 - page_box.y0)
    across = [b for b in shapes if b.y1 - b.y0 < _THIN and b.x1 - b.x0 > 20]
    upright = [b for b in shapes if b.x1 - b.x0 < _THIN and b.y1 - b.y0 > 6]
    frames = [
        Frame(b, "box") for b in shapes if b.x1 - b.x0 > 60 and b.y1 - b.y0 > 30
    ]  # fmt: skip
    if len(across) + len(upright) <= _MOST_RULES:
        frames += _ruled(across, upright) + _striped(across, pieces)
    frames = [f for f in frames if _area(f.box) < _WHOLE_PAGE * area or f.kind == "table"]
    frames.sort(key=lambda f: (f.kind == "box", -_area(f.box)))
    kept: list[Frame] = []
    for frame in frames:
        if not any(_holds(other.box, frame.box) for other in kept):
            kept.append(frame)
    return kept


def is_table_row(rows: Sequence[Sequence[Piece]]) -> list[bool]:
    """Which rows of a region belong to a table without rules: three or more of several cells."""
    several = [len(row) > 1 for row in rows]
    found = [False] * len(rows)
    start: int | None = None
    last = count = 0
    for place, is_cells in enumerate([*several, False, False]):
        if is_cells:
            start = place if start is None else start
            last, count = place, count + 1
        elif start is not None and place - last >= 2:
            # A single row between is the second line of a cell.
            if count >= _LEAST_ROWS:
                found[start : last + 1] = [True] * (last + 1 - start)
            start, count = None, 0
    return found


def _shapes(page: Any, turn: Turn) -> list[Box]:
    found = []
    sides = [ctypes.c_float() for _ in range(4)]
    for index in range(pdfium.FPDFPage_CountObjects(page)):
        shape = pdfium.FPDFPage_GetObject(page, index)
        if pdfium.FPDFPageObj_GetType(shape) != pdfium.FPDF_PAGEOBJ_PATH:
            continue
        if pdfium.FPDFPageObj_GetBounds(shape, *sides):
            left, bottom, right, top = (side.value for side in sides)
            found.append(turn.box(left, bottom, right, top))
    return found


def _ruled(across: Sequence[Box], upright: Sequence[Box]) -> list[Frame]:
    """Frames whose rules touch: two each way make a box, more make a table."""
    rules = [*across, *upright]
    group = list(range(len(rules)))

    def root(place: int) -> int:
        while group[place] != place:
            place = group[place]
        return place

    for i, first in enumerate(rules):
        for j in range(i):
            if _touch(first, rules[j]):
                group[root(i)] = root(j)
    frames = []
    for each in {root(place) for place in range(len(rules))}:
        members = [place for place in range(len(rules)) if root(place) == each]
        levels = {round(rules[p].y0 / _TOUCH) for p in members if p < len(across)}
        places = {round(rules[p].x0 / _TOUCH) for p in members if p >= len(across)}
        if len(levels) >= 2 and len(places) >= 2:
            box = _around([rules[p] for p in members])
            is_table = len(levels) > 2 or len(places) > 2
            frames.append(Frame(box, "table" if is_table else "box"))
    return frames


def _striped(across: Sequence[Box], pieces: Sequence[Piece]) -> list[Frame]:
    """Tables with rules across only: three or more of the same width, cells between them."""
    groups: dict[tuple[int, int], list[Box]] = {}
    for rule in across:
        groups.setdefault((round(rule.x0 / 5), round(rule.x1 / 5)), []).append(rule)
    frames = []
    for rules in groups.values():
        box = _around(rules)
        inside = [round(p.y) for p in pieces if p.is_in(box)]
        has_cells = sum(inside.count(y) > 1 for y in set(inside)) >= 2
        if len(rules) >= 3 and has_cells:
            frames.append(Frame(box, "table"))
    return frames


def _touch(a: Box, b: Box) -> bool:
    return (
        a.x0 - _TOUCH <= b.x1
        and b.x0 - _TOUCH <= a.x1
        and a.y0 - _TOUCH <= b.y1
        and b.y0 - _TOUCH <= a.y1
    )


def _around(boxes: Sequence[Box]) -> Box:
    return Box(
        min(b.x0 for b in boxes),
        min(b.y0 for b in boxes),
        max(b.x1 for b in boxes),
        max(b.y1 for b in boxes),
    )


def _area(box: Box) -> float:
    return (box.x1 - box.x0) * (box.y1 - box.y0)


def _holds(outer: Box, inner: Box) -> bool:
    return (
        outer.x0 - _TOUCH <= inner.x0
        and outer.y0 - _TOUCH <= inner.y0
        and inner.x1 <= outer.x1 + _TOUCH
        and inner.y1 <= outer.y1 + _TOUCH
    )
