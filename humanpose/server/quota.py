"""How much all uploads and analyses hold together, counted in the database."""

import math
from pathlib import Path
from sqlite3 import Connection

from humanpose.errors import OutputError
from humanpose.server.database import change
from humanpose.server.serving import serving
from humanpose.server.space import bytes_in, home

_MORE = (
    "INSERT INTO held VALUES (?, ?) ON CONFLICT DO UPDATE SET bytes = bytes + excluded.bytes"
)
_GONE = "DELETE FROM held WHERE place = ? OR substr(place, 1, ?) = ?"
_ANEW = "UPDATE held SET bytes = ?1 WHERE place = ?2 AND bytes != ?1"


def reserve(place: Path, more_bytes: int) -> None:
    """Let a file or folder of the data folder hold so many more bytes.

    Raises:
        OutputError: that would be more than the server keeps.
    """
    quota_gb = serving().disk_gb
    if math.isinf(quota_gb):
        return

    def hold(database: Connection) -> None:
        (held,) = database.execute("SELECT total(bytes) FROM held").fetchone()
        if held + more_bytes > quota_gb * 1e9:
            raise OutputError(
                f"this server keeps at most {quota_gb:g} GB and has no room for the clip;"
                " delete analyses that are no longer needed, or try again later"
            )
        database.execute(_MORE, (_name(place), more_bytes))

    change(hold)


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
