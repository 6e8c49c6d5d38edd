"""Gait events: against constructed steps, a rendered walk, and force plates."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from humanpose import Analysis
from humanpose.markers.input_markers import markers_of
from humanpose.measures.events import Event, find_gait_events, heading
from humanpose.sequence import Floats, PoseSequence, Timeline
from humanpose.skeleton import COCO17, MARKERS22, MEDIAPIPE33
from tests.support.body import body
from tests.support.laboratory import walk
from tests.support.unpacked import unpack
from tests.support.walker import Walker

RENDERED = (
    Event(4.950, "r", "toe_off"), Event(5.382, "r", "heel_strike"),
    Event(5.490, "l", "toe_off"), Event(5.922, "l", "heel_strike"),
    Event(6.030, "r", "toe_off"), Event(6.462, "r", "heel_strike"),
    Event(6.570, "l", "toe_off"),
)  # fmt: skip
"""Of the sample clip: ``train.synth.sample.WALK``, but for the step that closes up."""


SIDESTEP_S = 2.0
"""Before, the person in Camargo's trial steps sideways into place."""


def true_markers(points: Floats) -> PoseSequence:
    """The 22 markers of the sample's 23 true points."""
    pose = np.full((len(points), len(MEDIAPIPE33), 3), np.nan)
    parts = ("heel", "foot_index", "small_toe")
    names = (
        *COCO17.joints,
        *(f"{side}_{part}" for part in parts for side in ("left", "right")),
    )
    for name, path in zip(names, points.swapaxes(0, 1), strict=True):
        if name in MEDIAPIPE33.joints:
            pose[:, MEDIAPIPE33.index(name)] = path
    known = np.isfinite(pose[..., 0]).astype(float)
    return markers_of(PoseSequence(pose, known, Timeline(len(pose), 30.0), MEDIAPIPE33))


def errors_ms(found: Sequence[Event], true: Sequence[Event], kind: str) -> Floats:
    """Of every true event of that kind, which all must have been found within 0.2 s."""
    errors = []
    for event in (e for e in true if e.kind == kind):
        times = [f.time_s for f in found if (f.side, f.kind) == (event.side, kind)]
        errors.append(min((t - event.time_s for t in times), key=abs, default=np.inf))
    assert np.max(np.abs(errors)) < 0.2
    return np.array([1000 * error for error in errors], dtype=np.float64)


def mirrored(markers: PoseSequence) -> PoseSequence:
    """The same movement as in a mirror, left and right exchanged."""
    order = list(MARKERS22.mirror)
    return replace(
        markers,
        positions=markers.positions[:, order] * [-1, 1, 1],
        confidence=markers.confidence[:, order],
    )


@pytest.mark.parametrize("fps", [20.0, 29.97, 60.0, 120.0, 240.0])
def test_the_steps_of_a_stick_person_are_found(fps: float) -> None:
    walker = Walker()
    found = find_gait_events(walker.markers(fps=fps))
    assert len(found.items) == len(walker.events())
    assert found.reason == ""
    for kind in ("heel_strike", "toe_off"):
        off = errors_ms(found.items, walker.events(), kind)
        assert np.abs(off).max() < 40
        assert np.ptp(off) < 8


@pytest.mark.parametrize("heading_deg", [0.0, 90.0, -135.0])
def test_the_direction_of_walking_does_not_matter(heading_deg: float) -> None:
    walker = Walker()
    found = find_gait_events(walker.markers(heading_deg=heading_deg)).items
    assert [(e.side, e.kind) for e in found] == [(e.side, e.kind) for e in walker.events()]
    angle = np.radians(heading_deg)
    toward = heading(walker.markers(heading_deg=heading_deg))[60:-60]
    np.testing.assert_allclose(
        toward, [[np.sin(angle), np.cos(angle)]] * len(toward), atol=0.02
    )


def test_on_a_treadmill_the_events_are_the_same() -> None:
    ground, belt = (find_gait_events(Walker().markers(belt=b)).items for b in (False, True))
    assert [(e.side, e.kind) for e in ground] == [(e.side, e.kind) for e in belt]
    np.testing.assert_allclose([e.time_s for e in ground], [e.time_s for e in belt], atol=0.005)


def test_the_mirrored_walk_has_its_events_on_the_other_side() -> None:
    markers = Walker(longer_right=0.1).markers()
    here, there = find_gait_events(markers).items, find_gait_events(mirrored(markers)).items
    other = {"r": "l", "l": "r"}
    assert [(e.time_s, e.kind) for e in here] == [(e.time_s, e.kind) for e in there]
    assert [other[e.side] for e in here] == [e.side for e in there]


def test_noise_of_a_centimetre_costs_a_few_hundredths_of_a_second() -> None:
    markers, noise = Walker().markers(fps=30.0), np.random.default_rng(1)
    shaken = markers.positions + 0.01 * noise.standard_normal(markers.positions.shape)
    found = find_gait_events(markers.with_positions(shaken)).items
    for kind in ("heel_strike", "toe_off"):
        assert np.abs(errors_ms(found, Walker().events(), kind)).mean() < 50


def test_a_squat_and_standing_are_no_steps() -> None:
    bend = 50 - 50 * np.cos(np.linspace(0, 6 * np.pi, 240))
    angles = {"pelvis_tilt": -0.2 * bend}
    angles |= {f"{joint}_{s}": bend for s in "rl" for joint in ("hip_flexion", "knee_angle")}
    for markers in (body(angles, frames=240), body({}, frames=240)):
        found = find_gait_events(markers)
        assert found.items == ()
        assert found.reason.startswith("no foot swings past the other")


def test_walking_backwards_is_refused() -> None:
    forwards = Walker().markers()
    found = find_gait_events(forwards.with_positions(forwards.positions[::-1]))
    assert found.items == ()
    assert found.reason == "the person walks backwards or sideways, which is not supported"


def test_a_gap_loses_its_own_events_and_says_so() -> None:
    markers = Walker().markers()
    markers.positions[180:220, MARKERS22.index("LHeel")] = np.nan
    found = find_gait_events(markers)
    whole = find_gait_events(Walker().markers()).items
    assert 0 < len(whole) - len(found.items) <= 4
    assert found.reason == "where hips, legs or feet are not seen, events are missing"


def test_somebody_never_seen_makes_no_steps() -> None:
    markers = Walker().markers()
    nowhere = find_gait_events(markers.with_positions(markers.positions * np.nan))
    assert nowhere.items == ()
    assert nowhere.reason == "hips, legs and feet are never seen together for half a second"
    markers.positions[:, MARKERS22.indices("RKnee", "LKnee")] = np.nan
    assert find_gait_events(markers).reason == nowhere.reason


def test_the_rendered_walk_is_found_in_its_truth(sample_truth: dict[str, Floats]) -> None:
    markers = true_markers(sample_truth["joints_world"].astype(float))
    found = find_gait_events(markers)
    assert [(e.side, e.kind) for e in found.items] == [(e.side, e.kind) for e in RENDERED]
    assert np.abs(errors_ms(found.items, RENDERED, "heel_strike")).max() < 20
    assert np.abs(errors_ms(found.items, RENDERED, "toe_off")).max() < 40


def test_the_walk_in_the_sample_clip_is_found_from_the_picture(sample: Analysis) -> None:
    found = find_gait_events(sample.markers)
    assert np.abs(errors_ms(found.items, RENDERED, "heel_strike")).max() < 60
    assert np.abs(errors_ms(found.items, RENDERED, "toe_off")).mean() < 60
    assert len(found.items) == len(RENDERED)


def test_events_are_near_those_of_force_plates(tmp_path: Path) -> None:
    trials = {f"walking{i}": "opencap_unfiltered" for i in (2, 3, 4)}
    trials["levelground_ccw_fast_01_01"] = "camargo"
    endings = [f"{trial}{end}" for trial in trials for end in (".trc", "_grf.mot")]
    folder = unpack("opensim", tmp_path, *endings)
    off: dict[str, list[float]] = {"heel_strike": [], "toe_off": []}
    for trial, laboratory in trials.items():
        markers, true = walk(folder, laboratory, trial)
        true = tuple(
            event for event in true if laboratory != "camargo" or event.time_s > SIDESTEP_S
        )
        found = find_gait_events(markers).items
        for kind, so_far in off.items():
            if any(event.kind == kind for event in true):
                so_far.extend(errors_ms(found, true, kind))
    assert [len(values) for values in off.values()] == [8, 8]
    assert np.abs(off["heel_strike"]).mean() < 35
    assert np.abs(off["toe_off"]).mean() < 20
