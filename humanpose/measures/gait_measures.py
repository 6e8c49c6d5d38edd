"""Gait measures: cadence, lengths, speed and phases, computed from the events that are given.

On a treadmill, lengths and speed are those over the moving belt.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from humanpose.measures.events import SIDES, Event, Side, heading, leg_length
from humanpose.measures.gait import (
    GaitCycle,
    Step,
    counted_cycles,
    gait_cycles,
    no_cycle,
    other_foot,
    steps,
)
from humanpose.sequence import Floats, PoseSequence

_BELT_M_S = 0.2
"""A standing foot that slides back faster than this and than the hips advance is on a belt."""
_FLAT = (0.2, 0.6)
"""When a foot lies flat on the floor, after its landing, in step durations."""
_DIP = 0.03
"""Who runs has the hips lower in mid-stance than at landing and toe-off (Cavagna et al. 1977):
by at least this, in leg lengths."""
_FROUDE = 0.6
"""Nor does anybody walk with a Froude number v²/gl above this: people change to a run at 0.5
(Kram, Domingo & Ferris 1997)."""
_GRAVITY = 9.81
"""m/s²"""
_SURE = 0.5

_RUNS = "the person runs: contact times need another method, which is not supported"
_RUNS_ON_BELT = "the person runs on a treadmill, whose speed is not known"
_STEP_COLUMNS = ["start_s", "end_s", "side", "excluded", "step_time_s", "step_length_m"]
_CYCLE_COLUMNS = [
    "start_s", "end_s", "side", "excluded", "cadence_steps_per_min", "stride_time_s",
    "stride_length_m", "speed_m_per_s", "stance_percent", "swing_percent",
    "double_support_percent",
]  # fmt: skip


@dataclass(frozen=True)
class Manner:
    """How the person moves along."""

    runs: bool
    on_treadmill: bool
    belt_m_s: float
    """Speed of the treadmill's belt; 0 over ground."""


def manner(markers: PoseSequence, events: Sequence[Event]) -> Manner:
    """Whether the person walks or runs, and over ground or on a treadmill."""
    walk = _Walk(markers)
    strikes = [event for event in events if event.kind == "heel_strike"]
    if not strikes:
        return Manner(runs=False, on_treadmill=False, belt_m_s=0.0)
    step_s = float(np.median([s.end_s - s.start_s for s in steps(events)] or [0.5]))
    feet = [walk.speed(f"{e.side.upper()}Heel", e.time_s, step_s) for e in strikes]
    hips = [walk.speed("Hip", e.time_s, step_s) for e in strikes]
    belt, hip = -_median(feet), _median(hips)
    on_treadmill = belt > max(_BELT_M_S, hip)
    belt = belt if on_treadmill else 0.0
    leg_m = leg_length(markers)
    dips = [walk.dip(cycle) for cycle in gait_cycles(events)]
    fast = (hip + belt) ** 2 > _FROUDE * _GRAVITY * leg_m
    return Manner(fast or _median(dips) < -_DIP * leg_m, on_treadmill, belt)


def step_table(markers: PoseSequence, events: Sequence[Event]) -> pd.DataFrame:
    """One row per step; a length is that between the heels where each of them landed."""
    walk, how = _Walk(markers), manner(markers, events)
    rows = [
        {
            "start_s": step.start_s,
            "end_s": step.end_s,
            "side": step.side,
            "excluded": step.excluded,
            "step_time_s": step.end_s - step.start_s,
            "step_length_m": walk.advance(step, other_foot(step.side), step.side, how),
        }
        for step in steps(events)
    ]
    return pd.DataFrame(rows, columns=_STEP_COLUMNS)


def cycle_table(markers: PoseSequence, events: Sequence[Event]) -> pd.DataFrame:
    """One row per gait cycle; percentages are of the cycle. NaN where an event is missing."""
    walk, how = _Walk(markers), manner(markers, events)
    rows = [_cycle_row(cycle, walk, how) for cycle in gait_cycles(events)]
    return pd.DataFrame(rows, columns=_CYCLE_COLUMNS)


def gait_summary(markers: PoseSequence, events: Sequence[Event]) -> pd.DataFrame:
    """Mean and SD over the steps and cycles that count: one row per measure and side.

    ``side`` is r, l or both. A leg without a complete cycle has no figures: a single step, at
    the edge of a clip, may be a first or a last one. ``count`` is how many steps or cycles
    carry the measure;
    ``confidence`` that of the feet's markers, below 0.5 if they were hardly seen. ``reason``
    says in a sentence why a figure is NaN or weak; it is empty where nothing is wrong.
    """
    how, cycles = manner(markers, events), counted_cycles(events)
    tables = (step_table(markers, events), cycle_table(markers, events))
    rows = [
        {"measure": measure, "side": side} | _summary(table, measure, side, how, cycles)
        for table in tables
        for measure in table.columns[4:]
        for side in (*SIDES, "both")
    ]
    summary = pd.DataFrame(rows)
    sure = _foot_confidence(markers, events)
    summary["confidence"] = summary["side"].map(sure)
    unsure = (summary["confidence"] < _SURE) & (summary["reason"] == "")
    summary.loc[unsure, "reason"] = "the feet are hardly seen"
    return summary[["measure", "side", "mean", "sd", "count", "confidence", "reason"]]


class _Walk:
    """Where things are along the way, at any time of the clip."""

    def __init__(self, markers: PoseSequence) -> None:
        self._markers = markers
        self._time_s = markers.timeline.time_s
        self._heading = heading(markers)

    def advance(self, span: Step | GaitCycle, start: Side, end: Side, how: Manner) -> float:
        """From the place of the ``start`` foot at first to the ``end`` foot's at last, m."""
        if how.runs and how.on_treadmill:
            return np.nan
        first = self._at(self._path(f"{start.upper()}Heel"), span.start_s)
        last = self._at(self._path(f"{end.upper()}Heel"), span.end_s)
        forward = sum(self._at(self._heading, t) for t in (span.start_s, span.end_s))
        along = (last - first) @ forward / np.linalg.norm(forward)
        return float(along + how.belt_m_s * (span.end_s - span.start_s))

    def speed(self, marker: str, landing_s: float, step_s: float) -> float:
        """Forward speed while the foot that landed lies flat, m/s."""
        first, last = (landing_s + share * step_s for share in _FLAT)
        path = self._path(marker)
        way = self._at(path, last) - self._at(path, first)
        return float(way @ self._at(self._heading, (first + last) / 2) / (last - first))

    def dip(self, cycle: GaitCycle) -> float:
        """How much higher the hips are in mid-stance than at its begin and end, m."""
        ends = cycle.start_s, cycle.toe_off_s
        height = self._markers.joint("Hip")[:, 1:2]
        low = np.mean([self._at(height, t) for t in ends])
        return float(self._at(height, float(np.mean(ends)))[0] - low)

    def _path(self, marker: str) -> Floats:
        return self._markers.joint(marker)[:, [0, 2]]

    def _at(self, values: Floats, time_s: float) -> Floats:
        """(D,) of (T, D) at any time; NaN outside the clip."""
        return np.array(
            [np.interp(time_s, self._time_s, v, left=np.nan, right=np.nan) for v in values.T]
        )


def _cycle_row(cycle: GaitCycle, walk: _Walk, how: Manner) -> dict[str, float | str | bool]:
    stride_s = cycle.end_s - cycle.start_s
    stride_m = walk.advance(cycle, cycle.side, cycle.side, how)
    stance = np.nan if how.runs else (cycle.toe_off_s - cycle.start_s) / stride_s
    loading = (cycle.opposite_toe_off_s - cycle.start_s) / stride_s
    unloading = (cycle.toe_off_s - cycle.opposite_strike_s) / stride_s
    return {
        "start_s": cycle.start_s,
        "end_s": cycle.end_s,
        "side": cycle.side,
        "excluded": cycle.excluded,
        "cadence_steps_per_min": 120 / stride_s,
        "stride_time_s": stride_s,
        "stride_length_m": stride_m,
        "speed_m_per_s": stride_m / stride_s,
        "stance_percent": 100 * stance,
        "swing_percent": 100 * (1 - stance),
        "double_support_percent": np.nan if how.runs else 100 * (loading + unloading),
    }


def _summary(
    table: pd.DataFrame, measure: str, side: str, how: Manner, cycles: Mapping[Side, int]
) -> dict[str, float | str]:
    asked = [s for s in SIDES if side in (s, "both")]
    whole = [s for s in asked if cycles[s]]
    of_side = table[table["side"].isin(whole) & ~table["excluded"].astype(bool)]
    values = of_side[measure].to_numpy(float)
    known = values[np.isfinite(values)]
    return {
        "mean": float(known.mean()) if len(known) else np.nan,
        "sd": float(known.std(ddof=1)) if len(known) > 1 else np.nan,
        "count": len(known),
        "reason": _lacking(asked, cycles) or _reason(measure, len(values), len(known), how),
    }


def _lacking(asked: Sequence[Side], cycles: Mapping[Side, int]) -> str:
    """Which of the legs asked about has no complete cycle; empty where all have one."""
    return no_cycle(*(cycles[side] if side in asked else 1 for side in SIDES))


def _reason(measure: str, given: int, known: int, how: Manner) -> str:
    if how.runs and measure.endswith("percent"):
        return _RUNS
    if how.runs and how.on_treadmill and known == 0:
        return _RUNS_ON_BELT
    if known < given:
        return f"in {given - known} of {given} an event or the place of a foot is missing"
    return "one alone has no standard deviation" if known == 1 else ""


def _foot_confidence(markers: PoseSequence, events: Sequence[Event]) -> dict[str, float]:
    """Side -> mean confidence of the heel and big toe of that foot while the person walks."""
    times = [event.time_s for event in events] or [np.inf]
    time_s = markers.timeline.time_s
    walking = (time_s >= min(times)) & (time_s <= max(times))
    sure: dict[str, float] = {}
    for side in SIDES:
        feet = markers.skeleton.indices(f"{side.upper()}Heel", f"{side.upper()}BigToe")
        values = markers.confidence[walking][:, feet]
        sure[side] = float(values.mean()) if values.size else 0.0
    return sure | {"both": min(sure.values())}


def _median(values: Sequence[float]) -> float:
    """Of those that are known; 0 if none is."""
    known = [value for value in values if np.isfinite(value)]
    return float(np.median(known)) if known else 0.0
