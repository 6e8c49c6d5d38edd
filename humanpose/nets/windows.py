"""How a clip of any length and frame rate is shown to a network: in overlapping windows."""

import numpy as np
from numpy.typing import NDArray

from humanpose.sequence import Floats

WINDOW = 32
"""Frames that a network sees at once."""
BATCH = 4
"""Windows at a time, with their mirror images: as many as stay in a processor core's cache."""
THINNED_FPS = 15.0
"""Faster clips are dealt into strands of about this rate, each of which spans more time."""
_HOP = 20

Frames = NDArray[np.int64]


def overlapping_windows(count: int, fps: float) -> list[Frames]:
    """Frames of overlapping windows, those of the same length as one array (B, T)."""
    stride = max(1, round(fps / THINNED_FPS))
    by_length: dict[int, list[Frames]] = {}
    for first in range(min(stride, count)):
        strand = np.arange(first, count, stride)
        length = min(WINDOW, len(strand))
        starts = {*range(0, len(strand) - length, _HOP), len(strand) - length}
        found = [strand[start : start + length] for start in sorted(starts)]
        by_length.setdefault(length, []).extend(found)
    return [np.stack(windows) for windows in by_length.values()]


def batches(count: int, fps: float) -> list[Frames]:
    """``overlapping_windows``, (B, T) with at most ``BATCH`` at a time."""
    return [
        windows[i : i + BATCH]
        for windows in overlapping_windows(count, fps)
        for i in range(0, len(windows), BATCH)
    ]


def middle_weight(frames: Frames) -> Floats:
    """(B, T) how much what is said of each frame of windows counts: more in their middle."""
    length = frames.shape[1]
    weight = np.minimum(np.arange(length) + 1.0, length - np.arange(length))
    return np.broadcast_to(weight, frames.shape)
