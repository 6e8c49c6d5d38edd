"""What MainRefiner sees of two poses of a person: in axes that look at them, in body sizes."""

from dataclasses import dataclass
from typing import Self

import numpy as np

from humanpose.geometry import rotate
from humanpose.nets.windows import Evidence, FrameArrays, Frames
from humanpose.pof.limb_view import (
    MIRRORED_FRAME,
    MIRRORED_LIMBS,
    MIRRORED_TURN,
    exchange_joints,
    look_at_person,
    mirrored_limbs,
)
from humanpose.sequence import Floats
from humanpose.skeleton import COCO17

_UNIT = 0.25
"""Of length, in body heights."""
_MOST_UNITS, _MOST_OFF = 8.0, 5.0
"""Beyond these a position and a residual say no more than that they are wrong."""
_LEAST_DEPTH = 0.05
_HIPS = COCO17.indices("left_hip", "right_hip")


@dataclass(frozen=True, eq=False)
class PosePair(FrameArrays):
    """Windows of T frames with any leading axes; NaN where a point is not known."""

    raw: Floats
    """(..., T, 17, 3) MediaPipe's 3-D, lifted, camera frame, m."""
    raw_confidence: Floats
    """(..., T, 17) in [0, 1]."""
    pof: Floats
    """(..., T, 17, 3) the body that was solved for POF's limbs, camera frame, m."""
    pof_confidence: Floats
    """(..., T, 17) in [0, 1]."""
    rays: Floats
    """(..., T, 17, 3) through the keypoints, z = 1."""
    visibility: Floats
    """(..., T, 17) of the keypoints, in [0, 1]."""
    directions: Floats
    """(..., T, 14, 3) POF's limbs as unit vectors, camera frame."""
    log_concentration: Floats
    """(..., T, 14) log kappa about them."""
    height_m: Floats
    """(...) the person's."""

    def rows(self, rows: Frames) -> Self:
        """Some frames of one clip (T, …): ``rows`` (..., T) gives windows (..., T, …)."""
        *arrays, height_m = self.arrays()
        chosen = [array[rows] for array in arrays]
        return type(self)(*chosen, *[np.broadcast_to(height_m, rows.shape[:-1])])


@dataclass(frozen=True, eq=False)
class PoseEvidence(Evidence):
    """Windows of T frames, any leading axes; no NaN. Without ``turn`` the network's input, see
    ``humanpose.main_refiner.network.PoseInput``."""

    points: Floats
    """(..., T, 17, 16): positions of raw (3) and POF (3) from their mid-hips, whether they are
    there (2), their confidence (2), the keypoint's x, y, visibility and whether it is there
    (4), where POF's joint is seen less that (2)."""
    limbs: Floats
    """(..., T, 14, 4) direction and log concentration; all 0 where not known."""
    frame: Floats
    """(..., T, 7) ``humanpose.pof.limb_view``."""
    turn: Floats
    """(..., T, 3, 3) the camera's axes → those of the camera that looks at the person."""

    def mirrored(self) -> Self:
        """What there would be of the person's mirror image before the same camera."""
        limbs = self.limbs[..., MIRRORED_LIMBS, :]
        limbs[..., :3] = mirrored_limbs(self.limbs[..., :3])
        return type(self)(
            exchange_joints(self.points) * _MIRRORED_POINT,
            limbs,
            self.frame * MIRRORED_FRAME,
            self.turn * MIRRORED_TURN,
        )


def pose_evidence(pair: PosePair) -> PoseEvidence:
    """Turn the camera to the person and measure in body sizes; what is NaN becomes 0."""
    view = look_at_person(pair.rays, pair.visibility)
    raw, pof = (_from_hips(pose, view.turn, pair.height_m) for pose in (pair.raw, pair.pof))
    there = [np.isfinite(pose[..., 0]) for pose in (raw, pof)]
    sure = [
        np.where(known, confidence, 0.0)
        for known, confidence in zip(
            there, (pair.raw_confidence, pair.pof_confidence), strict=True
        )
    ]
    points = np.concatenate(
        [
            np.nan_to_num(raw),
            np.nan_to_num(pof),
            np.stack([*there, *sure], axis=-1),
            view.points,
            _residual(pair.pof, view.turn, view.points, np.exp(view.frame[..., 0].copy())),
        ],
        axis=-1,
    )
    limbs = np.concatenate(
        [rotate(view.turn, pair.directions), pair.log_concentration[..., None]], axis=-1
    )
    known = np.isfinite(limbs).all(axis=-1, keepdims=True)
    return PoseEvidence(points, np.where(known, limbs, 0.0), view.frame, view.turn)


def _from_hips(pose: Floats, turn: Floats, height_m: Floats) -> Floats:
    """(..., T, 17, 3) from the mid-hip, in units; NaN throughout a frame without hips."""
    middle = pose[..., _HIPS, :].mean(axis=-2, keepdims=True)
    unit_m = _UNIT * np.asarray(height_m)[..., None, None, None]
    return np.clip(rotate(turn, pose - middle) / unit_m, -_MOST_UNITS, _MOST_UNITS)


def _residual(pose: Floats, turn: Floats, points: Floats, size: Floats) -> Floats:
    """(..., T, 17, 2) from the keypoint to where the joint is seen, in body sizes; or 0."""
    seen = rotate(turn, pose)
    depth = np.where(seen[..., 2:] > _LEAST_DEPTH, seen[..., 2:], np.nan)
    off = seen[..., :2] / depth / size[..., None, None] - points[..., :2]
    known = np.isfinite(off).all(axis=-1) & (points[..., 3] > 0)
    return np.clip(np.where(known[..., None], off, 0.0), -_MOST_OFF, _MOST_OFF)


_X = [-1.0, 1.0, 1.0]
_MIRRORED_POINT = np.array([*_X, *_X, 1, 1, 1, 1, -1, 1, 1, 1, -1, 1])
