"""Documents as chunks of paragraphs that cross their borders, with what could not be read."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from wsis_sdg.documents import Paragraph
from wsis_sdg.journal import BEGINNING, Position
from wsis_sdg.records import Failure
from wsis_sdg.sources import DEFAULT_OPTIONS, ReadOptions, Source, read_source

CHUNK: Final = 256
"""Paragraphs tagged together. Chunks are counted from the first source, so that a run taken up
again after a mark forms the same ones, and gives the same bytes, as one that was not broken."""

Named = tuple[str, Paragraph]


@dataclass(frozen=True, slots=True)
class Chunk:
    """Paragraphs that are tagged together, and the failures met on the way to them.

    Attributes:
        paragraphs: Each with its document's name.
        failures: In the order of the sources.
        end: How far the sources have been read.
    """

    paragraphs: list[Named]
    failures: list[Failure]
    end: Position


def read_chunks(
    sources: Sequence[Source],
    *,
    options: ReadOptions = DEFAULT_OPTIONS,
    begin: Position = BEGINNING,
) -> Iterator[Chunk]:
    """Read sources one after the other, in chunks of ``CHUNK`` paragraphs.

    Args:
        sources: What to read.
        options: How they are read.
        begin: Where a chunk of an earlier run ended; what lies before it is passed over.
    """
    paragraphs: list[Named] = []
    failures: list[Failure] = []
    for place in range(begin.sources, len(sources)):
        source = sources[place]
        passed_over = begin.paragraphs if place == begin.sources else 0
        met = 0
        for item in read_source(source, note=_note, options=options):
            # A failure right behind the last chunk's end belongs to this one.
            if isinstance(item, Failure):
                failures += [item] if met >= passed_over else []
                continue
            met += 1
            if met <= passed_over:
                continue
            paragraphs.append((source.name, item))
            if len(paragraphs) == CHUNK:
                yield Chunk(paragraphs, failures, Position(place, met))
                paragraphs, failures = [], []
    if begin.sources < len(sources):
        yield Chunk(paragraphs, failures, Position(len(sources)))


def _note(text: str) -> None:
    print(f"wsis-sdg: note: {text}", file=sys.stderr)  # noqa: T201
