"""The floor in the picture, of a person whose camera is known."""

from dataclasses import replace

import numpy as np
import pytest

from humanpose.analysis import Analysis
from humanpose.quality.floor import Floor, floor_of
from tests.support.synthetic import CAMERA_M, FOCAL_PX, synthetic_analysis


def test_the_floor_lies_below_the_feet_of_who_stands_before_a_known_camera() -> None:
    floor = floor_of(surely_up(synthetic_analysis(60, missing=[5])))
    assert isinstance(floor, Floor)
    assert floor.foot @ floor.up == pytest.approx(-CAMERA_M[1], abs=1e-6)
    assert floor.foot[2] == pytest.approx(CAMERA_M[2], abs=0.2)
    assert floor.focal_px == pytest.approx(FOCAL_PX, abs=0.5)
    assert floor.focal_share > 0.1  # nobody told it
    told = surely_up(synthetic_analysis(60))
    told = replace(told, settings=replace(told.settings, fov_deg=75.0))
    floor = floor_of(told)
    assert isinstance(floor, Floor)
    assert floor.focal_px == pytest.approx(320 / np.tan(np.radians(37.5)))
    assert floor.focal_share < 0.1


def test_why_no_floor_is_known_is_said() -> None:
    still = surely_up(synthetic_analysis(60))
    moved = replace(still, quality={**still.quality, "camera_moved_percent": 3.0})
    assert "camera moved" in str(floor_of(moved))
    low = still.landmarks.pixels + np.array([0.0, 300.0])
    outside = replace(still, landmarks=replace(still.landmarks, pixels=low))
    assert "feet are not in the picture" in str(floor_of(outside))
    assert "not known" in str(floor_of(synthetic_analysis(60)))  # nor how sure up is
    assert "not known" in str(floor_of(surely_up(synthetic_analysis(1))))


def surely_up(analysis: Analysis) -> Analysis:
    return replace(analysis, refined=replace(analysis.refined, up_sd_deg=2.0))
