"""Joint angles: the 36 columns in OpenSim's names and signs, from the markers.

``docs/angles.md`` says for every column whether it is measured, inferred or absent.
"""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from humanpose.confidence import INFERRED_AT_MOST
from humanpose.geometry import cardan_yxz, cardan_zxy, relative
from humanpose.kinematics.anatomical import Segment, anatomical_segments
from humanpose.kinematics.anatomical_angles import GROUND, anatomical_angles
from humanpose.kinematics.branches import bridged, continuous, near_gimbal
from humanpose.kinematics.model_axes import MESH_POINTS, MODEL_POINTS, Points
from humanpose.kinematics.segments import (
    HingedLimb,
    arm,
    foot_frame,
    leg,
    pelvis_frame,
    trunk_frame,
)
from humanpose.sequence import Floats, JointAngles, PoseSequence
from humanpose.skeleton import ANGLE_NAMES, JOINT_GROUPS, MARKERS43

Mask = NDArray[np.bool_]


"""An inferred angle is at most this sure, a measured one as sure as its markers."""

_TRUNK_MARKERS = ("RHip", "LHip", "RShoulder", "LShoulder")


def joint_angles(
    markers: PoseSequence,
    *,
    placement: Points = MODEL_POINTS,
    shaped: Mapping[str, Segment] | None = None,
) -> JointAngles:
    """The 36 joint angles of ``markers`` in the world frame.

    A joint group comes from the 43 anatomical markers where those are there, else from the 22.

    Args:
        markers: the 22, or the 65.
        placement: where the 43 sit on the model: ``MESH_POINTS`` for those of the built-in
            augmenter.
        shaped: segments that lend their shapes, see ``anatomical_segments``.

    Returns:
        Degrees, zero in the default pose of OpenSim's Rajagopal / LaiUhlrich models. NaN with
        confidence 0 where nothing carries the angle.
    """
    by22 = _joint_angles_of_22(markers)
    if not set(MARKERS43.joints) <= set(markers.skeleton.joints):
        return by22
    by43 = anatomical_joint_angles(markers, placement=placement, shaped=shaped)
    if placement is MESH_POINTS:
        by43 = _with_knees_of(by22, by43)
    return _preferring(by43, by22)


def _with_knees_of(by22: JointAngles, by43: JointAngles) -> JointAngles:
    """``by43`` with the knees that three of the 22 measure, but where markers were seen.

    The built-in augmenter adds nothing there: with exact joints its knees are off by 1.7°,
    those of the 22 by 0.1°. OpenCap's makes jerky knees calmer, and keeps its own.
    """
    knees = [ANGLE_NAMES.index(f"knee_angle_{side}") for side in "rl"]
    known = np.isfinite(by22.degrees[:, knees]) & np.isfinite(by43.degrees[:, knees])
    derived = known & (by43.confidence[:, knees] <= INFERRED_AT_MOST)
    degrees = by43.degrees.copy()
    degrees[:, knees] = np.where(derived, by22.degrees[:, knees], degrees[:, knees])
    return replace(by43, degrees=degrees)


def anatomical_joint_angles(
    markers: PoseSequence,
    *,
    placement: Points = MODEL_POINTS,
    shaped: Mapping[str, Segment] | None = None,
) -> JointAngles:
    """As ``joint_angles``, from the 43 of the 65 ``markers`` alone: absent where they are.

    Only trunk and forearms are those of the 22 where the 43 were derived from these.
    """
    segments = anatomical_segments(markers, placement=placement, shaped=shaped)
    if (markers.select(MARKERS43).confidence <= INFERRED_AT_MOST).all():
        segments |= _surer_by_22(markers, segments)
    return anatomical_angles(segments, markers.timeline)


def _surer_by_22(
    markers: PoseSequence, segments: Mapping[str, Segment]
) -> Mapping[str, Segment]:
    """The segments that derived markers show worse than the 22 that they come from.

    The lumbar joint hangs on the pelvis and the radial head on the elbow's axis, so a trunk or
    a forearm that starts there has the errors of what the 22 only infer: on detected clips of
    the validation side (POF) lumbar_extension is off by 4.5° and elbow_flex by 10.9°, without
    by 4.0° and 10.1°.
    """
    trunk = trunk_frame(markers)
    frames = {f"forearm_{side}": arm(markers, side, trunk).lower for side in "rl"}
    return {
        name: replace(segments[name], frames=axes)
        for name, axes in {"trunk": trunk, **frames}.items()
    }


def _preferring(by43: JointAngles, by22: JointAngles) -> JointAngles:
    """Group by group; an angle is as sure as either set says.

    Markers that were derived from the 22 can't tell what those don't: such angles stay absent.
    """
    there = np.isfinite(by43.degrees).any(axis=0)
    seen = (by43.confidence > INFERRED_AT_MOST).any(axis=0)
    told = np.isfinite(by22.degrees).any(axis=0)
    group = np.repeat(there.reshape(-1, 3).all(axis=1), 3)
    degrees = np.where(group, np.where(seen | told, by43.degrees, np.nan), by22.degrees)
    sure = np.where(group, np.maximum(by43.confidence, by22.confidence), by22.confidence)
    return JointAngles(degrees, np.where(np.isfinite(degrees), sure, 0.0), by22.timeline)


def _joint_angles_of_22(markers: PoseSequence) -> JointAngles:
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

    def finished(self) -> JointAngles:
        present = np.isfinite(self._degrees)
        confidence = np.where(present, self._confidence, 0.0)
        return JointAngles(self._degrees, confidence, self._markers.timeline)

    def pelvis(self, pelvis: Floats) -> None:
        rotation_list_tilt = cardan_yxz(GROUND.T @ pelvis)
        triple = continuous(rotation_list_tilt, counts_turns=True)[:, ::-1]
        self._write("pelvis", triple, (False, True, True), _TRUNK_MARKERS)

    def trunk(self, rotation: Floats) -> None:
        triple = continuous(cardan_zxy(rotation))
        self._write("trunk", triple, (False, True, True), _TRUNK_MARKERS)

    def limb(
        self, groups: tuple[str, str], side: str, parent: Floats, limb: HingedLimb
    ) -> None:
        """The ball joint above and the hinge between the two parts of a limb."""
        triple = bridged(continuous(cardan_zxy(relative(parent, limb.upper))))
        clear = ~near_gimbal(triple)
        if not limb.turn_known:
            triple[:, 2] = np.nan
        parts = (
            ("Hip", "Knee", "Ankle") if groups[0] == "hip" else ("Shoulder", "Elbow", "Wrist")
        )
        markers = tuple(side.upper() + part for part in parts)
        upper = f"{groups[0]}_{side}"
        measured = (clear, True, clear & limb.turn_measured)
        self._write(upper, _signed(triple, side), measured, (*_TRUNK_MARKERS, *markers[:2]))

        hinge = continuous(cardan_zxy(relative(limb.upper, limb.lower)))
        hinge[:, 0] *= -1 if groups[1] == "knee" else 1
        hinge[:, 1:] = np.nan  # both parts share the hinge's axis: nothing carries these two
        self._write(f"{groups[1]}_{side}", hinge, (True, False, False), markers)

    def ankle(self, side: str, rotation: Floats) -> None:
        triple = _signed(continuous(cardan_zxy(rotation)), side)
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
