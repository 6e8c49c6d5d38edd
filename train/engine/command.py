"""How every script of this package ends."""

import sys
from collections.abc import Callable

from humanpose.errors import HumanPoseError


def exit_code(name: str, work: Callable[[], object]) -> int:
    """0 after ``work``; where it fails, the error's own code, with one line on stderr."""
    try:
        work()
    except HumanPoseError as error:
        print(f"{name}: {error}", file=sys.stderr)
        return error.exit_code
    return 0
