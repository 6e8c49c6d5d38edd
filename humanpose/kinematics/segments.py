"""Segment frames from the 22 markers.

ISB-style on both sides of the body: X anterior, Y superior / proximal, Z to the subject's
right. No turn between them is the default pose of OpenSim's Rajagopal / LaiUhlrich models.
Frames are rotations with the axes in their columns, seen from the markers' own frame; NaN where
a marker that they need is.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from humanpose.geometry import (
    arctan2,
    bend_deg,
    cross,
    frame_from_x,
    frame_from_y,
    rotation_about,
    rotation_between,
    signed_angle_deg,
    unit,
)
from humanpose.sequence import Floats, PoseSequence

Mask = NDArray[np.bool_]

MIN_BEND_DEG = 15.0
"""A knee or elbow bent less than this doesn't show which way the limb above it is turned."""
TRUNK_SHARE_OF_PELVIS = 0.77
"""Where the pelvis tilts between the thighs (0) and the trunk (1): least squares on the optical
trials of AddBiomechanics' Expert1 (squat, sit-to-stand, jump, walk); residual SD 4.5°."""


def _from_default_pose(x: float, y: float, z: float) -> Floats:
    """The turn from marker frame to model frame, when in the model's default pose the markers'
    long axis (distal → proximal, right side, model axes) runs along (x, y, z)."""
    return frame_from_y(np.array([x, y, z]), np.array([0.0, 0.0, 1.0])).T


_MODEL_TURN = {
    "trunk": _from_default_pose(-0.0413, 0.5315, 0.0),
    "thigh": _from_default_pose(0.0045, 0.3960, 0.0),
    "shank": _from_default_pose(0.0019, 0.4012, 0.0),
    "upper_arm": _from_default_pose(-0.0131, 0.2863, 0.0096),
    "forearm": _from_default_pose(0.0155, 0.2488, 0.0),
    "foot": rotation_about("z", 6.4),
}
"""One constant turn per segment, the same for every subject: joint centres (m) of the unscaled
LaiUhlrich2022 model in its default pose (Rajagopal 2016, Lai 2017, Uhlrich 2022); for the foot,
the slope of the line from heel to big toe of MakeHuman's CC0 mesh with its sole flat."""


def model_turn(segment: str, side: str) -> Floats:
    """(3, 3) to multiply a marker frame with, from the right; the left side mirrors."""
    mirror = np.diag([1.0, 1.0, 1.0 if side == "r" else -1.0])
    return np.asarray(mirror @ _MODEL_TURN[segment] @ mirror)


def trunk_frame(markers: PoseSequence) -> Floats:
    """(T, 3, 3) from mid-hip to neck, turned as the shoulder line is."""
    across = markers.joint("RShoulder") - markers.joint("LShoulder")
    frame = frame_from_y(markers.joint("Neck") - markers.joint("Hip"), across)
    return np.asarray(frame @ model_turn("trunk", "r"))


def pelvis_frame(markers: PoseSequence, trunk: Floats) -> Floats:
    """(T, 3, 3) with Z through the hips; its tilt is inferred from the trunk and the thighs."""
    right = unit(markers.joint("RHip") - markers.joint("LHip"))
    trunk_up = trunk[..., 1]
    thighs_up = [unit(markers.joint(f"{s}Hip") - markers.joint(f"{s}Knee")) for s in "RL"]
    turns = np.array([signed_angle_deg(trunk_up, up, right) for up in thighs_up])
    weights = np.array([np.linalg.norm(cross(up, right), axis=-1) for up in thighs_up])
    weights = np.where(np.isfinite(turns), weights, 0)
    turn = (weights * np.nan_to_num(turns)).sum(axis=0) / np.maximum(weights.sum(axis=0), 1e-9)
    in_plane = trunk_up - (trunk_up * right).sum(axis=-1, keepdims=True) * right
    tilt = rotation_about("z", (1 - TRUNK_SHARE_OF_PELVIS) * turn)
    return np.asarray(frame_from_y(in_plane, right) @ tilt)


def foot_frame(markers: PoseSequence, side: str) -> Floats:
    """(T, 3, 3) from heel to big toe, its sagittal plane through the ankle."""
    s = side.upper()
    heel, toe, ankle = (markers.joint(s + name) for name in ("Heel", "BigToe", "Ankle"))
    frame = frame_from_x(toe - heel, ankle - heel)
    return np.asarray(frame @ model_turn("foot", side))


@dataclass(frozen=True)
class HingedLimb:
    """Thigh and shank, or upper arm and forearm, which share the axis of the hinge between."""

    upper: Floats
    """(T, 3, 3)"""
    lower: Floats
    """(T, 3, 3)"""
    turn_measured: Mask
    """(T,) whether the bend shows the turn about the upper long axis."""
    turn_known: bool
    """Whether any frame, or the foot, tells that turn."""


def leg(markers: PoseSequence, side: str, pelvis: Floats) -> HingedLimb:
    """Thigh and shank, (T, 3, 3) each; a leg that never bends is turned as its foot is.

    ``pelvis`` (T, 3, 3) tells which way knees bend.
    """
    s = side.upper()
    hip, knee, ankle = (markers.joint(s + name) for name in ("Hip", "Knee", "Ankle"))
    upper, lower = unit(hip - knee), unit(knee - ankle)
    hinge = cross(lower, upper)
    to_the_right = (hinge * pelvis[..., 2]).sum(axis=-1) > 0  # no knee bends forward
    bent = (bend_deg(upper, lower) >= MIN_BEND_DEG) & to_the_right
    by_foot = foot_frame(markers, side)[..., 2]
    axis = carried(hinge, bent, along=upper, parent=pelvis) if bent.any() else by_foot
    return _limb(upper, lower, axis, bent, names=("thigh", "shank"), side=side)


def arm(markers: PoseSequence, side: str, trunk: Floats) -> HingedLimb:
    """Upper arm and forearm, (T, 3, 3) each; an arm that never bends is turned as the trunk."""
    s = side.upper()
    shoulder, elbow, wrist = (
        markers.joint(s + name) for name in ("Shoulder", "Elbow", "Wrist")
    )
    upper, lower = unit(shoulder - elbow), unit(elbow - wrist)
    hinge = cross(upper, lower)
    bent = bend_deg(upper, lower) >= MIN_BEND_DEG
    axis = carried(hinge, bent, along=upper, parent=trunk) if bent.any() else trunk[..., 2]
    return _limb(upper, lower, axis, bent, names=("upper_arm", "forearm"), side=side)


def carried(hinge: Floats, known: Mask, *, along: Floats, parent: Floats) -> Floats:
    """A hinge axis for every frame, where only some frames show it.

    Between known frames the segment is taken to turn evenly about its long axis, before the
    first and after the last not at all: the angle is interpolated against a rotation-minimising
    frame (Bishop 1975) that follows the long axis within the parent segment.

    Args:
        hinge: (T, 3) axes, used where ``known`` (T,).
        along: (T, 3) long axis of the segment, unit vectors.
        parent: (T, 3, 3) frames of the segment above.

    Returns:
        (T, 3) unit vectors across ``along``; NaN where ``along`` or ``parent`` is.
    """
    path = (np.swapaxes(parent, -1, -2) @ along[..., None])[..., 0]
    still = parent @ _bishop_frames(path)
    local = (np.swapaxes(still, -1, -2) @ hinge[..., None])[..., 0]
    turn = arctan2(local[:, 0], local[:, 2])
    at = np.flatnonzero(known & np.isfinite(turn))
    if len(at) == 0:
        return np.full_like(along, np.nan)
    turn = np.interp(np.arange(len(turn)), at, np.unwrap(turn[at]))
    return np.asarray(
        np.sin(turn)[:, None] * still[..., 0] + np.cos(turn)[:, None] * still[..., 2]
    )


def _bishop_frames(path: Floats) -> Floats:
    """(T, 3, 3) frames with Y along ``path`` (T, 3) that never turn about it; NaN in gaps."""
    frames = np.full((*path.shape, 3), np.nan)
    valid = np.flatnonzero(np.isfinite(path).all(axis=1))
    if len(valid) == 0:
        return frames
    steps = rotation_between(path[valid[:-1]], path[valid[1:]])
    first = path[valid[0]]
    frame = frame_from_y(first, np.eye(3)[np.argmin(np.abs(first))])
    frames[valid[0]] = frame
    for t, step in zip(valid[1:], steps, strict=True):
        frame = step @ frame
        frames[t] = frame
    return frames


def _limb(
    upper: Floats, lower: Floats, axis: Floats, bent: Mask, *, names: tuple[str, str], side: str
) -> HingedLimb:
    return HingedLimb(
        frame_from_y(upper, axis) @ model_turn(names[0], side),
        frame_from_y(lower, axis) @ model_turn(names[1], side),
        turn_measured=bent,
        turn_known=bool(bent.any()) or names[0] == "thigh",
    )
