"""The 36 joint angles of a fitted body: which of them are measured, and how surely."""

import numpy as np
from numpy.typing import NDArray

from humanpose.body.fitted import FittedBody
from humanpose.confidence import INFERRED_AT_MOST, of_deviation
from humanpose.kinematics.branches import calm_at_gimbal, on_best_branch
from humanpose.sequence import Floats, JointAngles
from humanpose.skeleton import ANGLE_NAMES, JOINT_GROUPS, MARKERS22

_TRUNK = ("RHip", "LHip", "RShoulder", "LShoulder")
_NEEDS = {
    "hip": (*_TRUNK, "{}Hip", "{}Knee"),
    "knee": ("{}Hip", "{}Knee", "{}Ankle"),
    "ankle": ("{}Knee", "{}Ankle", "{}Heel", "{}BigToe"),
    "shoulder": (*_TRUNK, "{}Shoulder", "{}Elbow"),
    "elbow": ("{}Shoulder", "{}Elbow", "{}Wrist"),
}
"""Joint -> the markers that carry its angles; pelvis and trunk need the trunk's."""
_INFERRED = ("pelvis_tilt", "lumbar_extension", "subtalar_angle", "ankle_rotation")
"""What the points of a skeleton show only through what people usually do."""
_TURN_SHOWN_BY = {"hip_rotation": "knee_angle", "arm_rot": "elbow_flex"}
_MIN_BEND_DEG = 15.0
"""A limb bent less than this doesn't show how the part above is turned."""


def joint_angles_of(fitted: FittedBody, visible: Floats) -> JointAngles:
    """The angles, as sure as their own deviation.

    They are measured where all markers that carry them are seen, else inferred; NaN with
    confidence 0 where one is lost, or where the body has no such movement.

    Args:
        visible: (T, 22) in [0, 1] how well each of ``MARKERS22`` was seen; 0 where it is lost.
    """
    degrees, deviation = fitted.angles()
    sure = np.zeros_like(degrees)
    for group, names in JOINT_GROUPS.items():
        joint, _, side = group.partition("_")
        needs = _NEEDS.get(joint, _TRUNK)
        rows = MARKERS22.indices(*(name.format(side.upper()) for name in needs))
        carried = visible[:, rows].min(axis=1)
        for name in names:
            column = ANGLE_NAMES.index(name)
            shown = _shown(degrees, name)
            sure[:, column] = np.where(shown, carried, INFERRED_AT_MOST * carried)
    degrees = np.where(sure > 0, degrees, np.nan)
    sure = np.where(np.isfinite(degrees), sure, 0.0)
    angles = of_deviation(JointAngles(degrees, sure, fitted.timeline), deviation)
    return calm_at_gimbal(on_best_branch(angles))


def _stem(name: str) -> str:
    return name.removesuffix("_r").removesuffix("_l")


def _shown(degrees: Floats, name: str) -> NDArray[np.bool_]:
    """(T,) whether the angle is measured where its markers are seen."""
    stem = _stem(name)
    if stem in _TURN_SHOWN_BY:
        bend = f"{_TURN_SHOWN_BY[stem]}_{name[-1]}"
        return np.asarray(degrees[:, ANGLE_NAMES.index(bend)] >= _MIN_BEND_DEG)
    return np.full(len(degrees), stem not in _INFERRED)
