"""The record: one plain dictionary a paragraph, the same in every output format."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from wsis_sdg.citations import Citation
    from wsis_sdg.documents import Paragraph
    from wsis_sdg.tagger import Tag, TaggedParagraph

Record = dict[str, Any]

FIELDS: Final = (
    "document",
    "index",
    "number",
    "kind",
    "heading",
    "text",
    "goals",
    "targets",
    "action_lines",
    "citations",
)
"""The fields of a record, in order."""
TAG_FIELDS: Final = ("goals", "targets", "action_lines")


def tagged_record(tagged: TaggedParagraph) -> Record:
    """The record of a tagged paragraph; its fields are ``FIELDS``.

    Each of ``goals``, ``targets`` and ``action_lines`` is a list of ``{code, score, title}``,
    best first; each citation is ``{kind, code, text, start, end}`` with offsets into ``text``.
    """
    tagging = tagged.tagging
    return paragraph_record(tagged.document, tagged.paragraph, tagged.citations) | {
        "goals": [_tag_row(tag) for tag in tagging.goals],
        "targets": [_tag_row(tag) for tag in tagging.targets],
        "action_lines": [_tag_row(tag) for tag in tagging.action_lines],
    }


def paragraph_record(document: str, paragraph: Paragraph, citations: Sequence[Citation]) -> Record:
    """The record of a paragraph that has not been tagged: the tag fields are empty lists."""
    return {
        "document": document,
        "index": paragraph.index,
        "number": paragraph.number,
        "kind": paragraph.kind,
        "heading": paragraph.heading,
        "text": paragraph.text,
        "goals": [],
        "targets": [],
        "action_lines": [],
        "citations": [
            {"kind": c.kind, "code": c.code, "text": c.text, "start": c.start, "end": c.end}
            for c in citations
        ],
    }


def codes(record: Mapping[str, Any], field: str) -> list[str]:
    """The codes in one of a record's tag fields, best first."""
    return [tag["code"] for tag in record[field]]


def _tag_row(tag: Tag) -> dict[str, Any]:
    # Four digits are what `train` reproduces; more would only look precise.
    return {"code": tag.code, "score": round(tag.score, 4), "title": tag.title}
