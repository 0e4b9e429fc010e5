"""Characters of a PDF page to pieces of line, with raised figures marked."""

from __future__ import annotations

import ctypes
import math
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

import pypdfium2.raw as pdfium

from wsis_sdg.documents.markup import RAISED

_BOLD: Final = re.compile(rb"bold|black|heavy|semibold|demi", re.IGNORECASE)
_COLUMN_GAP: Final = 1.5
"""Ems of white space that no two words of a line are set apart."""
_WORD_GAP: Final = 0.28
"""Ems between two characters from which a space is meant, printed or not."""
_RAISE: Final = 0.15
"""Ems by which a footnote mark stands above the line."""
_SMALL: Final = 0.85
"""Size of a footnote mark to that of its line, at most."""


@dataclass(frozen=True, slots=True)
class Glyph:
    """A character where it stands, in points.

    Attributes:
        text: The character.
        x0: Left end.
        x1: Right end.
        y: The base line, upwards.
        size: The size as printed.
        is_bold: Whether it is bold.
        run: What the file printed it with: characters of one ligature share it and their place.
    """

    text: str
    x0: float
    x1: float
    y: float
    size: float
    is_bold: bool
    run: int = 0


class _Character(NamedTuple):
    """A character as PDFium gives it, on the page before any turn."""

    text: str
    box: tuple[float, float, float, float]
    origin: tuple[float, float]
    size: float
    quarters: int | None
    is_bold: bool
    run: int


@dataclass(slots=True)
class Cell:
    """A piece of a line without a wide gap: a word, a line, a cell of a table."""

    glyphs: list[Glyph] = field(default_factory=list)

    @property
    def x0(self) -> float:
        """Left end."""
        return min(glyph.x0 for glyph in self.glyphs)

    @property
    def x1(self) -> float:
        """Right end."""
        return max(glyph.x1 for glyph in self.glyphs)

    @property
    def size(self) -> float:
        """The size that most of its characters have."""
        printed = [g for g in self.glyphs if g.text != " "] or self.glyphs
        return Counter(round(g.size, 1) for g in printed).most_common(1)[0][0]

    @property
    def y(self) -> float:
        """The base line of most characters of that size."""
        size = self.size
        ys = [round(g.y, 1) for g in self.glyphs if round(g.size, 1) == size]
        return Counter(ys).most_common(1)[0][0]

    @property
    def is_bold(self) -> bool:
        """Whether all its letters are bold."""
        letters = [g for g in self.glyphs if g.text.isalpha()]
        return bool(letters) and all(g.is_bold for g in letters)

    @property
    def text(self) -> str:
        """The characters, footnote marks as raised figures."""
        size, y = self.size, self.y
        pieces = []
        for glyph in self.glyphs:
            is_raised = glyph.y > y + _RAISE * size and glyph.size < _SMALL * size
            pieces.append(glyph.text.translate(RAISED) if is_raised else glyph.text)
        return "".join(pieces).strip()


@dataclass(frozen=True, slots=True)
class Turn:
    """A turn of the page by quarters, so that most of its text runs from left to right."""

    quarters: int

    def point(self, x: float, y: float) -> tuple[float, float]:
        """A point as it stands on the turned page."""
        for _ in range(self.quarters):
            x, y = y, -x
        return x, y

    def box(self, left: float, bottom: float, right: float, top: float) -> Box:
        """A box as it stands on the turned page."""
        (x0, y0), (x1, y1) = self.point(left, bottom), self.point(right, top)
        return Box(min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1))


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle, in points."""

    x0: float
    y0: float
    x1: float
    y1: float


def page_cells(
    text_page: Any, page_box: tuple[float, float, float, float]
) -> tuple[list[Cell], Turn, int]:
    """The pieces of line on a page, in the order of the file.

    Args:
        text_page: PDFium's handle.
        page_box: Left, bottom, right and top of what is shown.

    Returns:
        The pieces, how the page was turned, and how many characters stand at another angle.
    """
    found = list(_characters(text_page, page_box))
    angles = Counter(c.quarters for c in found if c is not None and c.quarters is not None)
    turn = Turn(angles.most_common(1)[0][0] if angles else 0)
    cells: list[Cell] = []
    askew = 0
    wants_space = False
    for character in found:
        if character is None:
            wants_space = True
        elif character.quarters != turn.quarters:
            askew += 1
        else:
            box = turn.box(*character.box)
            _, y = turn.point(*character.origin)
            size, is_bold, run = character.size, character.is_bold, character.run
            glyph = Glyph(character.text, box.x0, box.x1, y, size, is_bold, run)
            _append(cells, glyph, wants_space)
            wants_space = False
    return [cell for cell in cells if cell.text], turn, askew


def _append(cells: list[Cell], glyph: Glyph, wants_space: bool) -> None:
    """Put a character into the open piece of line, or begin another with it."""
    if not cells:
        cells.append(Cell([glyph]))
        return
    glyphs = cells[-1].glyphs
    last = glyphs[-1]
    if glyph.run == last.run and glyph.x0 == last.x0 and glyph.y == last.y:
        # PDFium gives the letters of a ligature one after the other at one place.
        glyphs.append(glyph)
        return
    size = max(last.size, glyph.size)
    gap = glyph.x0 - last.x1
    if abs(glyph.y - last.y) > 0.5 * size or not -0.5 * size < gap < _COLUMN_GAP * size:
        if glyph.text != " ":
            cells.append(Cell([glyph]))
        return
    if glyph.text == last.text and abs(glyph.x0 - last.x0) < 0.12 * size:
        # Some programs print a character twice to make it bold.
        return
    if (wants_space or gap > _WORD_GAP * size) and last.text != " " and glyph.text != " ":
        glyphs.append(Glyph(" ", last.x1, glyph.x0, last.y, last.size, last.is_bold))
    glyphs.append(glyph)


def _characters(
    page: Any, page_box: tuple[float, float, float, float]
) -> Iterator[_Character | None]:
    """The characters; ``None`` where PDFium puts a space."""
    left, bottom, right, top = page_box
    x, y = ctypes.c_double(), ctypes.c_double()
    box = pdfium.FS_RECTF()
    fonts: dict[int, tuple[float, int | None, bool]] = {}
    for index in range(pdfium.FPDFText_CountChars(page)):
        code = pdfium.FPDFText_GetUnicode(page, index)
        if pdfium.FPDFText_IsGenerated(page, index) == 1:
            if code == 0x20:
                yield None
            continue
        text = _text(code)
        if not text:
            continue
        pdfium.FPDFText_GetCharOrigin(page, index, x, y)
        pdfium.FPDFText_GetLooseCharBox(page, index, box)
        if not (left <= x.value <= right and bottom <= y.value <= top):
            continue
        handle = pdfium.FPDFText_GetTextObject(page, index)
        key = ctypes.cast(handle, ctypes.c_void_p).value or -index - 1
        if key not in fonts:
            fonts[key] = _font(page, index)
        corners = (box.left, box.bottom, box.right, box.top)
        yield _Character(text, corners, (x.value, y.value), *fonts[key], key)


def _text(code: int) -> str:
    if code in (0x02, 0xAD, 0xFFFE):
        # PDFium's sign for a hyphen at a line end; and what some fonts call every hyphen.
        return "-"
    if code < 0x20 or 0xD800 <= code < 0xE000 or code > 0x10FFFF:
        return ""
    return " " if chr(code).isspace() else chr(code)


def _font(page: Any, index: int) -> tuple[float, int | None, bool]:
    """Size as printed, quarter turns of the line or ``None`` where it stands askew, boldness."""
    matrix = pdfium.FS_MATRIX()
    scale, quarters = 1.0, 0
    if pdfium.FPDFText_GetMatrix(page, index, matrix):
        scale = math.hypot(matrix.c, matrix.d)
        turns = math.atan2(matrix.b, matrix.a) / (math.pi / 2)
        quarters = round(turns) % 4 if abs(turns - round(turns)) < 0.05 else -1
    name = ctypes.create_string_buffer(256)
    flags = ctypes.c_int()
    length = pdfium.FPDFText_GetFontInfo(page, index, name, len(name), flags)
    weight = pdfium.FPDFText_GetFontWeight(page, index)
    is_bold = bool(length and _BOLD.search(name.value)) or weight >= 600
    size = pdfium.FPDFText_GetFontSize(page, index) * scale
    return max(size, 0.1), quarters if quarters >= 0 else None, is_bold
