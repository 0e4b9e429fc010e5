"""One door for documents: a path, a stream or a text becomes a ``Document``."""

from __future__ import annotations

from pathlib import Path
from typing import BinaryIO

from wsis_sdg.documents.records import Document
from wsis_sdg.documents.structure import build_document
from wsis_sdg.documents.text import decode, text_blocks
from wsis_sdg.errors import DocumentError


def read_document(source: Path | str | BinaryIO, *, name: str | None = None) -> Document:
    """Read one document from a path or a binary stream.

    Args:
        source: A file's path, or a stream of its bytes.
        name: The document's name; the file's name when not given.

    Raises:
        DocumentError: When it cannot be read, is empty, or is not text.
    """
    if isinstance(source, (str, Path)):
        path = Path(source)
        try:
            data = path.read_bytes()
        except FileNotFoundError as error:
            raise DocumentError(f"{path} does not exist", "check the path") from error
        except OSError as error:
            raise DocumentError(
                f"{path} cannot be read ({error.strerror})", "check that it is a file you may read"
            ) from error
        name = name or path.name
    else:
        data = source.read()
        name = name or "standard input"
    text, notes = decode(data, name=name)
    return build_document(text_blocks(text, name=name), text, name=name, notes=notes)


def parse_text(text: str, *, name: str = "text") -> Document:
    """Read a document from a string of plain text or Markdown."""
    return build_document(text_blocks(text, name=name), text, name=name)
