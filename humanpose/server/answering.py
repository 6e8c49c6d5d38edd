"""What a process of ``humanpose.server.helpers`` does to be asked by the server.

A question is a line of JSON on standard input, an answer one on standard output, with the bytes
that it announces.
"""

import json
import os
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from queue import SimpleQueue
from typing import Any, BinaryIO, Protocol

from humanpose.errors import HumanPoseError
from humanpose.runtime.children import end_with_parent
from humanpose.server.helpers import Answer, is_rule
from humanpose.server.limits import limit_this_process
from humanpose.server.serving import serving

_AFTER_ANALYSES = 10
"""How much a copy stands back where processors are short, as ``os.nice`` has it."""


class Tell(Protocol):
    def __call__(self, doing: str, share: float = 0.0) -> None:
        """Says what is done now, and how much of it all is done, from 0 to 1."""


def answer_questions(
    answer: Callable[[Any, Tell], Answer], *, cpu_s: float | None = None, apart: bool = False
) -> None:
    """Answer for as long as the server lives, under its limits for an analysis.

    Args:
        cpu_s: of computing for each, where that is less than for an analysis.
        apart: each in a process of its own, which sees nothing of the others: a copy of this
            one, or this one where the system makes no copies.
    """
    questions: SimpleQueue[bytes] = SimpleQueue()
    end_with_parent(partial(_take_in, questions))
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what libraries print is no answer
    while True:
        reply = partial(_reply, out, questions.get(), answer, cpu_s)
        if not apart:
            reply()
        elif sys.platform == "win32":
            reply()
            os._exit(0)
        elif not _done_by_a_copy(reply):
            os._exit(1)  # so that the server hears of it


def _done_by_a_copy(reply: Callable[[], None]) -> bool:
    """Whether it ended well."""
    copy = os.fork()
    if copy == 0:
        end_with_parent()
        os.close(0)
        os.nice(_AFTER_ANALYSES)
        try:
            reply()
        finally:
            os._exit(sys.exc_info()[0] is not None)
    return os.waitpid(copy, 0)[1] == 0


def _reply(
    out: BinaryIO, line: bytes, answer: Callable[[Any, Tell], Answer], cpu_s: float | None
) -> None:
    variables, asked = json.loads(line)
    _follow(variables, cpu_s)
    try:
        said = answer(asked, partial(_tell, out))
        _say(out, {"words": said.words, "bytes": len(said.data)}, said.data)
    except HumanPoseError as error:
        _say(out, {"error": type(error).__name__, "sentence": str(error)})
    except MemoryError:
        os._exit(1)  # who knows what is whole


def _follow(variables: dict[str, str], cpu_s: float | None) -> None:
    """Go by the rules of the server as they are now."""
    for name in filter(is_rule, list(os.environ)):
        del os.environ[name]
    os.environ |= variables
    rules = serving()
    hours = rules.cpu_hours if cpu_s is None else cpu_s / 3600
    limit_this_process(replace(rules, cpu_hours=time.process_time() / 3600 + hours))


def _take_in(questions: "SimpleQueue[bytes]") -> None:
    """Until nobody is there to ask."""
    for line in iter(sys.stdin.buffer.readline, b""):
        questions.put(line)


def _tell(out: BinaryIO, doing: str, share: float = 0.0) -> None:
    _say(out, {"doing": doing, "share": share})


def _say(out: BinaryIO, words: object, data: bytes = b"") -> None:
    out.write(json.dumps(words).encode() + b"\n" + data)
    out.flush()
