"""The process that reads one PDF file: bytes on standard input, JSON on standard output."""

from __future__ import annotations

import contextlib
import dataclasses
import json
import sys

from wsis_sdg.documents.pdf_document import extract
from wsis_sdg.errors import DocumentError


def main(name: str, pages: int, memory: int) -> None:
    """Read a file within a bound on memory and write what was found, or the error."""
    # Windows has no such bound.
    with contextlib.suppress(ImportError):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    answer: dict[str, object]
    try:
        reading = extract(sys.stdin.buffer.read(), name=name, pages=pages)
        answer = dataclasses.asdict(reading)
    except DocumentError as error:
        answer = {"problem": error.problem, "remedy": error.remedy}
    sys.stdout.write(json.dumps(answer))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
