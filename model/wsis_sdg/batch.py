"""Many documents through the tagger: a bad one is reported, the rest is done.

Reading runs ahead of tagging, and tagging ahead of writing, each in chunks of paragraphs that
cross the borders of documents, so that memory stays the same however many there are.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

import wsis_sdg
from wsis_sdg.chunks import CHUNK, Chunk, Named, read_chunks
from wsis_sdg.citations import find_citations_many
from wsis_sdg.errors import DocumentError
from wsis_sdg.explain import Explanation
from wsis_sdg.head import Head
from wsis_sdg.journal import BEGINNING, Journal, Position
from wsis_sdg.overlap import ahead
from wsis_sdg.progress import progress_bar
from wsis_sdg.records import (
    TAG_FIELDS,
    About,
    Failure,
    Record,
    paragraph_record,
    tagged_record,
)
from wsis_sdg.sources import (
    DEFAULT_OPTIONS,
    STANDARD_INPUT,
    ReadOptions,
    Source,
    find_sources,
)
from wsis_sdg.tagger import UNTAGGED_KINDS, Tagger
from wsis_sdg.writers import Target, Writer, stream_writer, write_file, written_whole

ERRORS_FILE: Final = "errors.jsonl"

MakeRecords = Callable[[Sequence[Named]], list[Record]]


@dataclass(frozen=True, slots=True)
class Summary:
    """What a run did.

    Attributes:
        sources: Files that it was to read.
        paragraphs: Records written, those of an earlier run taken up again included.
        failures: What could not be read; everything else was done.
    """

    sources: int
    paragraphs: int
    failures: tuple[Failure, ...]


def tag_paths(
    paths: Sequence[str],
    tagger: Tagger,
    target: Target,
    *,
    options: ReadOptions = DEFAULT_OPTIONS,
    explain: bool = False,
) -> Summary:
    """Tag all documents at some paths, one record a paragraph.

    Args:
        paths: Files, folders, patterns, or ``-`` for standard input.
        tagger: The classifier.
        target: Where the records go.
        options: How they are read.
        explain: Give each tag the phrases that carry it, as ``evidence``; many times slower.

    Raises:
        OutputError: When the output cannot be written.
    """

    def make(paragraphs: Sequence[Named]) -> list[Record]:
        records = [tagged_record(tagged) for tagged in tagger.tag_paragraphs(paragraphs)]
        if explain:
            for record in records:
                add_evidence(record, tagger)
        return records

    facts = (
        ("encoder", f"{tagger.encoder.identity['name']} ({tagger.encoder.engine})"),
        ("classifier", f"fitted on {tagger.head.training['paragraphs']:,} labelled paragraphs"),
        ("numbers", _head_digest(tagger.head)),
        ("evidence", "phrases that carry each tag" if explain else "none"),
    )
    return _run(paths, make, target, options=options, facts=facts, table=True)


def add_evidence(record: Record, tagger: Tagger) -> None:
    """Give each tag of a record its ``evidence``: ``{start, end, weight}`` in the record's text."""
    tags = [tag for field in TAG_FIELDS for tag in record[field]]
    if not tags:
        return
    phrases = tagger.carrying_phrases(record["text"], [tag["code"] for tag in tags])
    for tag in tags:
        tag["evidence"] = [
            {"start": p.start, "end": p.end, "weight": round(p.effect, 4)}
            for p in phrases[tag["code"]]
        ]


def parse_paths(
    paths: Sequence[str], target: Target, *, options: ReadOptions = DEFAULT_OPTIONS
) -> Summary:
    """Split all documents at some paths into paragraphs, one record each; see ``tag_paths``."""

    def make(paragraphs: Sequence[Named]) -> list[Record]:
        citations = find_citations_many([p.text for _, p in paragraphs])
        return [
            paragraph_record(name, paragraph, cited)
            for (name, paragraph), cited in zip(paragraphs, citations, strict=True)
        ]

    return _run(paths, make, target, options=options, facts=(), table=False)


def explain_paths(
    paths: Sequence[str],
    tagger: Tagger,
    failures: list[Failure],
    *,
    numbers: Sequence[str] = (),
) -> Iterator[tuple[dict[str, str | int], Explanation]]:
    """Explain the paragraphs of all documents at some paths, one after the other.

    Args:
        paths: As for ``tag_paths``.
        tagger: The classifier.
        failures: Takes what could not be read.
        numbers: Only paragraphs with these printed numbers, ``"61 (a)"``; all when empty.

    Yields:
        Document, index and number of a paragraph, and its explanation.
    """
    sources, absent = find_sources(paths)
    failures += absent
    found: set[str] = set()
    for chunk in read_chunks(sources):
        failures += chunk.failures
        for name, paragraph in chunk.paragraphs:
            if paragraph.kind in UNTAGGED_KINDS or (numbers and paragraph.number not in numbers):
                continue
            found.add(paragraph.number)
            place: dict[str, str | int] = {
                "document": name,
                "index": paragraph.index,
                "number": paragraph.number,
            }
            yield place, tagger.explain(paragraph.text)
    for number in numbers:
        if number not in found and not failures:
            error = DocumentError(
                f"no paragraph has the number {number}", "'wsis-sdg parse' lists the numbers"
            )
            failures.append(Failure.of(error, document=", ".join(paths), path=", ".join(paths)))


def _run(
    paths: Sequence[str],
    make: MakeRecords,
    target: Target,
    *,
    options: ReadOptions,
    facts: tuple[tuple[str, str], ...],
    table: bool,
) -> Summary:
    own = [] if target.out is None else [target.out, target.out.with_name(ERRORS_FILE)]
    sources, absent = find_sources(paths, leave_out=own)
    if target.out is None:
        with stream_writer(target, table=table) as writer:
            return _stream(sources, absent, make, writer, options=options)
    stamp = _stamp(sources, options=options, facts=facts)
    journal = Journal(target.out, stamp=stamp, resume=target.resume)
    whole = False
    try:
        for chunk, records in _work(sources, make, options=options, begin=journal.begin):
            journal.append(records, chunk.failures, chunk.end)
            target.check_count(journal.records)
        summary = Summary(len(sources), journal.records, (*absent, *journal.failures()))
        _write_errors(target.out, summary.failures)
        write_file(journal, target, _about(journal, summary, facts))
        whole = True
    finally:
        journal.close(remove=whole)
    return summary


def _stream(
    sources: Sequence[Source],
    absent: Sequence[Failure],
    make: MakeRecords,
    writer: Writer,
    *,
    options: ReadOptions,
) -> Summary:
    failures = list(absent)
    paragraphs = 0
    for chunk, records in _work(sources, make, options=options, begin=BEGINNING):
        for record in records:
            writer.write(record)
        paragraphs += len(records)
        failures += chunk.failures
    return Summary(len(sources), paragraphs, tuple(failures))


def _work(
    sources: Sequence[Source], make: MakeRecords, *, options: ReadOptions, begin: Position
) -> Iterator[tuple[Chunk, list[Record]]]:
    """Read and make records, each in a thread of its own, with progress on standard error."""
    chunks = ahead(read_chunks(sources, options=options, begin=begin))
    done = ahead((chunk, make(chunk.paragraphs)) for chunk in chunks)
    start = time.monotonic()
    files, paragraphs = 0, 0
    with progress_bar("files", len(sources)) as advance:
        for chunk, records in done:
            yield chunk, records
            paragraphs += len(records)
            rate = paragraphs / (time.monotonic() - start)
            advance(chunk.end.sources - files, f"{paragraphs:,} paragraphs, {rate:,.0f} a second")
            files = chunk.end.sources


def _stamp(
    sources: Sequence[Source], *, options: ReadOptions, facts: tuple[tuple[str, str], ...]
) -> str:
    """One hash over all that the records depend on."""
    digest = hashlib.sha256()
    digest.update(json.dumps([wsis_sdg.__version__, asdict(options), CHUNK, facts]).encode())
    for source in sources:
        digest.update(json.dumps([source.name, source.path, _state(source)]).encode())
    return digest.hexdigest()


def _head_digest(head: Head) -> str:
    """Sixteen digits that tell one classifier from another."""
    digest = hashlib.sha256()
    scorer = head.scorer
    for array in (
        scorer.coefficients,
        scorer.examples,
        scorer.lexicon.coefficients,
        head.decision.slopes,
        head.decision.offsets,
        head.decision.thresholds,
    ):
        digest.update(array.tobytes())
    return digest.hexdigest()[:16]


def _state(source: Source) -> list[int]:
    """Size and time of a file; nothing where there is none, which its reading will report."""
    if source.path == STANDARD_INPUT:
        return []
    try:
        found = Path(source.path).stat()
    except OSError:
        return []
    return [found.st_size, found.st_mtime_ns]


def _about(journal: Journal, summary: Summary, facts: tuple[tuple[str, str], ...]) -> About:
    tags = sum(len(record[field]) for record in journal for field in TAG_FIELDS)
    bad = {failure.path for failure in summary.failures}
    return About(
        facts=(
            ("made by", f"wsis-sdg {wsis_sdg.__version__}"),
            *facts,
            ("files", f"{summary.sources:,}"),
            ("files with errors", f"{len(bad):,}"),
            ("paragraphs", f"{summary.paragraphs:,}"),
            ("tags", f"{tags:,}"),
            ("scores", "calibrated probabilities; 1 where the text names the label itself"),
        ),
        failures=summary.failures,
    )


def _write_errors(out: Path, failures: Sequence[Failure]) -> None:
    """Write ``errors.jsonl`` beside the output, or empty the one of an earlier run."""
    file = out.with_name(ERRORS_FILE)
    if not failures and not file.exists():
        return
    with written_whole(file) as partial:
        lines = [json.dumps(failure.record(), ensure_ascii=False) + "\n" for failure in failures]
        partial.write_text("".join(lines), encoding="utf-8", newline="\n")
