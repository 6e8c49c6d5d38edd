"""OpenSim's coordinates of a posed body, and the contract's angles from them."""

import numpy as np

from humanpose.body.model import BALLS, BENDS, HINGES, SEGMENTS, TURNS, UNKNOWNS
from humanpose.body.pose import BodyPose, Segments
from humanpose.body.prior import COORDINATES
from humanpose.geometry import cardan_yxz, cardan_zxy, relative
from humanpose.kinematics.angles import GROUND
from humanpose.sequence import Floats
from humanpose.skeleton import ANGLE_NAMES
from humanpose.world.ground import world_axes

_OF_BALL = {
    "lumbar": ("lumbar_extension", "lumbar_bending", "lumbar_rotation"),
    "hip": ("hip_flexion", "hip_adduction", "hip_rotation"),
    "arm": ("arm_flex", "arm_add", "arm_rot"),
}


def _names(ball: str) -> tuple[str, ...]:
    joint, _, side = ball.partition("_")
    return tuple(f"{name}_{side}" if side else name for name in _OF_BALL[joint])


COLUMNS = [ANGLE_NAMES.index(name) for name in COORDINATES]
"""Where the model's angles stand among the contract's."""

_GIMBAL_DAMPING = 0.003
_LEFT = np.array([1.0, -1.0, -1.0])
"""Z-X-Y angles count the same anatomical way on the left side."""


def coordinates(pose: BodyPose, up: Floats) -> tuple[Floats, Floats]:
    """The model's angles, (T, 26) rad within a turn, contract's signs, and how they follow the
    unknowns, (T, 26, 29); near the gimbal that is bounded.

    Args:
        up: (3,) unit vector against gravity, camera frame.
    """
    values = np.empty((len(pose), len(COORDINATES)))
    slopes = np.zeros((*values.shape, UNKNOWNS))
    y, x, z = np.moveaxis(np.radians(cardan_yxz(_pelvis(pose, up))), -1, 0)
    values[:, :3] = np.stack([z, x, y], axis=-1)
    slopes[:, :3, TURNS.start : TURNS.start + 3] = _inverse(_rates_yxz(x, z))[:, [2, 1, 0]]
    for number, ball in enumerate(BALLS[1:], start=1):
        z, x, y = np.moveaxis(np.radians(cardan_zxy(pose.turns[:, number])), -1, 0)
        sign = _LEFT if ball.endswith("_l") else np.ones(3)
        rows = slice(3 * number, 3 * number + 3)
        unknowns = slice(TURNS.start + 3 * number, TURNS.start + 3 * number + 3)
        values[:, rows] = np.stack([z, x, y], axis=-1) * sign
        slopes[:, rows, unknowns] = _inverse(_rates_zxy(x, y)) * sign[:, None]
    hinges = np.arange(len(HINGES))
    values[:, 3 * len(BALLS) :] = pose.bends
    slopes[:, 3 * len(BALLS) + hinges, BENDS.start + hinges] = 1
    return values, slopes


def contract_angles(pose: BodyPose, placed: Segments, up: Floats) -> Floats:
    """(T, 36) deg within a turn, on the branch with the smaller middle angle; NaN for those
    that the model lacks."""
    degrees = np.full((len(pose), len(ANGLE_NAMES)), np.nan)
    degrees[:, :3] = cardan_yxz(_pelvis(pose, up))[:, ::-1]
    for number, ball in enumerate(BALLS[1:], start=1):
        first = ANGLE_NAMES.index(_names(ball)[0])
        triple = cardan_zxy(pose.turns[:, number])
        degrees[:, first : first + 3] = triple * (_LEFT if ball.endswith("_l") else 1)
    for number, name in enumerate(COORDINATES[3 * len(BALLS) :]):
        degrees[:, ANGLE_NAMES.index(name)] = np.degrees(pose.bends[:, number])
    for side, sign in (("r", 1), ("l", -1)):
        shank, foot = (placed.rotations[:, SEGMENTS.index(f"{s}_{side}")] for s in _ANKLE)
        toe_in = cardan_zxy(relative(shank, foot))[:, 2]
        degrees[:, ANGLE_NAMES.index(f"ankle_rotation_{side}")] = sign * toe_in
    return degrees


_ANKLE = ("tibia", "calcn")


def _pelvis(pose: BodyPose, up: Floats) -> Floats:
    """(T, 3, 3) the pelvis' turn against the contract's ground."""
    return np.asarray(GROUND.T @ world_axes(up) @ pose.turns[:, 0])


def _rates_yxz(x: Floats, z: Floats) -> Floats:
    """(T, 3, 3) the turn about the body's own axes (rows) by y, x and z (columns)."""
    none, cz, sz, cx, sx = np.zeros_like(x), np.cos(z), np.sin(z), np.cos(x), np.sin(x)
    return _columns((cx * sz, cx * cz, -sx), (cz, -sz, none), (none, none, none + 1))


def _rates_zxy(x: Floats, y: Floats) -> Floats:
    """The same by z, x and y."""
    none, cy, sy, cx, sx = np.zeros_like(x), np.cos(y), np.sin(y), np.cos(x), np.sin(x)
    return _columns((-cx * sy, sx, cx * cy), (cy, none, sy), (none, none + 1, none))


def _columns(*vectors: tuple[Floats, Floats, Floats]) -> Floats:
    return np.stack([np.stack(vector, axis=-1) for vector in vectors], axis=-1)


def _inverse(rates: Floats) -> Floats:
    """(T, 3, 3) inverse, bounded where two axes fall together."""
    turned = np.swapaxes(rates, 1, 2)
    return np.linalg.solve(turned @ rates + _GIMBAL_DAMPING * np.eye(3), turned)
