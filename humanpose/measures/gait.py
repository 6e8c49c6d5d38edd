"""Steps and gait cycles: what lies between the gait events that are given.

Definitions after Perry & Burnfield (2010): a step lasts from the landing of one foot to that of
the other and is named after the latter; a cycle (stride) lasts until the same foot lands again.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from humanpose.measures.cycles import CycleCurves, cycle_curves
from humanpose.measures.events import SIDES, Event, Side
from humanpose.sequence import JointAngles
from humanpose.words import to_say

LONGEST_CYCLE_S = 3.0
"""Between landings further apart, the person stood or was not seen."""


@dataclass(frozen=True, order=True)
class GaitCycle:
    """From one heel strike of a foot to its next, in clip time; NaN for an event not given."""

    start_s: float
    end_s: float
    side: Side
    opposite_toe_off_s: float
    opposite_strike_s: float
    toe_off_s: float
    excluded: bool = False
    """Kept, but not counted."""


@dataclass(frozen=True, order=True)
class Step:
    """From the landing of one foot to that of the other, in clip time."""

    start_s: float
    end_s: float
    side: Side
    """The foot that lands at the end."""
    excluded: bool = False


def gait_cycles(events: Sequence[Event]) -> tuple[GaitCycle, ...]:
    """The cycles of both feet, in order of time.

    Two landings of one foot bound a cycle if they are less than 3 s apart and the other foot
    lands at most once in between: else a landing is missing.
    """
    cycles = []
    for side in SIDES:
        other = other_foot(side)
        for strike, following in pairwise(_select(events, side, "heel_strike")):
            start, end = strike.time_s, following.time_s
            opposite = _between(events, other, "heel_strike", start, end)
            if end - start < LONGEST_CYCLE_S and len(opposite) < 2:
                landing = _only(opposite)
                support = _between(events, other, "toe_off", start, landing)
                off = _between(events, side, "toe_off", start, end)
                phases = (_only(support), landing, _only(off))
                cycles.append(GaitCycle(start, end, side, *phases, excluded=strike.excluded))
    return tuple(sorted(cycles))


def steps(events: Sequence[Event]) -> tuple[Step, ...]:
    """The steps of both feet, in order of time; landings over 1.5 s apart bound none."""
    strikes = sorted(event for event in events if event.kind == "heel_strike")
    return tuple(
        Step(first.time_s, second.time_s, second.side, first.excluded)
        for first, second in pairwise(strikes)
        if first.side != second.side and second.time_s - first.time_s < LONGEST_CYCLE_S / 2
    )


def counted_cycles(events: Sequence[Event]) -> dict[Side, int]:
    """How many complete cycles of each leg count."""
    counted = [cycle.side for cycle in gait_cycles(events) if not cycle.excluded]
    return {side: counted.count(side) for side in SIDES}


def no_cycle(right: int, left: int) -> str:
    """Which leg has no complete cycle, given how many each has; empty where both have one."""
    if right == left == 0:
        return to_say("no complete cycle of either leg")
    if right == 0:
        return to_say("no complete cycle of the right leg")
    return to_say("no complete cycle of the left leg") if left == 0 else ""


def gait_curves(angles: JointAngles, events: Sequence[Event]) -> dict[Side, CycleCurves]:
    """All angles over the right foot's cycles and over the left foot's, 0-100 %."""
    cycles = gait_cycles(events)
    return {s: cycle_curves(angles, [c for c in cycles if c.side == s]) for s in SIDES}


def other_foot(side: Side) -> Side:
    """The right foot's is the left."""
    return "l" if side == "r" else "r"


def _select(events: Sequence[Event], side: Side, kind: str) -> list[Event]:
    return sorted(event for event in events if event.side == side and event.kind == kind)


def _between(
    events: Sequence[Event], side: Side, kind: str, start_s: float, end_s: float
) -> list[float]:
    times = [event.time_s for event in _select(events, side, kind)]
    return [time_s for time_s in times if start_s < time_s < end_s]


def _only(times: list[float]) -> float:
    """The one time, or NaN: with none an event is missing, with several one is wrong."""
    return times[0] if len(times) == 1 else np.nan
