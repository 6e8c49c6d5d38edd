"""Curves over 0-100 % of a cycle."""

import numpy as np
import pytest

from humanpose.measures.cycles import PERCENT, cycle_curves
from humanpose.measures.repetitions import Repetition
from humanpose.sequence import JointAngles, Timeline
from humanpose.skeleton import ANGLE_NAMES
from tests.support.corrections import excluding

KNEE = ANGLE_NAMES.index("knee_angle_r")


def waves(*, fps: float, period_s: float = 1.1, growth: float = 0.0) -> JointAngles:
    """Six seconds of one wave per cycle, each ``growth`` deg higher than the one before."""
    timeline = Timeline(round(6 * fps), fps, start_s=3.0)
    phase = (timeline.time_s - 3.0) / period_s
    curve = 30 - 30 * np.cos(2 * np.pi * phase) + growth * np.floor(phase + 1e-9)
    degrees = np.repeat(curve[:, None], len(ANGLE_NAMES), axis=1)
    return JointAngles(degrees, np.ones(degrees.shape), timeline)


def cycles(period_s: float = 1.1, count: int = 5) -> tuple[Repetition, ...]:
    starts = 3.0 + period_s * np.arange(count)
    return tuple(Repetition(s, s + period_s / 2, s + period_s) for s in starts.tolist())


@pytest.mark.parametrize("fps", [20.0, 30.0, 59.94, 240.0])
def test_equal_cycles_have_their_curve_as_mean_and_no_spread(fps: float) -> None:
    curves = cycle_curves(waves(fps=fps), cycles())
    expected = 30 - 30 * np.cos(2 * np.pi * PERCENT / 100)
    np.testing.assert_allclose(curves.mean[:, KNEE], expected, atol=0.3)
    assert curves.sd.max() < 0.3
    assert (curves.count == 5).all()
    assert curves.reason == ""


def test_the_spread_between_cycles_is_the_sample_standard_deviation() -> None:
    angles = waves(fps=100.0, period_s=1.0, growth=4.0)
    curves = cycle_curves(angles, cycles(1.0))
    np.testing.assert_allclose(curves.sd[50, KNEE], 4 * np.std(range(5), ddof=1), atol=0.01)
    np.testing.assert_allclose(curves.mean[50, KNEE], 60 + 4 * 2, atol=0.01)


def test_an_excluded_cycle_does_not_count() -> None:
    all_five = cycles()
    curves = cycle_curves(waves(fps=60.0), excluding(all_five, all_five[2]))
    assert len(curves.degrees) == 4


def test_a_cycle_with_a_gap_is_left_out_for_that_angle_alone() -> None:
    angles = waves(fps=60.0)
    angles.degrees[80:90, KNEE] = np.nan
    curves = cycle_curves(angles, cycles())
    assert curves.count[KNEE] == 4
    assert curves.count[KNEE + 1] == 5
    assert np.isfinite(curves.mean).all()
    assert "1 of 5 cycles" in curves.reason


def test_a_cycle_beyond_the_clip_is_left_out() -> None:
    curves = cycle_curves(waves(fps=60.0), (Repetition(8.5, 9.0, 9.6),))
    assert np.isnan(curves.mean).all()
    assert "the clip ends" in curves.reason


def test_no_cycle_and_one_cycle_say_what_is_missing() -> None:
    nothing = cycle_curves(waves(fps=60.0), ())
    assert np.isnan(nothing.mean).all()
    assert nothing.reason == "there is no complete cycle"
    one = cycle_curves(waves(fps=60.0), cycles(count=1))
    assert np.isfinite(one.mean).all()
    assert np.isnan(one.sd).all()
    assert one.reason == "one cycle has no standard deviation"


def test_the_table_names_angles_and_units() -> None:
    table = cycle_curves(waves(fps=60.0), cycles()).table(["knee_angle_r", "hip_flexion_l"])
    assert list(table.columns) == [
        "knee_angle_r_mean_deg", "knee_angle_r_sd_deg",
        "hip_flexion_l_mean_deg", "hip_flexion_l_sd_deg",
    ]  # fmt: skip
    assert table.index.name == "cycle_percent"
    assert table.index[-1] == 100
