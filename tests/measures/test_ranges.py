"""Range, extremes and speed of angles whose answers are known in closed form."""

from dataclasses import replace

import numpy as np
import pytest

from humanpose.measures.ranges import (
    angle_measures,
    angular_acceleration,
    angular_velocity,
)
from humanpose.sequence import Floats, JointAngles, Timeline
from humanpose.skeleton import ANGLE_NAMES
from tests.support.synthetic import ABSENT, synthetic_angles

RATES = (20.0, 25.0, 29.97, 60.0, 120.0, 240.0)


def sines(*, fps: float = 60.0, hz: float = 1.0, amplitude: float = 40.0) -> JointAngles:
    """Four seconds of the same sine in every angle, about 10°, measured throughout."""
    timeline = Timeline(round(4 * fps), fps, start_s=2.0)
    curve = 10 + amplitude * np.sin(2 * np.pi * hz * (timeline.time_s - 2.0))
    degrees = np.repeat(curve[:, None], len(ANGLE_NAMES), axis=1)
    return JointAngles(degrees, np.full(degrees.shape, 0.9), timeline)


def with_curve(angles: JointAngles, name: str, curve: Floats) -> JointAngles:
    degrees = angles.degrees.copy()
    degrees[:, ANGLE_NAMES.index(name)] = curve
    return replace(angles, degrees=degrees)


@pytest.mark.parametrize("fps", RATES)
def test_a_sine_has_its_range_extremes_and_mean(fps: float) -> None:
    knee = angle_measures(sines(fps=fps)).loc["knee_angle_r"]
    assert knee["range_deg"] == pytest.approx(80, rel=0.02)
    assert knee["maximum_deg"] == pytest.approx(50, rel=0.02)
    assert knee["minimum_deg"] == pytest.approx(-30, rel=0.02)
    assert knee["mean_deg"] == pytest.approx(10, abs=0.01)
    assert (knee["maximum_at_s"] - 2.0) % 1 == pytest.approx(0.25, abs=0.5 / fps)
    assert (knee["minimum_at_s"] - 2.0) % 1 == pytest.approx(0.75, abs=0.5 / fps)


@pytest.mark.parametrize("fps", RATES)
def test_a_sine_has_its_speed_and_acceleration(fps: float) -> None:
    knee = angle_measures(sines(fps=fps)).loc["knee_angle_r"]
    w = 2 * np.pi
    for sign, word in ((1, "maximum"), (-1, "minimum")):
        assert knee[f"{word}_velocity_deg_per_s"] == pytest.approx(sign * 40 * w, rel=0.02)
        assert knee[f"{word}_acceleration_deg_per_s2"] == pytest.approx(
            sign * 40 * w**2, rel=0.05
        )


@pytest.mark.parametrize("fps", RATES[1:])
def test_derivatives_pass_at_any_frame_rate_what_the_docstring_says(fps: float) -> None:
    inner = slice(round(fps), -round(fps))
    for hz, passed in ((2.0, 0.99), (3.0, 0.97), (6.0, 0.70)):
        angles = sines(fps=fps, hz=hz)
        fastest = np.ptp(angular_velocity(angles)[inner, 0]) / 2
        tolerance = 0.3 if hz == 6 and fps < 30 else 0.03
        assert fastest / (2 * np.pi * hz * 40) == pytest.approx(passed, abs=tolerance)


def test_a_constant_speed_has_no_acceleration() -> None:
    angles = sines()
    ramp = with_curve(angles, "arm_flex_l", 30 * angles.timeline.time_s)
    i = ANGLE_NAMES.index("arm_flex_l")
    np.testing.assert_allclose(angular_velocity(ramp)[:, i], 30, atol=1e-8)
    np.testing.assert_allclose(angular_acceleration(ramp)[:, i], 0, atol=1e-6)


def test_a_derivative_never_reaches_across_a_gap() -> None:
    angles = sines()
    curve = angles.curve("knee_angle_r").copy()
    curve[100:110] = np.nan
    curve[110:] += 500
    velocity = angular_velocity(with_curve(angles, "knee_angle_r", curve))
    i = ANGLE_NAMES.index("knee_angle_r")
    assert np.isnan(velocity[100:110, i]).all()
    assert np.nanmax(np.abs(velocity[:, i])) < 1.05 * 40 * 2 * np.pi


def test_absent_and_inferred_angles_say_so() -> None:
    table = angle_measures(synthetic_angles(Timeline(60, 30.0)))
    knee, tilt, absent = (table.loc[n] for n in ("knee_angle_r", "pelvis_tilt", "pro_sup_l"))
    assert (knee["kind"], knee["reason"], knee["confidence"]) == ("measured", "", 0.9)
    assert tilt["kind"] == "inferred"
    assert "100 % of the time" in tilt["reason"]
    assert tilt["confidence"] == pytest.approx(0.3)
    assert absent["kind"] == "absent"
    assert absent["reason"]
    assert np.isnan(absent["range_deg"])
    assert np.isnan(absent["maximum_velocity_deg_per_s"])
    assert set(table.index[table["kind"] == "absent"].str[:-2]) == set(ABSENT)


def test_a_range_whose_extreme_is_inferred_is_inferred() -> None:
    angles = sines()
    confidence = angles.confidence.copy()
    confidence[int(np.argmax(angles.curve("arm_flex_r"))), :] = 0.3
    assert set(angle_measures(replace(angles, confidence=confidence))["kind"]) == {"inferred"}


def test_a_gap_may_hide_an_extreme_and_the_reason_says_so() -> None:
    angles = sines()
    curve = angles.curve("knee_angle_r").copy()
    curve[:60] = np.nan
    knee = angle_measures(with_curve(angles, "knee_angle_r", curve)).loc["knee_angle_r"]
    assert knee["kind"] == "measured"
    assert "25 % of the time: an extreme may be missed" in knee["reason"]


def test_measures_of_a_part_of_the_clip_keep_clip_time() -> None:
    table = angle_measures(sines(), start_s=3.0, end_s=3.4)
    assert table.loc["knee_angle_r", "maximum_at_s"] == pytest.approx(3.25, abs=0.01)
    assert table.loc["knee_angle_r", "minimum_deg"] > 9


def test_the_deviation_is_carried_where_it_is_known() -> None:
    angles = sines()
    unknown = angle_measures(angles)[["deviation_deg", "range_deviation_deg"]]
    assert unknown.isna().all(axis=None)
    sure = replace(angles, deviation=np.full(angles.degrees.shape, 4.0))
    measures = angle_measures(sure)
    assert (measures["deviation_deg"] == 4.0).all()
    np.testing.assert_allclose(measures["range_deviation_deg"], 4 * np.sqrt(2))
