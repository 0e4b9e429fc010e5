"""Bytes of a PDF file to source text, blocks and notes; runs in a process of its own."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from wsis_sdg.documents.assemble import Assembler
from wsis_sdg.documents.furniture import contents_lines
from wsis_sdg.documents.lines import Vocabulary, join_lines
from wsis_sdg.documents.pdf_frames import Frame, find_frames, is_table_row
from wsis_sdg.documents.pdf_furniture import without_furniture
from wsis_sdg.documents.pdf_glyphs import Box, page_cells
from wsis_sdg.documents.pdf_notes import NoteFinder
from wsis_sdg.documents.pdf_page import Piece, make_regions, merge_raised
from wsis_sdg.documents.pdf_paragraphs import Line, make_paragraphs, text_size
from wsis_sdg.documents.records import Reading
from wsis_sdg.errors import DocumentError

_OCR: Final = "run OCR first"
_UNREADABLE: Final = re.compile(r"[\ufffd\ue000-\uf8ff]")
_SYMBOL_MARK: Final = re.compile(r"(?<=[\w\d.)”’])(\*{1,3}|†|‡)(?=[\s,;.]|$)")


@dataclass(frozen=True, slots=True)
class _Page:
    """What was found on a page."""

    box: Box
    pieces: list[Piece]
    frames: list[Frame]
    askew: int


def extract(data: bytes, *, name: str, pages: int) -> Reading:
    """Read a PDF file.

    Args:
        data: The whole file.
        name: For messages.
        pages: How many pages it may have.

    Raises:
        DocumentError: When it is encrypted, damaged, too long, or holds no text.
    """
    out = Assembler()
    found = _read_pages(data, name=name, most=pages)
    if not any(page.pieces for page in found):
        raise DocumentError(f"{name} holds no text, only images or drawings", _OCR)
    characters = "".join(piece.text for page in found for piece in page.pieces)
    if 5 * len(_UNREADABLE.findall(characters)) > len(characters):
        raise DocumentError(f"the fonts of {name} do not tell which letters they print", _OCR)
    empty = [str(n) for n, page in enumerate(found, start=1) if not page.pieces]
    if empty:
        out.note(f"no text on page {', '.join(empty)}: empty or a scan")
    if any(page.askew for page in found):
        out.note("text set at an angle was passed over")
    bodies = without_furniture([page.pieces for page in found], [page.box for page in found])
    bodies = _without_frames(bodies, [page.frames for page in found], out)
    lines, finder = _lines(bodies, out)
    words = Vocabulary(
        [line.piece.text for line in lines] + [text for note in finder.notes for text in note.lines]
    )
    symbols = {note.mark for note in finder.notes if not note.mark.isdecimal()}
    size = finder.size
    for paragraph in make_paragraphs(lines):
        text = join_lines((line.piece.text for line in paragraph.lines), words=words)
        marks = tuple(m for m in _SYMBOL_MARK.findall(text) if m in symbols)
        if marks:
            text = _SYMBOL_MARK.sub("", text)
        out.add(text, is_heading=paragraph.is_heading(size), marks=marks)
    for note in finder.notes:
        out.add(join_lines(note.lines, words=words), footnote=note.mark)
    return out.reading()


def _read_pages(data: bytes, *, name: str, most: int) -> list[_Page]:
    try:
        document = pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        if raw.FPDF_GetLastError() == raw.FPDF_ERR_PASSWORD:
            raise DocumentError(
                f"{name} is encrypted", "remove the password and save it again"
            ) from error
        raise _damaged(name, str(error)) from error
    if len(document) > most:
        raise DocumentError(
            f"{name} has {len(document):,} pages, more than the limit of {most:,}",
            "split the file or raise the limit on pages",
        )
    found = []
    for index in range(len(document)):
        try:
            found.append(_read_page(document[index]))
        except pdfium.PdfiumError as error:
            raise _damaged(name, f"page {index + 1}: {error}") from error
    if not found:
        raise _damaged(name, "it has no page")
    return found


def _read_page(page: Any) -> _Page:
    corners = page.get_cropbox()
    text_page = page.get_textpage()
    cells, turn, askew = page_cells(text_page.raw, corners)
    pieces = merge_raised(cells)
    box = turn.box(*corners)
    frames = find_frames(page.raw, turn, box, pieces)
    text_page.close()
    page.close()
    return _Page(box, pieces, frames, askew)


def _without_frames(
    bodies: list[list[Piece]], frames: Sequence[Sequence[Frame]], out: Assembler
) -> list[list[Piece]]:
    """Pass over tables and boxes, unless they hold most of the text."""
    kept: list[list[Piece]] = []
    notes: list[str] = []
    passed = 0
    for page, (pieces, found) in enumerate(zip(bodies, frames, strict=True), start=1):
        rest = pieces
        for frame in found:
            inside = [piece for piece in rest if piece.is_in(frame.box)]
            if inside:
                rest = [piece for piece in rest if not piece.is_in(frame.box)]
                passed += sum(len(piece.text) for piece in inside)
                notes.append(f"page {page}: a {frame.kind} was passed over")
        kept.append(rest)
    if 2 * passed > sum(len(piece.text) for pieces in bodies for piece in pieces):
        out.note("most of the text stands in tables or boxes; it was read with them")
        return bodies
    for note in notes:
        out.note(note)
    return kept


def _lines(bodies: Sequence[Sequence[Piece]], out: Assembler) -> tuple[list[Line], NoteFinder]:
    """The lines of running text in reading order, and the footnotes taken from them."""
    finder = NoteFinder(text_size([piece for pieces in bodies for piece in pieces]))
    lines: list[Line] = []
    gutters: set[float] = set()
    number = 0
    for page, pieces in enumerate(bodies, start=1):
        for region in make_regions(pieces, page, gutters=gutters):
            number += 1
            tables = is_table_row(region.rows)
            if any(tables):
                out.note(f"page {page}: a table was passed over")
            joined = [
                _joined(row) for row, is_table in zip(region.rows, tables, strict=True)
                if not is_table
            ]  # fmt: skip
            lines += [
                Line(piece, region.left, region.right, number)
                for piece in finder.take(joined, page)
            ]
    contents = contents_lines([line.piece.text for line in lines])
    if contents:
        out.note("a table of contents was passed over")
    return [line for place, line in enumerate(lines) if place not in contents], finder


def _joined(row: Sequence[Piece]) -> Piece:
    joined = row[0]
    for piece in row[1:]:
        joined = joined.joined(piece)
    return joined


def _damaged(name: str, detail: str) -> DocumentError:
    return DocumentError(
        f"{name} is damaged ({detail})", "open it in another program and save it again"
    )
