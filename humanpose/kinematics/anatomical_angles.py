"""The 36 joint angles from anatomical segment frames, in the contract's sequences and signs."""

from collections.abc import Mapping

import numpy as np

from humanpose.confidence import INFERRED_AT_MOST
from humanpose.geometry import cardan_yxz, cardan_zxy, relative
from humanpose.kinematics.anatomical import Segment
from humanpose.kinematics.branches import bridged, continuous, near_gimbal
from humanpose.sequence import Floats, JointAngles, Timeline
from humanpose.skeleton import ANGLE_NAMES, JOINT_GROUPS

GROUND = np.array([[0.0, 0.0, -1.0], [0.0, 1.0, 0.0], [1.0, 0.0, 0.0]])
"""World axes of the contract's ground: X towards the camera, Y up, Z = X × Y (columns)."""

_LIMBS = {
    "hip": ("pelvis", "femur"),
    "knee": ("femur", "tibia"),
    "ankle": ("tibia", "foot"),
    "shoulder": ("trunk", "humerus"),
    "elbow": ("humerus", "forearm"),
}
_SIDED = ("femur", "tibia", "humerus")
_MIDDLE_DEG = {"elbow": 60.0}
"""What the third angle is counted about: the model's pro_sup goes from 0 to 120°."""


def anatomical_angles(segments: Mapping[str, Segment], timeline: Timeline) -> JointAngles:
    """The 36 angles between ``segments`` (see ``anatomical_segments``) over ``timeline``.

    An angle is as sure as the less sure of its two segments; near the gimbal of a ball joint
    the first and third are inferred. NaN with confidence 0 where a segment is absent.
    """
    degrees = np.full((timeline.frames, len(ANGLE_NAMES)), np.nan)
    sure = np.zeros_like(degrees)
    for group, names in JOINT_GROUPS.items():
        first = ANGLE_NAMES.index(names[0])
        columns = slice(first, first + 3)
        if group == "pelvis":
            degrees[:, columns] = _pelvis(segments["pelvis"].frames)
            sure[:, columns] = segments["pelvis"].confidence[:, None]
        else:
            parent, child = (segments[name] for name in _between(group))
            degrees[:, columns], clear = _joint(group, relative(parent.frames, child.frames))
            lower = np.minimum(parent.confidence, child.confidence)[:, None]
            sure[:, columns] = np.where(clear, lower, INFERRED_AT_MOST * lower)
    return JointAngles(degrees, np.where(np.isfinite(degrees), sure, 0.0), timeline)


def _pelvis(frames: Floats) -> Floats:
    """(T, 3) tilt, list and rotation (Baker 2001)."""
    return continuous(cardan_yxz(GROUND.T @ frames), counts_turns=True)[:, ::-1]


def _between(group: str) -> tuple[str, str]:
    if group == "trunk":
        return "pelvis", "trunk"
    joint, side = group.split("_")
    parent, child = _LIMBS[joint]
    return f"{parent}_{side}" if parent in _SIDED else parent, f"{child}_{side}"


def _joint(group: str, rotation: Floats) -> tuple[Floats, Floats]:
    """(T, 3) the joint's angles, and where (T, 3) they stand clear of the gimbal."""
    triple = cardan_zxy(rotation)
    joint = group.removesuffix("_r").removesuffix("_l")
    side = -1 if group.endswith("_l") else 1
    clear = np.ones(triple.shape, dtype=bool)
    if joint in ("knee", "ankle", "elbow"):
        # No hinge bends sideways by 90°, so of two equal triples it's always this one.
        middle = side * _MIDDLE_DEG.get(joint, 0.0)
        triple[:, 2] = (triple[:, 2] - middle + 180) % 360 - 180 + middle
    else:
        triple = continuous(triple)
    if joint in ("hip", "shoulder"):
        triple = bridged(triple)
        clear[:, ::2] = ~near_gimbal(triple)[:, None]
    return triple * [-1 if joint == "knee" else 1, side, side], clear
