"""The stages that ``train.evaluate`` compares. A new one is a line in ``STAGES``."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from humanpose.errors import ClipError
from humanpose.kinematics.angles import joint_angles
from humanpose.lift.baseline import metric_scale
from humanpose.markers.input_markers import markers_of
from humanpose.motion import limbs
from humanpose.sequence import JointAngles, PoseSequence, coco_of
from humanpose.skeleton import MEDIAPIPE33
from humanpose.world.gravity import find_up
from humanpose.world.ground import ground_under, to_world
from train.judge import pof_stages, refiner_stages
from train.judge.cases import Case
from train.judge.metrics import from_hips, rotation_and_scale
from train.judge.prediction import Prediction, nothing, product


@dataclass(frozen=True)
class Stage:
    """A row of the table."""

    predict: Callable[[Case], Prediction]
    meaning: str
    needs_true_joints: bool = False
    needs_pof: bool = False
    needs_joint_refiner: bool = False
    needs_main_refiner: bool = False
    peer: str | None = None
    """Whose answer it needs beside the clip."""

    def can_judge(self, case: Case) -> bool:
        """Whether the clip comes with what the stage needs."""
        if self.needs_true_joints and case.truth.joints is None:
            return False
        return self.peer is None or self.peer in case.answers


def mediapipe(case: Case) -> Prediction:
    """MediaPipe's world landmarks as they came, with one proper rotation and scale per clip.

    Those that fit the truth best where its joints are known, else no rotation and the scale
    that the person's height asks for.
    """
    seen = case.landmarks
    if not seen.detected.any():
        raise ClipError(f"nobody is seen in {case.clip}")
    pose = PoseSequence(seen.world, seen.visibility, seen.timeline, MEDIAPIPE33)
    height_m = case.settings.effective_height_m
    if case.truth.joints is None:
        pose = pose.with_positions(pose.positions * metric_scale(pose, height_m=height_m))
    else:
        ours, true = (
            from_hips(joints.positions).reshape(-1, 3)
            for joints in (coco_of(pose), case.truth.joints)
        )
        turn, scale = rotation_and_scale(ours, true)
        pose = pose.with_positions(scale * pose.positions @ turn.T)
    ground = ground_under(pose, up=find_up(pose).direction, height_m=height_m)
    angles = joint_angles(markers_of(to_world(pose, ground)))
    joints = coco_of(pose)
    return Prediction(joints, *limbs(joints), ground.up, angles)


def truth(case: Case) -> Prediction:
    """The true points through our kinematics: what is lost between 22 points and the angles."""
    if case.truth.joints is None or case.truth.markers is None or case.truth.up is None:
        raise ValueError(f"expected true joints, got none for {case.clip}")
    joints = case.truth.joints
    return Prediction(joints, *limbs(joints), case.truth.up, joint_angles(case.truth.markers))


def said(case: Case, peer: str) -> Prediction:
    """What another system said of the clip: angles, and nothing else.

    An angle that it doesn't tell counts as missing.
    """
    degrees = case.answers[peer]
    told = np.isfinite(degrees).astype(float)
    angles = JointAngles(degrees, told, case.landmarks.timeline)
    return replace(nothing(case), angles=angles)


STAGES: dict[str, Stage] = {
    "mediapipe": Stage(
        mediapipe, "MediaPipe's world landmarks, unfiltered, one rotation and scale per clip"
    ),
    "raw-unfiltered": Stage(
        partial(product, filter="none"), "the pipeline without learned stages and filter"
    ),
    "raw": Stage(product, "the pipeline without learned stages, 6 Hz Butterworth"),
    "pof": Stage(
        pof_stages.solved,
        "the pipeline with POF; the limbs are those of the solved joints",
        needs_pof=True,
    ),
    "raw-joint": Stage(
        refiner_stages.raw_joint,
        "raw, its angles corrected by the joint refiner",
        needs_joint_refiner=True,
    ),
    "pof-joint": Stage(
        refiner_stages.pof_joint,
        "pof, its angles corrected by the joint refiner",
        needs_pof=True,
        needs_joint_refiner=True,
    ),
    "fused-pose": Stage(
        refiner_stages.fused_pose,
        "the pipeline with MainRefiner's pose, without what it makes of the angles",
        needs_pof=True,
        needs_joint_refiner=True,
        needs_main_refiner=True,
    ),
    "main": Stage(
        refiner_stages.fused,
        "the pipeline with MainRefiner, which fuses raw, pof and the joint refiner",
        needs_pof=True,
        needs_joint_refiner=True,
        needs_main_refiner=True,
    ),
    "pof-limbs": Stage(
        pof_stages.network_alone,
        "the network's own words on the true keypoints; joints and angles are the product's",
        needs_pof=True,
    ),
    "pof-true-2d-limbs": Stage(
        pof_stages.true_2d_network_alone,
        "the network's own words on the true keypoints; joints and angles are the product's",
        needs_true_joints=True,
        needs_pof=True,
    ),
    "pof-known-fov": Stage(
        pof_stages.known_fov,
        "pof, told the true field of view",
        needs_true_joints=True,
        needs_pof=True,
    ),
    "pof-single-frame": Stage(
        pof_stages.single_frame, "pof, the network shown every frame alone", needs_pof=True
    ),
    "truth": Stage(
        truth,
        "the true points through our kinematics: the floor for anything with 22 markers",
        needs_true_joints=True,
    ),
    "mono": Stage(
        partial(said, peer="mono"), "OpenCap Monocular on a GPU, read from a file", peer="mono"
    ),
    "wham": Stage(
        partial(said, peer="wham"), "WHAM and inverse kinematics, read from a file", peer="wham"
    ),
}
DEFAULT_STAGES = (
    "mediapipe", "raw-unfiltered", "raw",
    "pof", "pof-limbs", "pof-true-2d-limbs",
)  # fmt: skip


def predicted(stage: Stage, case: Case) -> Prediction:
    """What ``stage`` says about ``case``: nothing at all when it refuses the clip."""
    try:
        return stage.predict(case)
    except ClipError:
        return nothing(case)
