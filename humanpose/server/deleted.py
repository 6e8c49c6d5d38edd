"""What a user deleted: out of every list at once, and on the disk only as long as it can be
brought back."""

import math
import os
import shutil
import time
from collections.abc import Collection, Iterator
from contextlib import suppress
from pathlib import Path

from humanpose.errors import OutputError
from humanpose.runtime.replace import STAGING_PREFIX, flush_folder
from humanpose.server.about import TOKEN, About, read_about
from humanpose.server.space import home, writable_home
from humanpose.words import to_say

KEPT_MINUTES = 10


def set_aside(folder: Path) -> None:
    """Take the folder of an entry away; without effect where it is gone.

    Raises:
        OutputError: the data folder cannot be written.
    """
    with writable_home(), suppress(FileNotFoundError):  # somebody else was faster
        os.utime(folder)  # its time counts from now
        folder.rename(_aside(folder))
        flush_folder(folder.parent)


def put_back(folder: Path) -> None:
    """Undo ``set_aside``.

    Raises:
        OutputError: it is gone for good.
    """
    try:
        _aside(folder).rename(folder)
    except OSError as error:
        raise OutputError(
            to_say("it can't be brought back any more; analyse the clip again")
        ) from error
    flush_folder(folder.parent)


def set_aside_of(kind: str, owners: Collection[str]) -> list[tuple[Path, About]]:
    """The folders that entries of these owners had, and what is known of them."""
    known = ((folder, read_about(_aside(folder))) for folder in _all_aside(kind))
    return [(folder, about) for folder, about in known if about.owner in owners]


def delete_set_aside(
    kind: str, *, older_than_s: float = -math.inf, person: str | None = None
) -> list[Path]:
    """Delete for good; returns the folders that the entries had.

    Args:
        person: only what is theirs, by token.
    """
    now, gone = time.time(), []
    for folder in _all_aside(kind):
        if person not in (None, read_about(_aside(folder)).person):
            continue
        with suppress(FileNotFoundError):
            if abs(now - _aside(folder).stat().st_mtime) > older_than_s:  # clocks jump
                shutil.rmtree(_aside(folder), ignore_errors=True)
                gone.append(folder)
    return gone


def _aside(folder: Path) -> Path:
    return folder.with_name(f"{STAGING_PREFIX}{folder.name}")


def _all_aside(kind: str) -> Iterator[Path]:
    for aside in (home() / kind).glob(f"{STAGING_PREFIX}*"):
        token = aside.name.removeprefix(STAGING_PREFIX)
        if TOKEN.fullmatch(token):
            yield aside.with_name(token)
