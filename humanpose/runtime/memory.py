"""Memory that was used once, given back to the system."""

import ctypes
import sys
from contextlib import suppress


def give_back() -> None:
    """Let go of what was freed.

    The C library keeps it for its next arrays, in pieces that those of a long clip don't fit.
    """
    if sys.platform == "linux":
        with suppress(AttributeError):  # musl has no such function
            ctypes.CDLL(None).malloc_trim(0)
