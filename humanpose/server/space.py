"""The app's data folder: where it is, how much fits into it, what is said when it is full."""

import math
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from platformdirs import user_data_dir

from humanpose.errors import OutputError
from humanpose.server.serving import serving


def home() -> Path:
    """The app's data folder: ``$HUMANPOSE_HOME``, or the system's place for user data."""
    return Path(os.environ.get("HUMANPOSE_HOME") or user_data_dir("humanpose", False))


def require_room(more_bytes: int) -> None:
    """Raise OutputError when so much more would be more than the server keeps."""
    quota_gb = serving().disk_gb
    if math.isinf(quota_gb):
        return
    if used_bytes() + more_bytes > quota_gb * 1e9:
        raise OutputError(
            f"this server keeps at most {quota_gb:g} GB and has no room for the clip; delete"
            " analyses that are no longer needed, or try again later"
        )


def used_bytes() -> int:
    """What all files of the data folder hold, also while some of them are deleted."""
    used = 0
    for folder, _, names in os.walk(home()):
        for name in names:
            with suppress(FileNotFoundError):
                used += (Path(folder) / name).lstat().st_size
    return used


def free_gb() -> float:
    """Space that is left on the disk of the data folder; 0 where there is none to look at."""
    place = home()
    existing = next(folder for folder in (place, *place.parents) if folder.exists())
    return shutil.disk_usage(existing).free / 1e9


@contextmanager
def writable_home() -> Iterator[None]:
    """Turn what the system says about the data folder into an OutputError."""
    try:
        yield
    except OSError as error:
        raise OutputError(
            f"the app cannot write to its data folder ({error.strerror}); free space there,"
            " or set HUMANPOSE_HOME to another folder"
        ) from error
