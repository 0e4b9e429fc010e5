"""What a matrix is made from: paragraphs, their tags, and the probabilities behind the tags."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from wsis_sdg.errors import DocumentError
from wsis_sdg.records import TAG_FIELDS, Record, tagged_record
from wsis_sdg.tagger import UNTAGGED_KINDS, TaggedParagraph
from wsis_sdg.taxonomy import COLUMN, LABELS

_YEAR: Final = re.compile(r"(?<!\d)(?:19[4-9]\d|20\d\d)(?!\d)")
_BLOCK: Final = 10_000


@dataclass(frozen=True, slots=True)
class Passage:
    """Where a paragraph stands, and its words."""

    document: str
    index: int
    number: str
    kind: str
    text: str

    @property
    def year(self) -> str:
        """The first year that the document's name holds (``E-RES-2017-21``), or empty."""
        found = _YEAR.search(self.document)
        return found.group() if found else ""


@dataclass(frozen=True, slots=True)
class Evidence:
    """Paragraphs with their tags and probabilities; titles and headings are left out.

    Attributes:
        passages: ``n`` paragraphs.
        probabilities: ``(n, 204)``, columns as ``LABELS``.
        given: ``(n, 204)``, the labels that were tagged.
        all_scores: Whether ``probabilities`` holds the scores of all labels, or only those of
            the tags, with zeros elsewhere, as tagged JSONL does.
    """

    passages: Sequence[Passage]
    probabilities: NDArray[np.float32]
    given: NDArray[np.bool_]
    all_scores: bool


def evidence_of_records(tagged: Iterable[Record | TaggedParagraph]) -> Evidence:
    """Gather tagged paragraphs or their records; the tags' own scores are the probabilities.

    Args:
        tagged: Records as ``wsis-sdg tag`` writes them, or what ``Tagger.tag`` returns; read
            once, one at a time.

    Raises:
        DocumentError: At a record that lacks a field or carries a code that is no label.
    """
    passages: list[Passage] = []
    blocks: list[NDArray[np.float32]] = []
    rows: NDArray[np.float32] = np.zeros((0, len(LABELS)), np.float32)
    for place, item in enumerate(tagged, start=1):
        record = tagged_record(item) if isinstance(item, TaggedParagraph) else item
        try:
            if record["kind"] in UNTAGGED_KINDS:
                continue
            row = len(passages) % _BLOCK
            if row == 0:
                # Blocks, since how many paragraphs will come is not known.
                rows = np.zeros((_BLOCK, len(LABELS)), np.float32)
                blocks.append(rows)
            _fill_row(rows[row], record, place)
            passages.append(_passage(record))
        except (KeyError, TypeError) as error:
            raise DocumentError(
                f"tagged paragraph {place} is no record of wsis-sdg ({error!r})",
                "pass what 'wsis-sdg tag' wrote",
            ) from error
    n = len(passages)
    probabilities = np.concatenate(blocks)[:n] if blocks else rows
    return Evidence(passages, probabilities, probabilities > 0, all_scores=False)


def join_evidence(parts: Sequence[Evidence]) -> Evidence:
    """Several bodies of text as one; its probabilities are complete where all parts' are."""
    if len(parts) == 1:
        return parts[0]
    empty = np.zeros((0, len(LABELS)))
    return Evidence(
        passages=[passage for part in parts for passage in part.passages],
        probabilities=np.concatenate(
            [empty.astype(np.float32), *(part.probabilities for part in parts)]
        ),
        given=np.concatenate([empty.astype(bool), *(part.given for part in parts)]),
        all_scores=all(part.all_scores for part in parts),
    )


def _fill_row(row: NDArray[np.float32], record: Mapping[str, Any], place: int) -> None:
    for field in TAG_FIELDS:
        for tag in record[field]:
            column = COLUMN.get(tag["code"])
            if column is None:
                raise DocumentError(
                    f"tagged paragraph {place} carries {tag['code']!r}, which is no label",
                    "tag the text again; 'wsis-sdg labels' lists all codes",
                )
            # A tag counts as given however low its score was rounded.
            row[column] = max(float(tag["score"]), 1e-6)


def _passage(record: Mapping[str, Any]) -> Passage:
    return Passage(
        document=str(record["document"]),
        index=int(record["index"]),
        number=str(record["number"] or ""),
        kind=str(record["kind"]),
        text=str(record["text"]),
    )
