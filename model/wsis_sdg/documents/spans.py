"""Documents as spaCy objects: paragraphs and sentences as spans into the source text."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from wsis_sdg.documents.records import Document

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc


@cache
def blank_pipeline() -> Language:
    """A blank English pipeline that marks sentence starts."""
    import spacy

    nlp = spacy.blank("en")
    nlp.max_length = 100_000_000
    nlp.add_pipe("sentencizer")
    return nlp


def to_spacy(document: Document) -> Doc:
    """A spaCy Doc over the source text with ``doc.spans["paragraphs"]`` pointing into it."""
    doc = blank_pipeline()(document.source)
    doc.spans["paragraphs"] = [
        doc.char_span(p.start, p.end, label=p.kind, alignment_mode="expand")
        for p in document.paragraphs
    ]
    return doc


def sentence_spans(text: str) -> list[tuple[int, int]]:
    """The sentences of a text as ``(start, end)`` offsets."""
    return [(s.start_char, s.end_char) for s in blank_pipeline()(text).sents if s.text.strip()]
