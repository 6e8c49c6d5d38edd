"""Shoulders and hips that were lost: the torso as one piece that hardly changes its shape."""

import numpy as np
from scipy.interpolate import PchipInterpolator

from humanpose.geometry import runs, unit
from humanpose.kinematics.rigid import fitted, interpolated, mean_shape
from humanpose.sequence import Floats
from humanpose.world.filters import bridge_gaps

TORSO = ("RShoulder", "LShoulder", "RHip", "LHip")
LONGEST_ABSENCE_S = 1.0
"""A torso that is lost for longer is not estimated."""

_SHAPE_SD = 0.02
"""How far off a marker is that the others carry, in body heights."""
_ABSENT_M_S2 = 2.0
"""How much a person's way may bend in frames that don't show it: half of this times the times
to either end of the gap is the error to expect."""


def complete_torso(paths: Floats, fps: float, *, height_m: float) -> tuple[Floats, Floats]:
    """The markers of ``TORSO`` where they were lost.

    The markers that are seen carry those that aren't; two carry the others with the turn that
    the torso had around that time. Fewer don't: over gaps of up to a second all of them are
    interpolated.

    Args:
        paths: (T, 4, 3) m; NaN where lost.

    Returns:
        (T, 4, 3) m, NaN where nothing tells; (T, 4) expected square error, m².
    """
    found, variance = paths.copy(), np.zeros(paths.shape[:2])
    shape = _shape(paths)
    for i in range(len(TORSO)):
        lost = np.isnan(paths[:, i, 0])
        if lost.any() and np.isfinite(shape).all():
            found[lost, i] = _carried(paths, shape, i)[lost]
            variance[lost, i] = (_SHAPE_SD * height_m) ** 2
    for i in range(len(TORSO)):
        _bridge(found[:, i], variance[:, i], fps)
    return found, variance


def _shape(paths: Floats) -> Floats:
    """(4, 3) m; one that is never seen mirrors its partner, as the other pair tells. NaN if two
    are never seen."""
    shape = mean_shape(paths)
    lost = np.flatnonzero(np.isnan(shape).any(axis=1))
    if len(lost) == 1:
        partner, pair = lost[0] ^ 1, (2, 3) if lost[0] < 2 else (0, 1)
        across = unit(shape[pair[0]] - shape[pair[1]])
        away = shape[partner] - (shape[pair[0]] + shape[pair[1]]) / 2
        shape[lost[0]] = shape[partner] - 2 * (away @ across) * across
    return shape


def _carried(paths: Floats, shape: Floats, i: int) -> Floats:
    """(T, 3) marker ``i`` by the others alone, at its own place among them around that time."""
    others = shape.copy()
    others[i] = np.nan
    turns, _ = fitted(shape, paths)
    rotation, place = fitted(others, paths, interpolated(turns))
    own = (np.swapaxes(rotation, 1, 2) @ (paths[:, i] - place)[..., None])[..., 0]
    local = bridge_gaps(own[:, None])[:, 0]
    local = np.where(np.isnan(local), shape[i], local)
    return np.asarray((rotation @ local[..., None])[..., 0] + place)


def _bridge(path: Floats, variance: Floats, fps: float) -> None:
    """Interpolate the inner gaps of one marker, in place."""
    known = np.flatnonzero(np.isfinite(path[:, 0]))
    for gap in runs(np.isnan(path[:, 0])):
        inside = gap.start > 0 and gap.stop < len(path)
        if inside and gap.stop - gap.start <= LONGEST_ABSENCE_S * fps:
            frames = np.arange(gap.start, gap.stop)
            path[gap] = PchipInterpolator(known, path[known])(frames)
            times = (frames - gap.start + 1) * (gap.stop - frames) / fps**2
            variance[gap] += (_ABSENT_M_S2 / 2 * times) ** 2
