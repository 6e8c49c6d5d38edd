"""The POF stage: limb directions from the network, and the body that has such limbs."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from humanpose.camera import Camera
from humanpose.errors import ClipError
from humanpose.lift.attach import attach
from humanpose.lift.solver import Solver
from humanpose.motion import Estimates, MotionOptions, Solved, motion_of
from humanpose.sequence import Floats, Landmarks, LimbField, PoseSequence
from humanpose.skeleton import COCO_IN_MEDIAPIPE

if TYPE_CHECKING:
    from humanpose.pof.inference import CameraPOFInference


@dataclass(frozen=True)
class PofStage:
    """Takes depth from the network instead of MediaPipe. Raises ClipError if no body fits."""

    network: CameraPOFInference
    options: MotionOptions
    max_gap_s: float
    name: str = "pof"

    def __call__(self, known: Estimates) -> Estimates:
        """Add the solved body and its motion, which is the best one from here on."""
        field = limb_field(self.network, known.landmarks, known.camera)
        body, reprojection_px = solve_body(
            field,
            known.landmarks,
            known.camera,
            height_m=self.options.height_m,
            max_gap_s=self.max_gap_s,
        )
        motion = motion_of(body, self.options, field=field)
        figures = {**known.figures, "reprojection_px": reprojection_px}
        return replace(known, pof=Solved(body, field, motion), best=motion, figures=figures)


def limb_field(network: CameraPOFInference, landmarks: Landmarks, camera: Camera) -> LimbField:
    """Where the network says that limbs point, in the camera frame."""
    return network.limb_field(
        landmarks.pixels[:, COCO_IN_MEDIAPIPE],
        landmarks.visibility[:, COCO_IN_MEDIAPIPE],
        image_size=camera.image_size,
        fps=landmarks.timeline.fps,
        focal_px=camera.focal_px,
    )


def solve_body(
    field: LimbField,
    landmarks: Landmarks,
    camera: Camera,
    *,
    height_m: float,
    max_gap_s: float,
) -> tuple[PoseSequence, float]:
    """The 33 landmarks of the body that has the limbs of ``field`` and lies where it was seen,
    camera frame, m; and how far off its keypoints it is seen, median, px.

    Raises:
        ClipError: there is no such body in any frame.
    """
    solution = Solver(max_gap_s=max_gap_s).solve(
        field,
        landmarks.pixels[:, COCO_IN_MEDIAPIPE],
        landmarks.visibility[:, COCO_IN_MEDIAPIPE],
        camera,
        height_m=height_m,
        timeline=landmarks.timeline,
    )
    if not solution.joints.confidence.any():
        raise ClipError(
            "no body fits what the POF network makes of this clip; analyse it without POF"
        )
    return attach(solution.joints, landmarks, camera), _median(solution.reprojection_px)


def _median(values: Floats) -> float:
    finite = values[np.isfinite(values)]
    return float(np.median(finite)) if finite.size else float("nan")
