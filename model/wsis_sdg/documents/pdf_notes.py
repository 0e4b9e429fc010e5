"""Footnotes of PDF pages: small lines at the foot that begin with a mark."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from wsis_sdg.documents.markup import FIGURES, SUPERSCRIPTS
from wsis_sdg.documents.pdf_page import Piece

_SMALL: Final = 0.95
"""Size of a footnote to that of the text, at most."""
_RAISED: Final = re.compile(rf"({FIGURES})\s*(?=\S)")
_PLAIN: Final = re.compile(r"(\d{1,3})\s+(?=\S)|(\*{1,3}|†|‡)\s*(?=\S)")


@dataclass(slots=True)
class Note:
    """A footnote in the making: its mark, its lines, and the page it begins on."""

    mark: str
    lines: list[str]
    page: int


@dataclass(slots=True)
class NoteFinder:
    """Takes the footnotes from page after page.

    Attributes:
        size: The size of the document's text.
        notes: The footnotes so far.
    """

    size: float
    notes: list[Note] = field(default_factory=list)

    def take(self, lines: Sequence[Piece], page: int) -> list[Piece]:
        """Take the footnotes at the foot of a page or a column; the other lines are returned."""
        start = next((i for i in range(len(lines)) if self._is_foot(lines, i)), len(lines))
        start = self._continued(lines, start, page)
        for line in lines[start:]:
            mark, text = self._opening(line)
            if mark:
                self.notes.append(Note(mark, [text], page))
            else:
                self.notes[-1].lines.append(line.text)
        return list(lines[:start])

    def _is_foot(self, lines: Sequence[Piece], place: int) -> bool:
        """Whether a line begins a footnote and nothing but footnotes follows."""
        if not self._opening(lines[place])[0]:
            return False
        most = max(_SMALL * self.size, lines[place].size + 0.3)
        return all(line.size <= most for line in lines[place:])

    def _opening(self, line: Piece) -> tuple[str, str]:
        """The mark that a line begins with, or empty, and its text behind it."""
        raised = _RAISED.match(line.text)
        if raised:
            return raised.group(1).translate(SUPERSCRIPTS), line.text[raised.end() :]
        plain = _PLAIN.match(line.text) if line.size <= _SMALL * self.size else None
        if plain is None:
            return "", line.text
        if plain.group(1):
            # A plain figure may be anything, save where the next footnote is due.
            figures = [int(note.mark) for note in self.notes if note.mark.isdecimal()]
            if int(plain.group(1)) != (figures[-1] if figures else 0) + 1:
                return "", line.text
        return plain.group(1) or plain.group(2), line.text[plain.end() :]

    def _continued(self, lines: Sequence[Piece], start: int, page: int) -> int:
        """Where the rest of the footnote begins that the page before did not finish."""
        first = start
        while first > 0 and lines[first - 1].size <= _SMALL * self.size:
            first -= 1
        last = self.notes[-1] if self.notes else None
        is_open = last is not None and not last.lines[-1].rstrip('”"’)').endswith((".", "!", "?"))
        return first if is_open and last is not None and last.page == page - 1 else start
