"""Answers that are remembered, so that the same question is not worked out twice."""

import hashlib
import pickle
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import Future
from functools import wraps
from threading import Lock
from typing import Any, ClassVar, Generic, ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")

_MOST_BYTES = 16_000_000
"""Of a question; what follows from a longer clip takes too much memory to be kept."""


class Memory(Generic[T]):
    """The last few answers of a process, which nobody may change."""

    everywhere: ClassVar[list["Memory[Any]"]] = []

    def __init__(self, most: int) -> None:
        self._most = most
        self._answers: OrderedDict[object, Future[T]] = OrderedDict()
        self._guard = Lock()
        self.everywhere.append(self)

    def forget(self) -> None:
        """As if nothing had been asked yet."""
        with self._guard:
            self._answers.clear()

    def get(self, question: object, make: Callable[[], T]) -> T:
        """The answer to a hashable question, made where it is not remembered; who asks while
        another thread makes it waits for that one. One to None is never remembered."""
        if question is None:
            return make()
        with self._guard:
            known = self._answers.get(question)
            answer = self._answers.setdefault(question, Future())
            self._answers.move_to_end(question)
            while len(self._answers) > self._most:
                self._answers.popitem(last=False)
        if known is None:
            try:
                answer.set_result(make())
            except BaseException as error:
                with self._guard:
                    self._answers.pop(question, None)
                answer.set_exception(error)
                raise
        return answer.result()


def remembered(function: Callable[P, T]) -> Callable[P, T]:
    """The same function, which remembers its last answers to what was not very much."""
    memory: Memory[T] = Memory(4)

    @wraps(function)
    def answer(*args: P.args, **kwargs: P.kwargs) -> T:
        return memory.get(question_of(args, kwargs), lambda: function(*args, **kwargs))

    return answer


def forget_everything() -> None:
    """As if the process had just begun, for those who measure how long an answer takes."""
    for memory in Memory.everywhere:
        memory.forget()


def question_of(*values: object, most_bytes: int = _MOST_BYTES) -> bytes | None:
    """What stands for all that ``values`` hold, arrays too; None where that is more."""
    arrays: list[pickle.PickleBuffer] = []
    rest = pickle.dumps(values, protocol=5, buffer_callback=arrays.append)
    parts = [array.raw() for array in arrays]
    if len(rest) + sum(part.nbytes for part in parts) > most_bytes:
        return None
    digest = hashlib.sha256(rest)
    for part in parts:
        digest.update(part)
    return digest.digest()
