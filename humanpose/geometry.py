"""Vectors, frames and Cardan angles over time. Leading axes are batch axes; NaN stays NaN."""

import numpy as np
from numpy.typing import NDArray

from humanpose.sequence import Floats


def unit(vectors: Floats) -> Floats:
    """(..., 3) scaled to length 1; NaN where the length is 0."""
    length = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return np.asarray(vectors / np.where(length > 0, length, np.nan))


def cross(a: Floats, b: Floats) -> Floats:
    """(..., 3) cross product: ``np.cross`` without what that spends on other shapes."""
    x, y, z = a[..., 0], a[..., 1], a[..., 2]
    u, v, w = b[..., 0], b[..., 1], b[..., 2]
    return np.stack([y * w - z * v, z * u - x * w, x * v - y * u], axis=-1)


def frame_from_y(y: Floats, z_hint: Floats) -> Floats:
    """Right-handed frames with Y along ``y`` and Z as near to ``z_hint`` as can be.

    Args:
        y, z_hint: (..., 3) vectors of any length, not parallel.

    Returns:
        (..., 3, 3) rotations, the axes X, Y, Z in the columns.
    """
    y = unit(y)
    x = unit(cross(y, z_hint))
    return np.stack([x, y, cross(x, y)], axis=-1)


def frame_from_x(x: Floats, y_hint: Floats) -> Floats:
    """(..., 3, 3) as ``frame_from_y``: X along ``x`` and Y as near to ``y_hint`` as can be."""
    x = unit(x)
    z = unit(cross(x, y_hint))
    return np.stack([x, cross(z, x), z], axis=-1)


def relative(parent: Floats, child: Floats) -> Floats:
    """(..., 3, 3) rotation of ``child`` seen from ``parent``: parentᵀ · child."""
    return np.swapaxes(parent, -1, -2) @ child


def rotate(rotation: Floats, points: Floats) -> Floats:
    """``rotation`` (..., 3, 3) applied to each of ``points`` (..., J, 3)."""
    return points @ np.swapaxes(rotation, -1, -2)


def rotation_about(axis: str, angle_deg: Floats | float) -> Floats:
    """(..., 3, 3) right-hand rotation about ``"x"``, ``"y"`` or ``"z"`` by (...) degrees."""
    angle = np.radians(np.asarray(angle_deg, dtype=float))
    i = "xyz".index(axis)
    j, k = (i + 1) % 3, (i + 2) % 3
    rotation = np.zeros((*angle.shape, 3, 3))
    rotation[..., i, i] = 1
    rotation[..., j, j] = rotation[..., k, k] = np.cos(angle)
    rotation[..., k, j] = np.sin(angle)
    rotation[..., j, k] = -rotation[..., k, j]
    return rotation


def rotation_between(start: Floats, end: Floats) -> Floats:
    """(..., 3, 3) the shortest rotation that turns ``start`` into the direction of ``end``.

    NaN where the two are opposite, since then no rotation is the shortest (Rodrigues' formula).
    """
    a, b = unit(start), unit(end)
    v = cross(a, b)
    cosine = (a * b).sum(axis=-1)[..., None, None]
    zero = np.zeros_like(v[..., 0])
    skew = np.stack(
        [
            np.stack([zero, -v[..., 2], v[..., 1]], axis=-1),
            np.stack([v[..., 2], zero, -v[..., 0]], axis=-1),
            np.stack([-v[..., 1], v[..., 0], zero], axis=-1),
        ],
        axis=-2,
    )
    denominator = np.where(cosine > -1 + 1e-9, 1 + cosine, np.nan)
    return np.asarray(np.eye(3) + skew + skew @ skew / denominator)


def arctan2(y: Floats, x: Floats) -> Floats:
    """``np.arctan2``, rad, of (..., N) and (..., N), NaN where one is, wherever they lie.

    NumPy takes columns of an array with vector instructions or without, by their addresses, and
    the last bit differs. Its exp, log and log1p do so, too: give those whole arrays.
    """
    return np.asarray(np.arctan2(np.ascontiguousarray(y), np.ascontiguousarray(x)))


def cardan_zxy(rotation: Floats) -> Floats:
    """Intrinsic Z-X-Y angles (SciPy's ``"ZXY"``).

    Args:
        rotation: (..., 3, 3).

    Returns:
        (..., 3) degrees (z, x, y); x in [-90, 90].
    """
    x = np.arcsin(np.clip(rotation[..., 2, 1], -1, 1))
    z = arctan2(-rotation[..., 0, 1], rotation[..., 1, 1])
    y = arctan2(-rotation[..., 2, 0], rotation[..., 2, 2])
    return np.degrees(np.stack([z, x, y], axis=-1))


def rotation_zxy(angles_deg: Floats) -> Floats:
    """The inverse of ``cardan_zxy``: (..., 3) degrees to (..., 3, 3)."""
    z, x, y = np.moveaxis(np.asarray(angles_deg, dtype=float), -1, 0)
    return rotation_about("z", z) @ rotation_about("x", x) @ rotation_about("y", y)


def cardan_yxz(rotation: Floats) -> Floats:
    """Intrinsic Y-X-Z angles (SciPy's ``"YXZ"``): (..., 3) degrees (y, x, z)."""
    x = np.arcsin(np.clip(-rotation[..., 1, 2], -1, 1))
    y = arctan2(rotation[..., 0, 2], rotation[..., 2, 2])
    z = arctan2(rotation[..., 1, 0], rotation[..., 1, 1])
    return np.degrees(np.stack([y, x, z], axis=-1))


def signed_angle_deg(start: Floats, end: Floats, axis: Floats) -> Floats:
    """(...) degrees in (-180, 180] from ``start`` to ``end``, right-handed about ``axis``.

    All (..., 3); the components along the axis don't count.
    """
    axis = unit(axis)
    sine = (cross(start, end) * axis).sum(axis=-1)
    along = (start * axis).sum(axis=-1) * (end * axis).sum(axis=-1)
    return np.degrees(arctan2(sine, (start * end).sum(axis=-1) - along))


def bend_deg(proximal: Floats, distal: Floats) -> Floats:
    """(...) degrees in [0, 180] between two directions (..., 3); 0 when in line."""
    sine = np.linalg.norm(cross(proximal, distal), axis=-1)
    return np.degrees(arctan2(sine, (proximal * distal).sum(axis=-1)))


def runs(mask: NDArray[np.bool_]) -> list[slice]:
    """The unbroken stretches where a (T,) mask is true."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], mask, [False]]).astype(int)))
    return [slice(int(a), int(b)) for a, b in zip(edges[::2], edges[1::2], strict=True)]
