"""One door for documents: a path, a stream or a text becomes a ``Document``."""

from __future__ import annotations

from pathlib import Path
from typing import BinaryIO

from wsis_sdg.documents.formats import DocumentFormat, document_format
from wsis_sdg.documents.limits import DEFAULT_LIMITS, Deadline, Limits
from wsis_sdg.documents.records import Document, Reading
from wsis_sdg.documents.source import read_bytes
from wsis_sdg.documents.structure import build_document
from wsis_sdg.documents.text import decode, read_text
from wsis_sdg.errors import DocumentError


def read_document(
    source: Path | str | BinaryIO,
    *,
    name: str | None = None,
    format: DocumentFormat | None = None,
    limits: Limits = DEFAULT_LIMITS,
) -> Document:
    """Read one document from a path or a binary stream: text, Markdown, HTML, DOCX or PDF.

    Nothing in a document is run, and nothing that it names is fetched.

    Args:
        source: A file's path, or a stream of its bytes.
        name: The document's name; the file's name when not given.
        format: What it is; found by its content and its ending when not given.
        limits: What the file may cost.

    Raises:
        DocumentError: When it cannot be read, holds no text, or costs more than the limits.
    """
    if isinstance(source, (str, Path)):
        path = Path(source)
        name = name or path.name
        data = read_bytes(path, name=str(path), limits=limits)
    else:
        name = name or "standard input"
        data = read_bytes(source, name=name, limits=limits)
    if not data or data.isspace():
        raise DocumentError(f"{name} is empty", "pass a document that holds text")
    deadline = Deadline.of(limits, name=name)
    form = document_format(data, name=name, wanted=format)
    reading = _read(data, form, name=name, limits=limits, deadline=deadline)
    if not reading.blocks:
        raise DocumentError(f"{name} is empty", "pass a document that holds text")
    return build_document(reading, name=name, check=deadline.check)


def parse_text(text: str, *, name: str = "text") -> Document:
    """Read a document from a string of plain text or Markdown."""
    return build_document(read_text(text, name=name), name=name)


def _read(
    data: bytes, form: DocumentFormat, *, name: str, limits: Limits, deadline: Deadline
) -> Reading:
    # Each reader is imported where it is used: lxml and the PDF library take time to load.
    if form == "html":
        from wsis_sdg.documents.html import read_html

        return read_html(data, name=name, check=deadline.check)
    if form == "docx":
        from wsis_sdg.documents.docx import read_docx

        return read_docx(data, name=name, limits=limits, check=deadline.check)
    if form == "pdf":
        from wsis_sdg.documents.pdf import read_pdf

        return read_pdf(data, name=name, limits=limits)
    text, notes = decode(data, name=name)
    reading = read_text(text, name=name, check=deadline.check)
    return Reading(reading.source, reading.blocks, notes + reading.notes)
