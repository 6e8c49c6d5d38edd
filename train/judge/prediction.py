"""What a stage says about a clip, in the one form that is judged."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from humanpose.camera import Camera
from humanpose.learned.loading import Networks
from humanpose.motion import Motion, limbs
from humanpose.pipeline import camera_of, compute
from humanpose.sequence import Floats, JointAngles, PoseSequence
from humanpose.settings import Settings
from humanpose.skeleton import ANGLE_NAMES, COCO17
from train.judge.cases import Case


@dataclass(frozen=True, eq=False)
class Prediction:
    """Of one clip of T frames; NaN with confidence 0 where nothing."""

    joints: PoseSequence
    """COCO-17 along the camera's axes, m; any origin."""
    limbs: Floats
    """(T, 14, 3) unit vectors, camera frame."""
    limb_confidence: Floats
    """(T, 14) in [0, 1]."""
    up: Floats
    """(3,) or (T, 3) unit vector against gravity, camera frame."""
    angles: JointAngles
    camera: Camera | None = None
    """The one that the joints stand in front of as the detector saw them; None where they don't
    claim to."""


def product(case: Case, *, networks: Networks | None = None, **switches: Any) -> Prediction:
    """The product itself, from the detections on, with these ``Settings`` switched.

    The limbs are those between the joints that come out.
    """
    settings = replace(case.settings, **switches)
    analysis = compute(case.info, case.detection, settings, networks=networks)
    return prediction_of(analysis.refined, assumed_camera(case, settings))


def prediction_of(motion: Motion, camera: Camera) -> Prediction:
    """A motion in front of a camera; the limbs are those between its joints."""
    joints = motion.joints
    return Prediction(joints, *limbs(joints), motion.up_camera, motion.angles, camera)


def nothing(case: Case) -> Prediction:
    """What a stage says that refuses the clip."""
    timeline = case.landmarks.timeline
    joints, angles = (timeline.frames, len(COCO17)), (timeline.frames, len(ANGLE_NAMES))
    pose = PoseSequence(np.full((*joints, 3), np.nan), np.zeros(joints), timeline, COCO17)
    no_angles = JointAngles(np.full(angles, np.nan), np.zeros(angles), timeline)
    return Prediction(pose, *limbs(pose), np.full(3, np.nan), no_angles)


def assumed_camera(case: Case, settings: Settings) -> Camera:
    """The camera that the product goes by."""
    return camera_of(case.info, settings)
