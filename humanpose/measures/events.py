"""Gait events: when each foot lands and when it leaves the floor, from the 22 markers.

Walking on level ground or a treadmill, forwards, also along a curve. The heel is farthest ahead
of the pelvis about when it lands, the toes are farthest behind it when they leave (Zeni,
Richards & Higginson 2008). That extreme of the heel comes 30-50 ms before the force of a
landing; so heel strike is the moment after it at which the heel's forward speed over the floor
has fallen to half the walking speed (Bruening & Ridge 2014; Bonci et al. 2022).
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy.ndimage import gaussian_filter1d
from scipy.signal import find_peaks

from humanpose.geometry import runs, unit
from humanpose.measures.cycles import Found
from humanpose.sequence import Floats, PoseSequence, Timeline

Side = Literal["r", "l"]
SIDES: tuple[Side, Side] = ("r", "l")

_LEAST_AHEAD = 0.1
"""A foot passes the pelvis by at least this from behind to ahead, in leg lengths."""
_LEAST_SWING = 0.2
"""And meanwhile travels this over the floor and gains it on the other foot: in a squat it does
neither, in a jump not the latter."""
_LANDED = 0.5
"""Heel strike: what is left of the heel's forward speed, as a share of the walking speed."""
_LANDING_S = 0.15
"""Heel strike is looked for this long after the heel was farthest ahead."""
_HEADING_SD_S = 0.3
"""Smoothing of the direction of walking."""
_WALKS_M_S = 0.3
"""From this speed on, the way that somebody goes counts more than the way they face."""
_FORWARDS = 0.5
"""Cosine between where somebody goes and faces, from which on they walk forwards."""
_SHORTEST_S = 0.5

_A_QUARTER_TURN = np.array([[0.0, -1.0], [1.0, 0.0]])
"""From left-to-right to backs-to-front, for rows (X, Z): up × right."""
_NEEDED = (
    "Hip",
    *(s + part for s in "RL" for part in ("Hip", "Knee", "Ankle", "Heel", "BigToe")),
)


@dataclass(frozen=True, order=True)
class Event:
    """One moment of gait."""

    time_s: float
    """Clip time."""
    side: Side
    kind: Literal["heel_strike", "toe_off"]
    excluded: bool = False
    """Kept, but the step and the cycle that begin here don't count."""

    def __post_init__(self) -> None:
        if self.side not in SIDES or self.kind not in ("heel_strike", "toe_off"):
            raise ValueError(f"expected an event, got {self.side}, {self.kind}")
        if not np.isfinite(self.time_s):
            raise ValueError(f"expected a time, got {self.time_s}")


def find_gait_events(markers: PoseSequence) -> Found[Event]:
    """Heel strikes and toe-offs of both feet, in order of time.

    Args:
        markers: the 22 markers in the world frame, smoothed.
    """
    stretches = _stretches(markers)
    if not stretches:
        return Found((), "hips, legs and feet are never seen together for half a second")
    leg_m = leg_length(markers)
    if _goes_otherwise(stretches, leg_m):
        return Found((), "the person walks backwards or sideways, which is not supported")
    events = [
        event
        for stretch in stretches
        for side in SIDES
        for event in (*_heel_strikes(stretch, side, leg_m), *_toe_offs(stretch, side, leg_m))
    ]
    if not events:
        return Found(
            (), "no foot swings past the other: the person stands, or steps on the spot"
        )
    seen = sum(map(len, stretches)) == len(markers)
    reason = "" if seen else "where hips, legs or feet are not seen, events are missing"
    return Found(tuple(sorted(events)), reason)


def heading(markers: PoseSequence) -> Floats:
    """(T, 2) unit vectors over the floor (world X, Z) where the person walks, or faces.

    The direction that hips and shoulders face, smoothed; walking forwards, the velocity of the
    mid-hip, in units of 0.3 m/s, is added to it, the more the better it agrees. NaN where the
    hips are not known.
    """
    velocity, facing = _velocity_and_facing(markers)
    agree = (unit(velocity) * facing).sum(axis=1, keepdims=True)
    return unit(facing + np.nan_to_num(agree).clip(0) * velocity / _WALKS_M_S)


def leg_length(markers: PoseSequence) -> float:
    """m, from hip to knee to ankle: median over frames and sides; NaN where none is known."""
    sides = []
    for s in "RL":
        hip, knee, ankle = (markers.joint(s + part) for part in ("Hip", "Knee", "Ankle"))
        sides.append(np.linalg.norm(hip - knee, axis=1) + np.linalg.norm(knee - ankle, axis=1))
    lengths = np.concatenate(sides)
    lengths = lengths[np.isfinite(lengths)]
    return float(np.median(lengths)) if len(lengths) else np.nan


def _stretches(markers: PoseSequence) -> list[PoseSequence]:
    """Parts of the clip, of half a second and more, where hips, legs and feet are all known."""
    needed = markers.positions[:, markers.skeleton.indices(*_NEEDED)]
    time_s, fps = markers.timeline.time_s, markers.timeline.fps
    return [
        PoseSequence(
            markers.positions[run],
            markers.confidence[run],
            Timeline(run.stop - run.start, fps, float(time_s[run.start])),
            markers.skeleton,
        )
        for run in runs(np.isfinite(needed).all(axis=(1, 2)))
        if run.stop - run.start > _SHORTEST_S * fps
    ]


def _goes_otherwise(stretches: list[PoseSequence], leg_m: float) -> bool:
    """Whether the person's way, as seen from the pelvis, leads backwards or sideways."""
    way = np.zeros(2)
    for stretch in stretches:
        velocity, facing = _velocity_and_facing(stretch)
        axes = np.stack([facing, facing @ _A_QUARTER_TURN], axis=2)  # (T, 2, [ahead, aside])
        way += (velocity[:, None] @ axes).sum(axis=(0, 1)) / stretch.timeline.fps
    length = float(np.linalg.norm(way))
    return length > leg_m and way[0] < _FORWARDS * length


def _velocity_and_facing(markers: PoseSequence) -> tuple[Floats, Floats]:
    """(T, 2) m/s of the mid-hip, and (T, 2) unit vectors; smoothed, NaN without hips."""
    fps = markers.timeline.fps
    velocity, facing = np.full((2, len(markers), 2), np.nan)
    across = np.nan_to_num(unit(_across(markers, "Shoulder"))) + unit(_across(markers, "Hip"))
    for run in runs(np.isfinite(across).all(axis=1)):
        if run.stop - run.start > 1:
            paths = markers.joint("Hip")[run][:, [0, 2]]
            velocity[run] = _smooth(np.gradient(paths, axis=0) * fps, fps)
            facing[run] = unit(_smooth(across[run] @ _A_QUARTER_TURN, fps))
    return velocity, facing


def _across(markers: PoseSequence, part: str) -> Floats:
    """(T, 2) from the left to the right of the body, over the floor."""
    return (markers.joint(f"R{part}") - markers.joint(f"L{part}"))[:, [0, 2]]


def _smooth(vectors: Floats, fps: float) -> Floats:
    return np.asarray(gaussian_filter1d(vectors, _HEADING_SD_S * fps, axis=0, mode="nearest"))


def _heel_strikes(markers: PoseSequence, side: Side, leg_m: float) -> list[Event]:
    """Of one foot in an unbroken stretch."""
    ahead, gain = _ahead(markers, side, "Heel")
    behind = [0, *_peaks(-ahead, leg_m)]
    events = []
    for peak in _peaks(ahead, leg_m):
        start = max(i for i in behind if i < peak)
        if min(gain[peak] - gain[start]) > _LEAST_SWING * leg_m:
            frame = _landing(ahead, peak, markers.timeline.fps)
            events.append(Event(_time_s(markers, frame), side, "heel_strike"))
    return events


def _toe_offs(markers: PoseSequence, side: Side, leg_m: float) -> list[Event]:
    """Of one foot in an unbroken stretch."""
    ahead, gain = _ahead(markers, side, "BigToe")
    front = [*_peaks(ahead, leg_m), len(ahead) - 1]
    events = []
    for peak in _peaks(-ahead, leg_m):
        end = min(i for i in front if i > peak)
        if min(gain[end] - gain[peak]) > _LEAST_SWING * leg_m:
            events.append(Event(_time_s(markers, _vertex(ahead, peak)), side, "toe_off"))
    return events


def _ahead(markers: PoseSequence, side: Side, part: str) -> tuple[Floats, Floats]:
    """How a part of one foot moves forward.

    Returns:
        (T,) m ahead of the mid-hip; (T, 2) m come over the floor, and ahead of the other foot.
    """
    own, other = "RL" if side == "r" else "LR"
    forward = heading(markers)
    path, hip, opposite = (
        markers.joint(n)[:, [0, 2]] for n in (own + part, "Hip", other + part)
    )
    steps = np.diff(path, axis=0, prepend=path[:1])
    travelled = np.cumsum((steps * forward).sum(axis=1))
    past_other = ((path - opposite) * forward).sum(axis=1)
    return ((path - hip) * forward).sum(axis=1), np.stack([travelled, past_other], axis=1)


def _peaks(curve: Floats, leg_m: float) -> list[int]:
    return [int(i) for i in find_peaks(curve, prominence=_LEAST_AHEAD * leg_m)[0]]


def _vertex(curve: Floats, frame: int) -> float:
    """Where between the frames the parabola through an extreme and its neighbours turns."""
    before, here, after = curve[frame - 1 : frame + 2]
    bend = before - 2 * here + after
    return frame + float((before - after) / (2 * bend) if bend else 0.0)


def _landing(ahead: Floats, peak: int, fps: float) -> float:
    """The frame, with fraction, after ``peak`` at which the heel has landed.

    Against the pelvis the heel of a foot on the floor moves backwards at walking speed.
    """
    backwards = -np.gradient(ahead)[peak : peak + max(2, round(_LANDING_S * fps)) + 1]
    landed = (1 - _LANDED) * backwards.max()
    first = int(np.argmax(backwards >= landed))
    if first == 0:
        return float(peak)
    step = backwards[first] - backwards[first - 1]
    return peak + first - float((backwards[first] - landed) / step)


def _time_s(markers: PoseSequence, frame: float) -> float:
    return markers.timeline.start_s + frame / markers.timeline.fps
