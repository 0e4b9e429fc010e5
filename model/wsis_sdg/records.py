"""The record: one plain dictionary a paragraph, the same in every output format."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from wsis_sdg.citations import Citation
    from wsis_sdg.documents import Paragraph
    from wsis_sdg.errors import WsisSdgError
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
_SURROGATE: Final = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Failure:
    """A file, or a row of a table, that could not be read; the same four texts everywhere.

    Attributes:
        document: The name of the document.
        path: Where it is.
        problem: What is wrong.
        remedy: What the user can do about it.
    """

    document: str
    path: str
    problem: str
    remedy: str

    @classmethod
    def of(cls, error: WsisSdgError, *, document: str, path: str) -> Failure:
        """The failure that an error stands for, in texts that every format can hold."""
        return cls(*map(writable, (document, path, error.problem, error.remedy)))

    def record(self) -> dict[str, str]:
        """The failure as one line of ``errors.jsonl``."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class About:
    """What a table of tags should say of itself.

    Attributes:
        facts: Name and value, in the order to show: version, encoder, counts.
        failures: What could not be read.
    """

    facts: tuple[tuple[str, str], ...]
    failures: tuple[Failure, ...] = ()


def writable(text: str) -> str:
    r"""The text without lone surrogates, which UTF-8 cannot hold.

    A byte of a file name that is not UTF-8 becomes ``\xff``, any other surrogate U+FFFD.
    """

    def spell(match: re.Match[str]) -> str:
        byte = ord(match.group()) - 0xDC00
        return f"\\x{byte:02x}" if 0x80 <= byte <= 0xFF else "\ufffd"

    return _SURROGATE.sub(spell, text)


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
