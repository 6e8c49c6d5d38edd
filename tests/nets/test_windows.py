"""How a network is asked about a clip: in windows, with mirror images, averaged."""

from dataclasses import dataclass
from typing import Self

import numpy as np
import pytest

from humanpose.nets.windows import (
    BATCH,
    WINDOW,
    Evidence,
    average_over_windows,
    between,
    join,
    one_strand,
    overlapping_windows,
)
from humanpose.sequence import Floats


@dataclass(frozen=True, eq=False)
class Numbers(Evidence):
    """(..., T, 2) something on the right, and the same on the left."""

    sides: Floats

    def mirrored(self) -> Self:
        return type(self)(exchange(self.sides))


def exchange(sides: Floats) -> Floats:
    return sides[..., ::-1]


def clip(frames: int) -> Numbers:
    return Numbers(np.random.default_rng(0).normal(size=(frames, 2)))


@pytest.mark.parametrize("frames", [1, 5, WINDOW, WINDOW + 1, 300])
@pytest.mark.parametrize("fps", [8.0, 30.0, 120.0])
def test_whoever_repeats_what_is_shown_gives_the_strand_back(frames: int, fps: float) -> None:
    seen = clip(frames)
    asked, (said,) = average_over_windows(
        frames, fps=fps, show=seen.rows, ask=lambda s, _: [s.sides], mirrors=[exchange]
    )
    np.testing.assert_array_equal(asked, one_strand(frames, fps))
    np.testing.assert_allclose(said, seen.sides[asked], atol=1e-12)


def test_left_and_right_are_treated_alike_and_answers_keep_their_shapes() -> None:
    seen = clip(50)

    def ask(shown: Numbers, time_s: Floats) -> tuple[Floats, Floats]:
        """Believes the right side alone."""
        assert len(shown.sides) <= 2 * BATCH
        right = shown.sides[..., 0]
        return np.stack([right, 0 * right], axis=-1), right[..., None, None] + [[0.0, 1.0]]

    _, (sides, other) = average_over_windows(
        50, fps=15.0, show=seen.rows, ask=ask, mirrors=(exchange, np.negative)
    )
    np.testing.assert_allclose(sides, seen.sides / 2)
    assert other.shape == (50, 1, 2)
    difference = (seen.sides[:, 0] - seen.sides[:, 1]) / 2
    np.testing.assert_allclose(other[:, 0, 0], difference, atol=1e-12)
    np.testing.assert_allclose(other[:, 0, 1], difference, atol=1e-12)


def test_time_is_seconds_from_the_window_s_start() -> None:
    times = []

    def ask(shown: Numbers, time_s: Floats) -> list[Floats]:
        times.append(time_s)
        return [shown.sides]

    average_over_windows(90, fps=60.0, show=clip(90).rows, ask=ask, mirrors=[exchange])
    np.testing.assert_allclose(times[0], np.arange(len(times[0])) / 15)


def test_a_frame_in_a_window_s_middle_counts_more_than_at_its_end() -> None:
    windows = overlapping_windows(WINDOW + 10)
    assert windows[:, 0].tolist() == [0, 10]
    seen = Numbers(np.zeros((WINDOW + 10, 2)))
    _, (said,) = average_over_windows(
        WINDOW + 10,
        fps=15.0,
        show=seen.rows,
        ask=lambda s, _: [np.arange(2.0)[[0, 1, 0, 1], None, None] + s.sides],
        mirrors=[exchange],
    )
    assert said[10, 0] == pytest.approx(1 / 12)  # the 11th of the first, the 1st of the second
    assert said[:10].max() == 0


def test_values_are_joined_array_by_array() -> None:
    one, other = clip(3), clip(3).mirrored()
    np.testing.assert_array_equal(join([one, other], np.stack).sides[1], other.sides)
    assert join([one, other], np.concatenate).sides.shape == (6, 2)


@pytest.mark.parametrize("fps", [12.0, 30.0, 60.0, 240.0])
def test_between_the_frames_of_a_strand_what_moves_smoothly_is_told(fps: float) -> None:
    turn = np.arange(100) / fps * 2 * np.pi
    moves = np.stack([np.sin(turn), np.cos(turn)], axis=1)
    asked = one_strand(len(moves), fps)
    told = between(asked, moves[asked], len(moves))
    np.testing.assert_allclose(told[: asked[-1] + 1], moves[: asked[-1] + 1], atol=0.02)
    np.testing.assert_array_equal(told[asked[-1] :], told[[asked[-1]] * (100 - asked[-1])])


def test_of_one_frame_that_was_asked_about_all_others_are_told_the_same() -> None:
    np.testing.assert_array_equal(between(np.array([2]), np.ones((1, 3)), 5), np.ones((5, 3)))
