"""The MainRefiner stage: weighs all estimates to one pose and one set of angles."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from humanpose.main_refiner.pose_evidence import PosePair
from humanpose.motion import Estimates, Gates, MotionOptions, Solved, motion_of
from humanpose.pof.stage import solve_body
from humanpose.sequence import Floats, JointAngles, LimbField, PoseSequence, coco_of
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

    network: MainRefinerInference
    refine: Callable[[JointAngles], JointAngles]
    """What the joint refiner makes of angles."""
    options: MotionOptions
    max_gap_s: float
    name: str = "main refiner"

    def __call__(self, known: Estimates) -> Estimates:
        """Add the fused motion, which is the best one, and the gates."""
        pof = require_pof(known)
        body, field, shares, figures = self.fuse_pose(known)
        motion = motion_of(body, self.options, field=field)
        angles, weights = self.network.fuse_angles(
            (motion.angles, known.raw.angles, pof.motion.angles, self.refine(motion.angles)),
            fps=motion.angles.timeline.fps,
        )
        return replace(
            known,
            best=replace(motion, angles=angles),
            gates=Gates(shares, weights),
            figures={**known.figures, **figures},
        )

    def fuse_pose(
        self, known: Estimates
    ) -> tuple[PoseSequence, LimbField, Floats, dict[str, float]]:
        """The body with the fused limbs (33 landmarks, camera frame, m), these limbs, (T, 17)
        the share of MediaPipe's pose in it, and figures of merit."""
        pair = pose_pair(known, height_m=self.options.height_m)
        fps = known.landmarks.timeline.fps
        field, shares = self.network.fuse_limbs(pair, require_pof(known).field, fps=fps)
        shares[:, _FACE] = np.nan
        body, reprojection_px = solve_body(
            replace(field, concentration=FIRMNESS * field.concentration),
            known.landmarks,
            known.camera,
            height_m=self.options.height_m,
            max_gap_s=self.max_gap_s,
        )
        return body, field, shares, {"reprojection_px": reprojection_px}


def pose_pair(known: Estimates, *, height_m: float) -> PosePair:
    """The two poses of a clip, and what they were made from."""
    solved = require_pof(known)
    raw, pof = coco_of(known.body), coco_of(solved.body)
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
