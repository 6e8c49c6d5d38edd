"""What goes with errors, found in errors that were drawn."""

import numpy as np
import pytest

from humanpose.bands import SIGNS
from humanpose.skeleton import ANGLE_NAMES
from train.bands.fit import Errors, bands_of, held

SPEED = SIGNS.index("speed")
WEIGHT, KNEE_DEG, OTHER_DEG = 0.8, 6.0, 3.0
KNEES = [i for i, name in enumerate(ANGLE_NAMES) if name.startswith("knee_angle")]
COLUMNS = list(range(len(ANGLE_NAMES)))


def drawn(
    person: str, *, frames: int = 400, group: str = "rendered", wider: float = 1.0
) -> Errors:
    rng = np.random.default_rng(sum(map(ord, person)))
    signs = np.zeros((frames, len(ANGLE_NAMES), len(SIGNS)))
    signs[..., SPEED] = rng.uniform(0, 2, signs.shape[:2])
    scale = np.full(len(ANGLE_NAMES), OTHER_DEG)
    scale[KNEES] = KNEE_DEG
    deviation = wider * scale * np.exp(WEIGHT * signs[..., SPEED])
    return Errors(person, group, signs, deviation * rng.normal(size=deviation.shape))


def test_weights_and_scales_are_found() -> None:
    bands = bands_of([drawn("a"), drawn("b"), drawn("c")])
    assert bands.weights["speed"] == pytest.approx(WEIGHT, abs=0.05)
    assert all(value == 0 for name, value in bands.weights.items() if name != "speed")
    assert bands.angles["knee_angle"] == pytest.approx(KNEE_DEG, rel=0.1)
    assert bands.angles["pelvis_tilt"] == pytest.approx(OTHER_DEG, rel=0.15)


def test_nine_in_ten_of_somebody_elses_errors_are_inside() -> None:
    share, half_width, rank = held([drawn("new")], bands_of([drawn("a"), drawn("b")]), COLUMNS)
    assert share == pytest.approx(0.9, abs=0.02)
    assert half_width > 0
    assert rank > 0.25


def test_an_angle_without_truth_gets_no_band() -> None:
    clip = drawn("a")
    clip.error_deg[:, KNEES] = np.nan
    assert "knee_angle" not in bands_of([clip]).angles


def test_groups_count_alike_however_many_people_are_in_one() -> None:
    many = [drawn(name) for name in "abcd"]
    filmed = drawn("f", group="filmed", wider=3.0)
    one_of_five = bands_of([*many, drawn("f", wider=3.0)]).angles["pelvis_tilt"]
    half = bands_of([*many, filmed]).angles["pelvis_tilt"]
    assert half > 1.2 * one_of_five
