"""How windows are drawn from clips, so that a batch holds windows of one length and rate."""

from collections.abc import Iterable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from humanpose.nets.windows import WINDOW
from humanpose.sequence import Floats
from train.judge.metrics import wrapped

LENGTHS = (WINDOW, 8, 1)
"""Frames of the windows of a batch."""
GROSS_DEG = 60.0

Rows = NDArray[np.int64]


def shares_of(weights: Iterable[float]) -> Floats:
    """(N,) how likely each clip is drawn, by weights above 0."""
    found = np.array(list(weights))
    return np.asarray(found / found.sum())


def draw_format(
    rng: np.random.Generator, windows: int, *, shares: Sequence[float], fps: Sequence[float]
) -> tuple[int, int, float]:
    """How many windows, of how many frames, at how many frames/s.

    Args:
        windows: of full length; of shorter ones more are drawn, up to four times as many.
        shares: how likely each of ``LENGTHS`` is.
        fps: rates, frames/s, all as likely.
    """
    frames = int(rng.choice(LENGTHS, p=shares))
    return windows * min(WINDOW // frames, 4), frames, float(rng.choice(fps))


def draw_rows(rng: np.random.Generator, length: int, frames: int, stride: float) -> Rows:
    """(T,) frames of a window anywhere; a clip that is too short for it runs back and forth."""
    step = max(round(stride), 1)
    start = int(rng.integers(0, max(length - step * (frames - 1), 1)))
    at = start + step * np.arange(frames)
    turn = max(2 * (length - 1), 1)
    at = at % turn
    return np.minimum(at, turn - at).clip(0, length - 1)


def rows_in_turn(length: int, *, stride: int) -> Iterator[Rows]:
    """(WINDOW,) frames of windows one after the other; the last repeats the clip's last one."""
    thinned = np.arange(0, length, stride)
    for start in range(0, len(thinned), WINDOW):
        yield thinned[np.minimum(np.arange(start, start + WINDOW), len(thinned) - 1)]


def enlarge_errors(degrees: Floats, truth: Floats, *, factor: float) -> Floats:
    """(T, 36) deg, off by so many times as much, unless it is gross; where the truth is NaN,
    as they are."""
    error = wrapped(degrees - truth)
    small = np.abs(error) < GROSS_DEG
    return degrees + np.where(small, (factor - 1) * error, 0.0)
