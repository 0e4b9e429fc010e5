"""Stages in threads: order, bounds, errors, early stops."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator

import pytest

from wsis_sdg.overlap import LEAD, ahead


def test_order_is_kept_through_two_stages() -> None:
    assert list(ahead(x * 2 for x in ahead(range(100)))) == [x * 2 for x in range(100)]


def test_the_lead_is_bounded() -> None:
    made: list[int] = []

    def items() -> Iterator[int]:
        for x in range(50):
            made.append(x)
            yield x

    stage = ahead(items())
    assert next(stage) == 0
    time.sleep(0.3)
    assert len(made) <= LEAD + 2
    stage.close()


def test_an_error_comes_after_the_items_before_it() -> None:
    def items() -> Iterator[int]:
        yield 1
        raise ValueError("broken")

    stage = ahead(items())
    assert next(stage) == 1
    with pytest.raises(ValueError, match="broken"):
        next(stage)


def test_a_caller_that_stops_leaves_no_thread() -> None:
    stage = ahead(iter(range(1000)))
    next(stage)
    stage.close()
    time.sleep(0.3)
    assert not [t for t in threading.enumerate() if t.name == "wsis-sdg-ahead"]
