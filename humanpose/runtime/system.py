"""What the machine itself must have: checked at start, what is missing named."""

import ctypes
import os
import shutil
import sys

from humanpose.errors import HumanPoseError, SystemLibraryError

INSTALL = "sudo apt-get install libgl1 libglib2.0-0"
"""The line of the README that installs ``LIBRARIES`` on Debian and Ubuntu."""
LIBRARIES = ("libGL.so.1", "libgthread-2.0.so.0")
"""OpenCV, which MediaPipe needs, links to these on Linux."""
CORES = "HUMANPOSE_CORES"
"""Environment variable that lets a process use fewer cores."""
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome")


def require_libraries() -> None:
    """Raise SystemLibraryError that names what is missing."""
    missing = [name for name in LIBRARIES if not _loads(name)]
    if sys.platform == "linux" and missing:
        raise SystemLibraryError(
            f"the system library {' and '.join(missing)} is missing; run: {INSTALL}"
        )


def cores() -> int:
    """How many this process may use, at most ``HUMANPOSE_CORES``."""
    most = os.environ.get(CORES, "")
    here = len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1
    return max(1, min(here, int(most))) if most.isdecimal() else here


def find_browser() -> str | None:
    """Path of a Chromium-like browser: ``$CHROMIUM``, else the first one installed."""
    given = os.environ.get("CHROMIUM")
    return given or next((path for name in BROWSERS if (path := shutil.which(name))), None)


def _loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def main() -> None:
    """For make: exit with a sentence if a library, or with the word browser, one is missing."""
    try:
        require_libraries()
        if "browser" in sys.argv[1:] and find_browser() is None:
            raise SystemLibraryError(
                "the tests need Chromium; run: sudo apt-get install chromium,"
                " or set CHROMIUM to a browser's path"
            )
    except HumanPoseError as error:
        sys.exit(f"humanpose: {error}")
