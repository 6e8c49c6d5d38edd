"""Which of the equal Cardan triples to report, so that curves don't jump."""

import numpy as np
from numpy.typing import NDArray

from humanpose.geometry import rotation_about, rotation_zxy, runs
from humanpose.sequence import Floats

GIMBAL_DEG = 15.0
"""Nearer than this to ±90° of the middle angle, the two others say little by themselves."""

_FOLD_DEG = 270.0
"""An angle that may not count turns is folded back by 360° beyond this. No joint gets there:
270° of shoulder flexion, say, is 90° of extension."""


def continuous(triples: Floats, *, counts_turns: bool = False) -> Floats:
    """Cardan triples of one joint on the branch nearest the previous frame.

    With b the middle angle, (a, b, c) and (a ± 180, 180 - b, c ± 180) are the same rotation,
    and so is any angle ± 360. The first frame, also after a gap, takes the smaller |c|.

    Args:
        triples: (T, 3) degrees, b in [-90, 90]; NaN rows are gaps.
        counts_turns: whether the first angle may grow beyond a full turn.

    Returns:
        (T, 3) degrees.
    """
    chosen = np.array(triples, dtype=float)
    for run in runs(np.isfinite(chosen).all(axis=1)):
        first = _equal(chosen[run.start])
        if abs(first[2]) < abs(chosen[run.start, 2]):
            chosen[run.start] = first
        branch = np.unwrap(nearest_branch(chosen[run]), period=360, axis=0)
        turning = 1 if counts_turns else 0
        branch[:, turning:] = _folded(branch[:, turning:])
        chosen[run] = branch
    return chosen


def near_gimbal(triples: Floats) -> NDArray[np.bool_]:
    """(T,) whether the middle one of (T, 3) deg is within ``GIMBAL_DEG`` of ±90°; NaN isn't."""
    return np.abs(np.abs(triples[:, 1]) - 90) < GIMBAL_DEG


def bridged(triples: Floats) -> Floats:
    """Z-X-Y triples that pass the gimbal calmly.

    Near it only the sum or difference of z and y is well known. So z is interpolated from the
    frames around, and y is what then fits the rotation best.

    Args:
        triples: (T, 3) degrees on a continuous branch (see ``continuous``); NaN stays NaN.
    """
    calm = np.array(triples, dtype=float)
    near = near_gimbal(calm)
    for run in runs(np.isfinite(calm).all(axis=1)):
        at = np.arange(run.start, run.stop)
        lost, sure = at[near[run]], at[~near[run]]
        if len(lost) == 0 or len(sure) == 0:
            continue
        rotation = rotation_zxy(calm[lost])
        calm[lost, 0] = np.interp(lost, sure, calm[sure, 0])
        z, x = calm[lost, 0], calm[lost, 1]
        rest = rotation_about("x", -x) @ rotation_about("z", -z) @ rotation
        y = np.degrees(np.arctan2(rest[:, 0, 2] - rest[:, 2, 0], rest[:, 0, 0] + rest[:, 2, 2]))
        calm[lost, 2] = y + 360 * np.round((calm[lost, 2] - y) / 360)
    return calm


def nearest_branch(triples: Floats) -> Floats:
    """Of each triple and its equal the one nearer the previous choice; the first row stays.

    Args:
        triples: (T, 3) degrees without NaN, the middle angle in the middle.
    """
    other = _equal(triples)
    stays = _distance(triples[1:], triples[:-1]) <= _distance(other[1:], triples[:-1])
    switched = np.logical_xor.accumulate(np.concatenate([[False], ~stays]))
    return np.where(switched[:, None], other, triples)


def _equal(triples: Floats) -> Floats:
    """(..., 3) the other way to write the same rotations, in [-180, 180)."""
    return np.asarray((triples * [1, -1, 1] + 360) % 360 - 180)


def _distance(a: Floats, b: Floats) -> Floats:
    return np.asarray(np.abs((a - b + 180) % 360 - 180).sum(axis=1))


def _folded(angles: Floats) -> Floats:
    """Taken back by a full turn from wherever they leave ±``_FOLD_DEG``; (T, N)."""
    folded = angles.copy()
    for column in folded.T:
        while (outside := np.flatnonzero(np.abs(column) > _FOLD_DEG)).size:
            column[outside[0] :] -= 360 * np.sign(column[outside[0]])
    return folded
