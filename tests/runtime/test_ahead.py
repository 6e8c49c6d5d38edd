"""Values that are made in a thread of their own."""

import threading
import time
from collections.abc import Iterator
from contextlib import closing

import pytest

from humanpose.runtime.ahead import ahead


def test_values_come_in_their_order() -> None:
    assert list(ahead(range(1000), most=3)) == list(range(1000))
    assert list(ahead(iter(()), most=3)) == []


def test_no_more_than_so_many_are_made_before_they_are_taken() -> None:
    made: list[int] = []

    def counted() -> Iterator[int]:
        for number in range(100):
            made.append(number)
            yield number

    with closing(ahead(counted(), most=4)) as values:
        assert next(values) == 0
        time.sleep(0.3)
        assert 1 < len(made) <= 1 + 4 + 1  # taken, waiting, in hand
        assert next(values) == 1


def test_what_is_raised_comes_after_what_was_made_before() -> None:
    def broken() -> Iterator[int]:
        yield 1
        yield 2
        raise ValueError("no third")

    taken: list[int] = []
    with pytest.raises(ValueError, match="no third"):
        taken.extend(ahead(broken(), most=5))
    values = ahead(broken(), most=5)
    assert (next(values), next(values)) == (1, 2)
    with pytest.raises(ValueError, match="no third"):
        next(values)


def test_who_stops_early_leaves_neither_thread_nor_open_file() -> None:
    closed = threading.Event()

    def endless() -> Iterator[int]:
        try:
            while True:
                yield 1
        finally:
            closed.set()

    before = threading.active_count()
    with closing(ahead(endless(), most=2)) as values:
        next(values)
        assert threading.active_count() == before + 1
    assert closed.is_set()
    assert threading.active_count() == before
