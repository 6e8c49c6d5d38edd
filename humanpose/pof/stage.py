"""The learned lift: limb directions from the POF network, and the body that fits them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from humanpose.camera import Camera
from humanpose.errors import ClipError
from humanpose.lift.attach import attach
from humanpose.lift.solver import Solver
from humanpose.runtime.stopwatch import Stopwatch
from humanpose.sequence import Floats, Landmarks, PoseSequence
from humanpose.settings import Settings
from humanpose.skeleton import COCO_IN_MEDIAPIPE

if TYPE_CHECKING:
    from humanpose.pof.inference import CameraPOFInference
    from humanpose.sequence import LimbField


@dataclass(frozen=True, eq=False)
class PofLift:
    body: PoseSequence
    """The 33 landmarks in the camera frame, m."""
    field: LimbField
    figures: dict[str, float]
    """Figures of merit, the unit in the name."""


def lift_with_pof(
    pof: CameraPOFInference,
    landmarks: Landmarks,
    camera: Camera,
    *,
    settings: Settings,
    clock: Stopwatch,
) -> PofLift:
    """As ``humanpose.lift.baseline.lift``; depth comes from the network instead of MediaPipe.

    Raises:
        ClipError: no body fits the clip in any frame.
    """
    keypoints = landmarks.pixels[:, COCO_IN_MEDIAPIPE]
    visibility = landmarks.visibility[:, COCO_IN_MEDIAPIPE]
    with clock.stage("pof"):
        field = pof.limb_field(
            keypoints,
            visibility,
            image_size=camera.image_size,
            fps=landmarks.timeline.fps,
            focal_px=camera.focal_px,
        )
    return solved_lift(field, landmarks, camera, settings=settings, clock=clock)


def solved_lift(
    field: LimbField,
    landmarks: Landmarks,
    camera: Camera,
    *,
    settings: Settings,
    clock: Stopwatch,
) -> PofLift:
    """The body that has the limbs of ``field`` and lies where it was seen.

    Raises:
        ClipError: there is none in any frame.
    """
    with clock.stage("solve"):
        solution = Solver(max_gap_s=settings.max_gap_s).solve(
            field,
            landmarks.pixels[:, COCO_IN_MEDIAPIPE],
            landmarks.visibility[:, COCO_IN_MEDIAPIPE],
            camera,
            height_m=settings.effective_height_m,
            timeline=landmarks.timeline,
        )
        body = attach(solution.joints, landmarks, camera)
    if not solution.joints.confidence.any():
        raise ClipError(
            "no body fits what the POF network makes of this clip; analyse it without --pof"
        )
    return PofLift(body, field, {"reprojection_px": _median(solution.reprojection_px)})


def _median(values: Floats) -> float:
    finite = values[np.isfinite(values)]
    return float(np.median(finite)) if finite.size else float("nan")
