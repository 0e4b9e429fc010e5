"""Running heads and feet of PDF pages: what returns on page after page at the same height."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import Final

from wsis_sdg.documents.furniture import is_furniture, is_symbol
from wsis_sdg.documents.pdf_glyphs import Box
from wsis_sdg.documents.pdf_page import Piece

_ZONE: Final = 0.16
"""Share of the page's height, above and below, in which heads and feet stand."""
_FIGURES: Final = re.compile(r"\d+")
_BARE_NUMBER: Final = re.compile(r"\d{1,4}|[ivxlc]{1,7}")


def without_furniture(pages: Sequence[Sequence[Piece]], boxes: Sequence[Box]) -> list[list[Piece]]:
    """Every page's pieces without its running heads, page numbers, job number and bar code.

    Args:
        pages: The pieces of each page.
        boxes: The pages themselves.
    """
    counts: Counter[tuple[str, int]] = Counter()
    for pieces, box in zip(pages, boxes, strict=True):
        counts.update({key for piece in pieces for key in _keys(piece, box)[:1]})
    return [
        [piece for piece in pieces if not _is_furniture(piece, box, counts, is_first=place == 0)]
        for place, (pieces, box) in enumerate(zip(pages, boxes, strict=True))
    ]


def _keys(piece: Piece, box: Box) -> list[tuple[str, int]]:
    """The piece's text with figures made alike and its height, and the heights beside it."""
    height = box.y1 - box.y0
    from_top, from_bottom = box.y1 - piece.y, piece.y - box.y0
    if min(from_top, from_bottom) > _ZONE * height:
        return []
    text = _FIGURES.sub("#", piece.text)
    # Counted from the nearer edge, in steps of four points: pages may differ in size.
    level = round(from_top / 4) if from_top < from_bottom else -1 - round(from_bottom / 4)
    return [(text, level + step) for step in (0, 1, -1)]


def _is_furniture(
    piece: Piece, box: Box, counts: Counter[tuple[str, int]], *, is_first: bool
) -> bool:
    keys = _keys(piece, box)
    if not keys:
        return False
    is_foot = piece.y - box.y0 < box.y1 - piece.y
    if is_furniture(piece.text) or (is_foot and _BARE_NUMBER.fullmatch(piece.text)):
        return True
    # The first page's symbol is part of its masthead; the others' is a running head.
    if is_symbol(piece.text) and not is_first:
        return True
    return sum(counts[key] for key in keys) > 1 and len(piece.text) < 200
