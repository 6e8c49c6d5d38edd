"""Steps, cycles and gait measures of a stick person whose steps are known."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from humanpose import Analysis
from humanpose.measures.events import SIDES, Event, find_gait_events
from humanpose.measures.gait import counted_cycles, gait_curves, gait_cycles, steps
from humanpose.measures.gait_measures import cycle_table, gait_summary, manner, step_table
from humanpose.measures.gait_sides import gait_sides
from humanpose.sequence import JointAngles, PoseSequence, Timeline
from humanpose.skeleton import ANGLE_NAMES, MARKERS22
from tests.support.corrections import excluding, without
from tests.support.walker import Walker

WALKER = Walker(longer_right=0.1)
RUNNER = Walker(step_s=0.35, step_m=0.9, swing=1.2)


def summary(markers: PoseSequence, events: tuple[Event, ...]) -> pd.DataFrame:
    return gait_summary(markers, events).set_index(["measure", "side"])


@pytest.mark.parametrize("fps", [20.0, 30.0, 120.0, 240.0])
@pytest.mark.parametrize("belt", [False, True])
def test_an_even_walk_has_its_cadence_lengths_and_speed(fps: float, belt: bool) -> None:
    markers = WALKER.markers(fps=fps, belt=belt)
    mean = summary(markers, find_gait_events(markers).items)["mean"]
    assert mean["cadence_steps_per_min", "both"] == pytest.approx(60 / 0.55, rel=0.005)
    assert mean["step_length_m", "r"] == pytest.approx(0.75, abs=0.01)
    assert mean["step_length_m", "l"] == pytest.approx(0.55, abs=0.01)
    assert mean["stride_length_m", "both"] == pytest.approx(1.3, abs=0.01)
    assert mean["speed_m_per_s", "both"] == pytest.approx(0.65 / 0.55, rel=0.01)
    assert manner(markers, find_gait_events(markers).items).on_treadmill == belt


def test_phases_come_exactly_from_the_events_that_are_given() -> None:
    mean = summary(WALKER.markers(), WALKER.events())["mean"]
    swing = 100 * WALKER.swing / 2
    for side in ("r", "l", "both"):
        assert mean["swing_percent", side] == pytest.approx(swing)
        assert mean["stance_percent", side] == pytest.approx(100 - swing)
        assert mean["double_support_percent", side] == pytest.approx(100 - 2 * swing)


def test_cycles_and_steps_are_those_between_landings() -> None:
    cycles, taken = gait_cycles(WALKER.events()), steps(WALKER.events())
    assert [c.side for c in cycles] == ["r", "l"] * 5
    assert [s.side for s in taken] == ["l", "r"] * 5 + ["l"]
    first = cycles[0]
    times = (first.start_s, first.opposite_toe_off_s, first.opposite_strike_s, first.toe_off_s)
    np.testing.assert_allclose(times, 1 + 0.55 * np.array([0, 0.25, 1, 1.25]))


def test_longer_steps_of_one_foot_mirror() -> None:
    markers = WALKER.markers()
    order = list(MARKERS22.mirror)
    mirrored = markers.with_positions(markers.positions[:, order] * [-1, 1, 1])
    here, there = (summary(m, find_gait_events(m).items)["mean"] for m in (markers, mirrored))
    for measure in here.index.levels[0]:
        assert here[measure, "r"] == pytest.approx(there[measure, "l"], rel=1e-6)


def test_a_runners_contact_times_are_not_given() -> None:
    for belt in (False, True):
        markers = RUNNER.markers(belt=belt)
        events = find_gait_events(markers).items
        assert manner(markers, events).runs
        table = summary(markers, events)
        stance, stride = table.loc[("stance_percent", "r")], table.loc[("stride_length_m", "r")]
        assert np.isnan(stance["mean"])
        assert stance["reason"].startswith("the person runs: contact times")
        assert table.loc[("cadence_steps_per_min", "r"), "mean"] == pytest.approx(
            171.4, abs=0.5
        )
        assert np.isnan(stride["mean"]) == belt
        assert stride["reason"].startswith("the person runs on a treadmill") == belt


def test_a_leg_without_a_complete_cycle_has_no_figures() -> None:
    strikes = tuple(e for e in WALKER.events() if e.kind == "heel_strike")
    table = summary(WALKER.markers(), strikes[:2])
    assert table["mean"].isna().all()
    assert set(table.loc[(slice(None), "l"), "reason"]) == {"no complete cycle of the left leg"}
    assert set(table.loc[(slice(None), "both"), "reason"]) == {
        "no complete cycle of either leg"
    }
    three = summary(WALKER.markers(), strikes[:3])
    assert three.loc[("stride_time_s", "r"), "mean"] == pytest.approx(1.1)
    assert three.loc[("stride_time_s", "r"), "reason"] == "one alone has no standard deviation"
    assert three.loc[("step_length_m", "r"), "mean"] == pytest.approx(0.75, abs=0.01)
    assert np.isnan(three.loc[("step_length_m", "l"), "mean"])
    assert three.loc[("stride_time_s", "both"), "reason"] == "no complete cycle of the left leg"
    nothing = summary(WALKER.markers(), ())
    assert np.isnan(nothing["mean"]).all()
    assert (nothing["reason"] != "").all()


@pytest.mark.parametrize("start_s", [0.0, 0.4, 1.1, 2.0])
@pytest.mark.parametrize("length_s", [0.8, 1.2, 2.0, 3.0, 5.0])
def test_a_short_walk_has_figures_of_its_complete_cycles_alone(
    start_s: float, length_s: float
) -> None:
    markers = part(WALKER.markers(), start_s, start_s + length_s)
    events = find_gait_events(markers).items
    cycles = counted_cycles(events)
    table = summary(markers, events)
    for side in SIDES:
        figures = table.xs(side, level="side")
        assert figures["mean"].notna().any() == (cycles[side] > 0)
        assert (figures.loc["cadence_steps_per_min", "count"]) == cycles[side]
    if length_s < 1.3:  # a cycle lasts 1.1 s, and its two ends want to be seen
        assert table["mean"].isna().all()
    apart = gait_sides(markers, events)
    assert set(apart["verdict"]) <= {"not known", "not judged", "within error"}


def part(markers: PoseSequence, start_s: float, end_s: float) -> PoseSequence:
    first, last = (round(t * markers.timeline.fps) for t in (start_s, end_s))
    own = slice(first, min(last, len(markers)))
    timeline = Timeline(own.stop - first, markers.timeline.fps, start_s)
    return PoseSequence(
        markers.positions[own], markers.confidence[own], timeline, markers.skeleton
    )


def test_a_missing_event_costs_what_needs_it_alone() -> None:
    events = WALKER.events()
    off = next(e for e in events if e.kind == "toe_off" and e.side == "r" and e.time_s > 1)
    table = cycle_table(WALKER.markers(), without(events, off))
    lost = table[table["stance_percent"].isna()]
    assert len(lost) == 1
    assert np.isfinite(lost["stride_length_m"]).all()
    reason = summary(WALKER.markers(), without(events, off)).loc[
        ("stance_percent", "r"), "reason"
    ]
    assert reason == "in 1 of 5 an event or the place of a foot is missing"


def test_a_missing_landing_makes_no_double_cycle() -> None:
    events = WALKER.events()
    strike = [e for e in events if e.kind == "heel_strike" and e.side == "r"][2]
    cycles = gait_cycles(without(events, strike))
    assert max(c.end_s - c.start_s for c in cycles) < 1.2
    assert len(cycles) == 8


def test_measures_follow_the_users_corrections() -> None:
    markers, events = WALKER.markers(), WALKER.events()
    strike = [e for e in events if e.kind == "heel_strike" and e.side == "l"][1]
    assert summary(markers, excluding(events, strike)).loc[("stride_time_s", "l"), "count"] == 4
    moved = replace(strike, time_s=strike.time_s + 0.1)
    later = step_table(markers, (*without(events, strike), moved))
    assert later["step_time_s"].max() == pytest.approx(0.65)


def test_hardly_seen_feet_are_named() -> None:
    markers = WALKER.markers()
    table = summary(replace(markers, confidence=markers.confidence * 0.3), WALKER.events())
    np.testing.assert_allclose(table["confidence"], 0.3)
    assert (table["reason"] == "the feet are hardly seen").all()


def test_curves_follow_each_foots_own_cycles() -> None:
    timeline = WALKER.markers(fps=60.0).timeline
    phase = 2 * np.pi * (timeline.time_s - 1.0) / 1.1
    degrees = np.repeat(np.cos(phase)[:, None], len(ANGLE_NAMES), axis=1)
    angles = JointAngles(degrees, np.ones(degrees.shape), timeline)
    curves = gait_curves(angles, WALKER.events())
    wave = np.cos(2 * np.pi * np.arange(101) / 100)
    np.testing.assert_allclose(curves["r"].mean[:, 6], wave, atol=0.01)
    np.testing.assert_allclose(curves["l"].mean[:, 6], -wave, atol=0.01)


def test_the_sample_clip_walks_over_ground(sample: Analysis) -> None:
    events = find_gait_events(sample.markers).items
    how = manner(sample.markers, events)
    assert not how.runs
    assert not how.on_treadmill
    mean = summary(sample.markers, events)["mean"]
    assert mean["step_time_s", "both"] == pytest.approx(0.54, abs=0.03)
    assert mean["stride_length_m", "r"] == pytest.approx(1.09, rel=0.2)
