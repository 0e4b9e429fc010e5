"""Pieces of line on a page to lines in reading order, column after column."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Final

from wsis_sdg.documents.pdf_glyphs import Box, Cell

_LABEL: Final = re.compile(
    r"\d{1,3}[.)]|\((?:[a-z]{1,4}|\d{1,3})\)|[•▪–*+-]|[⁰¹²³⁴-⁹]{1,3}|[IVXLC]{1,6}\.|[A-Z]\."
)
_LABEL_GAP: Final = 6.0
"""Ems between a label and its text, at most."""
_JOIN_GAP: Final = 0.6
"""Ems between two pieces of one line that the file holds apart, at most."""
_LEAST_LINES: Final = 5
"""Lines on both sides that make two columns; fewer are a masthead or a signature."""
_DEPTH: Final = 3


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of line: what a ``Cell`` comes to."""

    text: str
    x0: float
    x1: float
    y: float
    size: float
    is_bold: bool

    @classmethod
    def of(cls, cell: Cell) -> Piece:
        """The piece that a cell comes to."""
        return cls(cell.text, cell.x0, cell.x1, cell.y, cell.size, cell.is_bold)

    def joined(self, other: Piece) -> Piece:
        """This piece and the next one of its line as one."""
        longer = max(self, other, key=lambda piece: len(piece.text))
        return Piece(
            f"{self.text} {other.text}",
            min(self.x0, other.x0),
            max(self.x1, other.x1),
            longer.y,
            longer.size,
            self.is_bold and other.is_bold,
        )

    def is_in(self, box: Box) -> bool:
        """Whether its middle lies in a box."""
        middle = (self.x0 + self.x1) / 2
        return box.x0 <= middle <= box.x1 and box.y0 <= self.y + self.size / 4 <= box.y1


@dataclass(frozen=True, slots=True)
class Region:
    """A stretch of a page that is read from top to bottom: the page, or a part of a column.

    Attributes:
        page: The page, from 1.
        left: Where its text begins.
        right: Where its text ends.
        rows: Its rows, each of one piece or, in tables and mastheads, of several.
    """

    page: int
    left: float
    right: float
    rows: tuple[tuple[Piece, ...], ...]


def merge_raised(cells: Sequence[Cell]) -> list[Piece]:
    """Put footnote figures that the file holds apart back to the word that they follow."""
    sizes = [(cell, cell.x0, cell.x1, cell.y, cell.size) for cell in cells]
    taken: set[int] = set()
    for place, (cell, x0, x1, y, size) in enumerate(sizes):
        if len(cell.glyphs) > 3 or not cell.text.isdecimal():
            continue
        for other, left, right, base, height in sizes:
            is_above = 0.1 * height < y - base < 0.6 * height and size < 0.85 * height
            if other is cell or not is_above:
                continue
            if abs(x0 - right) < 0.3 * height:
                other.glyphs.extend(cell.glyphs)
            elif abs(left - x1) < 0.3 * height:
                other.glyphs[:0] = cell.glyphs
            else:
                continue
            taken.add(place)
            break
    return [Piece.of(cell) for place, cell in enumerate(cells) if place not in taken]


def make_rows(pieces: Iterable[Piece]) -> list[list[Piece]]:
    """Rows from top to bottom, their pieces from left to right, labels joined to their text."""
    rows: list[list[Piece]] = []
    for piece in sorted(pieces, key=lambda p: (-p.y, p.x0)):
        if rows and abs(rows[-1][0].y - piece.y) <= 0.3 * min(rows[-1][0].size, piece.size):
            rows[-1].append(piece)
        else:
            rows.append([piece])
    for row in rows:
        row.sort(key=lambda p: p.x0)
        place = 0
        while place + 1 < len(row):
            first, second = row[place], row[place + 1]
            is_label = place == 0 and _LABEL.fullmatch(first.text) is not None
            if second.x0 - first.x1 < (_LABEL_GAP if is_label else _JOIN_GAP) * second.size:
                row[place : place + 2] = [first.joined(second)]
            else:
                place += 1
    return rows


def make_regions(
    pieces: Sequence[Piece], page: int, *, gutters: set[float], depth: int = 0
) -> list[Region]:
    """The regions of a page in reading order: across, then the left column, then the right.

    Args:
        pieces: The page's pieces.
        page: Its number, from 1.
        gutters: Where right columns began on the pages before; what is found is added.
        depth: How many gutters lie around the pieces.
    """
    pieces = [piece for row in make_rows(pieces) for piece in row]
    gutter = _gutter(pieces, gutters) if depth < _DEPTH else None
    if gutter is None:
        return [_region(pieces, page)] if pieces else []
    gutters.add(gutter)
    regions: list[Region] = []
    across: list[Piece] = []
    sides: tuple[list[Piece], list[Piece]] = ([], [])
    for piece in pieces:
        side = _side(piece, gutter)
        if side is None and (sides[0] or sides[1]):
            regions += _columns(sides, page, gutters, depth)
            sides = ([], [])
        if side is not None and across:
            regions += [_region(across, page)]
            across = []
        (across if side is None else sides[side]).append(piece)
    regions += [_region(across, page)] if across else []
    return regions + _columns(sides, page, gutters, depth)


def _columns(
    sides: tuple[list[Piece], list[Piece]], page: int, gutters: set[float], depth: int
) -> list[Region]:
    return [
        region
        for side in sides
        if side
        for region in make_regions(side, page, gutters=gutters, depth=depth + 1)
    ]


def _region(pieces: Sequence[Piece], page: int) -> Region:
    rows = make_rows(pieces)
    return Region(
        page,
        min(piece.x0 for piece in pieces),
        max(piece.x1 for piece in pieces),
        tuple(tuple(row) for row in rows),
    )


def _side(piece: Piece, gutter: float) -> int | None:
    """0 left of the gutter, 1 right of it, ``None`` across."""
    if piece.x1 <= gutter - 2:
        return 0
    return 1 if piece.x0 >= gutter - 2 else None


def _gutter(pieces: Sequence[Piece], gutters: set[float]) -> float | None:
    """Where the right column begins, or ``None`` where the text runs across."""
    left = min((p.x0 for p in pieces), default=0.0)
    right = max((p.x1 for p in pieces), default=0.0)
    width = max(right - left, 1.0)
    starts = Counter(round(p.x0) for p in pieces if 0.25 < (p.x0 - left) / width < 0.75)
    for start, count in starts.most_common(3):
        # Where the page before had two columns, the few lines that end them are enough.
        known = next((g for g in gutters if abs(g - start) <= 2), None)
        least = _LEAST_LINES if known is None else 2
        if count >= least and _are_columns(pieces, float(start), left, right, least=least):
            return float(start)
    return None


def _are_columns(
    pieces: Sequence[Piece], gutter: float, left: float, right: float, *, least: int
) -> bool:
    """Whether both sides of a gutter hold lines that fill them, side by side."""
    ours = [p for p in pieces if _side(p, gutter) == 0]
    theirs = [p for p in pieces if _side(p, gutter) == 1]
    if len(ours) < least or len(theirs) < least:
        return False
    fills = median(p.x1 - p.x0 for p in ours) > 0.55 * (gutter - left)
    fills = fills and median(p.x1 - p.x0 for p in theirs) > 0.55 * (right - gutter)
    top = min(max(p.y for p in ours), max(p.y for p in theirs))
    bottom = max(min(p.y for p in ours), min(p.y for p in theirs))
    return fills and top - bottom > (least - 1) / 2 * median(p.size for p in pieces)
