"""Straight edges in a picture."""

import cv2
import numpy as np
from numpy.typing import NDArray

from humanpose.sequence import Floats

_SHORTEST = 0.04
"""Of the edges that count, in the picture's longer side."""
_MOST = 300
"""The longest ones are kept."""
_BLACK = 6
"""What black bars have at most, of 255."""
_BESIDE_PX = 4.0
_ALONG = np.linspace(0.05, 0.95, 9)


def straight_edges(picture: NDArray[np.uint8], clear: NDArray[np.uint8]) -> Floats:
    """(N, 4) px: x and y of both ends (von Gioi et al. 2010), the longest first.

    Args:
        picture: (H, W) grey.
        clear: (H, W) 0 where edges do not count.
    """
    found = cv2.createLineSegmentDetector(cv2.LSD_REFINE_STD).detect(picture)[0]
    if found is None:
        return np.empty((0, 4))
    ends = found[:, 0].astype(float)
    length = np.linalg.norm(ends[:, 2:] - ends[:, :2], axis=1)
    ends = ends[np.argsort(-length)][: (length >= _SHORTEST * max(picture.shape)).sum()]
    counts = [_in_the_clear(e, clear) and not _of_a_black_bar(e, picture) for e in ends]
    return np.asarray(ends[np.array(counts, dtype=bool)][:_MOST])


def _in_the_clear(ends: Floats, clear: NDArray[np.uint8]) -> bool:
    return bool(_beside(ends, clear, 0.0).all())


def _of_a_black_bar(ends: Floats, picture: NDArray[np.uint8]) -> bool:
    """Whether one side is black all along: such an edge belongs to the file, not the room."""
    return any(
        (_beside(ends, picture, off) <= _BLACK).all() for off in (_BESIDE_PX, -_BESIDE_PX)
    )


def _beside(ends: Floats, picture: NDArray[np.uint8], off_px: float) -> NDArray[np.uint8]:
    """The picture along an edge, so far to its side; what is outside it is black."""
    start, along = ends[:2], ends[2:] - ends[:2]
    across = along[::-1] * [-1, 1] / np.linalg.norm(along)
    x, y = (start + _ALONG[:, None] * along + off_px * across).round().astype(int).T
    height, width = picture.shape
    inside = (x >= 0) & (x < width) & (y >= 0) & (y < height)
    return np.where(inside, picture[y.clip(0, height - 1), x.clip(0, width - 1)], 0)
