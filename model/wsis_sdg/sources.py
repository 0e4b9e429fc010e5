"""Which files a run reads, in which order, under which name, and their paragraphs one by one."""

from __future__ import annotations

import glob
import os
import re
import stat
import sys
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from wsis_sdg.documents import (
    DEFAULT_LIMITS,
    DOCUMENT_SUFFIXES,
    TABLE_SUFFIXES,
    Limits,
    Paragraph,
    read_document,
    read_table,
)
from wsis_sdg.errors import DocumentError
from wsis_sdg.records import Failure, writable

STANDARD_INPUT: Final = "-"
KNOWN_SUFFIXES: Final = DOCUMENT_SUFFIXES | TABLE_SUFFIXES
_SURROGATE: Final = re.compile("[\ud800-\udfff]")

Note = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Source:
    """One file to read.

    Attributes:
        path: As the system knows it, or ``-`` for standard input.
        name: What its paragraphs are filed under; no two sources of a run share one.
    """

    path: str
    name: str


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """How the sources of a run are read.

    Attributes:
        column: The column of a table that holds the texts.
        limits: What one document may cost.
    """

    column: str = "text"
    limits: Limits = DEFAULT_LIMITS


DEFAULT_OPTIONS: Final = ReadOptions()


def find_sources(
    paths: Sequence[str], *, leave_out: Collection[Path] = ()
) -> tuple[list[Source], list[Failure]]:
    """List the files at some paths: files, folders, patterns such as ``*.pdf``, or ``-``.

    Of a folder, all files below it count whose ending is known, in alphabetical order; hidden
    files are passed over, and links to folders are not followed, so links in a circle do no harm.

    Args:
        paths: As given by the user.
        leave_out: Files never read out of a folder: the run's own output.

    Returns:
        The files, and a failure for each path at which there are none.
    """
    found: list[tuple[str, str]] = []
    failures: list[Failure] = []
    # Not Path.resolve, which a link in a circle would stop.
    left_out = {os.path.realpath(path) for path in leave_out}
    for path in dict.fromkeys(paths):
        if path == STANDARD_INPUT:
            found.append((path, "standard input"))
            continue
        matches = _match(path)
        files = [
            (each, name)
            for match in matches
            for each, name in _expand(match)
            if each == path or os.path.realpath(each) not in left_out
        ]
        if not files:
            what = "holds no document" if Path(path).is_dir() else "matches no file"
            error = DocumentError(
                f"{path} {what}", f"known endings are {', '.join(sorted(KNOWN_SUFFIXES))}"
            )
            failures.append(Failure.of(error, document=path, path=path))
        found.extend(files)
    found = list(dict.fromkeys(found))
    shared = Counter(name for _, name in found)
    return [
        Source(path, writable(name if shared[name] == 1 else Path(path).as_posix()))
        for path, name in found
    ], failures


def _match(path: str) -> list[str]:
    """The path itself, or what it matches where it is a pattern and no file is called so."""
    if os.path.lexists(path) or not glob.has_magic(path):
        return [path]
    return sorted(glob.glob(path, recursive=True))  # noqa: PTH207 - patterns may be absolute


def _expand(path: str) -> Iterator[tuple[str, str]]:
    """The files at a path, each with a name: relative to the folder, or the file's own."""
    if not Path(path).is_dir():
        yield path, Path(path).name
        return
    for folder, folders, files in os.walk(path):
        folders[:] = sorted(each for each in folders if not each.startswith("."))
        for file in sorted(files):
            full = Path(folder, file)
            known = full.suffix.lower() in KNOWN_SUFFIXES and not file.startswith(".")
            if known and _is_readable_kind(full):
                yield str(full), full.relative_to(path).as_posix()


def _is_readable_kind(path: Path) -> bool:
    """False for pipes, sockets and devices; a link that leads nowhere is named when read."""
    try:
        mode = path.stat().st_mode
    except OSError:
        return True
    return stat.S_ISREG(mode)


def read_source(
    source: Source, *, note: Note, options: ReadOptions = DEFAULT_OPTIONS
) -> Iterator[Paragraph | Failure]:
    """Read one source, paragraph by paragraph; what cannot be read comes as a failure.

    Args:
        source: The file.
        note: Called with what a reader should know, such as an encoding guessed.
        options: How to read it.
    """
    try:
        yield from _read(source, note=note, options=options)
    except DocumentError as error:
        yield Failure.of(error, document=source.name, path=source.path)
    except Exception as error:
        # Readers stand on several libraries: what these raise at a damaged file is named, with
        # its type, like any other reason.
        broken = DocumentError(
            f"{source.path} broke its reader ({type(error).__name__}: {error})",
            "check that the file opens elsewhere; if it does, report it",
        )
        yield Failure.of(broken, document=source.name, path=source.path)


def _read(source: Source, *, note: Note, options: ReadOptions) -> Iterator[Paragraph | Failure]:
    if Path(source.path).suffix.lower() in TABLE_SUFFIXES:
        bad_rows: list[DocumentError] = []
        table = read_table(
            source.path, column=options.column, name=source.name, report=bad_rows.append
        )
        for paragraph in table:
            for error in bad_rows:
                yield Failure.of(error, document=source.name, path=source.path)
            bad_rows.clear()
            yield _whole(paragraph)
        for error in bad_rows:
            yield Failure.of(error, document=source.name, path=source.path)
        notes: Sequence[str] = table.notes
    else:
        stream = sys.stdin.buffer if source.path == STANDARD_INPUT else source.path
        document = read_document(stream, name=source.name, limits=options.limits)
        yield from map(_whole, document.paragraphs)
        notes = document.notes
    for each in notes:
        note(f"{source.name}: {each}")


def _whole(paragraph: Paragraph) -> Paragraph:
    """The paragraph without halves of characters, which no file can keep."""
    if not _SURROGATE.search(paragraph.text + paragraph.heading + paragraph.number):
        return paragraph
    return replace(
        paragraph,
        text=writable(paragraph.text),
        heading=writable(paragraph.heading),
        number=writable(paragraph.number),
    )
