"""The learned stage that weighs all others: one pose, one set of angles, and who had a say."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from humanpose.analysis import Gates
from humanpose.camera import Camera
from humanpose.main_refiner.pose_evidence import PosePair
from humanpose.motion import Motion, motion_of
from humanpose.pof.stage import PofLift, solved_lift
from humanpose.runtime.stopwatch import Stopwatch
from humanpose.sequence import Floats, JointAngles, Landmarks, PoseSequence, coco_of
from humanpose.settings import Settings
from humanpose.skeleton import COCO17, COCO_IN_MEDIAPIPE

if TYPE_CHECKING:
    from humanpose.main_refiner.inference import MainRefinerInference

FIRMNESS = 4.0
"""How much more strictly limbs are to point where the field points than it is sure of that:
the keypoints had their say before. On validation subjects, see ``docs/lab/refiners.md``."""


@dataclass(frozen=True, eq=False)
class Estimates:
    """What is known of one clip before the fusion."""

    body: PoseSequence
    """MediaPipe's 33 landmarks, lifted, camera frame, m."""
    raw: Motion
    """What follows from them."""
    lifted: PofLift
    pof: Motion
    """What follows from ``lifted``."""


@dataclass(frozen=True, eq=False)
class Fused:
    motion: Motion
    gates: Gates
    figures: dict[str, float]
    """Figures of merit, the unit in the name."""


def fused_motion(
    network: MainRefinerInference,
    refine: Callable[[JointAngles], JointAngles],
    estimates: Estimates,
    seen: tuple[Landmarks, Camera],
    *,
    settings: Settings,
    clock: Stopwatch,
) -> Fused:
    """Fuse the poses, solve for the body again, and fuse the angles.

    Args:
        refine: what the joint refiner makes of angles.
        seen: the cleaned landmarks, and the camera before which they were seen.

    Raises:
        ClipError: no body fits the clip.
    """
    lifted, shares = fused_lift(network, estimates, seen, settings=settings, clock=clock)
    motion = motion_of(lifted.body, settings, clock, field=lifted.field)
    candidates = (motion.angles, estimates.raw.angles, estimates.pof.angles)
    with clock.stage("joint refiner"):
        refined = refine(motion.angles)
    with clock.stage("main refiner"):
        angles, weights = network.fuse_angles(
            (*candidates, refined), fps=motion.angles.timeline.fps
        )
    return Fused(replace(motion, angles=angles), Gates(shares, weights), lifted.figures)


def fused_lift(
    network: MainRefinerInference,
    estimates: Estimates,
    seen: tuple[Landmarks, Camera],
    *,
    settings: Settings,
    clock: Stopwatch,
) -> tuple[PofLift, Floats]:
    """The body with the fused limbs, and (T, 17) the share of MediaPipe's pose in it."""
    with clock.stage("main refiner"):
        pair = pose_pair(estimates, *seen, height_m=settings.effective_height_m)
        field = estimates.lifted.field
        field, shares = network.fuse_limbs(pair, field, fps=seen[0].timeline.fps)
        shares[:, _FACE] = np.nan
        firm = replace(field, concentration=FIRMNESS * field.concentration)
    lifted = solved_lift(firm, *seen, settings=settings, clock=clock)
    return replace(lifted, field=field), shares


def pose_pair(
    estimates: Estimates, landmarks: Landmarks, camera: Camera, *, height_m: float
) -> PosePair:
    """The two poses of a clip, and what they were made from."""
    raw, pof = coco_of(estimates.body), coco_of(estimates.lifted.body)
    field = estimates.lifted.field
    with np.errstate(divide="ignore"):
        log_concentration = np.log(field.concentration)
    return PosePair(
        raw.positions,
        raw.confidence,
        pof.positions,
        pof.confidence,
        camera.rays(landmarks.pixels[:, COCO_IN_MEDIAPIPE]),
        landmarks.visibility[:, COCO_IN_MEDIAPIPE],
        field.directions,
        log_concentration,
        np.array(height_m),
    )


_FACE = slice(0, COCO17.index("left_shoulder"))
