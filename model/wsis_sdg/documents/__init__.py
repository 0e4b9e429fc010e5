"""Documents: files and streams to paragraphs that keep pointing into their source."""

from wsis_sdg.documents.formats import (
    DOCUMENT_SUFFIXES,
    TABLE_SUFFIXES,
    DocumentFormat,
    TableFormat,
)
from wsis_sdg.documents.limits import DEFAULT_LIMITS, Limits
from wsis_sdg.documents.read import parse_text, read_document
from wsis_sdg.documents.records import (
    Block,
    Document,
    Footnote,
    Paragraph,
    ParagraphKind,
    Reading,
)
from wsis_sdg.documents.spans import sentence_spans, to_spacy
from wsis_sdg.documents.structure import build_document
from wsis_sdg.documents.tables import Table, read_table

__all__ = [
    "DEFAULT_LIMITS",
    "DOCUMENT_SUFFIXES",
    "TABLE_SUFFIXES",
    "Block",
    "Document",
    "DocumentFormat",
    "Footnote",
    "Limits",
    "Paragraph",
    "ParagraphKind",
    "Reading",
    "Table",
    "TableFormat",
    "build_document",
    "parse_text",
    "read_document",
    "read_table",
    "sentence_spans",
    "to_spacy",
]
