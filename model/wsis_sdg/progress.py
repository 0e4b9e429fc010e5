"""Progress on standard error, for anything that takes longer than two seconds."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from rich.progress import Progress

QUIET_SECONDS: Final = 2.0


@contextmanager
def batch_progress(sources: int) -> Iterator[Callable[[int, int], None]]:
    """A bar on standard error that appears once the work has taken two seconds.

    Args:
        sources: Files to read.

    Yields:
        A function to call after each chunk, with the files done so far and the paragraphs of the
        chunk.
    """
    begin = time.monotonic()
    paragraphs = 0
    bar: Progress | None = None

    def advance(files: int, more: int) -> None:
        nonlocal paragraphs, bar
        paragraphs += more
        seconds = time.monotonic() - begin
        if bar is None and seconds > QUIET_SECONDS:
            bar = _open_bar(sources)
        if bar is not None:
            rate = f"{paragraphs:,} paragraphs, {paragraphs / seconds:,.0f} a second"
            bar.update(bar.task_ids[0], completed=files, rate=rate)

    try:
        yield advance
    finally:
        if bar is not None:
            bar.stop()


def _open_bar(sources: int) -> Progress:
    # rich takes a tenth of a second to import, as long as tagging a short text from the cache.
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    bar = Progress(
        TextColumn("files"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}"),
        console=Console(file=sys.stderr),
        transient=True,
    )
    bar.add_task("files", total=sources, rate="")
    bar.start()
    return bar
