"""Squats on one leg: the knee bends and straightens while the other foot is off the floor."""

from collections.abc import Iterator

import numpy as np

from humanpose.measures.cycles import Found
from humanpose.measures.events import SIDES, Side, leg_length
from humanpose.measures.repetitions import LEAST_KNEE_DEG, Repetition, find_repetitions
from humanpose.sequence import Floats, JointAngles, PoseSequence
from humanpose.words import to_say

_LIFTED = 0.08
"""The other foot is this much higher throughout, in leg lengths."""
_SINKS = 0.05
"""And the hips sink by this."""


def find_single_leg_squats(angles: JointAngles, markers: PoseSequence) -> Found[Repetition]:
    """Squats on either leg, in order of time."""
    found = [squat for side in SIDES for squat in _of_one_leg(angles, markers, side)]
    none = to_say("no knee bends while the other foot is off the floor")
    return Found(tuple(sorted(found)), "" if found else none)


def standing_side(markers: PoseSequence, squat: Repetition) -> Side:
    """Whose foot is the lower one in a squat on one leg."""
    lifted = _lift(markers, "r")[_frames(markers, squat)]
    return "r" if np.nanmedian(lifted) > 0 else "l"


def _of_one_leg(angles: JointAngles, markers: PoseSequence, side: Side) -> Iterator[Repetition]:
    leg_m, hips = leg_length(markers), markers.joint("Hip")[:, 1]
    knee = angles.curve(f"knee_angle_{side}")
    for squat in find_repetitions(knee, angles.timeline, least_deg=LEAST_KNEE_DEG).items:
        inside = _frames(markers, squat)
        lifted, height = _lift(markers, side)[inside], hips[inside]
        if lifted.min() > _LIFTED * leg_m and np.ptp(height) > _SINKS * leg_m:
            yield squat


def _lift(markers: PoseSequence, side: Side) -> Floats:
    """(T,) m that the lowest point of the other foot is above that of this side's; NaN where
    both points of a foot are."""
    lowest = {
        s: np.fmin(*(markers.joint(s.upper() + part)[:, 1] for part in ("Heel", "BigToe")))
        for s in SIDES
    }
    return np.asarray(lowest["l"] - lowest["r"] if side == "r" else lowest["r"] - lowest["l"])


def _frames(markers: PoseSequence, squat: Repetition) -> slice:
    first, last = (markers.timeline.nearest(at) for at in (squat.start_s, squat.end_s))
    return slice(first, last + 1)
