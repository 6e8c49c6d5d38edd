"""Where the solver starts: limbs of average length along the field, put before the camera."""

import numpy as np
from numpy.typing import NDArray

from humanpose.camera import distance_from_camera
from humanpose.geometry import runs, unit
from humanpose.lift.solver_body import LIMB_ENDS
from humanpose.lift.solver_problem import Problem
from humanpose.sequence import Floats
from humanpose.skeleton import BODY12

Bools = NDArray[np.bool_]

_GUESSED_CONCENTRATION = 1e-3
_ANCHOR = 1e-3
"""Ties the body to its origin, since limbs say nothing of where it is, 1/m²."""


def first_joints(problem: Problem, lengths: Floats) -> Floats:
    """(T, 12, 3) m, NaN where too little is seen: each frame on its own, in closed form.

    First the body that fits the limbs with these ``lengths`` (14,), m; then its distance and
    place that fit the keypoints.
    """
    rays, precision = problem.rays, problem.precision
    limbs = lengths[:, None] * problem.directions
    weight = (problem.concentration + _GUESSED_CONCENTRATION) / lengths**2
    weighted_ends = weight[..., None] * LIMB_ENDS  # (T, 14, 12)
    normal = LIMB_ENDS.T @ weighted_ends + _ANCHOR * np.eye(len(BODY12))
    body = np.linalg.solve(normal, np.swapaxes(weighted_ends, 1, 2) @ limbs)
    points = problem.seen_at @ body
    through = np.concatenate([rays, np.ones_like(rays[..., :1])], axis=-1)
    through = np.where(precision[..., None] > 0, through, np.nan)
    away = distance_from_camera(through, points, precision)
    sideways = rays * (points[..., 2:] + away[:, None, None]) - points[..., :2]
    total = np.maximum(precision.sum(axis=1), 1e-9)
    aside = (precision[..., None] * sideways).sum(axis=1) / total[:, None]
    return body + np.concatenate([aside, away[:, None]], axis=1)[:, None]


def filled_directions(directions: Floats, rays: Floats) -> Floats:
    """(T, 14, 3) unit vectors, where NaN: over time, else as the limb looks, else downwards."""
    filled = directions.copy()
    parents, children = np.array(BODY12.bone_indices).T
    looks = np.zeros_like(directions)
    looks[..., :2] = rays[:, children] - rays[:, parents]
    for limb, path in enumerate(np.moveaxis(filled, 1, 0)):
        known = np.isfinite(path[:, 0])
        path[:] = interpolated(path, known) if known.any() else looks[:, limb]
    flat = ~(np.linalg.norm(filled, axis=-1) > 1e-6)  # also NaN
    return unit(np.where(flat[..., None], [0.0, 1.0, 0.0], filled))


def interpolated(path: Floats, known: Bools) -> Floats:
    """(T, ...) with straight lines between the rows that are ``known`` (T,); level at the ends.

    Rows that aren't known may hold anything, NaN too.
    """
    if known.all():
        return path
    every, at = np.arange(len(path)), np.flatnonzero(known)
    columns = path.reshape(len(path), -1)[at].T
    lines = np.stack([np.interp(every, at, column) for column in columns], axis=-1)
    return lines.reshape(path.shape)


def bridged(known: Bools, *, limit: float) -> Bools:
    """``known`` (T,) and the gaps in it of at most ``limit`` frames; the ends are no gaps."""
    result = known.copy()
    for gap in runs(~known):
        inside = gap.start > 0 and gap.stop < len(known)
        result[gap] = inside and gap.stop - gap.start <= limit + 1e-6
    return result
