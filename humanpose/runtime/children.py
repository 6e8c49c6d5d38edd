"""What a process of ours needs to know of where it comes from, and when to end."""

import ctypes
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from typing import Any

from humanpose.assets import PACKAGE

_PR_SET_PDEATHSIG = 1  # prctl(2)


def import_path() -> dict[str, str]:
    """The environment variable by which Python finds this very package from any folder."""
    folders = (str(PACKAGE.parent), os.environ.get("PYTHONPATH"))
    return {"PYTHONPATH": os.pathsep.join(filter(None, folders))}


def start(module: str, *arguments: str, **streams: Any) -> subprocess.Popen[bytes]:
    """A process of ours in the same working folder, so that relative paths mean the same in
    both; its input is what it notices our end by, see ``end_with_parent``.

    Not multiprocessing's, whose "spawn" would run Streamlit's page script again in it. With one
    BLAS thread: with two on a busy machine, small SVDs take 60 times as long.

    Args:
        streams: its output and errors, as ``Popen`` has them.

    Raises:
        OSError: the system starts no more.
    """
    return subprocess.Popen(
        [sys.executable, "-m", module, *arguments],
        env=os.environ | import_path() | {"OPENBLAS_NUM_THREADS": "1"},
        stdin=subprocess.PIPE,
        **streams,
    )


def end_with_parent(wait_for_its_end: Callable[[], object] | None = None) -> None:
    """From here on this process is killed when the one that started it has ended, however.

    Linux sees to it by itself; there, the thread that starts a process must outlive it.

    Args:
        wait_for_its_end: returns once the parent is gone, for other systems and for a parent
            that was gone before.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if wait_for_its_end is not None:
        threading.Thread(target=_end_after, args=(wait_for_its_end,), daemon=True).start()


def end_of_input() -> None:
    """Wait until nobody holds the other end of standard input, into which nothing comes."""
    os.read(0, 1)  # not sys.stdin, whose lock a waiting thread would keep for ever


def _end_after(wait_for_its_end: Callable[[], object]) -> None:
    wait_for_its_end()
    os._exit(1)
