"""Bytes to text, and plain text or Markdown to blocks."""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable
from typing import Final

from wsis_sdg.documents.furniture import contents_lines, is_furniture, repeated_symbols
from wsis_sdg.documents.lines import Vocabulary, join_lines
from wsis_sdg.documents.records import Block, Reading
from wsis_sdg.errors import DocumentError

MAX_LINE: Final = 1_000_000
"""Characters; no paragraph of any document is as long, so a longer line is not prose."""

_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_LEGACY: Final = "cp1252"
_CONTROL: Final = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
ANNEX_LINE: Final = re.compile(r"(?:annex|appendix)(?:\s+[IVXLC\d]+|\s+[A-Z])?[.:]?", re.IGNORECASE)
"""The line that opens an annex."""
_NUMBERED: Final = re.compile(r"(\d{1,3})[.)]\s+\S|\((\d{1,3})\)\s+\S")
_LETTERED: Final = re.compile(r"\((?:[a-z]{1,2}|[ivx]{1,5})\)\s+\S")
_MARKDOWN_HEADING: Final = re.compile(r"#{1,6}\s+(.*?)\s*#*$")
_BULLET: Final = re.compile(r"[-*+•▪–]\s+\S")
_FOOTNOTE: Final = re.compile(r"(?:[⁰¹²³⁴-⁹]+|\[\^\w+\]:|<sup>\d+</sup>)\s*\S")


def decode(data: bytes, *, name: str) -> tuple[str, tuple[str, ...]]:
    r"""Decode the bytes of a text file.

    Args:
        data: The whole file.
        name: For messages.

    Returns:
        The text with ``\n`` line ends, and notes: one where the encoding had to be guessed.

    Raises:
        DocumentError: When the bytes are empty or are not text.
    """
    notes: tuple[str, ...] = ()
    encoding = next((e for bom, e in _BOMS if data.startswith(bom)), "utf-8")
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        text = data.decode(_LEGACY, errors="replace")
        notes = (f"{name} is not UTF-8; read as {_LEGACY}, check its accented letters",)
    sample = text[:100_000]
    if len(_CONTROL.findall(sample)) > max(1, len(sample) // 200) or sample.count("�") > 20:
        raise DocumentError(f"{name} is not text", "pass a text, HTML, PDF or DOCX document")
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if not text.strip():
        raise DocumentError(f"{name} is empty", "pass a document that holds text")
    return text, notes


def read_text(text: str, *, name: str, check: Callable[[], None] | None = None) -> Reading:
    r"""Cut plain text or Markdown into blocks.

    A block ends at an empty line, and before a line that opens a numbered or lettered
    paragraph, a bullet, a footnote or a Markdown heading. Page furniture and tables of
    contents are left out.

    Args:
        text: The document, with ``\n`` line ends.
        name: For messages.
        check: Called now and then; raises when the time is over.

    Raises:
        DocumentError: At a line of more than ``MAX_LINE`` characters.
    """
    lines = text.split("\n")
    parts = [line.strip() for line in lines]
    heads = repeated_symbols(parts)
    contents = contents_lines(parts)
    words = Vocabulary(parts)
    blocks: list[Block] = []
    pending: list[tuple[str, int]] = []
    last_number = 0
    offset = 0

    def close() -> None:
        if pending:
            end = pending[-1][1] + len(pending[-1][0])
            joined = join_lines((part for part, _ in pending), words=words)
            blocks.append(Block(joined, pending[0][1], end))
            pending.clear()

    for place, (line, part) in enumerate(zip(lines, parts, strict=True)):
        if check is not None and place % 1000 == 0:
            check()
        if len(line) > MAX_LINE:
            raise DocumentError(
                f"line {place + 1} of {name} has {len(line):,} characters, more than any paragraph",
                "pass the text with its line breaks",
            )
        start = offset + len(line) - len(line.lstrip())
        offset += len(line) + 1
        if not part:
            close()
            continue
        if place in contents or part in heads or is_furniture(part) or set(part) <= set("-_=* "):
            continue
        heading = _MARKDOWN_HEADING.fullmatch(part)
        if heading:
            close()
            blocks.append(Block(heading.group(1), start, start + len(part), is_heading=True))
            continue
        numbered = _NUMBERED.match(part)
        found = int(numbered.group(1) or numbered.group(2)) if numbered else 0
        # A wrapped line may begin with a figure ("2017. The"): only the next number opens.
        opens = bool(numbered) and (not pending or found in (1, last_number + 1))
        if opens:
            last_number = found
        if opens or _LETTERED.match(part) or _BULLET.match(part) or _FOOTNOTE.match(part):
            close()
        pending.append((part, start))
        if len(pending) == 1 and ANNEX_LINE.fullmatch(part):
            close()
    close()
    notes = ("a table of contents was passed over",) if contents else ()
    return Reading(text, tuple(blocks), notes)
