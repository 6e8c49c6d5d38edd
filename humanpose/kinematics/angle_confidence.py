"""How sure each joint angle is: the uncertainty of the bones, carried through the kinematics.

To first order: every bone's direction is off by itself, in two ways across it, and the
variances add up in the angles that depend on it.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from humanpose.confidence import of_deviation
from humanpose.geometry import frame_from_y
from humanpose.kinematics.angles import joint_angles
from humanpose.sequence import Floats, JointAngles, PoseSequence, Timeline
from humanpose.skeleton import ANGLE_NAMES, COCO17, MARKERS22

_STEP = 1e-4
"""How far a bone is turned to see what follows, rad."""
_FRAMES_PER_S = 10.0
"""How often the deviation is computed anew."""
_METHOD_95_DEG = {
    "pelvis_tilt": 9.4, "lumbar_extension": 11.2, "lumbar_bending": 5.3, "lumbar_rotation": 1.9,
    "hip_flexion": 10.4, "hip_rotation": 5.1, "ankle_angle": 2.7, "subtalar_angle": 2.0,
    "ankle_rotation": 4.1, "arm_flex": 13.0, "arm_add": 7.0, "arm_rot": 39.1, "elbow_flex": 1.9,
}  # fmt: skip
"""What the 22 markers alone cost: 95 % of the frames are within this
(docs/lab/marker_set.md)."""
_AUGMENTED_95_DEG = {
    "hip_rotation": 5.3, "knee_angle": 1.0, "subtalar_angle": 2.8, "ankle_rotation": 7.6,
    "arm_flex": 11.0, "arm_add": 5.0, "arm_rot": 23.0,
}  # fmt: skip
"""The same where it is another number by way of the built-in augmenter: true joints of every
third rendered pair of the train side and all of the validation side, rounded."""

Kinematics = Callable[[PoseSequence], JointAngles]
"""From the 22 markers to the angles."""


@dataclass(frozen=True)
class Bone:
    """A direction between two markers, and what moves with its ends when it is off."""

    start: str
    end: str
    moves: tuple[str, ...]
    """Markers that follow the end."""
    moves_back: tuple[str, ...] = ()
    """Markers that go the other way: such a bone turns about its middle."""


def _side(s: str) -> dict[str, Bone]:
    foot = (f"{s}Heel", f"{s}SmallToe", f"{s}BigToe")
    return {
        f"upper_arm_{s}": Bone(f"{s}Shoulder", f"{s}Elbow", (f"{s}Elbow", f"{s}Wrist")),
        f"forearm_{s}": Bone(f"{s}Elbow", f"{s}Wrist", (f"{s}Wrist",)),
        f"thigh_{s}": Bone(f"{s}Hip", f"{s}Knee", (f"{s}Knee", f"{s}Ankle", *foot)),
        f"shank_{s}": Bone(f"{s}Knee", f"{s}Ankle", (f"{s}Ankle", *foot)),
        f"foot_{s}": Bone(f"{s}Heel", f"{s}BigToe", foot[1:], foot[:1]),
    }


def _arm(s: str) -> tuple[str, ...]:
    return f"{s}Shoulder", f"{s}Elbow", f"{s}Wrist"


def _leg(s: str) -> tuple[str, ...]:
    return tuple(
        f"{s}{part}" for part in ("Hip", "Knee", "Ankle", "Heel", "SmallToe", "BigToe")
    )


BONES: dict[str, Bone] = {
    "trunk": Bone("Hip", "Neck", ("Neck", "Head", "Nose", *_arm("R"), *_arm("L"))),
    "shoulders": Bone("LShoulder", "RShoulder", _arm("R"), _arm("L")),
    "hips": Bone("LHip", "RHip", _leg("R"), _leg("L")),
    **_side("R"),
    **_side("L"),
}
"""The bones whose directions decide the angles."""

_TOGETHER = (
    ("trunk",),
    ("shoulders", "shank_R", "shank_L"),
    ("hips", "forearm_R", "forearm_L"),
    ("thigh_R", "upper_arm_R", "upper_arm_L"),
    ("thigh_L",),
    ("foot_R", "foot_L"),
)
"""Bones of a row share no angle, so they can be turned at once (Curtis, Powell, Reid 1974)."""


def with_deviation(
    angles: JointAngles,
    markers: PoseSequence,
    bone_deviation: dict[str, Floats],
    *,
    kinematics: Kinematics = joint_angles,
    augmented: bool = False,
) -> JointAngles:
    """``angles`` with their standard deviation, and their confidence after it.

    Args:
        markers: the 22 markers that ``angles`` were computed from.
        bone_deviation: for each of ``BONES`` the (T, 2) standard deviation of its direction
            within the picture and in depth, rad; never NaN.
        kinematics: how angles follow from the 22 markers, or nearly so.
        augmented: whether that is by way of augmented markers.
    """
    propagated = _propagated(markers, bone_deviation, kinematics)
    return of_deviation(angles, np.hypot(propagated, method_deviation(augmented=augmented)))


def method_deviation(*, augmented: bool = False) -> Floats:
    """(36,) deg, all finite: how far angles of the true markers are off, about their mean."""
    within = _METHOD_95_DEG | (_AUGMENTED_95_DEG if augmented else {})
    stems = [name.removesuffix("_r").removesuffix("_l") for name in ANGLE_NAMES]
    return np.array([within.get(stem, 0.0) / 1.96 for stem in stems])


def _propagated(
    markers: PoseSequence, bone_deviation: dict[str, Floats], kinematics: Kinematics
) -> Floats:
    """(T, 36) deg: what the bones' deviations come to in the angles.

    Computed for a few frames per second, straight lines between: it changes as slowly as the
    posture does.
    """
    every = max(1, round(markers.timeline.fps / _FRAMES_PER_S))
    sampled = _every(markers, every)
    here = kinematics(sampled).degrees
    variance = np.where(np.isfinite(here), 0.0, np.nan)
    for row in _TOGETHER:
        for axis in (0, 1):
            off = sum(
                _shift(sampled, BONES[name], axis, bone_deviation[name][::every])
                for name in row
            )
            there = kinematics(sampled.with_positions(sampled.positions + off)).degrees
            slope = ((there - here + 180) % 360 - 180) / _STEP
            variance += np.where(np.isfinite(slope), slope, 0.0) ** 2
    return _between(np.sqrt(variance), every, count=len(markers))


def _every(markers: PoseSequence, every: int) -> PoseSequence:
    positions, confidence = markers.positions[::every], markers.confidence[::every]
    timeline = Timeline(len(positions), markers.timeline.fps / every)
    return PoseSequence(positions, confidence, timeline, markers.skeleton)


def _between(sampled: Floats, every: int, *, count: int) -> Floats:
    """(count, A) from every ``every``-th row; a NaN is bridged, and 0 where all are."""
    frames, at = np.arange(count), np.arange(0, count, every)
    filled = np.zeros((count, sampled.shape[1]))
    for i, column in enumerate(sampled.T):
        known = np.isfinite(column)
        if known.any():
            filled[:, i] = np.interp(frames, at[known], column[known])
    return filled


def _shift(markers: PoseSequence, bone: Bone, axis: int, deviation: Floats) -> Floats:
    """(T, 22, 3) m: where the markers go when a bone is off by a part of ``deviation``."""
    along = markers.joint(bone.end) - markers.joint(bone.start)
    across = frame_from_y(along, _LINE_OF_SIGHT)[..., 2 * axis]  # its X or its Z
    length = np.linalg.norm(along, axis=-1)
    end = np.nan_to_num((_STEP * deviation[:, axis] * length)[:, None] * across)
    if bone.moves_back:
        end = end / 2
    shift = np.zeros_like(markers.positions)
    shift[:, MARKERS22.indices(*bone.moves)] = end[:, None]
    shift[:, MARKERS22.indices(*bone.moves_back)] = -end[:, None]
    return shift


_LINE_OF_SIGHT = np.array([0.0, 0.0, 1.0])


def bone_deviation(concentration: Floats) -> dict[str, Floats]:
    """(T, 2) for each of ``BONES``, rad: the POF network's doubts, as ``with_deviation`` wants.

    Args:
        concentration: (T, 14) kappa of a von Mises-Fisher distribution about each of COCO17's
            limbs; 0 where nothing is known.
    """
    squares = dict(zip(COCO17.bones, 1 / np.maximum(concentration.T, 1.0), strict=True))
    deviation = {
        name: np.sqrt(np.mean([squares[bone] for bone in seen_in], axis=0))[:, None] * _SOLVED
        for name, seen_in in _SEEN_IN.items()
    }
    for s in "RL":
        deviation[f"foot_{s}"] = np.hypot(deviation[f"shank_{s}"], np.radians(_FOOT_DEG))
    return deviation


def _limb_of(side: str, start: str, end: str) -> tuple[tuple[str, str], ...]:
    return ((f"{side}_{start}", f"{side}_{end}"),)


_SEEN_IN: dict[str, tuple[tuple[str, str], ...]] = {
    "trunk": (*_limb_of("left", "shoulder", "hip"), *_limb_of("right", "shoulder", "hip")),
    "shoulders": (("left_shoulder", "right_shoulder"),),
    "hips": (("left_hip", "right_hip"),),
} | {
    f"{bone}_{side[0].upper()}": _limb_of(side, *ends)
    for side in ("right", "left")
    for bone, ends in {
        "upper_arm": ("shoulder", "elbow"),
        "forearm": ("elbow", "wrist"),
        "thigh": ("hip", "knee"),
        "shank": ("knee", "ankle"),
    }.items()
}
"""The limbs of COCO17 that tell where a bone points."""
_SOLVED = np.array([0.6, 1.25])
"""Of the deviation that the network states, in the picture and in depth, once the keypoints
have had their say: 90th percentiles on validation subjects, see ``train.judge.angle_band``."""
_FOOT_DEG = 12.0
"""What hanging the foot on the leg costs: ``humanpose.lift.attach``, 15° / sqrt(pi / 2)."""
