"""Joint angles: the 36 columns in OpenSim's names and signs, from the markers.

``docs/angles.md`` says for every column whether it is measured, inferred or absent.
"""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from humanpose.confidence import INFERRED_AT_MOST
from humanpose.geometry import cardan_yxz, cardan_zxy, relative
from humanpose.kinematics.branches import calm_at_gimbal, on_best_branch
from humanpose.kinematics.segments import (
    HingedLimb,
    arm,
    foot_frame,
    leg,
    pelvis_frame,
    trunk_frame,
)
from humanpose.sequence import Floats, JointAngles, PoseSequence
from humanpose.skeleton import ANGLE_NAMES, JOINT_GROUPS

Mask = NDArray[np.bool_]

GROUND = np.array([[0.0, 0.0, -1.0], [0.0, 1.0, 0.0], [1.0, 0.0, 0.0]])
"""World axes of the contract's ground: X towards the camera, Y up, Z = X × Y (columns)."""
_TRUNK_MARKERS = ("RHip", "LHip", "RShoulder", "LShoulder")


def joint_angles(markers: PoseSequence) -> JointAngles:
    """The 36 joint angles of the 22 ``markers`` in the world frame, point by point.

    The product's angles are the fitted body's (``humanpose.body``); these are what the points
    alone say, without a body.

    Returns:
        Degrees, zero in the default pose of OpenSim's Rajagopal / LaiUhlrich models. NaN with
        confidence 0 where nothing carries the angle.
    """
    columns = _Columns(markers)
    trunk = trunk_frame(markers)
    pelvis = pelvis_frame(markers, trunk)
    columns.pelvis(pelvis)
    columns.trunk(relative(pelvis, trunk))
    for side in "rl":
        thigh_shank = leg(markers, side, pelvis)
        columns.limb(("hip", "knee"), side, pelvis, thigh_shank)
        columns.ankle(side, relative(thigh_shank.lower, foot_frame(markers, side)))
        columns.limb(("shoulder", "elbow"), side, trunk, arm(markers, side, trunk))
    return columns.finished()


def subtract_neutral(angles: JointAngles, *, at_s: float) -> JointAngles:
    """Every angle minus its value in the frame nearest clip time ``at_s``, s.

    An angle that is NaN in that frame becomes NaN throughout.
    """
    degrees = angles.degrees - angles.degrees[angles.timeline.nearest(at_s)]
    confidence = np.where(np.isfinite(degrees), angles.confidence, 0.0)
    return replace(angles, degrees=degrees, confidence=confidence)


class _Columns:
    """Collects the columns, each with its confidence, group by group."""

    def __init__(self, markers: PoseSequence) -> None:
        self._markers = markers
        shape = (len(markers), len(ANGLE_NAMES))
        self._degrees = np.full(shape, np.nan)
        self._confidence = np.zeros(shape)
        self._absent = np.zeros(shape, dtype=bool)

    def finished(self) -> JointAngles:
        """Of equal triples the best; with NaN for what nothing carries."""
        sure = np.where(np.isfinite(self._degrees) & ~self._absent, self._confidence, 0.0)
        angles = JointAngles(self._degrees, sure, self._markers.timeline)
        chosen = calm_at_gimbal(on_best_branch(angles))
        degrees = np.where(self._absent, np.nan, chosen.degrees)
        present = np.isfinite(degrees)
        return replace(
            chosen, degrees=degrees, confidence=np.where(present, chosen.confidence, 0.0)
        )

    def pelvis(self, pelvis: Floats) -> None:
        triple = cardan_yxz(GROUND.T @ pelvis)[:, ::-1]
        self._write("pelvis", triple, (False, True, True), _TRUNK_MARKERS)

    def trunk(self, rotation: Floats) -> None:
        self._write("trunk", cardan_zxy(rotation), (False, True, True), _TRUNK_MARKERS)

    def limb(
        self, groups: tuple[str, str], side: str, parent: Floats, limb: HingedLimb
    ) -> None:
        """The ball joint above and the hinge between the two parts of a limb."""
        parts = (
            ("Hip", "Knee", "Ankle") if groups[0] == "hip" else ("Shoulder", "Elbow", "Wrist")
        )
        markers = tuple(side.upper() + part for part in parts)
        upper, lower = (f"{group}_{side}" for group in groups)
        triple = _signed(cardan_zxy(relative(parent, limb.upper)), side)
        measured = (True, True, limb.turn_measured)
        self._write(upper, triple, measured, (*_TRUNK_MARKERS, *markers[:2]))
        if not limb.turn_known:
            self._absent[:, ANGLE_NAMES.index(JOINT_GROUPS[upper][2])] = True

        hinge = cardan_zxy(relative(limb.upper, limb.lower))
        hinge[:, 0] *= -1 if groups[1] == "knee" else 1
        self._write(lower, hinge, (True, False, False), markers)
        for name in JOINT_GROUPS[lower][1:]:  # both parts share the hinge's axis
            self._absent[:, ANGLE_NAMES.index(name)] = True

    def ankle(self, side: str, rotation: Floats) -> None:
        triple = _signed(cardan_zxy(rotation), side)
        markers = tuple(side.upper() + part for part in ("Knee", "Ankle", "Heel", "BigToe"))
        self._write(f"ankle_{side}", triple, (True, False, False), markers)

    def _write(
        self,
        group: str,
        triple: Floats,
        measured: tuple[bool | Mask, bool | Mask, bool | Mask],
        markers: tuple[str, ...],
    ) -> None:
        indices = self._markers.skeleton.indices(*markers)
        sure = self._markers.confidence[:, indices].min(axis=1)
        first = ANGLE_NAMES.index(JOINT_GROUPS[group][0])
        for i in range(3):
            self._degrees[:, first + i] = triple[:, i]
            self._confidence[:, first + i] = np.where(
                measured[i], sure, INFERRED_AT_MOST * sure
            )


def _signed(triple: Floats, side: str) -> Floats:
    """x and y count the same anatomical way on both sides of the body."""
    return triple * [1, 1, 1] if side == "r" else triple * [1, -1, -1]
