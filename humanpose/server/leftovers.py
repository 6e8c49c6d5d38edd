"""What is deleted unasked: leftovers at a server's start and end, and old things by a clock."""

import shutil
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial

from filelock import FileLock, Timeout

from humanpose.errors import OutputError
from humanpose.runtime.replace import STAGING_PREFIX
from humanpose.server.about import FILE, KINDS
from humanpose.server.batches import Batch
from humanpose.server.clips import forget_uploads
from humanpose.server.database import catch_up, change, check, held_open
from humanpose.server.deleted import KEPT_MINUTES
from humanpose.server.entry import Entry
from humanpose.server.jobs import busy_folders, close_all
from humanpose.server.listing import remove
from humanpose.server.log import event
from humanpose.server.people import entries_of, forget, people
from humanpose.server.person import FOLDER
from humanpose.server.quota import forget_deleted, recount
from humanpose.server.serving import serving
from humanpose.server.space import home

_LOCK = "server.lock"
_DAY_S = 24 * 3600
_LOOK_EVERY_S, _DELETE_EVERY_S = 600.0, 60.0


@contextmanager
def kept_tidy(
    take_up: Callable[[], None] = lambda: None,
) -> Iterator[Callable[[], None]]:
    """A server's life: at its start and at its end, nothing is left that was not to be kept.

    A second server in the same data folder deletes nothing, for the first may need it. Yields
    what ends all analyses and tidies, for whoever hears earlier that the end has come.

    Args:
        take_up: goes on with what the server before was killed in; not called in a second one.
    """
    try:
        home().mkdir(parents=True, exist_ok=True)
        lock = FileLock(home() / _LOCK).acquire(blocking=False)
    except (Timeout, OSError):
        event("not_tidied")
        yield close_all
        close_all()
        return
    over = threading.Event()
    check()
    with lock, held_open():
        with _said():
            delete_unfinished()
            take_up()
        _by_the_clock(forget_old, over, min(_LOOK_EVERY_S, serving().keep_days * _DAY_S / 10))
        _by_the_clock(
            partial(forget_deleted, older_than_s=60 * KEPT_MINUTES), over, _DELETE_EVERY_S
        )
        yield _end
        over.set()
        _end()


def _end() -> None:
    close_all()
    delete_unfinished()


def _by_the_clock(forget: Callable[[], None], over: threading.Event, every_s: float) -> None:
    def look() -> None:
        while not over.wait(every_s):
            with _said():
                forget()

    threading.Thread(target=look, daemon=True).start()


@contextmanager
def _said(token: str = "") -> Iterator[None]:
    """What cannot be deleted now is in the log, and tried again when the clock says."""
    try:
        yield
    except OutputError:
        event("could_not_delete", token=token)


def forget_old() -> None:
    """Delete uploads that nobody analysed within a day, and analyses and batches whose days
    are over, counted from when they were started, and people of whom nothing else is left;
    never what runs or waits."""
    forget_uploads()
    oldest = time.time() - serving().keep_days * _DAY_S
    for entry in _everything():
        if entry.folder in busy_folders():
            continue
        if entry.about.created < oldest:
            with _said(entry.token):
                remove(entry.folder)
        else:
            recount(entry.folder)
    for person in people(None):
        if person.created < oldest and not entries_of(person):
            with _said():
                forget(person)


def delete_unfinished() -> None:
    """Delete uploads, what could still be brought back, folders that no page shows, drafts, and
    clips that were not to be kept; for when no analysis runs."""
    shutil.rmtree(home() / "uploads", ignore_errors=True)
    forget_deleted()
    change(catch_up)
    known = {entry.folder for entry in _everything()}
    for kind in (*KINDS, FOLDER):
        for folder in (home() / kind).glob("*"):
            if folder not in known and not (folder / FILE).exists():
                shutil.rmtree(folder, ignore_errors=True)
        for draft in (home() / kind).rglob(f"{STAGING_PREFIX}*"):
            shutil.rmtree(draft, ignore_errors=True)
            draft.unlink(missing_ok=True)
    for entry in _everything():
        if not entry.about.keeps_clip:
            entry.forget_clip()


def _everything() -> list[Entry]:
    return [*Entry.newest(), *Batch.newest()]
