"""Processes beside the server that answer questions, each under the limits of an analysis.

What reads foreign files or computes for long lives there (``humanpose.server.answering`` is
their side): one that crashes, takes too long or is cancelled is killed, and another is started.
"""

import json
import os
import subprocess
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent import futures
from contextlib import suppress
from dataclasses import dataclass, field
from queue import Empty, Queue
from typing import Any

from humanpose import errors
from humanpose.errors import BusyError, HumanPoseError
from humanpose.runtime.children import start
from humanpose.server.log import event
from humanpose.server.serving import serving
from humanpose.words import to_say

_LOOK_EVERY_S = 0.1
_FORGOTTEN_AFTER_S = 5.0
_LONGEST_LINE = 1 << 20
_CANCELLED = "the computation was cancelled; start it again when you like"


class CancelledError(HumanPoseError):
    """Somebody pressed Cancel."""


@dataclass(frozen=True)
class Answer:
    """What a process says."""

    words: Any
    """As in JSON."""
    data: bytes = b""


@dataclass(eq=False)
class Asked:
    """A question, and its answer once there is one."""

    words: Mapping[str, Any]
    limit_s: float
    stopped: HumanPoseError
    """Raised where the process ends without an answer, or takes longer."""
    doing: str = ""
    """What the process does now; empty while it is not this question's turn."""
    share: float = 0.0
    """How much of it is done, from 0 to 1, where the process says."""
    _answer: "futures.Future[Answer]" = field(default_factory=futures.Future)
    _wanted_at_s: float = field(default_factory=time.monotonic)
    _cancelled: bool = False
    _process: "_Process | None" = None
    _guard: threading.Lock = field(default_factory=threading.Lock)

    def done(self) -> bool:
        """Whether there is an answer, or an error."""
        return self._answer.done()

    @property
    def failed(self) -> bool:
        """Whether it is an error, or was cancelled."""
        return self.done() and (
            self._answer.cancelled() or self._answer.exception() is not None
        )

    def result(self) -> Answer:
        """The answer.

        Raises:
            HumanPoseError: what the process says, or ``stopped`` where it says nothing.
            CancelledError: somebody pressed Cancel.
        """
        try:
            return self._answer.result()
        except futures.CancelledError:
            raise CancelledError(_CANCELLED) from None

    def cancel(self) -> None:
        """Whoever waits for the answer gets a CancelledError; without effect afterwards."""
        with self._guard:
            self._cancelled = True
            if not self._answer.cancel() and self._process is not None:
                self._process.end()

    def want(self) -> None:
        """Say that somebody waits; what nobody waits for any more is not done."""
        self._wanted_at_s = time.monotonic()

    def put_to(self, process: "_Process") -> None:
        """Have it answered, whatever comes of it."""
        with self._guard:
            if time.monotonic() - self._wanted_at_s > _FORGOTTEN_AFTER_S:
                self._answer.cancel()
            if not self._answer.set_running_or_notify_cancel():
                return
            self._process = process
        try:
            self._answer.set_result(process.answer(self))
        except HumanPoseError as error:
            cancelled = CancelledError(_CANCELLED) if self._cancelled else None
            self._answer.set_exception(cancelled or error)
        with self._guard:
            self._process = None


def is_rule(variable: str) -> bool:
    """Whether it is one of ours in the environment."""
    return variable.startswith("HUMANPOSE_")


def wait_for(
    questions: Sequence[Asked], meanwhile: Callable[[], object] = lambda: None
) -> None:
    """Until all are answered; ``meanwhile`` is called again and again."""
    while waiting := [one._answer for one in questions if not one.done()]:
        for one in questions:
            one.want()
        meanwhile()
        futures.wait(waiting, timeout=_LOOK_EVERY_S)


class Helpers:
    """A few processes of one kind, and the questions that wait for one of them.

    Args:
        module: what they run.
        processes: so many at once.
        most_bytes: of an answer.
        idle_s: a process that is asked nothing for so long is let go.
    """

    def __init__(
        self,
        module: str,
        *,
        processes: int = 1,
        most_bytes: int = 1 << 20,
        idle_s: float = 600.0,
    ) -> None:
        self._module, self._most_bytes, self._idle_s = module, most_bytes, idle_s
        self._questions: Queue[Asked | None] = Queue()
        self._processes, self._guard = processes, threading.Lock()
        self._started = self._unanswered = 0

    def ask(
        self, words: Mapping[str, Any], *, limit_s: float, stopped: HumanPoseError
    ) -> Asked:
        """Put a question, which is answered in its turn.

        Raises:
            BusyError: as many wait as the server lets wait.
        """
        if self._questions.qsize() > serving().waiting:
            raise BusyError(to_say("others wait for the same already; try again in a while"))
        asked = Asked(words, limit_s, stopped)
        self._put(asked)
        return asked

    def answer_to(
        self, words: Mapping[str, Any], *, limit_s: float, stopped: HumanPoseError
    ) -> Answer:
        """The answer to a question, waited for.

        Raises:
            HumanPoseError: what the process says, or ``stopped`` where it says nothing.
        """
        asked = self.ask(words, limit_s=limit_s, stopped=stopped)
        wait_for([asked])
        return asked.result()

    def wake(self) -> None:
        """Start a process ahead of the first question."""
        self._put(None)

    def _put(self, asked: Asked | None) -> None:
        with self._guard:
            self._unanswered += 1
            if self._started < min(self._unanswered, self._processes):
                self._started += 1  # a process ends with the thread that started it
                threading.Thread(target=self._serve, daemon=True).start()
        self._questions.put(asked)

    def _serve(self) -> None:
        process = _Process(self._module, self._most_bytes)
        while True:
            try:
                asked = self._questions.get(timeout=self._idle_s if process.lives else None)
            except Empty:
                process.close()
                continue
            process.start()
            if asked is not None:
                asked.put_to(process)
                process.start()
            with self._guard:
                self._unanswered -= 1


class _Process:
    """One at a time; none at first, and none once it has ended."""

    def __init__(self, module: str, most_bytes: int) -> None:
        self._module, self._most_bytes = module, most_bytes
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def lives(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def start(self) -> None:
        """Start one where there is none."""
        if self.lives:
            return
        self.close()
        with suppress(OSError):  # said when it is asked
            self._process = start(self._module, stdout=subprocess.PIPE)

    def answer(self, asked: Asked) -> Answer:
        watch = threading.Timer(asked.limit_s, self.end)
        watch.start()
        try:
            return self._read(asked)
        except (OSError, ValueError, LookupError, TypeError) as error:
            self.close()
            event("helper_stopped", module=self._module)
            raise asked.stopped from error
        finally:
            watch.cancel()

    def end(self) -> None:
        """Have it end now."""
        if self._process is not None:
            self._process.kill()

    def close(self) -> None:
        """End it and wait until it is gone."""
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            with suppress(BrokenPipeError), process:
                pass

    def _read(self, asked: Asked) -> Answer:
        process = self._process
        if process is None or process.stdin is None or process.stdout is None:
            raise ValueError("it could not be started")
        process.stdin.write(json.dumps([_rules(), asked.words]).encode() + b"\n")
        process.stdin.flush()
        while True:
            line = process.stdout.readline(_LONGEST_LINE)
            if not line.endswith(b"\n"):
                raise ValueError("it ended, or does not come to an end")
            said = json.loads(line)
            if "doing" not in said:
                break
            asked.doing, asked.share = str(said["doing"]), float(said["share"])
        if "error" in said:
            raise _error_called(said["error"])(str(said["sentence"]))
        size = int(said["bytes"])
        if not 0 <= size <= self._most_bytes:
            raise ValueError("an answer beyond all size")
        data = process.stdout.read(size)
        if len(data) < size:
            raise ValueError("it ended while it spoke")
        return Answer(said["words"], data)


def _rules() -> dict[str, str]:
    """Of the server, as they stand now: the process may be older."""
    return {name: value for name, value in os.environ.items() if is_rule(name)}


def _error_called(name: str) -> type[HumanPoseError]:
    kind = getattr(errors, name, None)
    if kind is None or not issubclass(kind, HumanPoseError):
        raise ValueError("expected one of our errors")
    return kind
