"""Looks at the background of a clip in a few dozen pictures, while it is decoded.

Apart from ``background``: OpenCV links to libraries that a bare system lacks.
"""

from concurrent.futures import Executor

import cv2
import numpy as np
from numpy.typing import NDArray

from humanpose.sequence import Floats
from humanpose.skeleton import COCO17, MEDIAPIPE33
from humanpose.video.background import Background
from humanpose.video.edges import straight_edges
from humanpose.video.frames import Frame
from humanpose.video.header import ClipInfo
from humanpose.video.steadiness import moved_percent

_SIDE_PX = 640
_FEWEST = 24
"""Of the pictures that are kept; at most twice as many."""
_EDGES_IN = 4
"""So many of them are searched for edges."""
_BODY_MARGIN, _HEAD = 0.07, 0.12
"""What is kept clear on either side of the limbs and about the head, in the person's height:
clothes, hands, hair."""
_BOX_MARGIN = 0.15
"""The same about the whole of them, where a shadow must not count either."""
_FEET = [(f"{side}_ankle", f"{side}_foot_index") for side in ("left", "right")]
_LIMBS = [MEDIAPIPE33.indices(*ends) for ends in (*COCO17.bones, *_FEET)]
_FACE = MEDIAPIPE33.indices("nose", "left_ear", "right_ear")
_FAR_PX = 10_000

Grey = NDArray[np.uint8]


class BackgroundWatcher:
    """Keeps pictures evenly over a clip whose length nobody knows, to look at them later."""

    def __init__(self, clip: ClipInfo) -> None:
        self._scale = _SIDE_PX / max(clip.width, clip.height)
        self._size = tuple(max(1, round(s * self._scale)) for s in (clip.width, clip.height))
        self._count, self._step = 0, 1
        self._kept: list[tuple[int, Grey]] = []

    def watch(self, frame: Frame) -> None:
        """Take notice of the next frame of the clip."""
        if self._count % self._step == 0:
            grey = cv2.cvtColor(frame.image, cv2.COLOR_RGB2GRAY)
            small = cv2.resize(grey, self._size, interpolation=cv2.INTER_AREA)
            self._kept.append((self._count, np.asarray(small, dtype=np.uint8)))
        if len(self._kept) > 2 * _FEWEST:
            self._kept = self._kept[::2]
            self._step *= 2
        self._count += 1

    def background(self, pixels: NDArray[np.float32], *, pool: Executor) -> Background:
        """What was seen beside a person.

        Args:
            pixels: (N, 33, 2) the person in the N frames, px, image frame of the clip in its
                full size; NaN where they were not seen.
            pool: where pictures are searched at the same time.
        """
        points = [pixels[number] * self._scale for number, _ in self._kept]
        pictures = [picture for _, picture in self._kept]
        away = [
            _away_from(p, picture.shape) for p, picture in zip(points, pictures, strict=True)
        ]
        some = sorted({round(i) for i in np.linspace(0, len(pictures) - 1, _EDGES_IN)})
        beside = [_beside(points[i], pictures[i].shape) for i in some]
        edges = pool.map(straight_edges, [pictures[i] for i in some], beside)
        moved = moved_percent(list(zip(pictures, away, strict=True)))
        return Background(moved, np.concatenate(list(edges)) / self._scale)


def _away_from(points: Floats, shape: tuple[int, ...]) -> Grey:
    """(H, W) 0 in a box about a person at (33, 2) px and about their shadow, else 255."""
    mask = np.full(shape, 255, dtype=np.uint8)
    points = points[np.isfinite(points).all(axis=1)]
    if len(points):
        margin = _BOX_MARGIN * np.ptp(points[:, 1])
        left, top = np.maximum(points.min(axis=0) - margin, 0).astype(int)
        right, bottom = np.maximum(points.max(axis=0) + margin, 0).astype(int)
        mask[top : bottom + 1, left : right + 1] = 0
    return mask


def _beside(points: Floats, shape: tuple[int, ...]) -> Grey:
    """The same with 0 about their limbs alone."""
    mask = np.full(shape, 255, dtype=np.uint8)
    known = np.isfinite(points).all(axis=1)
    if not known.any():
        return mask
    tall = float(np.ptp(points[known], axis=0).max())
    at = np.where(known[:, None], points, 0).clip(-_FAR_PX, _FAR_PX).round().astype(int)
    width = max(1, round(2 * _BODY_MARGIN * tall))
    for start, end in _LIMBS:
        if known[start] and known[end]:
            cv2.line(mask, at[start].tolist(), at[end].tolist(), (0,), width)
    for point in _FACE:
        if known[point]:
            cv2.circle(mask, at[point].tolist(), max(1, round(_HEAD * tall)), (0,), -1)
    return mask
