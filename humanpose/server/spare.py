"""A worker that has begun ahead: it has imported what it needs and waits for its job."""

import json
import subprocess
import threading
from concurrent.futures import ThreadPoolExecutor

from humanpose.runtime.children import start
from humanpose.server.entry import Entry

_IDLE_S = 600.0


class Spare:
    """At most one process of a worker's ``module``; none at first.

    Args:
        idle_s: one that no job comes for is let go after so long.
    """

    def __init__(self, module: str, *, idle_s: float = _IDLE_S) -> None:
        self._module, self._idle_s = module, idle_s
        self._process: subprocess.Popen[bytes] | None = None
        self._guard = threading.Lock()
        self._starter = ThreadPoolExecutor(1)
        """A process ends with the thread that started it."""

    def begin(self) -> None:
        """Start one where there is none."""
        with self._guard:
            if self._process is None or self._process.poll() is not None:
                self._process = self._starter.submit(self._start).result()
                timer = threading.Timer(self._idle_s, self._let_go, (self._process,))
                timer.daemon = True
                timer.start()

    def take(self, entry: Entry) -> subprocess.Popen[bytes] | None:
        """The process, which does this entry's job from now on; None where there is none."""
        with self._guard:
            process, self._process = self._process, None
        if process is None or process.stdin is None:
            return None
        try:
            process.stdin.write(json.dumps(str(entry.folder)).encode() + b"\n")
            process.stdin.flush()
        except OSError:  # it has ended
            return None
        return process

    def end(self) -> None:
        """Let it go."""
        self._let_go(self._process)

    def _start(self) -> subprocess.Popen[bytes]:
        quiet = subprocess.DEVNULL
        return start(self._module, stdout=quiet, stderr=quiet)

    def _let_go(self, process: subprocess.Popen[bytes] | None) -> None:
        with self._guard:
            if process is None or self._process is not process:
                return
            self._process = None
        process.kill()
        with process:  # closes its input, and waits
            pass
