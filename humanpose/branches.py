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
        previous = _first(chosen[run.start])
        for t in range(run.start, run.stop):
            previous = chosen[t] = _nearest(chosen[t], previous, counts_turns=counts_turns)
    return chosen


def near_gimbal(triples: Floats) -> NDArray[np.bool_]:
    """(T,) whether the middle angle is within ``GIMBAL_DEG`` of ±90°."""
    return np.abs(np.abs(triples[:, 1]) - 90) < GIMBAL_DEG


def bridged(triples: Floats) -> Floats:
    """Z-X-Y triples that pass the gimbal calmly.

    Near it only the sum or difference of z and y is well known. So z is interpolated from the
    frames around, and y is what then fits the rotation best.

    Args:
        triples: (T, 3) degrees on a continuous branch (see ``continuous``).
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


def _first(triple: Floats) -> Floats:
    candidates = _equals(triple)
    return np.asarray(candidates[np.argmin(np.abs(candidates[:, 2]))])


def _nearest(triple: Floats, previous: Floats, *, counts_turns: bool) -> Floats:
    candidates = _equals(triple)
    candidates += 360 * np.round((previous - candidates) / 360)
    nearest = candidates[np.argmin(np.abs(candidates - previous).sum(axis=1))]
    foldable = np.abs(nearest) > _FOLD_DEG
    if counts_turns:
        foldable[0] = False
    return np.asarray(np.where(foldable, nearest - np.sign(nearest) * 360, nearest))


def _equals(triple: Floats) -> Floats:
    """(2, 3) the triple and the other way to write it, in [-180, 180)."""
    a, b, c = triple
    return np.array([triple, (np.array([a + 180, 180 - b, c + 180]) + 180) % 360 - 180])
