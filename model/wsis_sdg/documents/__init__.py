"""Documents: files and streams to paragraphs that keep pointing into their source."""

from wsis_sdg.documents.read import parse_text, read_document
from wsis_sdg.documents.records import Block, Document, Footnote, Paragraph, ParagraphKind
from wsis_sdg.documents.spans import sentence_spans, to_spacy
from wsis_sdg.documents.structure import build_document

__all__ = [
    "Block",
    "Document",
    "Footnote",
    "Paragraph",
    "ParagraphKind",
    "build_document",
    "parse_text",
    "read_document",
    "sentence_spans",
    "to_spacy",
]
