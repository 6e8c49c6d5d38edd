"""Worker processes on this machine; the batch outlives any of them."""

import os
import signal
import sys
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from multiprocessing import get_context, parent_process
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess
from pathlib import Path

from humanpose.batch.jobs import Job, Outcome, Try
from humanpose.batch.places import is_local, located
from humanpose.batch.threads import ONE_CORE, THREADS, own_cores
from humanpose.runtime.children import end_with_parent
from humanpose.runtime.replace import remove_staging_of

_LOOK_EVERY_S = 1.0  # for clips that take too long

Told = Callable[[int], object]


def run_local(
    jobs: Sequence[Job], *, workers: int, timeout_s: float, on_start: Told = int
) -> Iterator[Outcome]:
    """Start the workers; outcomes as they come. A clip whose worker dies is tried again, after
    the others.

    Args:
        timeout_s: for one clip; then its worker is stopped.
        on_start: told the process id of every new worker.
    """
    os.environ.update(THREADS)  # the workers' libraries read it while they are imported
    waiting = deque(Try(job) for job in jobs)
    cores = own_cores(min(workers, len(jobs)))
    slots = [_Slot(on_start, core) for core in cores]
    for slot in slots:
        slot.give(waiting.popleft())
    return _outcomes(slots, waiting, timeout_s)


def _outcomes(
    slots: Sequence["_Slot"], waiting: deque[Try], timeout_s: float
) -> Iterator[Outcome]:
    try:
        while waiting or any(slot.task for slot in slots):
            for slot in slots:
                if slot.task is None and waiting:
                    slot.give(waiting.popleft())
            for task, outcome in _ended(slots, timeout_s):
                if outcome is None and task.may_be_repeated:
                    waiting.append(task.again())
                else:
                    yield outcome or task.died()
    finally:
        for slot in slots:
            slot.stop()


class _Slot:
    """A place for one worker, with what it works on."""

    task: Try | None = None
    pipe: Connection
    _process: SpawnProcess | None = None
    _since_s = 0.0

    def __init__(self, on_start: Told, core: int | None) -> None:
        self._on_start, self._core = on_start, core

    def give(self, task: Try) -> None:
        if self._process is None:
            self._start()
        self.task, self._since_s = task, time.monotonic()
        with suppress(OSError):  # it died meanwhile, which shows when its answer is read
            self.pipe.send(task.job)

    def answer(self, timeout_s: float) -> Outcome | None:
        """Of a worker that has ended its task or its life, or is too late; None: it died."""
        task, self.task = self._busy_with, None
        if not self.pipe.poll():
            self._kill(task)
            return task.overdue(timeout_s)
        try:
            return task.ended(self.pipe.recv())
        except (EOFError, OSError):
            self._kill(task)
            return None

    def is_late(self, timeout_s: float) -> bool:
        return time.monotonic() - self._since_s > timeout_s

    def stop(self) -> None:
        self._kill(self.task)  # one that waits has nothing to lose, and takes long to leave

    @property
    def _busy_with(self) -> Try:
        if self.task is None:
            raise ValueError("expected a busy worker")
        return self.task

    def _start(self) -> None:
        context = get_context("spawn")
        self.pipe, theirs = context.Pipe()
        self._process = context.Process(target=_serve, args=(theirs, self._core), daemon=True)
        self._process.start()
        theirs.close()
        self._on_start(self._process.pid or 0)

    def _kill(self, task: Try | None) -> None:
        if self._process is None:
            return
        self._process.kill()
        self._process.join()
        self.pipe.close()
        if task and is_local(task.job.out):
            remove_staging_of(self._process.pid or 0, Path(located(task.job.out)[1]))
        self._process = None


def _ended(slots: Sequence[_Slot], timeout_s: float) -> Iterator[tuple[Try, Outcome | None]]:
    """The busy slots that have an answer, or should have had one long ago."""
    busy = {slot.pipe: slot for slot in slots if slot.task}
    ready = wait(list(busy), min(_LOOK_EVERY_S, timeout_s))
    for pipe, slot in busy.items():
        if slot.task and (pipe in ready or slot.is_late(timeout_s)):
            yield slot.task, slot.answer(timeout_s)


def _serve(pipe: Connection, core: int | None) -> None:
    """A worker's life: one clip after another, until its parent is gone."""
    if core is not None and sys.platform == "linux":
        os.sched_setaffinity(0, {core})
    from humanpose.batch.work import work  # not in the parent: it takes a second

    os.environ.update(ONE_CORE)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent
    if parent := parent_process():
        end_with_parent(parent.join)
    with suppress(EOFError, BrokenPipeError):
        while True:
            pipe.send(work(pipe.recv()))
