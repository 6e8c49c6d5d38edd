"""What a detector's error depends on: the body's axes, its limbs, the view, occlusion, speed.

All from joints in the camera frame (x right, y down, z away) and their projection.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from humanpose.geometry import unit
from humanpose.sequence import Floats
from humanpose.skeleton import COCO17

DIRECTIONS = ("outward", "up", "forward", "parent_limb", "child_limb", "velocity")
"""Vectors at each joint that the mean error is a sum of. Outward is to the joint's own side;
limbs are in torso lengths, the velocity of the image point in torso lengths per 0.1 s."""

CIRCUMSTANCES = (
    "always",
    "facing",
    "near_side",
    "frontal",
    "leaning",
    "hidden",
    "log_size",
    "log_speed",
    "parent_depth",
    "child_depth",
)
"""Numbers at each joint that say how far each direction counts, and how large the error is.
Facing and near_side are cosines to the camera of forward and outward, frontal is facing²,
leaning the cosine to the camera of up, hidden in [0, 1] says whether the body covers the joint,
the depths are what a limb's foreshortening hides, in torso lengths."""

VIEWS = ("front", "oblique", "side", "back")
"""Up to 30, 60, 120 and 180° between the body's forward direction and the camera."""

_VIEW_EDGES_DEG = (30.0, 60.0, 120.0)
_OF_BODY = (*DIRECTIONS, "position", "turn")
WORLD_DIRECTIONS = (*_OF_BODY, *(f"{name}_in_depth" for name in _OF_BODY), "pixel_error")
"""The same for the world landmarks, with the joint's position from the mid-hip, the turn that a
person beside the optical axis seems to have, and the error in the image."""

_TYPICAL_TORSO_PX = 75.0
_HIDING_TORSOS = 0.3
"""A limb hides what lies closer to its axis than this and ..."""
_BEHIND_TORSOS = 0.2
"""... this much behind it."""
_LEFT_SHOULDER, _RIGHT_SHOULDER, _LEFT_HIP, _RIGHT_HIP = COCO17.indices(
    "left_shoulder", "right_shoulder", "left_hip", "right_hip"
)
_NOSE, _LEFT_EAR, _RIGHT_EAR = COCO17.indices("nose", "left_ear", "right_ear")
_LIMBS = COCO17.bone_indices[:8]
_COVERING = (*COCO17.bone_indices, (_LEFT_EAR, _RIGHT_EAR))
_HEAD, _ARMS, _LEGS = slice(0, 5), slice(5, 11), slice(11, 17)
_SIDE = np.array([-1.0 if "right" in joint else 1.0 for joint in COCO17.joints])


@dataclass(frozen=True, eq=False)
class View:
    """Clips as the error model sees them: B clips, T frames, 17 joints; zeros where unknown."""

    torso_px: Floats
    """(B, T) torso length at the body's depth, not foreshortened, px; the clip's mean where the
    hips are not known, NaN where they never are."""
    torso_m: Floats
    """(B,) mean torso length."""
    directions: Floats
    """(B, T, 17, 6, 3) ``DIRECTIONS``, camera axes."""
    circumstances: Floats
    """(B, T, 17, 10) ``CIRCUMSTANCES``."""
    from_hips: Floats
    """(B, T, 17, 3) joints from the mid-hip, in torso lengths."""
    ray: Floats
    """(B, T, 3) x/z, y/z and 0 of the mid-hip."""


def view_of(projected: Floats, joints: Floats, fps: float) -> View:
    """Look at clips of joints, (B, T, 17, 3) m, and their projection, (B, T, 17, 2) px."""
    hips = joints[:, :, [_LEFT_HIP, _RIGHT_HIP]].mean(axis=2)
    shoulders = joints[:, :, [_LEFT_SHOULDER, _RIGHT_SHOULDER]].mean(axis=2)
    torso_m = _known_mean(np.linalg.norm(shoulders - hips, axis=-1))
    torso_px = torso_m[:, None] * _focal_px(projected, joints)[:, None] / hips[..., 2]
    torso_px = np.where(np.isfinite(torso_px), torso_px, _known_mean(torso_px)[:, None])
    metre = torso_m[:, None, None, None]
    axes = body_axes(joints)
    velocity = _velocity(projected, fps) / torso_px[..., None, None]
    parent, child = _limbs(joints / metre)
    directions = np.stack([*axes, parent, child, 0.1 * velocity], axis=3)
    to_camera = -unit(hips)[:, :, None]
    outward, up, forward = ((axis * to_camera).sum(axis=-1) for axis in axes)
    speed = np.linalg.norm(velocity, axis=-1)
    size = np.broadcast_to(torso_px[..., None], speed.shape)
    circumstances = [
        np.ones(speed.shape), forward, outward, forward**2, up,
        hidden(projected / torso_px[..., None, None], joints[..., 2] / metre[..., 0]),
        np.log(size / _TYPICAL_TORSO_PX), np.log1p(speed),
        np.abs(parent[..., 2]), np.abs(child[..., 2]),
    ]  # fmt: skip
    return View(
        torso_px,
        torso_m,
        np.nan_to_num(directions),
        np.nan_to_num(np.stack(circumstances, axis=-1)),
        np.nan_to_num((joints - hips[:, :, None]) / metre),
        np.nan_to_num(hips / hips[..., 2:]) * (1, 1, 0),
    )


def world_directions(view: View, error: Floats) -> Floats:
    """(B, T, 17, 17, 3) ``WORLD_DIRECTIONS`` for pixel errors (B, T, 17, 2), torso lengths."""
    turn = np.stack([view.ray[..., 1], -view.ray[..., 0], view.ray[..., 2]], axis=-1)
    beside = np.cross(turn[:, :, None], view.from_hips)
    body = np.concatenate(
        [view.directions, view.from_hips[..., None, :], beside[..., None, :]], axis=-2
    )
    flat = np.zeros((*error.shape[:-1], 1, 3))
    flat[..., 0, :2] = error - error[:, :, [_LEFT_HIP, _RIGHT_HIP]].mean(axis=2, keepdims=True)
    return np.concatenate([body, body * (0, 0, 1), flat], axis=-2)


def body_axes(joints: Floats) -> tuple[Floats, Floats, Floats]:
    """Outward, up and forward, each (..., 17, 3), of each joint's head, trunk or pelvis."""
    up = unit(
        joints[..., [_LEFT_SHOULDER, _RIGHT_SHOULDER], :].sum(axis=-2)
        - joints[..., [_LEFT_HIP, _RIGHT_HIP], :].sum(axis=-2)
    )
    ears = joints[..., _LEFT_EAR, :] - joints[..., _RIGHT_EAR, :]
    face = joints[..., _NOSE, :] - joints[..., [_LEFT_EAR, _RIGHT_EAR], :].mean(axis=-2)
    head_left, head_forward = unit(ears), _across(face, unit(ears))
    trunk = _across(joints[..., _LEFT_SHOULDER, :] - joints[..., _RIGHT_SHOULDER, :], up)
    pelvis = _across(joints[..., _LEFT_HIP, :] - joints[..., _RIGHT_HIP, :], up)
    axes = np.empty((3, *joints.shape))
    for part, left, upward, forward in (
        (_HEAD, head_left, np.cross(head_forward, head_left), head_forward),
        (_ARMS, trunk, up, np.cross(trunk, up)),
        (_LEGS, pelvis, up, np.cross(pelvis, up)),
    ):
        axes[:, ..., part, :] = np.stack([left, upward, forward])[..., None, :]
    axes[0] *= _SIDE[:, None]
    return axes[0], axes[1], axes[2]


def view_index(facing: Floats) -> NDArray[np.int64]:
    """Index in ``VIEWS`` of cosines between forward and the direction to the camera."""
    return np.digitize(np.degrees(np.arccos(np.clip(facing, -1, 1))), _VIEW_EDGES_DEG)


def hidden(points: Floats, depths: Floats) -> Floats:
    """How far the body covers each joint, in [0, 1].

    Args:
        points: (..., 17, 2) in the image, torso lengths.
        depths: (..., 17) distances along the optical axis, torso lengths.
    """
    x, y = points[..., 0], points[..., 1]
    covered = np.zeros(x.shape)
    for a, b in _COVERING:
        along = [p[..., b, None] - p[..., a, None] for p in (x, y, depths)]
        to_joint = [p - p[..., a, None] for p in (x, y, depths)]
        squared = np.maximum(along[0] ** 2 + along[1] ** 2, 1e-9)
        share = np.clip((to_joint[0] * along[0] + to_joint[1] * along[1]) / squared, 0, 1)
        aside = np.hypot(to_joint[0] - share * along[0], to_joint[1] - share * along[1])
        behind = to_joint[2] - share * along[2]
        cover = np.clip(1 - aside / _HIDING_TORSOS, 0, 1) * np.clip(
            behind / _BEHIND_TORSOS, 0, 1
        )
        cover[..., [a, b]] = 0
        covered = np.fmax(covered, cover)
    return covered


def _across(vector: Floats, axis: Floats) -> Floats:
    """The unit vector along the part of ``vector`` that is normal to the unit ``axis``."""
    return unit(vector - (vector * axis).sum(axis=-1, keepdims=True) * axis)


def _limbs(joints: Floats) -> tuple[Floats, Floats]:
    """The limb that ends at each joint and the one that starts there; 0 where there is none."""
    parent, child = np.zeros((2, *joints.shape))
    for start, end in _LIMBS:
        limb = joints[..., end, :] - joints[..., start, :]
        parent[..., end, :] = limb
        child[..., start, :] = limb
    return parent, child


def _velocity(projected: Floats, fps: float) -> Floats:
    """(B, T, 17, 3) of the image points, px/s, z = 0; 0 for a single frame."""
    velocity = np.zeros((*projected.shape[:-1], 3))
    if projected.shape[1] > 1:
        velocity[..., :2] = np.gradient(projected, axis=1) * fps
    return velocity


def _focal_px(projected: Floats, joints: Floats) -> Floats:
    """(B,) what turns x/z and y/z into px: least squares about each clip's centre."""
    angles = joints[..., :2] / joints[..., 2:]
    known = np.isfinite(angles) & np.isfinite(projected)
    count = np.maximum(known.sum(axis=(1, 2), keepdims=True), 1)
    deviations = []
    for values in (angles, projected):
        mean = np.where(known, values, 0).sum(axis=(1, 2), keepdims=True) / count
        deviations.append(np.where(known, values - mean, 0))
    spread = (deviations[0] ** 2).sum(axis=(1, 2, 3))
    product = (deviations[0] * deviations[1]).sum(axis=(1, 2, 3))
    return np.divide(product, spread, out=np.full(len(spread), np.nan), where=spread > 0)


def _known_mean(values: Floats) -> Floats:
    """(B,) over the finite values of (B, T); NaN where there are none."""
    known = np.isfinite(values)
    count = known.sum(axis=1)
    total = np.where(known, values, 0).sum(axis=1)
    return np.divide(total, count, out=np.full(len(values), np.nan), where=count > 0)
