"""Work that is done ahead of whoever needs it, in a thread of its own."""

from collections.abc import Generator, Iterable
from queue import Full, Queue
from threading import Event, Thread
from typing import TypeVar

T = TypeVar("T")

_LOOKS_UP_EVERY_S = 0.1
"""How often a thread whose work nobody takes asks whether anybody still waits for it."""


def ahead(values: Iterable[T], *, most: int) -> Generator[T, None, None]:
    """The same values in the same order, up to ``most`` of them made before they are asked for.

    Close it where the loop may end early; the thread ends with it. Raises what ``values``
    raises, after what came before that.
    """
    made: Queue[tuple[T] | Exception | None] = Queue(most)
    unwanted = Event()
    thread = Thread(target=_make, args=(values, made, unwanted), daemon=True)
    thread.start()
    try:
        while (item := made.get()) is not None:
            if isinstance(item, Exception):
                raise item
            yield item[0]
    finally:
        unwanted.set()
        thread.join()


def _make(
    values: Iterable[T], made: "Queue[tuple[T] | Exception | None]", unwanted: Event
) -> None:
    iterator = iter(values)
    try:
        for value in iterator:
            if not _handed_over((value,), made, unwanted):
                return
    except Exception as error:  # noqa: BLE001  (raised where the values are taken)
        _handed_over(error, made, unwanted)
    else:
        _handed_over(None, made, unwanted)
    finally:
        if isinstance(iterator, Generator):
            iterator.close()


def _handed_over(
    item: "tuple[T] | Exception | None",
    made: "Queue[tuple[T] | Exception | None]",
    unwanted: Event,
) -> bool:
    while not unwanted.is_set():
        try:
            made.put(item, timeout=_LOOKS_UP_EVERY_S)
        except Full:
            continue
        return True
    return False
