"""Which of the equal Cardan triples to report: chosen for a whole run by what bodies can do.

With b the middle angle, (a, b, c) and (a ± 180, 180 - b, c ± 180) are the same rotation, and so
is any angle ± 360. The contract's signs change nothing about that.
"""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from humanpose.confidence import INFERRED_AT_MOST, MEASURED
from humanpose.geometry import rotation_about, rotation_zxy, runs
from humanpose.kinematics.limits import limits_deg
from humanpose.sequence import Floats, JointAngles
from humanpose.skeleton import ANGLE_NAMES, JOINT_GROUPS

Mask = NDArray[np.bool_]

GIMBAL_DEG = 15.0
"""Nearer than this to ±90° of the middle angle, the two others say little by themselves."""

_FAR_OUTSIDE_DEG = 90.0
"""So far outside its range an angle is wholly outside."""
_LEAP_S = 10.0
"""Leaping by a full turn from one frame to the next is as bad as so long a time outside;"""
_LEAP_UNSEEN_S = 0.1
"""across the gimbal, or where the rotation itself leaps, it hardly matters."""
_WILD_DEG = 60.0
"""A rotation leaps where its triple changes by more, the three together."""
_UNUSUAL = 1e-3
"""What the distance from the middle of the range counts, where nothing else tells."""


def on_best_branch(angles: JointAngles) -> JointAngles:
    """The same rotations, each written as the contract asks.

    For every joint and unbroken run that is the continuous solution which spends the least time
    outside the range of the joint, weighted by confidence. Frames near the gimbal, or without a
    measured angle of the joint, neither choose nor carry a choice: they follow those around.
    Near it the outer two angles are inferred at most.

    An angle whose joint has no three of them stays. ``pelvis_rotation`` counts turns.
    """
    degrees = angles.degrees.copy()
    for group, names in JOINT_GROUPS.items():
        columns = [ANGLE_NAMES.index(name) for name in names]
        limits = limits_deg(names)
        for run in runs(np.isfinite(degrees[:, columns]).all(axis=1)):
            triples = best_branch(
                degrees[run, columns],
                limits,
                confidence=angles.confidence[run, columns],
                fps=angles.timeline.fps,
            )
            if group == "pelvis":
                triples[:, 2] = np.unwrap(triples[:, 2], period=360)
            degrees[run, columns] = triples
    return inferred_at_gimbal(replace(angles, degrees=degrees))


def inferred_at_gimbal(angles: JointAngles) -> JointAngles:
    """The same with the outer two angles of a joint inferred at most where it is near it."""
    confidence = angles.confidence.copy()
    for names in JOINT_GROUPS.values():
        first, middle, last = (ANGLE_NAMES.index(name) for name in names)
        near = near_gimbal(angles.degrees[:, [first, middle, last]])
        for column in (first, last):
            measured = near & (confidence[:, column] >= MEASURED)
            confidence[measured, column] *= INFERRED_AT_MOST
    return replace(angles, confidence=confidence)


def calm_at_gimbal(angles: JointAngles) -> JointAngles:
    """Angles on their best branch, those of hips and arms ``bridged`` near the gimbal."""
    degrees = angles.degrees.copy()
    for group, names in JOINT_GROUPS.items():
        if group.startswith(("hip", "shoulder")):
            columns = [ANGLE_NAMES.index(name) for name in names]
            degrees[:, columns] = bridged(degrees[:, columns])
    return replace(angles, degrees=degrees)


def best_branch(triples: Floats, limits: Floats, *, confidence: Floats, fps: float) -> Floats:
    """One unbroken run of one joint on its best branch.

    Args:
        triples: (T, 3) deg on any branch, the middle angle in the middle; no NaN.
        limits: (3, 2) least and most of each angle, deg.
        confidence: (T, 3) in [0, 1].

    Returns:
        (T, 3) deg, within 270° of the middle of each range.
    """
    middle = limits.mean(axis=1)
    options = np.stack([_around(triples, middle), _around(_equal(triples), middle)], axis=1)
    at = _calm(options, _choosing(triples, confidence))
    outside = _outside(options[at], limits) / fps
    costs = (outside * confidence[at, None]).sum(axis=2)
    unusual = np.abs(options[at] - middle) / np.ptp(limits, axis=1)
    costs += _UNUSUAL / fps * unusual.sum(axis=2)
    leaps = _leaps(options[at])
    carried = _steady(leaps) & (np.diff(np.cumsum(near_gimbal(triples))[at]) == 0)
    leaps *= np.where(carried, _LEAP_S, _LEAP_UNSEEN_S)[:, None, None]
    chosen = options[at, _cheapest_path(costs, leaps)]
    ends = np.flatnonzero(~carried) + 1
    stretches = np.split(chosen, ends)
    chosen = np.concatenate([_unwrapped(stretch, limits) for stretch in stretches])
    return _others_follow(chosen, options, at)


def calmest_branch(triples: Floats) -> Floats:
    """One unbroken run without leaps, near the gimbal neither; else as near to 0 as can be.

    Args:
        triples: (T, 3) deg, the middle angle in the middle; no NaN.
    """
    options = np.stack([_around(triples, 0.0), _around(_equal(triples), 0.0)], axis=1)
    costs = _UNUSUAL * np.abs(options).sum(axis=2) / 180
    path = _cheapest_path(costs, _leaps(options))
    return np.unwrap(options[np.arange(len(path)), path], period=360, axis=0)


def near_gimbal(triples: Floats) -> Mask:
    """(T,) whether the middle one of (T, 3) deg is within ``GIMBAL_DEG`` of ±90°; NaN isn't."""
    away = np.abs(np.abs(_around(triples[:, 1], 0.0)) - 90)
    return np.asarray(away < GIMBAL_DEG)


def bridged(triples: Floats) -> Floats:
    """Z-X-Y triples that pass the gimbal calmly.

    Near it only the sum or difference of z and y is well known. So z is interpolated from the
    frames around, and y is what then fits the rotation best.

    Args:
        triples: (T, 3) degrees on one branch (see ``on_best_branch``); NaN stays NaN. Those of
            a left hip or arm may have the contract's signs.
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


def _choosing(triples: Floats, confidence: Floats) -> Mask:
    """(T,) the frames that have a say: all, where else none had."""
    clear, measured = ~near_gimbal(triples), (confidence >= MEASURED).any(axis=1)
    for chooses in (clear & measured, clear):
        if chooses.any():
            return chooses
    return np.ones(len(triples), dtype=bool)


def _outside(options: Floats, limits: Floats) -> Floats:
    """(T, 2, 3) in [0, 1] how far outside the (3, 2) ranges."""
    beyond = np.maximum(limits[:, 0] - options, options - limits[:, 1])
    return np.clip(beyond / _FAR_OUTSIDE_DEG, 0, 1)


def _calm(options: Floats, chooses: Mask) -> NDArray[np.int_]:
    """Which of the frames that choose are no wild ones between others."""
    at = np.flatnonzero(chooses)
    steady = _steady(_leaps(options[at]))
    wild = ~np.concatenate([[False], steady]) & ~np.concatenate([steady, [False]])
    return at if wild.all() else at[~wild]


def _leaps(options: Floats) -> Floats:
    """(N - 1, 2, 2) turns: how far it is from each option of a frame (rows) to each of the next
    one."""
    steps = _around(options[1:, None] - options[:-1, :, None], 0.0)
    return np.asarray(np.abs(steps).sum(axis=-1) / 360)


def _steady(leaps: Floats) -> Mask:
    """(N - 1,) whether the rotation goes on as it was."""
    return np.asarray(leaps.min(axis=(1, 2)) < _WILD_DEG / 360)


def _cheapest_path(costs: Floats, steps: Floats) -> NDArray[np.int_]:
    """(N,) which of two options in every frame.

    Args:
        costs: (N, 2) of the options.
        steps: (N - 1, 2, 2) from an option (rows) to one of the next frame (columns).
    """
    if (costs[:, 0] <= costs[:, 1]).all() and (steps[:, 0, 0] <= steps.min(axis=(1, 2))).all():
        return np.zeros(len(costs), dtype=int)  # the usual case: the first throughout
    dearer = (costs[:, 1] - costs[:, 0]).tolist()
    ways = zip(*steps.reshape(-1, 4).T.tolist(), strict=True)
    for frame, (stay, leave, come, remain) in enumerate(ways, start=1):
        by_second = dearer[frame - 1]  # so much dearer it was to reach the second of the two
        dearer[frame] += min(by_second + remain, leave) - min(by_second + come, stay)
    came_from = np.array(dearer[:-1])[:, None] + steps[:, 1] < steps[:, 0]
    path = [dearer[-1] < 0]
    for first_came, second_came in came_from[::-1].tolist():
        path.append(second_came if path[-1] else first_came)
    return np.array(path[::-1], dtype=int)


def _unwrapped(triples: Floats, limits: Floats) -> Floats:
    """(T, 3) of one stretch without leaps by 360°, by whole turns moved to where it is least
    outside; where it turns round and round, in a turn about the middle of the range."""
    middle = limits.mean(axis=1)
    free = np.unwrap(triples, period=360, axis=0)
    turns = 360 * np.arange(-1, 2)[:, None, None]
    placed = free - 360 * np.round((free.mean(axis=0) - middle) / 360) + turns
    beyond = np.maximum(limits[:, 0] - placed, placed - limits[:, 1])
    best = np.maximum(beyond, 0).sum(axis=1).argmin(axis=0)
    moved = np.take_along_axis(placed, best[None, None], axis=0)[0]
    round_and_round = (np.abs(moved - middle) > 270).any(axis=0)
    return np.where(round_and_round, triples, moved)


def _others_follow(chosen: Floats, options: Floats, at: NDArray[np.int_]) -> Floats:
    """(T, 3) with ``chosen`` in the frames ``at``, and between them that of the (T, 2, 3)
    options which is nearest to a straight line from one to the next."""
    frames = np.arange(len(options))
    line = np.stack([np.interp(frames, at, column) for column in chosen.T], axis=1)[:, None]
    near = line + _around(options - line, 0.0)
    which = np.abs(near - line).sum(axis=2).argmin(axis=1)
    followed = near[frames, which]
    followed[at] = chosen
    return followed


def _equal(triples: Floats) -> Floats:
    """(T, 3) the other way to write the same rotations."""
    return triples * [1, -1, 1] + 180


def _around(degrees: Floats, middle: Floats | float) -> Floats:
    """Of any shape, by whole turns moved to within 180° of ``middle``."""
    return np.asarray((degrees - middle + 180) % 360 - 180 + middle)
