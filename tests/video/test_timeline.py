"""From time stamps to an even timeline."""

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from humanpose.video import ClipInfo, FrameReader, probe, timeline_of, true_times
from tests.support.clips import (
    numbered,
    write_clip,
)


def header(fps: float) -> ClipInfo:
    return ClipInfo(Path("clip.mp4"), 64, 48, fps, None, 0, "h264", None)


def test_even_time_stamps_keep_the_exact_rate_of_the_header(tmp_path: Path) -> None:
    rate = Fraction(30000, 1001)
    for name in ("ticks.mp4", "whole_milliseconds.mkv"):
        info = probe(write_clip(tmp_path / name, numbered(50), fps=rate))
        timeline, resampled = timeline_of([f.time_s for f in FrameReader(info)], clip=info)
        assert (timeline.fps, timeline.frames, resampled) == (30000 / 1001, 50, False)


def test_a_rate_that_the_header_gets_wrong_is_fitted() -> None:
    timeline, resampled = timeline_of(2 + np.arange(500) / 59.3, clip=header(60))
    assert timeline.fps == pytest.approx(59.3)
    assert (timeline.start_s, timeline.frames, resampled) == (2, 500, False)


@pytest.mark.parametrize("frames", [3, 10, 400])
@pytest.mark.parametrize("header_fps", [30, 29])
def test_stamps_within_2_ms_of_an_even_grid_are_even(frames: int, header_fps: float) -> None:
    jitter = np.random.default_rng(frames).uniform(-0.0019, 0.0019, frames)
    jitter[:3] = -0.0019, 0.0019, -0.0019
    timeline, resampled = timeline_of(
        1 + np.arange(frames) / 30 + jitter, clip=header(header_fps)
    )
    assert not resampled
    assert timeline.frames == frames


def test_one_stamp_off_by_more_than_2_ms_each_way_is_uneven() -> None:
    times = np.arange(100) / 30
    times[50] += 0.005
    assert timeline_of(times, clip=header(30))[1]


def test_a_variable_rate_becomes_constant_at_its_median(tmp_path: Path) -> None:
    gaps = [0.04] * 30 + [0.02] * 10 + [0.1] * 10
    times = np.concatenate([[0], np.cumsum(gaps)])
    info = probe(write_clip(tmp_path / "phone.mp4", numbered(51), times_s=times.tolist()))
    read = [frame.time_s for frame in FrameReader(info)]
    np.testing.assert_allclose(read, times, atol=1e-4)
    timeline, resampled = timeline_of(read, clip=info)
    assert resampled
    assert timeline.fps == pytest.approx(25, rel=1e-3)
    assert times[-1] - 0.04 < timeline.time_s[-1] <= times[-1]


def test_a_missing_frame_leaves_a_hole_in_the_same_grid() -> None:
    times = np.delete(np.arange(100) / 30, [40, 41])
    timeline, resampled = timeline_of(times, clip=header(30))
    assert (timeline.frames, timeline.fps, resampled) == (100, 30, True)


def test_the_median_rate_is_capped() -> None:
    times = np.cumsum([0.001] * 90 + [0.1] * 10)
    assert timeline_of(times, clip=header(90))[0].fps == 240


def test_even_slow_motion_is_relabelled_and_not_resampled() -> None:
    times = 2 + np.arange(100) / 30
    timeline, resampled = timeline_of(times, clip=header(30), capture_fps=240)
    assert (timeline.frames, timeline.fps, resampled) == (100, 240, False)
    assert timeline.start_s == pytest.approx(60 / 240)


@pytest.mark.parametrize("header_fps", [23.5, 29.6, 30])
@pytest.mark.parametrize("stamp_s", [1e-6, 1e-3])
def test_frames_that_were_dropped_do_not_shorten_time(
    header_fps: float, stamp_s: float
) -> None:
    dropped = np.random.default_rng(0).choice(np.arange(1, 119), 26, replace=False)
    times = np.round(np.delete(np.arange(120) / 30, dropped) / stamp_s) * stamp_s
    for capture_fps, slower in ((None, 1), (30, 1), (240, 8)):
        timeline, resampled = timeline_of(
            times, clip=header(header_fps), capture_fps=capture_fps
        )
        assert resampled
        assert timeline.fps == pytest.approx(30 * slower, rel=2e-3)
        assert timeline.time_s[-1] == pytest.approx(times[-1] / slower, rel=0.01)
        taken = true_times(times, clip=header(header_fps), capture_fps=capture_fps)
        np.testing.assert_allclose(taken, times / slower, rtol=2e-3)


def test_slow_motion_of_another_rate_than_the_header_says_runs_true() -> None:
    times = np.cumsum([0.001] * 900 + [0.01] * 9)
    timeline, resampled = timeline_of(times, clip=header(90), capture_fps=2000)
    assert resampled
    assert timeline.time_s[-1] == pytest.approx(times[-1] / 2, rel=0.01)
    assert timeline.fps == pytest.approx(480)
