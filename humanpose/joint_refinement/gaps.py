"""A guess where an angle is absent, for the network to start from."""

import numpy as np

from humanpose.sequence import Floats


def without_gaps(degrees: Floats) -> Floats:
    """(T, A) angles; where one is NaN, its value in the nearest frame that has it, else 0."""
    filled = np.array(degrees, dtype=float)
    frames = np.arange(len(filled))
    for column in filled.T:
        known = np.flatnonzero(np.isfinite(column))
        if known.size == 0:
            column[:] = 0.0
        elif known.size < len(column):
            after = np.searchsorted(known, frames).clip(0, known.size - 1)
            before = (after - 1).clip(0)
            nearer = np.abs(known[before] - frames) <= np.abs(known[after] - frames)
            column[:] = column[np.where(nearer, known[before], known[after])]
    return filled
