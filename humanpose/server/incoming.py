"""Files that visitors send: on disk while they arrive, and until they are looked at or left."""

import re
import shutil
import time
from collections.abc import Callable
from pathlib import Path

from humanpose.errors import OutputError
from humanpose.server.space import home, require_room, writable_home

_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_LOOK_EVERY_BYTES = 64 * 2**20
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
        self._unlooked = _LOOK_EVERY_BYTES  # the first piece is looked at
        self._full = False

    def write(self, piece: bytes) -> None:
        """Add a piece."""
        if self._full:
            return
        self._unlooked += len(piece)
        try:
            with writable_home():
                if self._unlooked > _LOOK_EVERY_BYTES:
                    require_room(len(piece))
                    self._unlooked = 0
                self._file.write(piece)
        except OutputError:
            self._full = True
            self._file.truncate(0)

    def close(self, *, whole: bool) -> None:
        """Keep it if it is whole, else nothing of it stays."""
        self._file.close()
        if not whole:
            self._place.unlink(missing_ok=True)


def forget_left(is_here: Callable[[str], bool]) -> None:
    """Delete what was sent in visits that are over and have been quiet for a minute."""
    for folder in (home() / "incoming").glob("*"):
        quiet_s = time.time() - max(f.stat().st_mtime for f in (folder, *folder.iterdir()))
        if quiet_s > _QUIET_S and not is_here(folder.name):
            shutil.rmtree(folder, ignore_errors=True)
