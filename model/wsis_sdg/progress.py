"""Progress on standard error, for anything that takes longer than two seconds."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final, Protocol

if TYPE_CHECKING:
    from rich.progress import Progress

QUIET_SECONDS: Final = 2.0


class Advance(Protocol):
    """What moves a bar on."""

    def __call__(self, units: int, detail: str = "") -> None:
        """Count further units of work, and show a detail behind the bar."""
        ...


@contextmanager
def progress_bar(what: str, total: int) -> Iterator[Advance]:
    """A bar on standard error that appears once the work has taken two seconds.

    Args:
        what: What is being done.
        total: Units of work; counted up by the callback.
    """
    begin = time.monotonic()
    done = 0
    bar: Progress | None = None

    def advance(units: int, detail: str = "") -> None:
        nonlocal bar, done
        done += units
        if bar is None and time.monotonic() - begin > QUIET_SECONDS:
            bar = _open_bar(what, total)
        if bar is not None:
            bar.update(bar.task_ids[0], completed=done, detail=detail)

    try:
        yield advance
    finally:
        if bar is not None:
            bar.stop()


def _open_bar(what: str, total: int) -> Progress:
    # rich takes a tenth of a second to import, as long as tagging a short text from the cache.
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    bar = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[detail]}"),
        console=Console(file=sys.stderr),
        transient=True,
    )
    bar.add_task(what, total=total, detail="")
    bar.start()
    return bar
