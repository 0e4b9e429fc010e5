"""Paths to evidence: documents are tagged here, tagged JSONL is read as it is."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import IO, Final

import numpy as np

from wsis_sdg.chunks import read_chunks
from wsis_sdg.documents import Paragraph
from wsis_sdg.errors import DocumentError
from wsis_sdg.matrix.evidence import Evidence, Passage, evidence_of_records, join_evidence
from wsis_sdg.progress import progress_bar
from wsis_sdg.records import TAG_FIELDS, Failure, Record
from wsis_sdg.sources import DEFAULT_OPTIONS, STANDARD_INPUT, ReadOptions, find_sources
from wsis_sdg.tagger import UNTAGGED_KINDS, Tagger
from wsis_sdg.taxonomy import LABELS

TAGGED_SUFFIX: Final = ".jsonl"


def collect_evidence(
    paths: Sequence[str],
    load_tagger: Callable[[], Tagger],
    failures: list[Failure],
    *,
    options: ReadOptions = DEFAULT_OPTIONS,
) -> Evidence:
    """Gather the evidence at some paths, in their order.

    Args:
        paths: Whatever ``tag`` reads, and tagged JSONL files; ``-`` for either on standard input.
        load_tagger: Gives the classifier; called at each document, since tagged JSONL needs none.
        failures: Takes what could not be read; the rest is gathered.
        options: How documents and tables are read.
    """
    sources, absent = find_sources(paths)
    failures += absent
    parts: list[Evidence] = []
    for source in sources:
        try:
            if is_tagged(source.path):
                parts.append(evidence_of_records(read_tagged(source.path)))
                continue
        except DocumentError as error:
            failures.append(Failure.of(error, document=source.name, path=source.path))
            continue
        for chunk in read_chunks([source], options=options):
            failures += chunk.failures
            paragraphs = [paragraph for _, paragraph in chunk.paragraphs]
            parts.append(score_paragraphs(source.name, paragraphs, load_tagger))
    return join_evidence(parts)


def is_tagged(path: str) -> bool:
    """Whether a path holds records of ``wsis-sdg tag``: its first line is one."""
    if path == STANDARD_INPUT:
        # No document begins with a brace, and a pipe cannot be read twice.
        return bytes(sys.stdin.buffer.peek(1)[:1]) == b"{"  # type: ignore[union-attr]
    if Path(path).suffix.lower() != TAGGED_SUFFIX or not Path(path).is_file():
        return False
    with _open_text(path) as stream:
        first = next((line for line in stream if line.strip()), "")
    try:
        record = json.loads(first or "null")
    except ValueError:
        return False
    return isinstance(record, dict) and all(field in record for field in TAG_FIELDS)


def read_tagged(path: str) -> Iterator[Record]:
    """Read the records of a tagged JSONL file one by one.

    Raises:
        DocumentError: When it cannot be read, or at the first line that is no JSON object.
    """
    with _open_text(path) as stream:
        for number, line in enumerate(stream, start=1):
            if not line.strip():
                continue
            try:
                record = json.loads(line)
            except ValueError as error:
                raise DocumentError(
                    f"line {number} of {path} is not JSON ({error})", "tag the text again"
                ) from error
            if not isinstance(record, dict):
                raise DocumentError(
                    f"line {number} of {path} is not a JSON object", "tag the text again"
                )
            yield record


def score_paragraphs(
    name: str, paragraphs: Sequence[Paragraph], load_tagger: Callable[[], Tagger]
) -> Evidence:
    """Score all labels on a document's paragraphs; titles and headings are left out."""
    chosen = [p for p in paragraphs if p.kind not in UNTAGGED_KINDS]
    if not chosen:
        empty = np.zeros((0, len(LABELS)))
        return Evidence((), empty.astype(np.float32), empty.astype(bool), all_scores=True)
    tagger = load_tagger()
    with progress_bar(f"tagging {name}", len(chosen)) as advance:
        scores = tagger.scores([p.text for p in chosen], progress=advance)
    return Evidence(
        passages=[Passage(name, p.index, p.number, p.kind, p.text) for p in chosen],
        probabilities=scores,
        given=tagger.head.decision.given(scores),
        all_scores=True,
    )


def _open_text(path: str) -> IO[str]:
    if path == STANDARD_INPUT:
        sys.stdin.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]
        return sys.stdin
    try:
        return Path(path).open(encoding="utf-8", errors="replace")
    except OSError as error:
        raise DocumentError(
            f"{path} cannot be read ({error.strerror})", "check that it is a file you may read"
        ) from error
