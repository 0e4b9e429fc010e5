"""The journal: what a run has done so far, kept beside its output until that is whole.

One JSON object a line. The first names the run; then come records and failures, and after each
chunk of paragraphs a mark that says how far the sources had been read. Whatever follows the last
mark is the torn end of a run that was killed, and is cut off when the run is taken up again.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

from wsis_sdg.errors import OutputError
from wsis_sdg.records import Failure, Record

_RECORD: Final = b'{"record":'
_FAILURE: Final = b'{"failure":'
_MARK: Final = b'{"mark":'


@dataclass(frozen=True, slots=True)
class Position:
    """How far a run has come: sources done, and paragraphs of the next one."""

    sources: int = 0
    paragraphs: int = 0


BEGINNING: Final = Position()


def journal_path(out: Path) -> Path:
    """Where the journal of an output file lies: beside it, hidden."""
    return out.with_name(f".{out.name}.journal")


class Journal:
    """Records and failures of a run on disk; gone through as often as needed.

    Args:
        out: The output file that the journal is for.
        stamp: Names the run: its sources, settings, classifier and version.
        resume: Go on after the last mark of an earlier run with the same stamp.

    Attributes:
        begin: Where to go on.
        records: How many records it holds.

    Raises:
        OutputError: When it cannot be written, another run is writing it, or the earlier run
            differs in its stamp.
    """

    def __init__(self, out: Path, *, stamp: str, resume: bool) -> None:
        self.path = journal_path(out)
        self.begin = BEGINNING
        self.records = 0
        try:
            # Appending alone would not allow the cut, and "w" would empty another run's journal.
            self._stream: IO[bytes] = os.fdopen(
                os.open(self.path, os.O_RDWR | os.O_CREAT, 0o666), "r+b"
            )
        except OSError as error:
            raise OutputError(
                f"{out} cannot be written ({error.strerror})",
                "choose a folder that exists and that you may write to",
            ) from error
        try:
            self._lock(out)
            first = json.dumps({"run": stamp}).encode() + b"\n"
            if resume and os.fstat(self._stream.fileno()).st_size:
                self._take_up(first, out)
            else:
                self._stream.truncate()
                self._stream.write(first)
                self._stream.flush()
        except BaseException:
            self._stream.close()
            raise

    def append(self, records: Sequence[Record], failures: Sequence[Failure], end: Position) -> None:
        """Add what one chunk gave, and the mark behind it."""
        lines = [_line(_RECORD, record) for record in records]
        lines += [_line(_FAILURE, failure.record()) for failure in failures]
        lines.append(_line(_MARK, [end.sources, end.paragraphs]))
        self._stream.write(b"".join(lines))
        self._stream.flush()
        self.records += len(records)

    def __iter__(self) -> Iterator[Record]:
        """All records, in the order of the sources; may be asked for again and again."""
        for line in self._lines(_RECORD):
            record: Record = json.loads(line)["record"]
            yield record

    def failures(self) -> list[Failure]:
        """All failures, in the order of the sources."""
        return [Failure(**json.loads(line)["failure"]) for line in self._lines(_FAILURE)]

    def close(self, *, remove: bool) -> None:
        """Close the journal; ``remove`` it once the output is whole."""
        if remove:
            # Before the lock is let go, so that no other run's journal is removed.
            self.path.unlink(missing_ok=True)
        self._stream.close()

    def _lines(self, kind: bytes) -> Iterator[bytes]:
        with self.path.open("rb") as stream:
            for line in stream:
                if line.startswith(kind):
                    yield line

    def _take_up(self, first: bytes, out: Path) -> None:
        read = end = since = 0
        for number, line in enumerate(self._stream):
            if number == 0 and line != first:
                raise OutputError(
                    f"the unfinished run of {out} had other inputs or settings",
                    "leave out --resume to start again",
                )
            read += len(line)
            since += line.startswith(_RECORD)
            is_mark = line.startswith(_MARK) and line.endswith(b"\n")
            if is_mark:
                self.begin = Position(*json.loads(line)["mark"])
                self.records += since
                since = 0
            if is_mark or number == 0:
                end = read
        self._stream.seek(end)
        self._stream.truncate()

    def _lock(self, out: Path) -> None:
        if sys.platform == "win32":
            # A locked region could not be read there through a second handle; and a file that is
            # open cannot be replaced there, so a second run ends with an error all the same.
            return
        import fcntl

        try:
            # Let go by the system when the process ends, however it ends.
            fcntl.flock(self._stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise OutputError(
                f"another run is writing {out}", "wait for it, or choose another --out"
            ) from error


def _line(kind: bytes, value: object) -> bytes:
    return kind + b" " + json.dumps(value, ensure_ascii=False).encode() + b"}\n"
