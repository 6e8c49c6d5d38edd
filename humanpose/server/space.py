"""The app's data folder: where it is, how much fits into it, what is said when it is full."""

import errno
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from platformdirs import user_data_dir

from humanpose.errors import OutputError
from humanpose.words import to_say

_OF_THE_FOLDER = {
    errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES, errno.EPERM, errno.EIO,
    errno.ENOTDIR, errno.EEXIST, errno.EISDIR,
}  # fmt: skip


def home() -> Path:
    """The app's data folder: ``$HUMANPOSE_HOME``, or the system's place for user data."""
    return Path(os.environ.get("HUMANPOSE_HOME") or user_data_dir("humanpose", False))


def bytes_in(folder: Path) -> int:
    """What all files of a folder hold, also while some of them are deleted."""
    held = 0
    for place, _, names in os.walk(folder):
        for name in names:
            with suppress(FileNotFoundError):
                held += (Path(place) / name).lstat().st_size
    return held


def free_gb() -> float:
    """Space that is left on the disk of the data folder; 0 where there is none to look at."""
    place = home()
    existing = next(folder for folder in (place, *place.parents) if folder.exists())
    return shutil.disk_usage(existing).free / 1e9


@contextmanager
def writable_home() -> Iterator[None]:
    """Turn what the system says of a data folder that is full or not to be written into an
    OutputError that names no path."""
    try:
        yield
    except (OSError, OutputError) as error:
        reason = error.__cause__ if isinstance(error, OutputError) else error
        if not isinstance(reason, OSError) or reason.errno not in _OF_THE_FOLDER:
            raise
        raise OutputError(
            to_say(
                "the app cannot write to its data folder ({reason}); free space there,"
                " or set HUMANPOSE_HOME to another folder",
                reason=reason.strerror,
            )
        ) from reason
