"""Two takes of a movement brought together: in time, over a cycle, in place, left for right."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from scipy.signal import correlate, correlation_lags

from humanpose.analysis import Analysis
from humanpose.measures.cycles import PERCENT, Cycle, cycle_curves
from humanpose.measures.events import find_gait_events, heading
from humanpose.measures.gait import gait_cycles
from humanpose.measures.repetitions import find_sit_to_stands, find_squats
from humanpose.sequence import Floats, JointAngles, PoseSequence, Timeline
from humanpose.skeleton import ANGLE_NAMES

CycleKind = Literal["gait_r", "gait_l", "squat", "sit_to_stand"]

_TOWARDS_ONE_SIDE = ("pelvis_list", "pelvis_rotation", "lumbar_bending", "lumbar_rotation")
"""Angles on the midline whose sign changes in a mirror; ``_l`` and ``_r`` trade places."""
_IN_PERCENT = Timeline(len(PERCENT), fps=1.0)
"""One for all mean cycles: what shares it can be compared."""


@dataclass(frozen=True, eq=False)
class Take:
    """One recorded movement, as far as it can be compared with another."""

    markers: PoseSequence
    """The 22 markers, world frame, m."""
    angles: JointAngles


@dataclass(frozen=True, eq=False)
class CycleTake:
    """The mean cycle of a take; a frame is one percent."""

    take: Take
    sd_deg: Floats
    """(101, 36) between the cycles; NaN for fewer than two."""
    cycles: int
    duration_s: float
    """Mean length of a cycle."""


def take_of(analysis: Analysis) -> Take:
    """What an analysis says of the movement, after all stages that are on."""
    return Take(analysis.markers, analysis.joint_angles)


def mirrored(take: Take) -> Take:
    """The take in a mirror: the left leg does what the right one did, and vice versa."""
    markers, angles = take.markers, take.angles
    order = list(markers.skeleton.mirror)
    columns = [ANGLE_NAMES.index(other_angle(name)) for name in ANGLE_NAMES]
    signs = [-1.0 if name in _TOWARDS_ONE_SIDE else 1.0 for name in ANGLE_NAMES]
    deviation = angles.deviation
    return Take(
        replace(
            markers,
            positions=markers.positions[:, order] * [-1.0, 1.0, 1.0],
            confidence=markers.confidence[:, order],
        ),
        JointAngles(
            angles.degrees[:, columns] * signs,
            angles.confidence[:, columns],
            angles.timeline,
            None if deviation is None else deviation[:, columns],
        ),
    )


def other_angle(name: str) -> str:
    """The same angle of the other side; itself on the midline."""
    swap = {"_l": "_r", "_r": "_l"}
    return name[:-2] + swap[name[-2:]] if name[-2:] in swap else name


def in_place(markers: PoseSequence) -> PoseSequence:
    """The mid-hip above the origin in every frame, the person facing the camera on average."""
    hips = markers.joint("Hip") * [1.0, 0.0, 1.0]
    x, z = np.nansum(heading(markers), axis=0)
    length = np.hypot(x, z)
    sin, cos = (x / length, z / length) if length > 0 else (0.0, 1.0)
    turn = np.array([[cos, 0.0, -sin], [0.0, 1.0, 0.0], [sin, 0.0, cos]])
    return markers.with_positions((markers.positions - hips[:, None]) @ turn.T)


def on_timeline(take: Take, timeline: Timeline, *, later_s: float = 0.0) -> Take:
    """A take from ``later_s`` after its first frame on, at the times of ``timeline``.

    Linear between neighbouring frames, NaN before its first frame and after its last.
    """
    own = take.angles.timeline
    at = (timeline.time_s - timeline.start_s + later_s) * own.fps
    markers = PoseSequence(
        _between(take.markers.positions, at),
        np.nan_to_num(_between(take.markers.confidence, at)),
        timeline,
        take.markers.skeleton,
    )
    degrees = _between(take.angles.degrees, at)
    sure = np.nan_to_num(_between(take.angles.confidence, at))
    return Take(markers, JointAngles(degrees, sure, timeline))


def lag_s(a: JointAngles, b: JointAngles) -> float:
    """How much later in its clip B does what A does, s, each from its own first frame.

    Where the correlation, summed over all angles, is greatest. 0 where nothing moves.
    """
    fps = a.timeline.fps
    frames = max(1, round(b.timeline.frames / b.timeline.fps * fps))
    at = np.arange(frames) * b.timeline.fps / fps
    first, second = _standardised(a.degrees), _standardised(_between(b.degrees, at))
    total = sum(
        correlate(second[:, i], first[:, i], method="fft") for i in range(len(ANGLE_NAMES))
    )
    lags = correlation_lags(len(second), len(first))
    total = np.asarray(total)
    return float(lags[np.argmax(total)] / fps) if np.ptp(total) > 0 else 0.0


def find_cycles(take: Take, kind: CycleKind) -> tuple[Sequence[Cycle], str]:
    """The cycles of a movement in a take, and a sentence where there is something to say."""
    if kind in ("gait_r", "gait_l"):
        events = find_gait_events(take.markers)
        cycles = [cycle for cycle in gait_cycles(events.items) if cycle.side == kind[-1]]
        leg = "right" if kind == "gait_r" else "left"
        return cycles, events.reason or (
            "" if cycles else f"no complete cycle of the {leg} leg"
        )
    find = find_squats if kind == "squat" else find_sit_to_stands
    found = find(take.angles)
    return found.items, found.reason


def over_cycles(take: Take, cycles: Sequence[Cycle]) -> CycleTake:
    """The mean of at least one cycle: angles, and markers in place."""
    curves = cycle_curves(take.angles, cycles)
    counted = [cycle for cycle in cycles if not cycle.excluded]
    at = [
        (c.start_s + PERCENT / 100 * (c.end_s - c.start_s) - take.angles.timeline.start_s)
        * take.angles.timeline.fps
        for c in counted
    ]

    def mean(values: Floats) -> Floats:
        return np.mean([_between(values, frames) for frames in at], axis=0)

    still = in_place(take.markers)
    sure = np.nan_to_num(mean(still.confidence))
    markers = PoseSequence(mean(still.positions), sure, _IN_PERCENT, still.skeleton)
    known = np.isfinite(curves.mean)
    confidence = np.where(known, np.nan_to_num(mean(take.angles.confidence)), 0.0)
    angles = JointAngles(curves.mean, confidence, _IN_PERCENT)
    length = float(np.mean([cycle.end_s - cycle.start_s for cycle in counted]))
    return CycleTake(Take(markers, angles), curves.sd, len(counted), length)


def _between(values: Floats, at: Floats) -> Floats:
    """``values`` (T, …) at the frames ``at`` (N,), which may lie between two; NaN outside."""
    at = np.round(at, 6)
    inside = (at >= 0) & (at <= len(values) - 1)
    before = np.floor(at).clip(0, len(values) - 1).astype(int)
    after = np.ceil(at).clip(0, len(values) - 1).astype(int)
    weight = (at - before).clip(0, 1).reshape(-1, *[1] * (values.ndim - 1))
    mixed = (1 - weight) * values[before] + weight * values[after]
    mixed[~inside] = np.nan
    return np.asarray(mixed)


def _standardised(degrees: Floats) -> Floats:
    """Zero mean and unit variance per angle; 0 where an angle is not known or doesn't move."""
    filled = np.zeros_like(degrees)
    known = np.isfinite(degrees)
    for i in np.flatnonzero(known.any(axis=0)):
        curve = degrees[known[:, i], i]
        if np.ptp(curve) > 1:
            filled[known[:, i], i] = (curve - curve.mean()) / curve.std()
    return filled
