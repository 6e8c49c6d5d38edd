"""What the person does, told from the analysed clip: one rule for all that shows or counts it.

A jump is one whatever else is in the clip. Else the movement that takes the most time of it
wins: steps, squats on both legs or on one, rises from a chair. An arm raise needs legs that are
still. Where nothing is found, or two take about as long, nothing is said.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from humanpose.analysis import Analysis
from humanpose.measures.arms import find_arm_repetitions
from humanpose.measures.balance import lean_deg, sits
from humanpose.measures.events import Event, heading, leg_length
from humanpose.measures.gait import steps
from humanpose.measures.movement import find_items
from humanpose.measures.presets import PRESETS
from humanpose.measures.repetitions import LEAST_KNEE_DEG, Repetition
from humanpose.sequence import Floats, PoseSequence
from humanpose.words import to_say, to_say_number
from humanpose.world.contact import FOOT_POINTS

NOT_RECOGNISED = "overview"
"""The preset that is shown where no movement is recognised."""

_CLEARLY = 1.3
"""The longest movement takes this many times as long as the next."""
_FEWEST_EVENTS = 4
"""Landings and take-offs of feet that make a walk, and a step among them."""
_SINKS = 0.15
"""The hips sink by this in a squat, in leg lengths."""
_STANDS = 0.15
"""And are no further below where they are highest when it begins and ends."""
_LEANS_DEG = 60.0
"""Who leans further forwards bends down, or lies down."""
_LUNGES = 0.35
"""One foot is this far ahead of the other in a lunge, in leg lengths."""
_RAISED_DEG = 60.0
"""An arm goes up by this in an arm raise."""
_FLIES = 0.12
"""All of both feet is this far above the floor where somebody lands, in leg lengths."""


@dataclass(frozen=True)
class Recognised:
    """A proposal; the user may choose another."""

    preset: str
    """One of ``PRESETS``; ``NOT_RECOGNISED`` where nothing is."""
    reason: str
    """A sentence: what it is told by, or why nothing is recognised."""


def recognise(analysis: Analysis) -> Recognised:
    """The movement of a clip."""
    jumps = _found(analysis, "jump")
    if jumps:
        return Recognised("jump", to_say_number("{n} jump", "{n} jumps", len(jumps)))
    taken = {name: take(analysis) for name, take in _TAKEN_S.items()}
    (second, runner_up), (first, longest) = sorted(taken.items(), key=lambda one: one[1])[-2:]
    if longest == 0:
        return _arms(analysis)
    if longest < _CLEARLY * runner_up:
        reason = to_say(
            "“{one}” and “{other}” take about as long",
            one=to_say(PRESETS[first].title),
            other=to_say(PRESETS[second].title),
        )
        return Recognised(NOT_RECOGNISED, reason)
    return Recognised(first, to_say("it takes {seconds:.1f} s of the clip", seconds=longest))


def _walks_s(analysis: Analysis) -> float:
    events = [event for event in _found(analysis, "gait") if isinstance(event, Event)]
    if len(events) < _FEWEST_EVENTS or not steps(events):
        return 0.0
    return events[-1].time_s - events[0].time_s


def _squats_s(analysis: Analysis) -> float:
    if sits(analysis.markers) or _one_legged_s(analysis):
        return 0.0
    return _seconds([s for s in _found(analysis, "squat") if _is_squat(analysis.markers, s)])


def _rises_s(analysis: Analysis) -> float:
    """Of rises whose beginning or end is not in the clip, too."""
    if not sits(analysis.markers):
        return 0.0
    return max(1.0, *(_seconds(_found(analysis, name)) for name in ("squat", "sit_to_stand")))


def _one_legged_s(analysis: Analysis) -> float:
    return _seconds(_found(analysis, "single_leg_squat"))


_TAKEN_S: dict[str, Callable[[Analysis], float]] = {
    "gait": _walks_s,
    "squat": _squats_s,
    "sit_to_stand": _rises_s,
    "single_leg_squat": _one_legged_s,
}
"""Preset → how long its movement takes in the clip, s."""


def _arms(analysis: Analysis) -> Recognised:
    knees = (analysis.joint_angles.curve(f"knee_angle_{side}") for side in "rl")
    still = all(_range(knee) < LEAST_KNEE_DEG for knee in knees)
    raises = find_arm_repetitions(
        analysis.joint_angles, least_deg=_RAISED_DEG, elbows=False
    ).items
    if still and raises:
        reason = to_say_number("{n} arm raise", "{n} arm raises", len(raises))
        return Recognised("upper_limb", reason)
    return Recognised(NOT_RECOGNISED, to_say("no movement that we know is found"))


def _range(curve: Floats) -> float:
    known = curve[np.isfinite(curve)]
    return float(np.ptp(known)) if len(known) else 0.0


def _found(analysis: Analysis, preset: str) -> Sequence[Event | Repetition]:
    return find_items(analysis, PRESETS[preset]).items


def _is_squat(markers: PoseSequence, item: Event | Repetition) -> bool:
    """From standing to standing, over both feet."""
    assert isinstance(item, Repetition)
    leg_m, hips = leg_length(markers), markers.joint("Hip")[:, 1]
    start, turn, end = (
        markers.timeline.nearest(t) for t in (item.start_s, item.turn_s, item.end_s)
    )
    feet = (markers.joint("RAnkle") - markers.joint("LAnkle"))[turn, [0, 2]]
    top = np.nanmax(hips[start : end + 1])
    lowest = [min(markers.joint(name)[at, 1] for name in FOOT_POINTS) for at in (start, end)]
    return bool(
        max(lowest) < _FLIES * leg_m
        and top - hips[turn] > _SINKS * leg_m
        and max(top - hips[start], top - hips[end]) < _STANDS * leg_m
        and lean_deg(markers)[turn] < _LEANS_DEG
        and abs(feet @ heading(markers)[turn]) < _LUNGES * leg_m
    )


def _seconds(items: Sequence[Event | Repetition]) -> float:
    return sum(item.end_s - item.start_s for item in items if isinstance(item, Repetition))
