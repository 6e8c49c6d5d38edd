"""Clip time from time stamps that restart, jump and repeat."""

import numpy as np
import pytest

from humanpose.video.clock import Clock

TEN = np.arange(10) / 30


def run(
    stamps_s: list[float | None], *, jumps: bool = True
) -> tuple[list[float], list[int], Clock]:
    """The times, which frames they belong to, and the clock."""
    clock = Clock(period_s=1 / 30, jumps=jumps)
    pairs = list(clock.times(zip(stamps_s, range(len(stamps_s)), strict=True)))
    times, numbers = [time_s for time_s, _ in pairs], [number for _, number in pairs]
    assert (np.diff(times) > 0).all()
    return times, numbers, clock


@pytest.mark.parametrize("second_start_s", [0.0, -50.0, 9 / 30 - 2 / 30, 100.0, 95_443.7])
def test_time_goes_on_where_stamps_start_anew(second_start_s: float) -> None:
    """Also for two frames that overlap, and where 33 bits are full (26.5 h)."""
    times, numbers, clock = run([*TEN, *(second_start_s + TEN)])
    np.testing.assert_allclose(times, np.arange(20) / 30)
    assert numbers == list(range(20))
    assert clock.joins_s == [pytest.approx(10 / 30)]
    assert clock.left_out == 0


def test_many_parts_are_joined() -> None:
    times, _, clock = run(list(TEN) * 4)
    np.testing.assert_allclose(times, np.arange(40) / 30)
    np.testing.assert_allclose(clock.joins_s, [10 / 30, 20 / 30, 30 / 30])


@pytest.mark.parametrize("stray_s", [9 / 30, 8.5 / 30, 0.0])
def test_one_frame_that_does_not_advance_is_left_out(stray_s: float) -> None:
    times, numbers, clock = run([*TEN, stray_s, *(TEN + 10 / 30)])
    np.testing.assert_allclose(times, np.arange(20) / 30)
    assert numbers == [*range(10), *range(11, 21)]
    assert (clock.left_out, clock.joins_s) == (1, [])


def test_frames_of_one_and_the_same_time_are_left_out() -> None:
    times, _, clock = run([*TEN, 0.0, 0.0, 0.0, *(TEN + 10 / 30)])
    np.testing.assert_allclose(times, np.arange(20) / 30)
    assert clock.left_out == 3


def test_a_hole_stays_a_hole_where_stamps_do_not_jump() -> None:
    stamps = [*TEN, *(TEN + 60)]
    assert run(stamps, jumps=False)[0] == stamps
    short = [*TEN, *(TEN + 5)]
    assert run(short)[0] == short


def test_frames_without_a_stamp_follow_each_other() -> None:
    times, _, _ = run([None] * 10)
    np.testing.assert_allclose(times, TEN)
