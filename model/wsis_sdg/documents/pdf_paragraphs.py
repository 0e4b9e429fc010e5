"""Lines of a PDF document to paragraphs, over the ends of columns and pages."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

from wsis_sdg.documents.pdf_page import Piece

_OPENING: Final = re.compile(
    r"(?:(\d{1,3})[.)]|\((\d{1,3})\)|\((?:[a-z]{1,2}|[ivx]{1,5})\)|[•▪–+*-])\s+\S"
)
_ENDS: Final = re.compile(r"[.;:!?][”\"’')\]⁰¹²³⁴-⁹]*$")
_GAP: Final = 1.22
"""White space between paragraphs to that between lines, at least."""
_INDENT: Final = 0.8
"""Ems by which a first line stands in, at least."""
_HEADING_WORDS: Final = 30
_HEADING_SIZE: Final = 1.1
"""Size of a heading to that of the text, from which it stands out."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of running text with the place that it fills.

    Attributes:
        piece: The line itself.
        left: Where its column's text begins.
        right: Where its column's text ends.
        region: The running number of the stretch of page that it stands in.
    """

    piece: Piece
    left: float
    right: float
    region: int

    @property
    def indent(self) -> float:
        """Ems by which it stands in."""
        return (self.piece.x0 - self.left) / self.piece.size

    @property
    def is_full(self) -> bool:
        """Whether it reaches the right margin."""
        return self.piece.x1 > self.right - 2.5 * self.piece.size


@dataclass(slots=True)
class PdfParagraph:
    """The lines of one paragraph."""

    lines: list[Line] = field(default_factory=list)

    @property
    def is_bold(self) -> bool:
        """Whether all of it is bold."""
        return all(line.piece.is_bold for line in self.lines)

    def is_heading(self, size: float) -> bool:
        """Whether it stands out from text of a size as headings do."""
        last = self.lines[-1].piece.text
        words = sum(len(line.piece.text.split()) for line in self.lines)
        stands_out = self.is_bold or self.lines[0].piece.size > _HEADING_SIZE * size
        return stands_out and words <= _HEADING_WORDS and not last.endswith((".", ";", ","))


def text_size(pieces: Sequence[Piece]) -> float:
    """The size that most characters of a document have."""
    sizes: Counter[float] = Counter()
    for piece in pieces:
        sizes[round(piece.size * 2) / 2] += len(piece.text)
    return sizes.most_common(1)[0][0] if sizes else 10.0


def make_paragraphs(lines: Sequence[Line]) -> list[PdfParagraph]:
    """Put lines together that belong together."""
    leading = _leading(lines)
    indents = _indents(lines, leading)
    paragraphs: list[PdfParagraph] = []
    last_number = 0
    for line in lines:
        match = _OPENING.match(line.piece.text)
        number = int(match.group(1) or match.group(2) or 0) if match else 0
        opens = match is not None and number in (0, 1, last_number + 1)
        last_number = number if opens and number else last_number
        if paragraphs and not opens and _goes_on(paragraphs[-1], line, leading, indents=indents):
            paragraphs[-1].lines.append(line)
        else:
            paragraphs.append(PdfParagraph([line]))
    return paragraphs


def _goes_on(paragraph: PdfParagraph, line: Line, leading: float, *, indents: bool) -> bool:
    """Whether a line that opens nothing by its label belongs to the paragraph before it."""
    last, this = paragraph.lines[-1].piece, line.piece
    if abs(last.size - this.size) > 0.6:
        return False
    if paragraph.is_bold != this.is_bold and (paragraph.is_bold or not paragraph.lines[-1].is_full):
        return False
    if paragraph.lines[-1].region != line.region:
        return _goes_on_beyond(paragraph, line, indents=indents)
    gap = last.y - this.y
    if gap > _GAP * leading * max(last.size, this.size):
        return False
    is_short = last.x1 < last.x0 + 0.75 * (line.right - line.left)
    if is_short and _ENDS.search(last.text) and not paragraph.is_bold:
        return False
    return not _begins_by_indent(paragraph, line)


def _begins_by_indent(paragraph: PdfParagraph, line: Line) -> bool:
    """Whether a line stands in as a first line does, not as lines behind a label or a heading."""
    first, last = paragraph.lines[0], paragraph.lines[-1]
    if line.indent - last.indent <= _INDENT:
        return False
    hangs = len(paragraph.lines) == 1 and _OPENING.match(first.piece.text) is not None
    return not hangs and not (_is_centred(last) and _is_centred(line))


def _goes_on_beyond(paragraph: PdfParagraph, line: Line, *, indents: bool) -> bool:
    """Whether a paragraph goes on in the next column or on the next page."""
    last = paragraph.lines[-1]
    if line.piece.text[:1].islower() and not _ENDS.search(last.piece.text):
        return True
    if not last.is_full:
        return False
    usual = paragraph.lines[-1].indent if len(paragraph.lines) > 1 else 0.0
    if line.indent > max(usual, 0.0) + _INDENT:
        return False
    return indents or not _ENDS.search(last.piece.text)


def _is_centred(line: Line) -> bool:
    before, behind = line.piece.x0 - line.left, line.right - line.piece.x1
    return before > line.piece.size and abs(before - behind) < 2 * line.piece.size


def _leading(lines: Sequence[Line]) -> float:
    """The usual distance between two lines, in ems."""
    distances: Counter[float] = Counter()
    for above, below in pairwise(lines):
        gap = above.piece.y - below.piece.y
        if above.region == below.region and 0 < gap < 3 * below.piece.size:
            distances[round(gap / below.piece.size * 20) / 20] += 1
    return distances.most_common(1)[0][0] if distances else 1.2


def _indents(lines: Sequence[Line], leading: float) -> bool:
    """Whether paragraphs of this document begin with a label or an indented line."""
    begun = marked = 0
    for above, below in pairwise(lines):
        gap = above.piece.y - below.piece.y
        is_new = gap > _GAP * leading * below.piece.size or _ENDS.search(above.piece.text)
        if above.region == below.region and is_new and not above.is_full:
            begun += 1
            marked += below.indent > _INDENT or _OPENING.match(below.piece.text) is not None
    return begun > 0 and marked / begun > 0.6
