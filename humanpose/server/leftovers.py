"""What nobody goes on with, and when it is deleted: when a server starts and when it ends."""

import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from filelock import FileLock, Timeout

from humanpose.server import workspace
from humanpose.server.batches import batches_of
from humanpose.server.jobs import close_all
from humanpose.server.log import event

_LOCK = "server.lock"


@contextmanager
def kept_tidy() -> Iterator[Callable[[], None]]:
    """A server's life: at its start and at its end, nothing is left that was not to be kept.

    A second server in the same data folder deletes nothing, for the first may need it. Yields
    what ends all analyses and tidies, for whoever hears earlier that the end has come.
    """
    try:
        workspace.home().mkdir(parents=True, exist_ok=True)
        lock = FileLock(workspace.home() / _LOCK).acquire(blocking=False)
    except (Timeout, OSError):
        event("not_tidied")
        yield close_all
        close_all()
        return
    with lock:
        delete_unfinished()
        yield _end
        _end()


def _end() -> None:
    close_all()
    delete_unfinished()


def delete_unfinished() -> None:
    """Delete uploads, and clips that were not to be kept; for when no analysis runs."""
    shutil.rmtree(workspace.home() / "uploads", ignore_errors=True)
    for entry in (*workspace.recent(sys.maxsize), *batches_of(None)):
        if not entry.keeps_clip:
            entry.forget_clip()
