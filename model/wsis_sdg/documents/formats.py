"""Which reader a file needs: by what it begins with, then by its ending."""

from __future__ import annotations

import re
from pathlib import PurePath
from typing import Final, Literal, get_args

from wsis_sdg.errors import DocumentError

DocumentFormat = Literal["text", "markdown", "html", "docx", "pdf"]
TableFormat = Literal["csv", "jsonl", "parquet"]

_DOCUMENTS: Final[dict[str, DocumentFormat]] = {
    ".txt": "text",
    ".text": "text",
    ".md": "markdown",
    ".markdown": "markdown",
    ".html": "html",
    ".htm": "html",
    ".xhtml": "html",
    ".docx": "docx",
    ".docm": "docx",
    ".pdf": "pdf",
}
_TABLES: Final[dict[str, TableFormat]] = {
    ".csv": "csv",
    ".tsv": "csv",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".parquet": "parquet",
}
DOCUMENT_SUFFIXES: Final = frozenset(_DOCUMENTS)
"""File endings that ``read_document`` takes, in small letters."""
TABLE_SUFFIXES: Final = frozenset(_TABLES)
"""File endings that ``read_table`` takes, in small letters."""

_ZIP: Final = b"PK\x03\x04"
_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_HTML: Final = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]{0,200}\?>\s*)?(?:<!--.{0,2000}?-->\s*)?<(?:!doctype\s+html|html)\b",
    re.IGNORECASE | re.DOTALL,
)
_SAVE_AS: Final = "open it in a word processor and save it as DOCX or PDF"


def document_format(data: bytes, *, name: str, wanted: str | None = None) -> DocumentFormat:
    """The format of a document.

    Args:
        data: The whole file.
        name: Its name, whose ending counts where the content does not tell.
        wanted: What the caller says it is, or ``None``.

    Raises:
        DocumentError: When it is of a format that cannot be read, or is not what it says.
    """
    known: tuple[DocumentFormat, ...] = get_args(DocumentFormat)
    chosen = next((each for each in known if each == wanted), None)
    if wanted is not None and chosen is None:
        raise DocumentError(
            f"{name}: there is no document format {wanted!r}",
            f"choose one of {', '.join(known)}",
        )
    suffix = PurePath(name).suffix.lower()
    said = chosen or _DOCUMENTS.get(suffix)
    found = _by_content(data)
    if data.startswith(_OLE):
        raise _old_office(data, name)
    if data.startswith(b"{\\rtf"):
        raise DocumentError(f"{name} is an RTF document", _SAVE_AS)
    if found == "docx" and suffix in (".odt", ".ods", ".odp", ".xlsx", ".pptx", ".epub"):
        raise DocumentError(f"{name} is not a text, HTML, PDF or DOCX document", _SAVE_AS)
    if wanted is None and (suffix in _TABLES or data.startswith(b"PAR1")):
        raise DocumentError(
            f"{name} is a table of texts", "read it with read_table(), one paragraph a row"
        )
    if said in ("docx", "pdf") and found != said:
        raise DocumentError(
            f"{name} is not a {said.upper()} file, whatever its ending says",
            "open it with the program that made it and save it again",
        )
    return chosen or found or said or "text"


def table_format(name: str, *, wanted: str | None = None) -> TableFormat:
    """The format of a table of texts, by its ending.

    Raises:
        DocumentError: When the ending is of no table.
    """
    known: tuple[TableFormat, ...] = get_args(TableFormat)
    found = wanted or _TABLES.get(PurePath(name).suffix.lower())
    for each in known:
        if found == each:
            return each
    raise DocumentError(
        f"{name}: {wanted or 'its ending'} is no format of a table",
        f"say which it is: {', '.join(known)}",
    )


def _by_content(data: bytes) -> DocumentFormat | None:
    # Readers accept some bytes before the header, and real files have them.
    if b"%PDF-" in data[:1024]:
        return "pdf"
    if data.startswith(_ZIP):
        return "docx"
    if _HTML.match(data):
        return "html"
    return None


def _old_office(data: bytes, name: str) -> DocumentError:
    if "EncryptedPackage".encode("utf-16-le") in data:
        return DocumentError(
            f"{name} is encrypted", "remove the password in the word processor and save it again"
        )
    return DocumentError(f"{name} is an old Word or Office file", _SAVE_AS)
