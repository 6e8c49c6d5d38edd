"""Repetitions: of constructed curves, of a laboratory's trials and of the sample clip."""

from pathlib import Path

import numpy as np
import pytest

from humanpose import Analysis
from humanpose.measures.repetitions import (
    Repetition,
    find_repetitions,
    find_sit_to_stands,
    find_squats,
    repetition_table,
)
from humanpose.sequence import Floats, JointAngles, Timeline
from humanpose.skeleton import ANGLE_NAMES
from tests.support.unpacked import unpack
from train.convert.mot import read_motion

STARTS = (1.0, 3.0, 6.5, 8.5)
"""The third repetition follows a pause of 1.5 s; each takes 2 s."""


def curls(*, fps: float = 30.0, seconds: float = 12.0, size: float = 90.0) -> Floats:
    """An elbow that bends from 10° and back, four times."""
    time_s = np.arange(round(seconds * fps)) / fps
    bends = [np.clip((time_s - start) / 2, 0, 1) for start in STARTS]
    return 10 + size * sum((np.sin(np.pi * bend) ** 2 for bend in bends), np.zeros(len(time_s)))


def found(curve: Floats, *, fps: float = 30.0, rest: str = "low") -> tuple[Repetition, ...]:
    timeline = Timeline(len(curve), fps)
    return find_repetitions(curve, timeline, rest="high" if rest == "high" else "low").items


@pytest.mark.parametrize("fps", [20.0, 29.97, 60.0, 240.0])
def test_repetitions_are_found_at_their_times(fps: float) -> None:
    items = found(curls(fps=fps), fps=fps)
    np.testing.assert_allclose([r.start_s for r in items], STARTS, atol=0.15)
    np.testing.assert_allclose([r.turn_s for r in items], np.add(STARTS, 1), atol=1 / fps)
    np.testing.assert_allclose([r.end_s for r in items], np.add(STARTS, 2), atol=0.15)


def test_jitter_makes_no_repetitions_and_hides_none() -> None:
    noise = 3 * np.random.default_rng(4).standard_normal(360)
    items = found(curls() + noise)
    assert len(items) == 4
    np.testing.assert_allclose([r.turn_s for r in items], np.add(STARTS, 1), atol=0.15)


def test_rest_can_be_at_the_high_end() -> None:
    up, down = found(curls()), found(-curls(), rest="high")
    assert up == down


def test_a_pause_at_the_turn_and_a_bounce_are_one_repetition() -> None:
    curve = np.interp(np.arange(150), [0, 20, 50, 60, 70, 80, 90, 120, 149],
                      [5, 5, 100, 100, 85, 95, 95, 5, 5])  # fmt: skip
    assert len(found(curve)) == 1


@pytest.mark.parametrize("cut_s", [2.0, 1.7])
def test_a_repetition_that_the_clip_cuts_off_is_not_counted(cut_s: float) -> None:
    curve = curls()[round(cut_s * 30) :]
    result = find_repetitions(curve, Timeline(len(curve), 30.0))
    assert len(result.items) == 3
    backwards = find_repetitions(curve[::-1], Timeline(len(curve), 30.0))
    assert len(backwards.items) == 3


def test_what_was_cut_off_is_said() -> None:
    begins = find_repetitions(curls()[60:], Timeline(300, 30.0))
    assert begins.reason == "the clip begins within a repetition, which is not counted"
    ends = find_repetitions(curls()[:285], Timeline(285, 30.0))
    assert ends.reason == "the clip ends within a repetition, which is not counted"
    assert len(ends.items) == 3


def test_nothing_is_found_where_nothing_moves() -> None:
    still = find_repetitions(curls(size=9.0), Timeline(360, 30.0))
    assert still.items == ()
    assert still.reason == "nothing moves by 15° or more"
    unknown = find_repetitions(np.full(60, np.nan), Timeline(60, 30.0))
    assert unknown.reason == "the angle is not known in this clip"
    once = find_repetitions(np.linspace(0, 90, 60), Timeline(60, 30.0))
    assert once.reason == "the movement doesn't come back to where it started"


def test_a_gap_spoils_the_repetition_that_it_is_in_alone() -> None:
    curve = curls()
    curve[45:55] = np.nan
    curve[170:190] = np.nan
    curve[215:218] = np.nan
    result = find_repetitions(curve, Timeline(360, 30.0))
    assert len(result.items) == 3
    assert "in 1 more the person is not seen" in result.reason


def test_the_table_has_times_and_ranges_or_a_reason() -> None:
    timeline = Timeline(360, 30.0)
    degrees = np.full((360, len(ANGLE_NAMES)), np.nan)
    degrees[:, ANGLE_NAMES.index("elbow_flex_r")] = curls()
    angles = JointAngles(degrees, np.isfinite(degrees).astype(float), timeline)
    items = find_repetitions(angles.curve("elbow_flex_r"), timeline).items
    table = repetition_table(angles, items, ["elbow_flex_r", "pro_sup_r"])
    np.testing.assert_allclose(table["elbow_flex_r_range_deg"], 90, rtol=0.04)
    np.testing.assert_allclose(table["elbow_flex_r_maximum_deg"], 100, atol=0.1)
    np.testing.assert_allclose(table["duration_s"], table["out_s"] + table["back_s"])
    assert np.isnan(table["pro_sup_r_range_deg"]).all()
    assert (table["reason"] == "not known throughout: pro_sup_r").all()


def test_the_laboratorys_squats_and_sit_to_stands_are_counted(tmp_path: Path) -> None:
    trials = {
        "squats1": find_squats, "squatsAsym1": find_squats, "STS1": find_sit_to_stands,
        "STSFast1": find_sit_to_stands, "STSAsym1": find_sit_to_stands,
        "STSweakLegs1": find_sit_to_stands,
    }  # fmt: skip
    folder = unpack("opensim", tmp_path, *(f"Expert1/{name}.mot" for name in trials))
    for name, find in trials.items():
        (path,) = folder.rglob(f"{name}.mot")
        assert len(find(read_motion(path).angles).items) == 5, name


def test_the_sample_has_one_squat_and_its_steps_are_none(
    sample: Analysis, sample_truth: dict[str, Floats]
) -> None:
    true = JointAngles(
        sample_truth["angles"].astype(float), np.ones((228, 36)), sample.timeline
    )
    (expected,) = find_squats(true).items
    (squat,) = find_squats(sample.joint_angles).items
    assert squat.turn_s == pytest.approx(expected.turn_s, abs=0.15)
    assert squat.start_s == pytest.approx(expected.start_s, abs=0.2)
