"""What a clip shows beside the person."""

import math
from dataclasses import dataclass

import numpy as np

from humanpose.sequence import Floats

STEADY_PERCENT = 0.75
"""A background that stays within this share of the picture's longer side stands still: before a
lawn or a wall with few marks, still cameras seem to move by up to 0.6."""


@dataclass(frozen=True, eq=False)
class Background:
    """What does not belong to the person."""

    moved_percent: float
    """Most that the picture's corners moved while the camera filmed, % of its longer side; NaN
    where it cannot be told."""
    edges: Floats
    """(N, 4) px, image frame of the clip in its full size: x and y of both ends of straight
    edges, seen in one picture or in several."""


UNWATCHED = Background(math.nan, np.empty((0, 4)))
"""Where nobody looked at the pictures."""
