"""How windows are drawn from clips."""

import numpy as np
import pytest

from humanpose.nets.windows import WINDOW
from train.data.drawing import draw_format, draw_rows, enlarge_errors, rows_in_turn, shares_of


def test_a_clip_is_drawn_as_often_as_its_weight_says() -> None:
    np.testing.assert_allclose(shares_of([1.0, 3.0]), [0.25, 0.75])


@pytest.mark.parametrize(("shares", "expected"), [((1, 0, 0), 5), ((0, 1, 0), 20)])
def test_of_shorter_windows_there_are_more(shares: tuple[int, ...], expected: int) -> None:
    rng = np.random.default_rng(0)
    count, frames, fps = draw_format(rng, 5, shares=shares, fps=(15.0,))
    assert (count, frames, fps) == (expected, WINDOW if expected == 5 else 8, 15.0)


def test_windows_in_turn_hold_every_frame_of_the_thinned_clip_and_repeat_the_last() -> None:
    windows = np.stack(list(rows_in_turn(2 * WINDOW + 21, stride=2)))
    assert windows.shape == (2, WINDOW)
    shown = windows.ravel()
    assert shown[:42].tolist() == list(range(0, 84, 2))
    assert set(shown[42:]) == {84}


@pytest.mark.parametrize("length", [1, 4, 200])
def test_a_window_lies_inside_its_clip(length: int) -> None:
    rng = np.random.default_rng(0)
    drawn = np.stack([draw_rows(rng, length, WINDOW, 2.0) for _ in range(50)])
    assert drawn.min() >= 0
    assert drawn.max() < length
    if length == 200:
        assert (np.diff(drawn, axis=1) == 2).all()


def test_errors_are_enlarged_across_the_turn_of_an_angle_but_not_gross_ones() -> None:
    truth, found = np.array([[175.0, 0.0, np.nan]]), np.array([[-175.0, 80.0, 3.0]])
    np.testing.assert_allclose(enlarge_errors(found, truth, factor=1.5), [[-170.0, 80.0, 3.0]])
