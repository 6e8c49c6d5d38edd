"""Right against left: figures known in closed form, and what may be called a difference."""

from dataclasses import replace
from functools import cache

import numpy as np
import pandas as pd
import pytest

from humanpose.measures.cycles import CycleCurves
from humanpose.measures.detectable import OWN_RANGE_DEG, of_means, of_two, verdict
from humanpose.measures.events import Side
from humanpose.measures.gait import no_cycle
from humanpose.measures.ranges import angle_measures
from humanpose.measures.sides import (
    cycle_symmetry,
    symmetry,
    symmetry_angle,
    symmetry_index,
)
from humanpose.sequence import Floats, JointAngles, Timeline
from humanpose.skeleton import ANGLE_NAMES
from tests.measures.test_ranges import sines, with_curve
from tests.support.synthetic import synthetic_angles

KNEES = [ANGLE_NAMES.index(f"knee_angle_{side}") for side in "rl"]
PHASE = np.sin(np.linspace(0, np.pi, 101)) ** 2
NAMED = ["right larger", "left larger"]


def errors(degrees: float) -> pd.Series:
    return pd.Series(degrees, index=list(ANGLE_NAMES))


def walk(*, right: float, left: float) -> JointAngles:
    """Four seconds of steps: knees that bend by so much, the rest still."""
    timeline = Timeline(240, 60.0)
    phase = 2 * np.pi * timeline.time_s / 1.1
    degrees = np.zeros((240, len(ANGLE_NAMES)))
    degrees[:, KNEES[0]] = 5 + right * np.sin(phase / 2) ** 2
    degrees[:, KNEES[1]] = 5 + left * np.cos(phase / 2) ** 2
    return JointAngles(degrees, np.full(degrees.shape, 0.9), timeline)


def knee(angles: JointAngles, error_deg: float) -> pd.Series:
    table = symmetry(angle_measures(angles), range_error_deg=errors(error_deg))
    return table.set_index(["angle", "measure"]).loc[("knee_angle", "range")]


@cache
def alike() -> pd.DataFrame:
    """Measures of a walk in which every angle is measured."""
    return angle_measures(walk(right=60, left=60))


def cycles(ranges: Floats) -> CycleCurves:
    """Cycles with these ranges, (N, 36) deg."""
    return CycleCurves(ranges[:, None] * PHASE[:, None])


def over_cycles(right: Floats, left: Floats) -> pd.DataFrame:
    """Right legs whose cycles have the ranges (N, 36), against left ones; by angle."""
    curves: dict[Side, CycleCurves] = {"r": cycles(right), "l": cycles(left)}
    table = cycle_symmetry(curves, alike(), range_error_deg=errors(12.0))
    return table.set_index("angle")


def knees_over_cycles(right: list[float], left: list[float]) -> pd.Series:
    ranges = (np.array(side)[:, None].repeat(len(ANGLE_NAMES), 1) for side in (right, left))
    return over_cycles(*ranges).loc["knee_angle"]


def test_the_minimal_detectable_change_is_weirs() -> None:
    assert of_two(3.0, 4.0) == pytest.approx(1.96 * 5)
    assert of_means(np.full(9, 60.0), np.full(9, 50.0), own_error=5.0) == of_two(5.0, 5.0)
    two = of_means(np.array([58.0, 62.0]), np.array([58.0, 62.0]), own_error=0.0)
    assert two == pytest.approx(4.303 * np.sqrt(8.0), rel=1e-3)  # Student's t, 2 of freedom
    assert np.isnan(of_means(np.array([60.0]), np.array([50.0, 51.0]), own_error=5.0))


def test_a_verdict_is_a_name_only_beyond_the_error() -> None:
    words = {"more": "right larger", "less": "left larger"}
    assert verdict(9.0, 8.0, **words) == "right larger"
    assert verdict(-9.0, 8.0, **words) == "left larger"
    assert verdict(8.0, 8.0, **words) == verdict(-1.0, 8.0, **words) == "within error"
    assert verdict(9.0, np.nan, **words) == "not judged"
    assert verdict(np.nan, 8.0, **words) == "not known"


def test_a_small_difference_of_a_short_walk_is_within_the_error_of_its_range() -> None:
    row = knee(walk(right=60, left=54.7), 11.8)
    assert row["difference_deg"] == pytest.approx(5.3, abs=0.1)
    assert row["mdc_deg"] == pytest.approx(32.7, abs=0.1)
    assert row["verdict"] == "within error"


def test_noise_alone_is_named_in_about_a_twentieth() -> None:
    """Every range of a clip is off by itself; all are as uncertain as the table says."""
    rng, verdicts = np.random.default_rng(0), []
    for _ in range(100):
        measures = alike().assign(range_deg=60 + rng.normal(0, 6.0, len(ANGLE_NAMES)))
        table = symmetry(measures, range_error_deg=errors(6.0))
        verdicts += list(table.loc[table["measure"] == "range", "verdict"])
    assert 0.03 < np.isin(verdicts, NAMED).mean() < 0.07


@pytest.mark.parametrize(("count", "scatter"), [(2, 3.0), (3, 8.0), (8, 8.0)])
def test_noise_over_cycles_is_named_in_no_more_than_a_twentieth(
    count: int, scatter: float
) -> None:
    rng, verdicts = np.random.default_rng(count), []
    for _ in range(60):
        own = rng.normal(60, OWN_RANGE_DEG, (2, len(ANGLE_NAMES)))
        right, left = (rng.normal(side, scatter, (count, len(side))) for side in own)
        verdicts += list(over_cycles(right, left)["verdict"])
    assert np.isin(verdicts, NAMED).mean() < 0.06


def test_a_third_less_is_named_once_a_few_cycles_agree() -> None:
    rng, verdicts = np.random.default_rng(3), []
    for _ in range(10):
        right, left = (rng.normal(mean, 3, (5, len(ANGLE_NAMES))) for mean in (64, 42))
        verdicts += list(over_cycles(right, left)["verdict"])
    assert verdicts.count("right larger") >= 0.95 * len(verdicts)
    one = knees_over_cycles([64.0], [42.0])
    assert one["verdict"] == "within error"
    assert one["mdc_deg"] == pytest.approx(of_two(12.0, 12.0))


def test_a_30_percent_difference_is_named_where_the_range_is_known_well_enough() -> None:
    row = knee(walk(right=60, left=42), 6.0)
    assert row["verdict"] == "right larger"
    assert row["symmetry_index_percent"] == pytest.approx(35.3, abs=0.2)
    assert knee(walk(right=42, left=60), 6.0)["verdict"] == "left larger"


def test_the_error_of_each_side_does_not_shrink_with_more_cycles() -> None:
    limits = [
        knees_over_cycles([58.0, 62.0] * n, [58.0, 62.0] * n)["mdc_deg"] for n in (1, 2, 50)
    ]
    assert limits[0] > limits[1] > limits[2]
    assert limits[2] == pytest.approx(of_two(OWN_RANGE_DEG, OWN_RANGE_DEG), rel=0.01)


def test_a_leg_without_a_cycle_is_not_compared() -> None:
    row = knees_over_cycles([60.0, 61.0], [])
    assert row["reason"] == "no complete cycle of the left leg"
    assert row["verdict"] == "not known"
    assert np.isnan(row["difference_deg"])
    assert (row["cycles_right"], row["cycles_left"]) == (2, 0)
    assert no_cycle(0, 0) == "no complete cycle of either leg"
    assert no_cycle(1, 2) == ""


def test_what_is_inferred_is_not_judged_and_keeps_its_numbers() -> None:
    angles = walk(right=60, left=20)
    row = knee(replace(angles, confidence=np.full(angles.degrees.shape, 0.3)), 1.0)
    assert row["verdict"] == "not judged"
    assert row["difference_deg"] == pytest.approx(40, abs=0.5)
    assert row["reason"] == "inferred on one side or both"


def test_constants_of_each_side_keep_all_but_the_range_from_being_judged() -> None:
    table = symmetry(angle_measures(walk(right=60, left=20)), range_error_deg=errors(1.0))
    others = table[(table["angle"] == "knee_angle") & (table["measure"] != "range")]
    assert set(others["verdict"]) == {"not judged"}


def test_the_symmetry_index_is_robinsons() -> None:
    assert symmetry_index(60.0, 60.0) == 0
    assert symmetry_index(66.0, 54.0) == pytest.approx(20)
    assert symmetry_index(54.0, 66.0) == pytest.approx(-20)
    assert np.isnan(symmetry_index(5.0, -5.0))
    assert np.isnan(symmetry_index(3.0, 1.0, least_mean=5.0))


def test_the_symmetry_angle_is_zifchocks() -> None:
    assert symmetry_angle(60.0, 60.0) == 0
    assert symmetry_angle(2.0, 1.0) == pytest.approx(20.483, abs=1e-3)
    assert symmetry_angle(1.0, 2.0) == pytest.approx(-20.483, abs=1e-3)
    assert symmetry_angle(1.0, 0.0) == pytest.approx(50)
    assert symmetry_angle(1.0, -1.0) == pytest.approx(100)
    assert np.isnan(symmetry_angle(0.0, 0.0))


def test_the_mirrored_person_has_the_opposite_symmetry() -> None:
    angles = with_curve(
        sines(), "knee_angle_l", 20 + sines(amplitude=25).curve("hip_flexion_r")
    )
    swap = [
        ANGLE_NAMES.index(n[:-1] + {"r": "l", "l": "r"}[n[-1]] if n[-2:] in ("_r", "_l") else n)
        for n in ANGLE_NAMES
    ]
    mirrored = replace(angles, degrees=angles.degrees[:, swap])
    here, there = (
        symmetry(angle_measures(a), range_error_deg=errors(5.0)).set_index(["angle", "measure"])
        for a in (angles, mirrored)
    )
    for column in ("difference_deg", "symmetry_index_percent", "symmetry_angle_percent"):
        np.testing.assert_allclose(here[column], -there[column], atol=1e-9)
    knee = here.loc[("knee_angle", "range")]
    assert knee["symmetry_index_percent"] == pytest.approx(100 * 30 / 65, rel=0.01)


def test_symmetry_says_where_it_means_nothing() -> None:
    level = with_curve(sines(), "hip_flexion_r", sines().curve("knee_angle_r") - 12)
    table = symmetry(angle_measures(level), range_error_deg=errors(5.0)).set_index(
        ["angle", "measure"]
    )
    mean = table.loc[("hip_flexion", "mean")]
    assert np.isnan(mean["symmetry_index_percent"])
    assert "differ in sign" in mean["reason"]
    assert mean["difference_deg"] == pytest.approx(-12)
    absent = symmetry(
        angle_measures(synthetic_angles(Timeline(60, 30.0))), range_error_deg=errors(5.0)
    )
    assert (absent.loc[absent["angle"] == "pro_sup", "kind"] == "absent").all()
