"""The recognised movement: of a stick person whose movement is known, and of filmed people."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from humanpose import Analysis
from humanpose.measures.arms import find_arm_repetitions
from humanpose.measures.balance import sits
from humanpose.measures.jumps import find_jumps, pelvis_rise_m
from humanpose.measures.movement import find_items
from humanpose.measures.own_measures import (
    FLIGHT_HEIGHT,
    PELVIS_RISE,
    error_of,
    not_told,
    own_measures,
)
from humanpose.measures.presets import PRESETS
from humanpose.measures.recognise import NOT_RECOGNISED, Recognised, recognise
from humanpose.measures.single_leg import find_single_leg_squats, standing_side
from humanpose.world.contact import FOOT_POINTS
from tests.support import mover
from tests.support.laboratory import flights
from tests.support.mover import Mover, waves
from tests.support.synthetic import synthetic_analysis
from tests.support.unpacked import unpack
from tests.support.walker import Walker

MOVERS: dict[str, Callable[[], Mover]] = {
    "squat": mover.squats,
    "sit_to_stand": mover.rises,
    "jump": mover.jumps,
    "upper_limb": mover.arm_raises,
    "single_leg_squat": mover.single_leg_squats,
}


def walk(**how: float) -> Analysis:
    markers = Walker(**how).markers()  # type: ignore[arg-type]
    plain = synthetic_analysis(timeline=markers.timeline)
    return replace(plain, refined=replace(plain.refined, markers=markers))


@pytest.mark.parametrize("name", MOVERS)
def test_each_movement_is_told_and_counted(name: str) -> None:
    analysis = MOVERS[name]().analysis()
    assert recognise(analysis).preset == name
    count = len(find_items(analysis, PRESETS[name]).items)
    assert count == (1 if name == "jump" else 3)


@pytest.mark.parametrize("swing", [0.75, 1.1])
def test_who_walks_or_runs_does_not_jump(swing: float) -> None:
    analysis = walk(swing=swing, step_s=0.55 if swing < 1 else 0.35)
    assert recognise(analysis).preset == "gait"
    assert not find_jumps(analysis.markers).items


def test_feet_that_are_hidden_jitter_and_do_not_jump() -> None:
    squats = mover.squats(deep_m=0.45)
    noise = np.random.default_rng(3).normal(0, 0.06, (len(squats.down), 4))
    markers = squats.markers()
    at = markers.skeleton.indices(*FOOT_POINTS)
    positions = markers.positions.copy()
    positions[:, at, 1] += noise
    jittery = markers.with_positions(positions)
    assert not find_jumps(jittery).items
    drifts = 0.1 * waves(3, fps=30.0, seconds=2.0)  # and all of the body comes up with them
    positions = markers.positions + np.roll(drifts, 30)[:, None, None] * [0, 1, 0]
    assert not find_jumps(markers.with_positions(positions)).items


def test_what_is_not_known_is_not_named() -> None:
    still = Mover(30.0, np.zeros(90))
    assert recognise(still.analysis()) == Recognised(
        NOT_RECOGNISED, "no movement that we know is found"
    )
    half = mover.squats(count=1)
    goes_down = replace(
        half, **{n: getattr(half, n)[:60] for n in ("down", "back", "lean_deg")}
    )
    assert recognise(goes_down.analysis()).preset == NOT_RECOGNISED
    nobody = synthetic_analysis(40, missing=range(40))
    assert recognise(nobody).preset == NOT_RECOGNISED


def test_a_seat_is_told_from_the_mass_behind_the_heels_however_the_camera_is_tilted() -> None:
    for tilt_deg in (-10, 0, 10):
        turn = Rotation.from_euler("z", tilt_deg, degrees=True).as_matrix()
        for name, expected in (("squat", False), ("sit_to_stand", True)):
            markers = MOVERS[name]().markers()
            assert sits(markers.with_positions(markers.positions @ turn.T)) is expected


@pytest.mark.parametrize("fps", [60.0, 240.0])
def test_a_jump_has_its_flight_and_the_pelvis_rises_by_what_it_did(fps: float) -> None:
    markers = mover.jumps(fps=fps, flight_s=0.5).markers()
    (jump,) = find_jumps(markers).items
    assert jump.turn_s == pytest.approx(2.25, abs=0.02)
    assert jump.end_s - jump.start_s == pytest.approx(0.5, abs=0.08)
    assert pelvis_rise_m(markers, jump) == pytest.approx(9.81 * 0.25 / 8, abs=0.01)


def test_a_height_from_flight_time_takes_120_frames_a_second() -> None:
    slow, fast = (mover.jumps(fps=fps).analysis() for fps in (60.0, 120.0))
    jump = PRESETS["jump"]
    tables = {a: own_measures(a, jump, find_jumps(a.markers).items) for a in (slow, fast)}
    assert np.isnan(tables[slow][FLIGHT_HEIGHT]).all()
    assert "film with 120 frames/s or more" in not_told(slow, jump)
    flight_s = find_jumps(fast.markers).items[0]
    expected = 100 * 9.81 * (flight_s.end_s - flight_s.start_s) ** 2 / 8
    assert tables[fast][FLIGHT_HEIGHT].item() == pytest.approx(expected)
    assert error_of(fast, jump, FLIGHT_HEIGHT, expected) == pytest.approx(5.2, abs=0.5)
    assert not_told(fast, jump) == ""
    assert tables[slow][PELVIS_RISE].item() == pytest.approx(30.7, abs=1)


def test_squats_on_one_leg_are_those_of_the_leg_that_stands() -> None:
    analysis = mover.single_leg_squats().analysis()
    (squat, *_) = squats = find_single_leg_squats(analysis.joint_angles, analysis.markers).items
    assert standing_side(analysis.markers, squat) == "r"
    table = own_measures(analysis, PRESETS["single_leg_squat"], squats)
    assert (table["standing_knee_r_deg"] > 40).all()
    assert table["standing_knee_l_deg"].isna().all()
    assert table["depth_percent"].to_numpy() == pytest.approx(18, abs=1)


def test_an_arm_is_raised_as_far_as_it_is_whichever_way() -> None:
    analysis = mover.arm_raises(raised_deg=150.0).analysis()
    found = find_arm_repetitions(analysis.joint_angles, least_deg=60).items
    table = own_measures(analysis, PRESETS["upper_limb"], found)
    assert table["elevation_r_deg"].to_numpy() == pytest.approx(145, abs=10)


def test_flights_of_a_laboratorys_jumps_are_those_of_its_force_plates(tmp_path: Path) -> None:
    trials = ("DJ1", "DJ4", "DJ5")
    folder = unpack(
        "opensim", tmp_path, *(f"{t}{e}" for t in trials for e in (".trc", "_grf.mot"))
    )
    for trial in trials:
        markers, off_s = flights(folder, "opencap_unfiltered", trial)
        jump = find_jumps(markers).items[-1]
        assert jump.end_s - jump.start_s == pytest.approx(off_s[-1], abs=0.07), trial


def test_the_sample_squats_longer_than_it_walks(sample: Analysis) -> None:
    assert recognise(sample).preset == "squat"
