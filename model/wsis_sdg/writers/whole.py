"""Files that are either whole or not there."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from wsis_sdg.errors import OutputError


@contextmanager
def written_whole(out: Path) -> Iterator[Path]:
    """Give a path beside ``out`` to write to, and rename it to ``out`` when all went well.

    A run that is killed leaves at most the hidden file beside, which the next run writes over.

    Raises:
        OutputError: When the file cannot be written.
    """
    partial = out.with_name(f".{out.name}.partial")
    try:
        yield partial
        with partial.open("rb+") as stream:
            # On disk before it has its name: a power cut must not leave an empty file either.
            os.fsync(stream.fileno())
        partial.replace(out)
    except OSError as error:
        raise OutputError(
            f"{out} cannot be written ({error.strerror or error})",
            "free space, or choose a folder that exists and that you may write to",
        ) from error
    finally:
        partial.unlink(missing_ok=True)
