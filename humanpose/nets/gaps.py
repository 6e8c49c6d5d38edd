"""What a network can't start from: absent angles, and spikes that no body can do."""

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from humanpose.sequence import Floats

SPIKE_DEG, SPIKE_DEG_PER_S, SPIKE_S = 45.0, 1350.0, 0.2
"""An angle that leaps so far from one frame to the next and back within this time was measured
wrongly: even fast kicks and throws don't turn round like that."""


def without_gaps(degrees: Floats) -> Floats:
    """(T, A) angles; where one is NaN, on the way from the value before to the one after, or
    the nearest value there is, or 0."""
    filled = np.array(degrees, dtype=float)
    frames = np.arange(len(filled))
    for column in filled.T:
        known = np.isfinite(column)
        if not known.any():
            column[:] = 0.0
        elif not known.all():
            smooth = np.unwrap(column[known], period=360)
            column[~known] = np.interp(frames[~known], frames[known], smooth)
    return filled


def spikes(degrees: Floats, *, fps: float) -> NDArray[np.bool_]:
    """(T, A) where an angle leaps away and soon back again, by about as much.

    Args:
        degrees: (T, A); NaN where absent.
        fps: frames/s.
    """
    leaps = (np.diff(degrees, axis=0) + 180) % 360 - 180
    least, longest = max(SPIKE_DEG, SPIKE_DEG_PER_S / fps), max(round(SPIKE_S * fps), 1)
    found = np.zeros(degrees.shape, dtype=bool)
    for angle, column in enumerate(leaps.T):
        for away, back in pairwise(np.flatnonzero(np.abs(column) > least)):
            left = abs(column[away : back + 1].sum())
            if back - away <= longest and left < least and column[away] * column[back] < 0:
                found[away + 1 : back + 1, angle] = True
    return found
