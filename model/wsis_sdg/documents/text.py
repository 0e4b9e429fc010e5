"""Bytes to text, and plain text or Markdown to blocks."""

from __future__ import annotations

import codecs
import re
from collections import Counter
from typing import Final

from wsis_sdg.documents.records import Block
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
_FURNITURE: Final = re.compile(
    r"(?:\d{1,3}/\d{1,3}|\d{2}-\d{5}(?:\s*\(E\))?|Page\s+\d+(?:\s+(?:of|/)\s*\d+)?"
    r"|\*\d{6,8}\*|[-–—]\s*\d{1,3}\s*[-–—])"
)
_SYMBOL_LINE: Final = re.compile(r"[A-Z]{1,6}(?:/[A-Z0-9.\-]+)+")
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


def text_blocks(text: str, *, name: str) -> list[Block]:
    """Cut plain text or Markdown into blocks.

    A block ends at an empty line, and before a line that opens a numbered or lettered
    paragraph, a bullet, a footnote or a Markdown heading. Page furniture is left out.

    Raises:
        DocumentError: At a line of more than ``MAX_LINE`` characters.
    """
    lines = text.split("\n")
    repeated = {
        line
        for line, count in Counter(map(str.strip, lines)).items()
        if count > 1 and _SYMBOL_LINE.fullmatch(line)
    }
    blocks: list[Block] = []
    pending: list[tuple[str, int]] = []
    last_number = 0
    offset = 0

    def close() -> None:
        if pending:
            blocks.append(
                Block(
                    join_lines([part for part, _ in pending]),
                    pending[0][1],
                    pending[-1][1] + len(pending[-1][0]),
                )
            )
            pending.clear()

    for number, line in enumerate(lines, start=1):
        if len(line) > MAX_LINE:
            raise DocumentError(
                f"line {number} of {name} has {len(line):,} characters, more than any paragraph",
                "pass the text with its line breaks",
            )
        part = line.strip()
        start = offset + len(line) - len(line.lstrip())
        offset += len(line) + 1
        if not part or set(part) <= set("-_=* ") or _FURNITURE.fullmatch(part) or part in repeated:
            if not part:
                close()
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
    return blocks


def join_lines(parts: list[str]) -> str:
    """Join the lines of a block; a line that ends in a hyphen runs on without a space."""
    joined = parts[0]
    for part in parts[1:]:
        runs_on = joined.endswith("-") and joined[-2:-1].isalpha() and part[:1].islower()
        joined += part if runs_on else f" {part}"
    return joined
