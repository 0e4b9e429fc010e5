"""How much one document may cost: bytes, unpacked bytes, pages, seconds, memory."""

from __future__ import annotations

import time
from dataclasses import dataclass

from wsis_sdg.errors import DocumentError


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Bounds for one file, so that no single file can stop or fill a run.

    Attributes:
        file_bytes: Size of the file.
        unpacked_bytes: Size of what a DOCX file unpacks to, of the parts that are read.
        pages: Pages of a PDF file.
        seconds: Time for reading one file; a PDF file that takes longer is broken off.
        memory_bytes: Address space of the process that reads a PDF file; not held on Windows.
    """

    file_bytes: int = 100 * 2**20
    unpacked_bytes: int = 64 * 2**20
    pages: int = 2_000
    seconds: float = 120.0
    memory_bytes: int = 4 * 2**30


DEFAULT_LIMITS = Limits()
"""What holds where the caller sets nothing."""


@dataclass(frozen=True, slots=True)
class Deadline:
    """The moment by which one file must be read.

    Attributes:
        name: The document's name, for the message.
        seconds: The time that was allowed.
        end: The moment, on the monotonic clock.
    """

    name: str
    seconds: float
    end: float

    @classmethod
    def of(cls, limits: Limits, *, name: str) -> Deadline:
        """The deadline of a file whose reading begins now."""
        return cls(name, limits.seconds, time.monotonic() + limits.seconds)

    def check(self) -> None:
        """Break off when the time is over.

        Raises:
            DocumentError: When it is.
        """
        if time.monotonic() > self.end:
            raise timeout_error(self.name, self.seconds)


def timeout_error(name: str, seconds: float) -> DocumentError:
    """The error for a file that takes too long."""
    return DocumentError(
        f"{name} takes longer to read than the limit of {seconds:g} seconds",
        "split the file or raise the limit on seconds",
    )
