"""Smoothing, on signals whose answer is known."""

import numpy as np
import pytest

from humanpose.sequence import Floats
from humanpose.settings import FILTERS, Filter
from humanpose.world.filters import can_smooth, smooth_columns

FPS = 100.0
TIME = np.arange(400) / FPS


def smoothed(path: Floats, kind: Filter, cutoff_hz: float = 6.0, fps: float = FPS) -> Floats:
    columns = np.stack([path] * 3, axis=1)
    return smooth_columns(columns, kind=kind, cutoff_hz=cutoff_hz, fps=fps)[:, 1]


@pytest.mark.parametrize("kind", ["butterworth", "gaussian"])
def test_the_cutoff_is_the_3_db_point(kind: Filter) -> None:
    out = smoothed(np.sin(2 * np.pi * 6.0 * TIME), kind)[100:300]
    assert np.ptp(out) / 2 == pytest.approx(1 / np.sqrt(2), abs=0.02)


@pytest.mark.parametrize("kind", [kind for kind in FILTERS if kind != "none"])
def test_slow_movement_passes_without_lag(kind: Filter) -> None:
    slow = np.sin(2 * np.pi * 0.5 * TIME)
    np.testing.assert_allclose(smoothed(slow, kind)[50:350], slow[50:350], atol=0.02)


@pytest.mark.parametrize("kind", [kind for kind in FILTERS if kind != "none"])
def test_noise_gets_less(kind: Filter) -> None:
    noise = np.random.default_rng(0).normal(size=400)
    assert smoothed(noise, kind).std() < 0.6 * noise.std()


@pytest.mark.parametrize("kind", FILTERS)
def test_gaps_stay_gaps_and_their_edges_finite(kind: Filter) -> None:
    path = np.sin(TIME)
    path[100:130] = np.nan
    out = smoothed(path, kind)
    np.testing.assert_array_equal(np.isnan(out), np.isnan(path))


@pytest.mark.parametrize("frames", [1, 2, 3, 8])
@pytest.mark.parametrize("kind", FILTERS)
def test_short_clips_pass(kind: Filter, frames: int) -> None:
    np.testing.assert_allclose(smoothed(np.ones(frames), kind), 1.0, atol=1e-9)


def test_none_returns_its_input() -> None:
    columns = TIME[:, None]
    assert smooth_columns(columns, kind="none", cutoff_hz=6.0, fps=FPS) is columns


def test_a_clip_too_slow_for_the_cutoff_is_left_as_it_is() -> None:
    assert not can_smooth(fps=10.0, cutoff_hz=6.0)
    path = np.random.default_rng(0).normal(size=50)
    np.testing.assert_array_equal(smoothed(path, "butterworth", 6.0, fps=10.0), path)
