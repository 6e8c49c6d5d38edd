"""Figures of a comparison, against what they must be in closed form."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from humanpose.measures.comparison import (
    DISTINCT_STAGES,
    compare_angles,
    describe_stages,
    judge_ranges,
    rmsd,
    rmsd_matrix,
    stages_of,
    told_apart,
    with_stages,
    without_turns,
)
from humanpose.sequence import Floats, JointAngles, Timeline
from humanpose.settings import RAW, Settings
from humanpose.skeleton import ANGLE_NAMES

TIMELINE = Timeline(200, 50.0, start_s=2.0)
PHASE = 2 * np.pi * np.arange(200) / 200
KNEE, ELBOW = "knee_angle_r", "elbow_flex_l"


def angles(**curves: Floats) -> JointAngles:
    """These curves; every other angle is absent."""
    degrees = np.full((TIMELINE.frames, len(ANGLE_NAMES)), np.nan)
    for name, curve in curves.items():
        degrees[:, ANGLE_NAMES.index(name)] = curve
    return JointAngles(degrees, np.isfinite(degrees) * 0.9, TIMELINE)


def row(a: Floats, b: Floats, tolerance_deg: float = 5.0) -> dict[str, float]:
    table = compare_angles(
        angles(**{KNEE: a}), angles(**{KNEE: b}), tolerance_deg=tolerance_deg
    )
    return table.loc[KNEE].to_dict()


def test_a_constant_offset_is_all_bias() -> None:
    wave = 30 * np.sin(PHASE)
    found = row(wave, wave - 3)
    assert found["rmsd_deg"] == pytest.approx(3)
    assert found["bias_deg"] == pytest.approx(-3)
    assert found["max_deg"] == pytest.approx(-3)
    assert found["r"] == pytest.approx(1)
    assert found["rom_a_deg"] == pytest.approx(60) == found["rom_b_deg"]
    assert found["within_share"] == 1


def test_a_sine_apart_has_the_rmsd_of_a_sine() -> None:
    found = row(np.zeros(200), 10 * np.sin(PHASE))
    assert found["rmsd_deg"] == pytest.approx(10 / np.sqrt(2))
    assert found["bias_deg"] == pytest.approx(0, abs=1e-9)
    assert np.isnan(found["r"])  # one curve is flat
    assert abs(found["max_deg"]) == pytest.approx(10)
    # |sin| <= 1/2 for a third of a period
    assert found["within_share"] == pytest.approx(1 / 3, abs=0.02)


def test_a_quarter_of_a_period_later_is_uncorrelated_and_half_is_opposite() -> None:
    wave = np.sin(PHASE)
    assert row(wave, np.cos(PHASE))["r"] == pytest.approx(0, abs=1e-9)
    assert row(wave, -5 * wave)["r"] == pytest.approx(-1)


def test_the_largest_difference_says_when() -> None:
    b = np.zeros(200)
    b[75] = -8.0
    found = row(np.zeros(200), b)
    assert (found["max_deg"], found["max_at_s"]) == (-8.0, 2.0 + 75 / 50)


def test_only_frames_that_both_know_count() -> None:
    a, b = np.zeros(200), np.full(200, 2.0)
    a[:50], b[150:] = np.nan, np.nan
    found = row(a, b)
    assert found["frames"] == 100
    assert found["rmsd_deg"] == pytest.approx(2)


def test_an_angle_that_one_side_lacks_has_no_figures() -> None:
    table = compare_angles(angles(**{KNEE: PHASE}), angles(**{ELBOW: PHASE}))
    assert len(table) == len(ANGLE_NAMES)
    assert table.drop(columns="frames").isna().to_numpy().all()
    assert (table["frames"] == 0).all()


def test_the_tolerance_includes_its_limit() -> None:
    assert row(np.zeros(200), np.full(200, 4.0), tolerance_deg=4.0)["within_share"] == 1
    assert row(np.zeros(200), np.full(200, 4.0), tolerance_deg=3.9)["within_share"] == 0


def test_whole_turns_are_no_difference() -> None:
    turning = 170 + 40 * np.sin(PHASE)
    a, b = angles(pelvis_rotation=turning), angles(pelvis_rotation=turning - 720 + 2)
    assert rmsd(a, b) == pytest.approx(2)
    np.testing.assert_allclose(without_turns(b, beside=a).curve("pelvis_rotation"), turning + 2)


def test_different_clips_are_not_compared_frame_by_frame() -> None:
    other = JointAngles(np.zeros((3, 36)), np.zeros((3, 36)), Timeline(3, 50.0))
    with pytest.raises(ValueError, match="one timeline"):
        compare_angles(angles(), other)


def test_the_matrix_is_the_mean_over_the_angles_of_each_pair() -> None:
    zero = np.zeros(200)
    estimates = {
        "a": angles(**{KNEE: zero, ELBOW: zero}),
        "b": angles(**{KNEE: zero + 2, ELBOW: zero + 4}),
        "c": None,
    }
    matrix = rmsd_matrix(estimates)
    assert matrix.loc["a", "b"] == matrix.loc["b", "a"] == pytest.approx(3)
    assert matrix.loc["a", "a"] == 0
    assert matrix["c"].isna().all()
    assert rmsd_matrix(estimates, [ELBOW]).loc["a", "b"] == pytest.approx(4)


@pytest.mark.parametrize("name", DISTINCT_STAGES)
def test_every_setting_of_the_stages_has_one_name(name: str) -> None:
    main = Settings(height_m=1.8, main_refiner=True, cutoff_hz=9.0)
    settings = with_stages(main, name)
    assert stages_of(settings) == name
    assert settings.cutoff_hz == 9.0


def test_main_refiner_is_main_refiner_whatever_else_is_set() -> None:
    assert stages_of(Settings(height_m=1.8, main_refiner=True)) == "MainRefiner"


def test_two_settings_are_told_apart_by_all_that_differs() -> None:
    a = Settings(height_m=1.8, augmentation_cycles=1, **RAW)
    b = Settings(
        height_m=1.8, pof=True, filter="one_euro", augmentation_cycles=0, joint_refinement=False
    )
    assert told_apart(a, a) == ("raw", "raw")
    assert told_apart(a, b) == (
        "raw, butterworth 6 Hz, augmented",
        "POF, one-euro 6 Hz, 22 markers",
    )


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("raw", "3-D by MediaPipe"),
        ("POF", "3-D by part orientation fields (POF)"),
        ("raw + joint", "3-D by MediaPipe, angles by joint refinement"),
        ("POF + joint", "3-D by part orientation fields (POF), angles by joint refinement"),
        ("MainRefiner", "3-D and angles by MainRefiner"),
    ],
)
def test_words_name_every_stage_that_is_on(name: str, words: str) -> None:
    assert describe_stages(with_stages(Settings(height_m=1.7), name)) == words


def judged(a: JointAngles, b: JointAngles, error_deg: float = 6.0) -> pd.DataFrame:
    errors = pd.Series(error_deg, index=list(ANGLE_NAMES))
    return judge_ranges(a, b, range_errors=(errors, errors))


def test_two_takes_of_one_movement_differ_by_name_in_about_a_twentieth() -> None:
    rng, wave, named = np.random.default_rng(0), np.sin(PHASE) / 2, []
    for _ in range(15):
        a, b = (
            angles(**{name: rng.normal(60, 6) * wave for name in ANGLE_NAMES}) for _ in "ab"
        )
        named += list(judged(a, b)["verdict"].isin(["A larger", "B larger"]))
    assert np.mean(named) < 0.08


def test_a_change_beyond_the_error_of_both_takes_is_named() -> None:
    wave = 30 * np.sin(PHASE)
    a, b = angles(**{KNEE: wave, ELBOW: wave}), angles(**{KNEE: 0.7 * wave, ELBOW: 0.9 * wave})
    table = judged(a, b)
    assert table.loc[KNEE, "difference_deg"] == pytest.approx(-18, abs=0.1)
    assert table.loc[KNEE, "mdc_deg"] == pytest.approx(1.96 * 6 * np.sqrt(2))
    assert table.loc[KNEE, "verdict"] == "A larger"
    assert table.loc[ELBOW, "verdict"] == "within error"
    assert table.loc["pelvis_tilt", "verdict"] == "not known"
    assert judged(b, a).loc[KNEE, "verdict"] == "B larger"


def test_a_change_of_what_is_inferred_in_one_take_is_not_judged() -> None:
    wave = 30 * np.sin(PHASE)
    a = angles(**{KNEE: wave})
    guessed = replace(a, degrees=a.degrees / 3, confidence=a.confidence / 3)
    found = judged(a, guessed).loc[KNEE]
    assert found["verdict"] == "not judged"
    assert found["difference_deg"] == pytest.approx(-40, abs=0.1)
