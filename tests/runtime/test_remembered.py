"""Questions that are answered once."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import count
from threading import Event

import numpy as np
import pytest

from humanpose.runtime.remembered import Memory, forget_everything, remembered
from humanpose.sequence import Floats


@dataclass(frozen=True, eq=False)
class Question:
    values: Floats
    name: str = ""


ASKED = count()


@remembered
def numbered(question: Question, *, more: float = 0.0) -> int:
    return next(ASKED)


@pytest.fixture(autouse=True)
def _anew() -> Iterator[None]:
    forget_everything()
    yield
    forget_everything()


def test_the_same_question_is_answered_once() -> None:
    first = numbered(Question(np.arange(6.0)), more=1.0)
    assert numbered(Question(np.arange(6.0)), more=1.0) == first


@pytest.mark.parametrize(
    "other",
    [
        Question(np.arange(6.0) + 1e-12),
        Question(np.arange(6.0).reshape(2, 3)),
        Question(np.arange(6.0).astype(np.float32)),
        Question(np.arange(6.0), "another"),
    ],
)
def test_another_question_has_an_answer_of_its_own(other: Question) -> None:
    assert numbered(other) != numbered(Question(np.arange(6.0)))


def test_who_asks_meanwhile_waits_for_the_one_answer() -> None:
    memory, made, may_end = Memory[int](2), count(), Event()

    def slowly() -> int:
        may_end.wait(10)
        return next(made)

    with ThreadPoolExecutor(3) as pool:
        answers = [pool.submit(memory.get, "question", slowly) for _ in range(3)]
        may_end.set()
    assert [answer.result() for answer in answers] == [0, 0, 0]
    assert next(made) == 1


def test_what_failed_is_asked_again() -> None:
    memory = Memory[int](2)
    with pytest.raises(ZeroDivisionError):
        memory.get("question", lambda: 1 // 0)
    assert memory.get("question", lambda: 7) == 7


def test_old_answers_and_long_questions_are_not_kept() -> None:
    first = numbered(Question(np.zeros(3)))
    for value in range(1, 5):
        numbered(Question(np.full(3, float(value))))
    assert numbered(Question(np.zeros(3))) != first
    long = Question(np.zeros(3_000_000))
    assert numbered(long) != numbered(long)
