"""Paragraphs of a rich format to a source text and the blocks that point into it."""

from __future__ import annotations

import re
from typing import Final

from wsis_sdg.documents.furniture import contents_lines, is_furniture, repeated_symbols
from wsis_sdg.documents.markup import FIGURES, SUPERSCRIPTS, take_figures, tidy
from wsis_sdg.documents.records import Block, Reading

_OPENING_FIGURE: Final = re.compile(rf"({FIGURES})\s*(?=\S)")
_BETWEEN: Final = "\n\n"


class Assembler:
    """Collects what a reader finds, in reading order.

    The readers of HTML, DOCX and PDF hand over text in which footnote marks are raised figures,
    as in plain text; here they leave the text.
    """

    def __init__(self) -> None:
        self._pieces: list[str] = []
        self._length = 0
        self._blocks: list[Block] = []
        self._notes: list[str] = []

    def add(
        self,
        raw: str,
        *,
        printed: str = "",
        number: str = "",
        level: int = 0,
        is_heading: bool = False,
        footnote: str = "",
        marks: tuple[str, ...] = (),
    ) -> None:
        """Append one paragraph; one without text is left out.

        Args:
            raw: Its text, with raised figures for footnote marks.
            printed: A label that the format prints before it and ``raw`` does not hold.
            number: That label's bare number or letter, where it is one.
            level: Depth of the list that the label belongs to, from 0.
            is_heading: The format itself says that this is a heading.
            footnote: The mark, when this is a footnote.
            marks: Footnote marks cited that are not figures, such as an asterisk.
        """
        raw = tidy(raw)
        if not raw:
            return
        opening = None if footnote else _OPENING_FIGURE.match(raw)
        if opening:
            footnote = opening.group(1).translate(SUPERSCRIPTS)
            text, cited = take_figures(raw[opening.end() :])
        else:
            text, cited = take_figures(raw)
        if printed and not number:
            text = f"{printed} {text}"
        shown = f"{printed} {raw}" if printed else raw
        start = self._length
        self._pieces.append(shown)
        self._length += len(shown) + len(_BETWEEN)
        self._blocks.append(
            Block(
                text,
                start,
                start + len(shown),
                number=number,
                level=level,
                is_heading=is_heading,
                footnote=footnote,
                marks=cited + marks,
            )
        )

    def note(self, note: str) -> None:
        """Add what a reader of the document should know."""
        self._notes.append(note)

    def reading(self) -> Reading:
        """What was collected, without running heads, page numbers and tables of contents."""
        texts = [block.text for block in self._blocks]
        heads = repeated_symbols(texts)
        contents = contents_lines(texts)
        if contents:
            self.note("a table of contents was passed over")
        blocks = tuple(
            block
            for place, block in enumerate(self._blocks)
            if place not in contents and block.text not in heads and not is_furniture(block.text)
        )
        return Reading(_BETWEEN.join(self._pieces), blocks, tuple(self._notes))
