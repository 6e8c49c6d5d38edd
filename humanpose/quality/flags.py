"""Which frames of an analysis want care, and why."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from humanpose.analysis import Analysis
from humanpose.detection.cleaning import undo_swaps
from humanpose.skeleton import COCO17
from humanpose.words import to_say

_LIMBS = COCO17.joints[5:]  # without the face
_SEEN = 0.5  # visibility from which a keypoint counts as seen, as in the viewer
_UNSEEN_SHARE = (
    1 / 3
)  # of the limbs' keypoints; the far arm of a person seen from the side is a quarter


@dataclass(frozen=True, eq=False)
class Flag:
    """One reason for care, in words, and where it holds."""

    kind: str
    words: str
    frames: NDArray[np.bool_]
    """(T,)"""

    @property
    def spans(self) -> list[tuple[int, int]]:
        """First and last frame of every stretch."""
        edges = np.flatnonzero(np.diff(np.concatenate([[False], self.frames, [False]])))
        return [(int(start), int(end) - 1) for start, end in edges.reshape(-1, 2)]


def flags_of(analysis: Analysis) -> list[Flag]:
    """The flags that hold in at least one frame."""
    known = np.isfinite(analysis.markers.positions).all(axis=2).any(axis=1)
    seen = analysis.landmarks.detected
    limbs = analysis.visibility[:, COCO17.indices(*_LIMBS)]
    unsure = (limbs < _SEEN).mean(axis=1) >= _UNSEEN_SHARE
    estimated = analysis.markers_estimated
    _, swapped = undo_swaps(analysis.landmarks, visibility_min=analysis.settings.visibility_min)
    flags = [
        Flag("nobody", to_say("nobody in the picture"), ~known),
        Flag("filled", to_say("gap filled"), known & ~seen),
        Flag("unsure", to_say("a third of the joints or more not seen"), unsure & seen),
        Flag("swapped", to_say("left and right put back"), swapped),
    ]
    if estimated is not None:
        flags.append(Flag("estimated", to_say("a marker estimated"), estimated.any(axis=1)))
    return [flag for flag in flags if flag.frames.any()]
