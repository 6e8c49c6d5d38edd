"""The MainRefiner stage: weighs all estimates to one pose and one set of angles."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from humanpose.body.clip import Clues
from humanpose.main_refiner.pose_evidence import PosePair
from humanpose.motion import Estimates, Gates, Motion, MotionOptions, Solved
from humanpose.sequence import Floats, JointAngles, coco_of
from humanpose.skeleton import COCO17, COCO_IN_MEDIAPIPE

if TYPE_CHECKING:
    from humanpose.main_refiner.inference import MainRefinerInference

FIRMNESS = 4.0
"""How much more strictly limbs are to point where the field points than it is sure of that:
the keypoints had their say before. On validation subjects, see ``docs/lab/refiners.md``."""

_FACE = slice(0, COCO17.index("left_shoulder"))


@dataclass(frozen=True)
class MainStage:
    """Fuses the poses, solves for the body again, and fuses the angles.

    Needs what the POF stage found. Raises ClipError if no body fits the clip.
    """

    UNREAD = ("joints", "joints_world", "markers", "estimated")
    """Fields of the motion before that it has no use for, nor anybody after it."""

    network: MainRefinerInference
    refine: Callable[[JointAngles], JointAngles]
    """What the joint refiner makes of angles."""
    options: MotionOptions
    name: str = "main refiner"

    def __call__(self, known: Estimates) -> Estimates:
        """Add the fused motion, which is the best one, and the gates."""
        pof = require_pof(known)
        motion, shares = self.fuse_pose(known)
        angles, weights = self.network.fuse_angles(
            (motion.angles, known.raw.angles, pof.motion.angles, self.refine(motion.angles)),
            fps=motion.angles.timeline.fps,
        )
        return replace(
            known,
            best=replace(motion, angles=angles),
            gates=Gates(shares, weights),
            figures={**known.figures, "reprojection_px": motion.reprojection_px},
        )

    def fuse_pose(self, known: Estimates) -> tuple[Motion, Floats]:
        """The body fitted to the fused limbs, and (T, 17) the share of MediaPipe's pose in
        these."""
        pair = pose_pair(known, height_m=self.options.height_m)
        field, shares = self.network.fuse_limbs(
            pair, require_pof(known).field, fps=known.landmarks.timeline.fps
        )
        shares[:, _FACE] = np.nan
        firm = replace(field, concentration=FIRMNESS * field.concentration)
        motion = known.fitted(self.options, Clues(firm))
        return replace(motion, limb_confidence=field.confidence), shares


def pose_pair(known: Estimates, *, height_m: float) -> PosePair:
    """The two poses of a clip, and what they were made from."""
    solved = require_pof(known)
    if solved.motion.body is None:
        raise ValueError("expected a motion that was computed, not read from disk")
    raw, pof = coco_of(known.lifted), coco_of(solved.motion.body)
    with np.errstate(divide="ignore"):
        log_concentration = np.log(solved.field.concentration)
    return PosePair(
        raw.positions,
        raw.confidence,
        pof.positions,
        pof.confidence,
        known.camera.rays(known.landmarks.pixels[:, COCO_IN_MEDIAPIPE]),
        known.landmarks.visibility[:, COCO_IN_MEDIAPIPE],
        solved.field.directions,
        log_concentration,
        np.array(height_m),
    )


def require_pof(known: Estimates) -> Solved:
    """What the POF stage found. Raises ValueError where it was not asked before."""
    if known.pof is None:
        raise ValueError("expected the POF stage to come before MainRefiner")
    return known.pof
