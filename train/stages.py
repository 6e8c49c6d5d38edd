"""The stages that ``train.evaluate`` compares. A new one is a line in ``STAGES``."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np

from humanpose.angles import joint_angles
from humanpose.errors import ClipError
from humanpose.ground import find_ground, to_world
from humanpose.lift import metric_scale
from humanpose.markers import coco_of, markers_of
from humanpose.pipeline import compute, limbs
from humanpose.sequence import Floats, JointAngles, PoseSequence
from humanpose.skeleton import ANGLE_NAMES, COCO17, MEDIAPIPE33
from humanpose.stopwatch import Stopwatch
from train.cases import Case
from train.metrics import from_hips, rotation_and_scale


@dataclass(frozen=True, eq=False)
class Prediction:
    """What a stage says about one clip of T frames; NaN with confidence 0 where nothing."""

    joints: PoseSequence
    """COCO-17 along the camera's axes, m; any origin."""
    limbs: Floats
    """(T, 14, 3) unit vectors, camera frame."""
    limb_confidence: Floats
    """(T, 14) in [0, 1]."""
    up: Floats
    """(3,) or (T, 3) unit vector against gravity, camera frame."""
    angles: JointAngles


@dataclass(frozen=True)
class Stage:
    """A row of the table."""

    predict: Callable[[Case], Prediction]
    meaning: str
    needs_true_joints: bool = False


def pipeline(case: Case, **switches: Any) -> Prediction:
    """The product itself, from the detections on, with these ``Settings`` switched."""
    settings = replace(case.settings, **switches)
    analysis = compute(case.info, case.detection, settings, Stopwatch())
    return Prediction(
        analysis.joints_camera,
        analysis.limb_directions,
        analysis.limb_confidence,
        analysis.up_camera,
        analysis.joint_angles,
    )


def mediapipe(case: Case) -> Prediction:
    """MediaPipe's world landmarks as they came, with one proper rotation and scale per clip.

    Those that fit the truth best where its joints are known, else no rotation and the scale
    that the person's height asks for.
    """
    seen = case.landmarks
    if not seen.detected.any():
        raise ClipError(f"nobody is seen in {case.clip}")
    pose = PoseSequence(seen.world, seen.visibility, seen.timeline, MEDIAPIPE33)
    height_m = case.settings.height_m
    if case.truth.joints is None:
        pose = pose.with_positions(pose.positions * metric_scale(pose, height_m=height_m))
    else:
        ours, true = (
            from_hips(joints.positions).reshape(-1, 3)
            for joints in (coco_of(pose), case.truth.joints)
        )
        turn, scale = rotation_and_scale(ours, true)
        pose = pose.with_positions(scale * pose.positions @ turn.T)
    ground = find_ground(pose, height_m=height_m)
    angles = joint_angles(markers_of(to_world(pose, ground)))
    joints = coco_of(pose)
    return Prediction(joints, *limbs(joints), ground.up, angles)


def truth(case: Case) -> Prediction:
    """The true points through our kinematics: what is lost between 22 points and the angles."""
    if case.truth.joints is None or case.truth.markers is None or case.truth.up is None:
        raise ValueError(f"expected true joints, got none for {case.clip}")
    joints = case.truth.joints
    return Prediction(joints, *limbs(joints), case.truth.up, joint_angles(case.truth.markers))


STAGES: dict[str, Stage] = {
    "mediapipe": Stage(
        mediapipe, "MediaPipe's world landmarks, unfiltered, one rotation and scale per clip"
    ),
    "raw-unfiltered": Stage(
        partial(pipeline, filter="none"), "the pipeline without learned stages and filter"
    ),
    "raw": Stage(pipeline, "the pipeline without learned stages, 6 Hz Butterworth"),
    "truth": Stage(
        truth,
        "the true points through our kinematics: the floor for anything with 22 markers",
        needs_true_joints=True,
    ),
}
DEFAULT_STAGES = ("mediapipe", "raw-unfiltered", "raw")


def predicted(stage: Stage, case: Case) -> Prediction:
    """What ``stage`` says about ``case``: nothing at all when it refuses the clip."""
    try:
        return stage.predict(case)
    except ClipError:
        return _nothing(case)


def _nothing(case: Case) -> Prediction:
    timeline = case.landmarks.timeline
    joints, angles = (timeline.frames, len(COCO17)), (timeline.frames, len(ANGLE_NAMES))
    pose = PoseSequence(np.full((*joints, 3), np.nan), np.zeros(joints), timeline, COCO17)
    no_angles = JointAngles(np.full(angles, np.nan), np.zeros(angles), timeline)
    return Prediction(pose, *limbs(pose), np.full(3, np.nan), no_angles)
