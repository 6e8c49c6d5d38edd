"""How far the camera moved, told from the background of a clip."""

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from humanpose.video.background import STEADY_PERCENT

_LEAST_POINTS = 15
_THERE_AND_BACK_PX = 0.5
"""A point that is not found again on the way back was not followed."""

Grey = NDArray[np.uint8]
Picture = tuple[Grey, Grey]
"""(H, W) and (H, W) 0 where something moves that is not the background, else 255."""
Turn = NDArray[np.float64]
"""(2, 3) a similarity: where points of one picture are in another."""


def moved_percent(pictures: Sequence[Picture]) -> float:
    """Most that the corners moved against the first picture, % of the longer side.

    Points of the background are followed (Lucas & Kanade 1981) from the first picture to each
    other one, and from each to the next, which tells of a pan that leaves the first one behind.
    A similarity is fitted to how they moved, by RANSAC, so that a passer-by or a moving curtain
    does not count. NaN where less than half of the pictures have enough points (a plain wall, a
    person who fills the picture), unless those that have enough already show a movement.
    """
    turns = [np.eye(2, 3)]
    for before, now in pairwise(pictures):
        turn = _turned(pictures[0], now)
        turns.append(_after(_turned(before, now), turns[-1]) if turn is None else turn)
    moves = [_corners_move(turn, pictures[0][0].shape) for turn in turns[1:]]
    known = [move for move in moves if not math.isnan(move)]
    most = 100 * max(known, default=math.nan) / max(pictures[0][0].shape)
    enough = len(known) >= 0.5 * len(moves) or most > STEADY_PERCENT
    return most if enough else math.nan


def _after(second: Turn | None, first: Turn) -> Turn:
    """The one turn that does both; NaN if one of them is not known."""
    if second is None:
        return np.full_like(first, math.nan)
    return np.asarray(second @ np.vstack([first, [0, 0, 1]]))


def _corners_move(turn: Turn, shape: tuple[int, ...]) -> float:
    """How far the picture's corners move at most, px; NaN like the turn."""
    height, width = shape
    ends = np.array([[0, 0], [width, 0], [0, height], [width, height]], dtype=float)
    return float(np.linalg.norm(ends @ turn[:, :2].T + turn[:, 2] - ends, axis=1).max())


def _turned(first: Picture, later: Picture) -> Turn | None:
    """How the background moved; None if too little of it can be followed."""
    corners = cv2.goodFeaturesToTrack(
        first[0], maxCorners=300, qualityLevel=0.01, minDistance=6, mask=first[1]
    )
    if corners is None or len(corners) < _LEAST_POINTS:
        return None
    before, after = _followed(first[0], later[0], corners)
    columns, rows = np.clip(after.round().astype(int), 0, np.array(first[0].shape[::-1]) - 1).T
    kept = later[1][rows, columns] > 0
    if kept.sum() < _LEAST_POINTS:
        return None
    fit, inside = cv2.estimateAffinePartial2D(
        before[kept], after[kept], ransacReprojThreshold=2.0, confidence=0.999
    )
    if fit is None or inside.sum() < max(_LEAST_POINTS, 0.5 * kept.sum()):
        return None
    return np.asarray(fit)


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
