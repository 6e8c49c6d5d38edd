"""Memory that was used once, given back to the system."""

import ctypes
import sys
from contextlib import suppress

_THRESHOLD = -3
"""``M_MMAP_THRESHOLD`` of glibc's malloc.h."""
_LARGE_BYTES = 4 << 20


def give_back() -> None:
    """Let go of what was freed, and from now on of large arrays as soon as they are.

    The C library keeps it for its next arrays, in pieces that those of a long clip don't fit.
    """
    if sys.platform == "linux":
        with suppress(AttributeError):  # musl has no such functions
            ctypes.CDLL(None).mallopt(_THRESHOLD, _LARGE_BYTES)
            ctypes.CDLL(None).malloc_trim(0)
