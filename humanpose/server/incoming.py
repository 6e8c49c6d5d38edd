"""Files that visitors send: on disk while they arrive, and until they are looked at or left."""

import re
import time
from collections.abc import Callable
from pathlib import Path

from humanpose.errors import OutputError
from humanpose.server.folders import discard
from humanpose.server.quota import release, reserve
from humanpose.server.space import home, writable_home

_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_COUNT_EVERY_BYTES = 64 * 2**20
_QUIET_S = 60.0


def place_of(visit: str, file: str) -> Path | None:
    """Where a visit's file lies, or is to lie; None where these are no ids of Streamlit's."""
    if not (_ID.fullmatch(visit) and _ID.fullmatch(file)):
        return None
    return home() / "incoming" / visit / file


class Incoming:
    """A file that arrives piece by piece; where the server has no room, it stays empty."""

    def __init__(self, place: Path) -> None:
        """Open it.

        Raises:
            OutputError: the data folder cannot be written.
        """
        with writable_home():
            for folder in (place.parent.parent, place.parent):
                folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._file = place.open("wb", buffering=0)
        self._place = place
        self._uncounted = 0
        self._full = False

    def write(self, piece: bytes) -> None:
        """Add a piece."""
        if self._full:
            return
        self._uncounted += len(piece)
        try:
            with writable_home():
                if self._uncounted > _COUNT_EVERY_BYTES or not self._file.tell():
                    reserve(self._place, self._uncounted)
                    self._uncounted = 0
                rest = memoryview(piece)
                while rest:  # a disk that fills up takes a part at first
                    rest = rest[self._file.write(rest) :]
        except OutputError:
            self._full = True
            self._file.truncate(0)
            release(self._place)

    def close(self, *, whole: bool) -> None:
        """Keep it if it is whole, else nothing of it stays."""
        self._file.close()
        if not whole:
            forget(self._place)


def forget(place: Path) -> None:
    """Delete a file that arrived."""
    place.unlink(missing_ok=True)
    release(place)


def forget_left(is_here: Callable[[str], bool]) -> None:
    """Delete what was sent in visits that are over and have been quiet for a minute."""
    for folder in (home() / "incoming").glob("*"):
        quiet_s = time.time() - max(f.stat().st_mtime for f in (folder, *folder.iterdir()))
        if quiet_s > _QUIET_S and not is_here(folder.name):
            discard(folder)
