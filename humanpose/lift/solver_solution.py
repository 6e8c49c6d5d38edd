"""What the solver reports: the joints, and how far they are to be trusted."""

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter1d

from humanpose.camera import Camera
from humanpose.confidence import INFERRED_AT_MOST
from humanpose.lift.solver_problem import Problem
from humanpose.sequence import Floats, PoseSequence, Timeline
from humanpose.skeleton import BODY12, COCO17

_AROUND_S = 0.1
_BORROWED = 0.05
"""The share of the evidence around a frame (Gaussian, SD in s) that adds to the frame's own."""
_LEAST_INFORMATION = 0.1
"""Of anything, 1/m²: an uncertainty ends at 3 m."""
_HALF_SURE = 0.06
"""The uncertainty at which a joint's confidence is 0.5, in body heights."""

_BODY = np.array(COCO17.indices(*BODY12.joints))
_HIPS = BODY12.indices("left_hip", "right_hip")


@dataclass(frozen=True, eq=False)
class Solution:
    """The solved body. T frames; NaN where nobody was seen, and for the joints of the face."""

    joints: PoseSequence
    """COCO-17 in the camera frame, m. The confidence is 1 / (1 + (u / 6 % of the height)²), u
    being the root-mean-square error to be expected, seen from the mid-hip; below 0.5 for a
    joint that the detector did not see."""
    reprojection_px: Floats
    """(T, 17) from the keypoint to where the detector should see the solved joint, px."""
    lengths_m: Floats
    """(14,) of the limbs; NaN if nobody was seen."""

    @classmethod
    def nothing(cls, timeline: Timeline) -> Self:
        """Of a clip in which nobody was seen."""
        empty = np.full((timeline.frames, len(COCO17)), np.nan)
        joints = PoseSequence(
            np.repeat(empty[..., None], 3, axis=2), np.zeros_like(empty), timeline, COCO17
        )
        return cls(joints, empty, np.full(len(COCO17.bones), np.nan))


@dataclass(frozen=True, eq=False)
class Fit:
    """The minimum of a problem of T frames."""

    problem: Problem
    joints: Floats
    """(T, 12, 3) m, all of them, known or not."""
    lengths: Floats
    """(14,) m."""
    known: NDArray[np.bool_]
    """(T, 12) whether anything in the frame or shortly around it tells of the joint."""

    def solution(self, camera: Camera, *, height_m: float, timeline: Timeline) -> Solution:
        """The fit in the frames and joints of the clip, with its uncertainties."""
        problem, seen = self.problem, self.problem.precision > 0
        joints = np.where(self.known[..., None], self.joints, np.nan)
        off = np.where(self.known, self._uncertainty(timeline.fps), np.nan)
        sure = 1 / (1 + (off / (_HALF_SURE * height_m)) ** 2)
        sure = np.where(seen, sure, np.minimum(sure, INFERRED_AT_MOST))
        points = problem.seen_at @ self.joints
        off_px = camera.focal_px * (points[..., :2] / points[..., 2:] - problem.rays)
        away_px = np.where(seen & self.known, np.linalg.norm(off_px, axis=-1), np.nan)
        confidence = np.nan_to_num(self._in_clip(sure, timeline))
        return Solution(
            PoseSequence(self._in_clip(joints, timeline), confidence, timeline, COCO17),
            reprojection_px=self._in_clip(away_px, timeline),
            lengths_m=self.lengths,
        )

    def _uncertainty(self, fps: float) -> Floats:
        """(T, 12) m, from the mid-hip.

        The errors of neighbouring frames are alike, so they don't average out: a frame's own
        evidence is all it has. Where it has none it borrows from around.
        """
        around, pieces = _AROUND_S * fps, self.problem.pieces()
        return np.concatenate([p.keep(self._uncertainty_of(p.rows, around)) for p in pieces])

    def _uncertainty_of(self, rows: slice, around: float) -> Floats:
        problem = self.problem.only(rows)
        information = problem.linearised(self.joints[rows], self.lengths).information
        information += _BORROWED * gaussian_filter1d(
            information, around, axis=0, mode="nearest", truncate=3
        )
        count = len(BODY12)
        information += _LEAST_INFORMATION * np.eye(3 * count)
        covariance = np.linalg.inv(information).reshape(-1, count, 3, count, 3)
        among = np.trace(covariance, axis1=2, axis2=4)  # (T, 12, 12)
        from_hips = np.eye(count)
        from_hips[:, _HIPS] -= 0.5
        variance = ((from_hips @ among) * from_hips).sum(axis=-1)
        return np.sqrt(variance)

    def _in_clip(self, values: Floats, timeline: Timeline) -> Floats:
        """(T, 12, ...) of the problem, as (frames, 17, ...) of the clip."""
        full = np.full((timeline.frames, len(COCO17), *values.shape[2:]), np.nan)
        full[np.ix_(self.problem.frames, _BODY)] = values
        return full
