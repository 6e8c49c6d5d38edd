"""Whether the camera stood still, told from the background of a clip."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from humanpose.sequence import Landmarks
from humanpose.video.frames import Frame, FrameReader
from humanpose.video.header import probe

STEADY_PERCENT = 0.5
"""A background that stays within this share of the picture's longer side stands still."""

_SIDE_PX = 480
_STEPS = 24
"""Pictures are compared with the first one, at this many times evenly over the clip."""
_LEAST_POINTS = 15
_THERE_AND_BACK_PX = 0.5
"""A point that is not found again on the way back was not followed."""
_BODY_MARGIN = 0.15
"""What is kept clear about the person, in their heights: hair, hands, clothes, shadow."""

Grey = NDArray[np.uint8]


@dataclass(frozen=True)
class Steadiness:
    """How far the background moved."""

    moved_percent: float
    """Most that the picture's corners moved against the first picture, % of its longer side;
    NaN where it cannot be told."""

    @property
    def still(self) -> bool | None:
        """None where it cannot be told."""
        if math.isnan(self.moved_percent):
            return None
        return self.moved_percent <= STEADY_PERCENT


def steadiness(clip: Path, seen: Landmarks) -> Steadiness:
    """Follow points of the background (Lucas & Kanade 1981) from the first picture on.

    A similarity is fitted to how they moved, by RANSAC, so that a passer-by or a moving curtain
    does not count. Where less than half of the comparisons have enough points (a plain wall, a
    person who fills the picture, a pan that leaves the first picture), nothing is claimed,
    unless those that have enough already show a movement.

    Args:
        clip: the playback clip: picture i is frame i of ``seen``.

    Raises:
        ClipError: the clip cannot be read.
    """
    wanted = {round(i) for i in np.linspace(0, seen.timeline.frames - 1, _STEPS + 1)}
    pictures = _pictures(clip, wanted)
    first_number, first = next(pictures)
    clear = _clear_of(seen, first_number, first.shape)
    moves = [
        _moved_px(first, later, clear, _clear_of(seen, number, later.shape))
        for number, later in pictures
    ]
    known = [move for move in moves if not math.isnan(move)]
    share = len(known) / max(1, len(moves))
    most = 100 * max(known, default=math.nan) / max(first.shape)
    return Steadiness(most if share >= 0.5 or most > STEADY_PERCENT else math.nan)


def _pictures(clip: Path, wanted: set[int]) -> Iterator[tuple[int, Grey]]:
    info = probe(clip)
    for number, frame in enumerate(FrameReader(info, max_minutes=math.inf)):
        if number in wanted:
            yield number, _small(frame)


def _small(frame: Frame) -> Grey:
    height, width = frame.image.shape[:2]
    scale = _SIDE_PX / max(height, width)
    size = round(width * scale), round(height * scale)
    grey = cv2.cvtColor(frame.image, cv2.COLOR_RGB2GRAY)
    return np.asarray(cv2.resize(grey, size, interpolation=cv2.INTER_AREA), dtype=np.uint8)


def _clear_of(seen: Landmarks, number: int, shape: tuple[int, ...]) -> Grey:
    """(H, W) 255 where the background is, 0 about the person."""
    mask = np.full(shape, 255, dtype=np.uint8)
    points = seen.pixels[number]
    points = points[np.isfinite(points).all(axis=1)]
    if len(points):
        points = points * (shape[1] / seen.image_size[0])
        margin = _BODY_MARGIN * np.ptp(points[:, 1])
        left, top = np.maximum(points.min(axis=0) - margin, 0).astype(int)
        right, bottom = np.maximum(points.max(axis=0) + margin, 0).astype(int)
        mask[top : bottom + 1, left : right + 1] = 0
    return mask


def _moved_px(first: Grey, later: Grey, clear_first: Grey, clear_later: Grey) -> float:
    """How far the picture's corners moved at most; NaN if too little can be followed."""
    corners = cv2.goodFeaturesToTrack(
        first, maxCorners=300, qualityLevel=0.02, minDistance=6, mask=clear_first
    )
    if corners is None or len(corners) < _LEAST_POINTS:
        return math.nan
    before, after = _followed(first, later, corners)
    rows, columns = np.clip(after.round().astype(int), 0, np.array(first.shape[::-1]) - 1).T[
        ::-1
    ]
    kept = clear_later[rows, columns] > 0
    if kept.sum() < _LEAST_POINTS:
        return math.nan
    fit, inside = cv2.estimateAffinePartial2D(
        before[kept], after[kept], ransacReprojThreshold=1.5, confidence=0.999
    )
    if fit is None or inside.sum() < max(_LEAST_POINTS, 0.5 * kept.sum()):
        return math.nan
    height, width = first.shape
    ends = np.array([[0, 0], [width, 0], [0, height], [width, height]], dtype=float)
    return float(np.linalg.norm(ends @ fit[:, :2].T + fit[:, 2] - ends, axis=1).max())


def _followed(first: Grey, later: Grey, corners: Any) -> tuple[Any, Any]:
    """(N, 2) px: those of the corners that were followed, before and after."""
    there, found = _flow(first, later, corners)
    back, found_back = _flow(later, first, there)
    off = np.linalg.norm(back - corners, axis=2).ravel()
    good = (found & found_back).ravel().astype(bool) & (off < _THERE_AND_BACK_PX)
    return corners[good, 0], there[good, 0]


def _flow(first: Grey, later: Grey, points: NDArray[np.float32]) -> tuple[Any, Any]:
    """Where points (N, 1, 2) of one picture are in the other, and whether they were found."""
    start = np.zeros_like(points)
    there, found, _ = cv2.calcOpticalFlowPyrLK(
        first, later, points, start, winSize=(21, 21), maxLevel=4
    )
    return there, found
