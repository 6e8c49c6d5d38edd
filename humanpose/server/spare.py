"""A worker that has begun ahead: it has imported what jobs need, and a copy of it does each.

``serve_copies`` is its side: a line with a folder comes in; the number of the copy's process
goes out, and how that ended once it has.
"""

import json
import os
import select
import signal
import subprocess
import sys
import threading
import time
import traceback
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import NoReturn

from humanpose.runtime.children import end_with_parent, start
from humanpose.server.entry import Entry

_IDLE_S = 600.0
_LOOK_EVERY_S = 0.1
_KILLED = -9  # as Popen says it


class Spare:
    """At most one process of a worker's ``module``; none at first, and none where a copy of
    all that it has loaded is not known to work: elsewhere than on Linux.

    Args:
        idle_s: one that no job comes for is let go after so long.
    """

    def __init__(self, module: str, *, idle_s: float = _IDLE_S) -> None:
        self._module, self._idle_s = module, idle_s
        self._process: subprocess.Popen[bytes] | None = None
        self._timer = threading.Timer(0, self.end)
        self._guard = threading.RLock()
        self._starter = ThreadPoolExecutor(1)
        """A process ends with the thread that started it."""

    def begin(self) -> None:
        """Start one where there is none."""
        if sys.platform != "linux":
            return
        with self._guard:
            if self._process is None or self._process.poll() is not None:
                self.end()  # what is left of one that has ended by itself
                self._process = self._starter.submit(self._start).result()
                self.rest()

    def take(self, entry: Entry) -> "Copy | None":
        """A copy of it, which does this entry's job; None where none has begun. One that was
        killed begins again."""
        with self._guard:
            if self._process is not None:
                self.begin()
            self._timer.cancel()
            process = self._process
        if process is None or process.stdin is None:
            return None
        try:
            process.stdin.write(json.dumps(str(entry.folder)).encode() + b"\n")
        except OSError:  # it has ended
            return None
        return Copy(process, self.rest)

    def rest(self) -> None:
        """Let it go in a while, unless a job comes."""
        with self._guard:
            self._timer.cancel()
            self._timer = threading.Timer(self._idle_s, self.end)
            self._timer.daemon = True
            self._timer.start()

    def end(self) -> None:
        """Let it go."""
        with self._guard:
            self._timer.cancel()
            process, self._process = self._process, None
        if process is not None:
            process.kill()
            with process:  # closes its input, and waits
                pass

    def _start(self) -> subprocess.Popen[bytes]:
        quiet = subprocess.DEVNULL
        return start(self._module, stdout=subprocess.PIPE, stderr=quiet, bufsize=0)


class Copy:
    """Of a worker, for one job; as far as need be what ``Popen`` is.

    Args:
        worker: what it is a copy of, or will be as soon as that has imported all.
        then: is called when it has ended.
    """

    def __init__(self, worker: "subprocess.Popen[bytes]", then: Callable[[], None]) -> None:
        self._worker, self._then = worker, then
        self._said = b""
        self._guard = threading.Lock()
        self.pid: int | None = None
        """None until it is there."""
        self._exit_code: int | None = None

    def wait(self, timeout: float | None = None) -> int:
        """The exit code, below 0 the signal. Raises TimeoutExpired."""
        end_s = time.monotonic() + (threading.TIMEOUT_MAX if timeout is None else timeout)
        while self._exit_code is None:
            left_s = max(0.0, end_s - time.monotonic())
            self._look(min(_LOOK_EVERY_S, left_s))
            if self._exit_code is None and not left_s:
                raise subprocess.TimeoutExpired("a copy", timeout or 0)
        return self._exit_code

    def terminate(self) -> None:
        self._send(signal.SIGTERM)

    def kill(self) -> None:
        self._send(signal.SIGKILL)

    def __enter__(self) -> "Copy":
        return self

    def __exit__(self, *_: object) -> None:
        self.wait()

    def _look(self, seconds: float) -> None:
        """Hear what there is, for so long at most."""
        with self._guard:
            out = self._worker.stdout
            if self._exit_code is not None or out is None:
                return
            if not out.closed and not select.select([out], [], [], seconds)[0]:
                return
            heard = b"" if out.closed else os.read(out.fileno(), 100)
            self._said += heard
            numbers = [int(line) for line in self._said.split(b"\n")[:-1]]
            self.pid = numbers[0] if numbers else None
            if len(numbers) > 1 or not heard:  # or the worker has ended, and its copy with it
                self._exit_code = numbers[1] if len(numbers) > 1 else _KILLED
                self._then()

    def _send(self, number: signal.Signals) -> None:
        if self._exit_code is not None:
            return
        if self.pid is None:
            self._worker.kill()
        else:
            with suppress(ProcessLookupError):
                os.kill(self.pid, number)


def serve_copies(job: Callable[[Entry], object]) -> None:
    """Have each job done by a copy of this process, one after the other, until nobody asks."""
    if sys.platform != "linux":
        raise ValueError("expected a system that makes copies of processes")
    out = os.dup(1)
    os.dup2(2, 1)  # what libraries print is no answer
    for line in iter(sys.stdin.buffer.readline, b""):
        copy = os.fork()
        if copy == 0:
            os.close(out)
            _do(job, Entry(Path(json.loads(line))))
        os.write(out, f"{copy}\n".encode())
        ended = os.waitstatus_to_exitcode(os.waitpid(copy, 0)[1])
        os.write(out, f"{ended}\n".encode())


def _do(job: Callable[[Entry], object], entry: Entry) -> NoReturn:
    """Do it in this copy, which ends with it."""
    exit_code = 1
    try:
        end_with_parent()
        os.close(0)
        with entry.log.open("wb") as log:
            for stream in (sys.stdout, sys.stderr):
                os.dup2(log.fileno(), stream.fileno())
        job(entry)
        exit_code = 0
    except SystemExit as end:
        exit_code = end.code if isinstance(end.code, int) else 1
    except BaseException:  # noqa: BLE001  (said in the log; the copy ends)
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(exit_code)
