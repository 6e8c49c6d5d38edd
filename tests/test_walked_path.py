"""The way over the floor of a stick person who walks."""

from dataclasses import replace

import numpy as np
import pytest

from humanpose.skeleton import MARKERS22
from humanpose.walked_path import walked_path
from tests.walker import Walker


@pytest.mark.parametrize("fps", [30.0, 120.0])
def test_an_even_walk_has_its_speed_and_length(fps: float) -> None:
    walker = Walker()
    markers = walker.markers(fps=fps)
    path, speed = walked_path(markers), walker.step_m / walker.step_s
    middle = slice(round(fps), -round(fps))
    np.testing.assert_allclose(path.speed_m_per_s[middle], speed, rtol=0.02)
    assert path.length_m == pytest.approx(speed * (len(markers) - 1) / fps, rel=0.1)
    assert path.displacement_m == pytest.approx(path.length_m, rel=0.01)
    assert path.reason == ""


def test_a_gap_is_left_out_and_said() -> None:
    markers = Walker().markers(fps=30.0)
    positions = markers.positions.copy()
    positions[60:80, MARKERS22.index("Hip")] = np.nan
    path = walked_path(replace(markers, positions=positions))
    assert np.isnan(path.speed_m_per_s[60:80]).all()
    assert np.isfinite(path.mean_speed_m_per_s)
    assert "not known in" in path.reason


def test_somebody_never_seen_goes_nowhere() -> None:
    markers = Walker().markers(fps=30.0)
    path = walked_path(markers.with_positions(np.full_like(markers.positions, np.nan)))
    assert np.isnan([path.length_m, path.displacement_m, path.mean_speed_m_per_s]).all()
    assert "never known" in path.reason
