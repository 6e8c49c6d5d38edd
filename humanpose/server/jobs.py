"""Analyses run in child processes, one at a time: a crash or a Cancel leaves the app alone."""

import subprocess
import threading
import time
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from weakref import WeakSet

from humanpose.errors import BusyError, OutputError
from humanpose.runtime.children import start
from humanpose.server.entry import Entry
from humanpose.server.glimpse import FILE as GLIMPSE
from humanpose.server.jobstate import JobState, read_state, write_state
from humanpose.server.log import event
from humanpose.server.quota import recount
from humanpose.server.serving import serving
from humanpose.server.space import writable_home
from humanpose.server.spare import Copy, Spare
from humanpose.words import to_say

_SHORTER = "analyse a shorter part of the clip."
_CLOSED = "The app was closed before this finished. Run it again."
_NOT_STARTED = (
    "The analysis could not be started ({reason}). Close other programs, and run it again."
)
_SIGABRT, _SIGKILL, _SIGXCPU = 6, 9, 24  # also where the system has no such names
_MOST_STARTS = 3
_GRACE_S = 3.0  # between asking a worker to stop and killing it


@dataclass(eq=False)
class _Job:
    entry: Entry
    process: subprocess.Popen[bytes] | Copy | None = None
    cancelled: bool = False
    starts: int = 0
    ended: threading.Event = field(default_factory=threading.Event)


class Jobs:
    """The running job and those that wait for their turn. One instance per server and kind.

    Args:
        worker: module whose process does the job of the folder that it is given.
    """

    def __init__(self, worker: str = "humanpose.server.worker") -> None:
        self._worker, self._spare = worker, Spare(worker)
        self._jobs: list[_Job] = []
        """As they came; the first one runs."""
        self._turns = (
            threading.Condition()
        )  # held while a job comes, starts, ends, is cancelled
        self._last_words: dict[Path, str] = {}
        """Of jobs whose end could not be written down."""
        _QUEUES.add(self)

    def be_ready(self) -> None:
        """Have a worker begin ahead of the next job."""
        self._spare.begin()

    def require_room(self) -> None:
        """Raise BusyError when as many analyses wait as the server lets wait."""
        waiting = len(self._jobs) - 1
        if waiting >= serving().waiting:
            raise BusyError(
                to_say(
                    "{waiting} analyses are waiting already; try again in a while",
                    waiting=waiting,
                )
            )

    def submit(self, entry: Entry) -> None:
        """Start the analysis, or queue it behind those that came before.

        Raises:
            OutputError: the data folder cannot be written.
        """
        job = _Job(entry)
        with writable_home():
            write_state(entry, JobState("queued"))
        with self._turns:
            self._jobs.append(job)
        event("queued", token=entry.token, jobs=len(self._jobs))
        threading.Thread(target=self._run, args=(job,), daemon=True).start()

    def state(self, entry: Entry) -> JobState:
        """How far it is; one that no server looks after any more has failed."""
        looked_after = self._job_of(entry) is not None  # asked first: it may end in between
        state = read_state(entry)
        if state.active and not looked_after:
            return JobState("failed", self._last_words.get(entry.folder, _CLOSED))
        return state

    def cancel(self, entry: Entry) -> None:
        """Stop the analysis and wait until it has stopped; without effect when it has ended."""
        job = self._job_of(entry)
        if job is None:
            return
        with self._turns:
            job.cancelled = True
            self._turns.notify_all()
        if job.process is not None:
            _stop(job.process)
        job.ended.wait(_GRACE_S)

    def _job_of(self, entry: Entry) -> _Job | None:
        return next((job for job in list(self._jobs) if job.entry == entry), None)

    def _run(self, job: _Job) -> None:
        with self._turns:
            self._turns.wait_for(lambda: job.cancelled or self._jobs[0] is job)
        exit_code = 1
        try:
            with writable_home():
                while self._start(job):
                    exit_code = _exit_code_of(job)
                    if not _is_to_go_on(job, exit_code):
                        _write_end(job, exit_code)
                        break
        except OutputError as error:
            self._last_words[job.entry.folder] = str(error)
        except OSError as error:  # of the system, which starts no more processes
            self._last_words[job.entry.folder] = _NOT_STARTED.format(reason=error.strerror)
        finally:
            _clear_up(job.entry, exit_code)
            with self._turns:
                self._jobs.remove(job)
                self._turns.notify_all()
            job.ended.set()

    def _start(self, job: _Job) -> bool:
        """Start its worker; not where it was cancelled."""
        with self._turns:
            if job.cancelled:
                write_state(job.entry, JobState("cancelled"))
                return False
            write_state(job.entry, JobState("running", stage="Starting"))
            job.starts += 1
            # the last one by itself: what it cannot import is in its log
            copy = self._spare.take(job.entry) if job.starts < _MOST_STARTS else None
            job.process = copy or _start_worker(job.entry, self._worker)
            return True

    def take_up(self, entries: Iterable[Entry]) -> None:
        """Submit what a server that was killed left running or waiting and whose clip is still
        there; what ran only once, for it may be what killed the server."""
        for entry in entries:
            mark = entry.folder / "taken_up"
            state = read_state(entry)
            if state.active and entry.source.is_file() and not mark.exists():
                if state.state == "running":
                    mark.touch()
                self.submit(entry)

    @property
    def busy(self) -> set[Path]:
        """Folders of the entries that run or wait."""
        return {job.entry.folder for job in list(self._jobs)}

    def close(self) -> None:
        """Cancel whatever runs or waits, and wait until it has ended."""
        with self._turns:
            jobs = list(self._jobs)
            for job in jobs:
                job.cancelled = True
        self._spare.end()
        for job in jobs:
            self.cancel(job.entry)


_QUEUES: WeakSet[Jobs] = WeakSet()


def busy_folders() -> set[Path]:
    """Of all entries that run or wait in this process."""
    return set().union(*(queue.busy for queue in list(_QUEUES)))


def close_all() -> None:
    """End every worker of this process."""
    for queue in list(_QUEUES):
        queue.close()


def _clear_up(entry: Entry, exit_code: int) -> None:
    """Leave nothing that is not to stay after a job's end."""
    with suppress(OutputError):
        (entry.folder / GLIMPSE).unlink(missing_ok=True)  # of a worker that was stopped
        if exit_code and read_state(entry).state != "done":
            entry.forget_results()
        if not entry.about.keeps_clip:
            entry.forget_clip()
        recount(entry.folder)


def _start_worker(entry: Entry, module: str) -> subprocess.Popen[bytes]:
    with entry.log.open("wb") as log:
        return start(module, str(entry.folder), stdout=log, stderr=subprocess.STDOUT)


def _exit_code_of(job: _Job) -> int:
    """Of the worker when it has ended, at the latest when it has had its time."""
    process, hours = job.process, serving().hours * job.entry.clips
    if process is None:
        raise ValueError("expected a job whose worker has been started")
    start_s = time.monotonic()
    with process:  # closes its input
        try:
            exit_code = process.wait(min(hours * 3600, threading.TIMEOUT_MAX))
        except subprocess.TimeoutExpired:
            _stop(process)
            sentence = f"The analysis took longer than {hours:g} h and was stopped; {_SHORTER}"
            write_state(job.entry, JobState("failed", sentence))
            exit_code = process.wait()
    seconds = round(time.monotonic() - start_s, 1)
    event("ended", token=job.entry.token, exit_code=exit_code, seconds=seconds)
    return exit_code


def _is_to_go_on(job: _Job, exit_code: int) -> bool:
    """Whether its worker was killed from outside, and not often: the system does so when
    memory runs out, also for what others take."""
    killed = exit_code == -_SIGKILL and not job.cancelled and read_state(job.entry).active
    return killed and job.starts < _MOST_STARTS


def _stop(process: subprocess.Popen[bytes] | Copy) -> None:
    process.terminate()
    try:
        process.wait(_GRACE_S)
    except subprocess.TimeoutExpired:
        process.kill()


def _write_end(job: _Job, exit_code: int) -> None:
    """The worker writes its own success or failure; this covers the ends it cannot report."""
    if not read_state(job.entry).active:
        return
    if job.cancelled:
        write_state(job.entry, JobState("cancelled"))
    else:
        write_state(job.entry, JobState("failed", _crash_sentence(exit_code)))


def _crash_sentence(exit_code: int) -> str:
    if exit_code == -_SIGXCPU:
        hours = serving().cpu_hours
        return f"The analysis computed for more than {hours:g} h and was stopped; {_SHORTER}"
    if exit_code in (-_SIGKILL, -_SIGABRT):
        return (
            "The system stopped the analysis, most likely because memory ran out. "
            "Close other programs, or analyse a shorter part of the clip."
        )
    return (
        f"The analysis stopped unexpectedly (code {exit_code}). This is our mistake, not "
        "yours; the details are in worker.log in its folder of the app's data."
    )
