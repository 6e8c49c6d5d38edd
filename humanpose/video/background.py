"""What a clip shows beside the person."""

from dataclasses import dataclass

from humanpose.sequence import Floats

STEADY_PERCENT = 0.5
"""A background that stays within this share of the picture's longer side stands still."""


@dataclass(frozen=True, eq=False)
class Background:
    """What does not belong to the person."""

    moved_percent: float
    """Most that the picture's corners moved while the camera filmed, % of its longer side; NaN
    where it cannot be told."""
    edges: Floats
    """(N, 4) px, image frame of the clip in its full size: x and y of both ends of straight
    edges, seen in one picture or in several."""
