"""Progress on standard error, for anything that takes longer than two seconds."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

QUIET_SECONDS: Final = 2.0


@contextmanager
def progress_bar(what: str, total: int) -> Iterator[Callable[[int], None]]:
    """A bar on standard error that appears once the work has taken two seconds.

    Args:
        what: What is being done.
        total: Units of work; counted up by the callback.
    """
    from rich.console import Console
    from rich.progress import Progress

    begin = time.monotonic()
    bar = Progress(console=Console(file=sys.stderr), transient=True)
    task = bar.add_task(what, total=total)
    shown = False

    def advance(units: int) -> None:
        nonlocal shown
        if not shown and time.monotonic() - begin > QUIET_SECONDS:
            bar.start()
            shown = True
        bar.advance(task, units)

    try:
        yield advance
    finally:
        if shown:
            bar.stop()
