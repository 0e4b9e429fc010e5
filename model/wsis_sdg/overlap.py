"""Running one stage of a pipeline ahead of the next, in a thread, with a bounded lead."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from queue import Full, Queue
from threading import Event, Thread
from typing import Final, TypeVar

Item = TypeVar("Item")

LEAD: Final = 2
_PATIENCE: Final = 0.1


class _End:
    """What a stage leaves in the queue when it is through: its error, if it had one."""

    def __init__(self, error: BaseException | None) -> None:
        self.error = error


def ahead(items: Iterable[Item], *, lead: int = LEAD) -> Iterator[Item]:
    """Go through items in a thread of their own, at most ``lead`` of them ahead of the caller.

    An error in the thread is raised here, after the items before it. When the caller stops
    early, the thread stops at its next item.

    Args:
        items: Anything that takes time to go through.
        lead: Items that may wait.
    """
    waiting: Queue[Item | _End] = Queue(maxsize=lead)
    stopped = Event()

    def put(item: Item | _End) -> None:
        while not stopped.is_set():
            try:
                waiting.put(item, timeout=_PATIENCE)
            except Full:
                continue
            return

    def work() -> None:
        error: BaseException | None = None
        try:
            for item in items:
                put(item)
                if stopped.is_set():
                    return
        except BaseException as caught:
            error = caught
        put(_End(error))

    # A daemon: an interrupted run must not wait for a file that is slow to read.
    thread = Thread(target=work, name="wsis-sdg-ahead", daemon=True)
    thread.start()
    try:
        while True:
            item = waiting.get()
            if isinstance(item, _End):
                if item.error is not None:
                    raise item.error
                return
            yield item
    finally:
        stopped.set()
        thread.join(timeout=_PATIENCE)
