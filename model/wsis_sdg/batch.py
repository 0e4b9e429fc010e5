"""Many documents through the tagger: a bad one is reported, the rest is done."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Final

from wsis_sdg.citations import find_citations_many
from wsis_sdg.documents import Document, read_document
from wsis_sdg.errors import DocumentError, WsisSdgError
from wsis_sdg.progress import progress_bar
from wsis_sdg.records import Record, paragraph_record, tagged_record
from wsis_sdg.tagger import Tagger

SUFFIXES: Final = frozenset({".txt", ".md"})
STANDARD_INPUT: Final = "-"


def tag_paths(
    paths: Sequence[str], tagger: Tagger, write: Callable[[Record], None]
) -> list[WsisSdgError]:
    """Tag all documents at some paths, one record a paragraph to ``write``.

    Returns:
        What could not be read; everything else was tagged.
    """
    failed: list[WsisSdgError] = []
    for document in read_all(paths, failed):
        with progress_bar(f"tagging {document.name}", len(document.paragraphs)) as advance:
            for tagged in tagger.tag(document, progress=advance):
                write(tagged_record(tagged))
    return failed


def parse_paths(paths: Sequence[str], write: Callable[[Record], None]) -> list[WsisSdgError]:
    """Split all documents at some paths into paragraphs, one record each to ``write``."""
    failed: list[WsisSdgError] = []
    for document in read_all(paths, failed):
        citations = find_citations_many([p.text for p in document.paragraphs])
        for paragraph, cited in zip(document.paragraphs, citations, strict=True):
            write(paragraph_record(document.name, paragraph, cited))
    return failed


def read_all(paths: Iterable[str], failed: list[WsisSdgError]) -> Iterator[Document]:
    """Read every document at some paths; what cannot be read is appended to ``failed``."""
    for path in paths:
        try:
            files = [path] if path == STANDARD_INPUT else list(expand(Path(path)))
        except DocumentError as error:
            failed.append(error)
            continue
        for file in files:
            try:
                document = read_document(sys.stdin.buffer if file == STANDARD_INPUT else file)
            except DocumentError as error:
                failed.append(error)
                continue
            for note in document.notes:
                print(f"wsis-sdg: note: {note}", file=sys.stderr)  # noqa: T201
            yield document


def expand(path: Path) -> list[Path]:
    """The document files at a path: itself, or all below a folder, in alphabetical order.

    Raises:
        DocumentError: When there is nothing at the path, or a folder holds no document.
    """
    if not path.is_dir():
        return [path]
    files = sorted(p for p in path.rglob("*") if p.suffix.lower() in SUFFIXES and p.is_file())
    if not files:
        raise DocumentError(
            f"{path} holds no document", f"known endings are {', '.join(sorted(SUFFIXES))}"
        )
    return files
