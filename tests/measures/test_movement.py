"""What a preset finds, shows and sums up."""

from dataclasses import replace

import numpy as np
import pytest

from humanpose import Analysis
from humanpose.measures.movement import (
    find_items,
    repetition_summary,
    side_curves,
)
from humanpose.measures.presets import PRESETS, columns_of
from humanpose.measures.repetitions import Repetition
from humanpose.sequence import JointAngles, Timeline
from humanpose.skeleton import ANGLE_NAMES
from tests.support.corrections import excluding
from tests.support.synthetic import synthetic_analysis
from tests.support.walker import Walker


def moving(depths_deg: tuple[float, ...], *, right: str, left: str) -> JointAngles:
    """2-second bends of these depths, the left half as deep; all else at rest."""
    timeline = Timeline(1 + 60 * len(depths_deg), 30.0)
    degrees = np.zeros((timeline.frames, len(ANGLE_NAMES)))
    wave = (1 - np.cos(2 * np.pi * timeline.time_s / 2)) / 2
    depth = np.append(np.repeat(depths_deg, 60), depths_deg[-1])
    degrees[:, ANGLE_NAMES.index(right)] = depth * wave
    degrees[:, ANGLE_NAMES.index(left)] = depth * wave / 2
    return JointAngles(degrees, np.full(degrees.shape, 0.9), timeline)


def analysis_of(angles: JointAngles) -> Analysis:
    analysis = synthetic_analysis(timeline=angles.timeline)
    return replace(analysis, refined=replace(analysis.refined, angles=angles))


SQUATS = moving((80.0, 100.0, 90.0), right="knee_angle_r", left="knee_angle_l")


def test_every_preset_shows_angles_that_exist_and_tells_by_some_of_them() -> None:
    for preset in PRESETS.values():
        assert set(preset.columns) <= set(ANGLE_NAMES)
        assert set(preset.told_by) <= set(preset.movements)
        assert bool(preset.told_by) == (preset.repeats not in ("nothing", "gait"))
    assert len(PRESETS["overview"].columns) == 36
    assert columns_of("knee_angle") == ("knee_angle_r", "knee_angle_l")
    assert columns_of("pelvis_tilt") == ("pelvis_tilt",)


def test_three_squats_are_found_and_summed_up() -> None:
    found = find_items(analysis_of(SQUATS), PRESETS["squat"])
    repetitions = [item for item in found.items if isinstance(item, Repetition)]
    assert [r.turn_s for r in repetitions] == pytest.approx([1, 3, 5])
    summary = repetition_summary(SQUATS, repetitions, ["knee_angle_r", "knee_angle_l"])
    assert summary.loc["knee_angle_r_maximum_deg", "mean"] == pytest.approx(90)
    assert summary.loc["knee_angle_r_maximum_deg", "sd"] == pytest.approx(10)
    assert summary.loc["knee_angle_l_maximum_deg", "mean"] == pytest.approx(45)
    assert summary.loc["duration_s", "count"] == 3


def test_an_excluded_repetition_is_not_in_the_mean() -> None:
    items = tuple(Repetition(2.0 * i, 2 * i + 1.0, 2 * i + 2.0) for i in range(3))
    summary = repetition_summary(SQUATS, excluding(items, items[1]), ["knee_angle_r"])
    assert summary.loc["knee_angle_r_maximum_deg", "mean"] == pytest.approx(85)
    assert len(side_curves(SQUATS, excluding(items, items[1]))["r"].degrees) == 2


def test_repetitions_have_one_mean_curve_for_both_sides() -> None:
    curves = side_curves(SQUATS, (Repetition(0, 1, 2), Repetition(2, 3, 4)))
    assert curves["r"] is curves["l"]
    at = ANGLE_NAMES.index("knee_angle_r")
    assert curves["r"].mean[50, at] == pytest.approx(90)
    assert curves["r"].sd[50, at] == pytest.approx(np.std([80, 100], ddof=1))


def test_the_busiest_arm_is_counted() -> None:
    raises = moving((60.0, 60.0), right="elbow_flex_l", left="arm_flex_r")
    assert len(find_items(analysis_of(raises), PRESETS["upper_limb"]).items) == 2
    hidden = replace(raises, confidence=np.full_like(raises.confidence, 0.3))
    assert find_items(analysis_of(hidden), PRESETS["upper_limb"]).reason


def test_gait_is_found_and_each_foot_has_its_own_cycles() -> None:
    markers = Walker().markers(fps=60.0)
    analysis = replace(
        synthetic_analysis(timeline=markers.timeline),
        refined=replace(synthetic_analysis(timeline=markers.timeline).refined, markers=markers),
    )
    events = find_items(analysis, PRESETS["gait"]).items
    curves = side_curves(analysis.joint_angles, events)
    assert len(curves["r"].degrees) == len(curves["l"].degrees) == 5


def test_nothing_is_looked_for_in_an_overview() -> None:
    assert find_items(synthetic_analysis(20), PRESETS["overview"]).items == ()
