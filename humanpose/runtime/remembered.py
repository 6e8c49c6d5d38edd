"""Answers that are remembered, so that the same question is not worked out twice."""

import hashlib
import pickle
from collections import OrderedDict
from collections.abc import Callable
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
        self._answers: OrderedDict[object, T] = OrderedDict()
        self._guard = Lock()
        self.everywhere.append(self)

    def forget(self) -> None:
        """As if nothing had been asked yet."""
        with self._guard:
            self._answers.clear()

    def get(self, question: object, make: Callable[[], T]) -> T:
        """The answer to a hashable question, made where it is not remembered; one to None is
        never remembered."""
        with self._guard:
            if question in self._answers:
                self._answers.move_to_end(question)
                return self._answers[question]
        answer = make()
        if question is not None:
            with self._guard:
                self._answers[question] = answer
                while len(self._answers) > self._most:
                    self._answers.popitem(last=False)
        return answer


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


def question_of(*values: object) -> bytes | None:
    """What stands for all that ``values`` hold, arrays too; None where that is very much."""
    arrays: list[pickle.PickleBuffer] = []
    rest = pickle.dumps(values, protocol=5, buffer_callback=arrays.append)
    parts = [array.raw() for array in arrays]
    if len(rest) + sum(part.nbytes for part in parts) > _MOST_BYTES:
        return None
    digest = hashlib.sha256(rest)
    for part in parts:
        digest.update(part)
    return digest.digest()
