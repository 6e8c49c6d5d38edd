"""How much all uploads and analyses hold together, counted in the database."""

import math
from pathlib import Path
from sqlite3 import Connection

from humanpose.errors import OutputError
from humanpose.server.about import KINDS
from humanpose.server.database import change
from humanpose.server.deleted import delete_set_aside
from humanpose.server.serving import serving
from humanpose.server.space import bytes_in, home
from humanpose.words import to_say

_MORE = (
    "INSERT INTO held VALUES (?, ?) ON CONFLICT DO UPDATE SET bytes = bytes + excluded.bytes"
)
_GONE = "DELETE FROM held WHERE place = ? OR substr(place, 1, ?) = ?"
_ANEW = "UPDATE held SET bytes = ?1 WHERE place = ?2 AND bytes != ?1"


def reserve(place: Path, more_bytes: int) -> None:
    """Let a file or folder of the data folder hold so many more bytes; where there is no room,
    what could still be brought back goes.

    Raises:
        OutputError: that would be more than the server keeps.
    """
    quota_gb = serving().disk_gb
    if math.isinf(quota_gb):
        return

    def hold(database: Connection) -> bool:
        (held,) = database.execute("SELECT total(bytes) FROM held").fetchone()
        if held + more_bytes > quota_gb * 1e9:
            return False
        database.execute(_MORE, (_name(place), more_bytes))
        return True

    if not change(hold):
        forget_deleted()
        if not change(hold):
            raise OutputError(
                to_say(
                    "this server keeps at most {size:g} GB and has no room for the clip;"
                    " delete analyses that are no longer needed, or try again later",
                    size=quota_gb,
                )
            )


def forget_deleted(*, older_than_s: float = -math.inf, person: str | None = None) -> None:
    """Delete for good what can still be brought back; with ``person``, a token, only theirs."""
    for kind in KINDS:
        for folder in delete_set_aside(kind, older_than_s=older_than_s, person=person):
            release(folder)


def release(place: Path) -> None:
    """Count nothing any more for a file that is gone, or a folder with all in it."""
    if math.isfinite(serving().disk_gb):
        inside = f"{_name(place)}/"
        change(lambda database: database.execute(_GONE, (inside[:-1], len(inside), inside)))


def recount(folder: Path) -> None:
    """Count what an entry really holds; without effect on one that is gone."""
    if math.isfinite(serving().disk_gb):
        held = bytes_in(folder)
        change(lambda database: database.execute(_ANEW, (held, _name(folder))))


def _name(place: Path) -> str:
    return place.relative_to(home()).as_posix()
