"""Cleaning, on landmarks whose faults are known."""

import numpy as np
import pytest

from humanpose.detection.cleaning import (
    fill_gaps,
    hide_unseen,
    remove_outliers,
    undo_swaps,
    with_guesses,
)
from humanpose.sequence import Landmarks, Timeline
from humanpose.skeleton import MEDIAPIPE33

KNEE = MEDIAPIPE33.index("left_knee")
LEGS = MEDIAPIPE33.indices(
    *(
        f"{side}_{part}"
        for part in ("hip", "knee", "ankle", "heel", "foot_index")
        for side in ("left", "right")
    )
)


def standing(frames: int = 60, fps: float = 30.0) -> Landmarks:
    """A person who sways: every landmark moves on a calm path, left and right 80 px apart."""
    rng = np.random.default_rng(0)
    home = np.array([320, 240]) + rng.uniform(-20, 20, (33, 2))
    for j, name in enumerate(MEDIAPIPE33.joints):
        home[j, 0] += 40 if "left" in name else -40 if "right" in name else 0
        home[j, 1] += 150 if "shoulder" in name else 0
    t = np.arange(frames) / fps
    sway = np.stack([10 * np.sin(3 * t), 5 * np.cos(2 * t)], axis=1)
    pixels = home + sway[:, None]
    world = np.concatenate([pixels / 300, np.zeros((frames, 33, 1))], axis=2)
    return Landmarks(pixels, world, np.ones((frames, 33)), Timeline(frames, fps), (640, 480))


def swap_legs(seen: Landmarks, frames: slice) -> Landmarks:
    order = np.tile(np.arange(33), (seen.timeline.frames, 1))
    order[frames, LEGS] = np.array(LEGS).reshape(-1, 2)[:, ::-1].ravel()
    rows = np.arange(len(order))[:, None]
    return seen.replace(
        pixels=seen.pixels[rows, order],
        world=seen.world[rows, order],
        visibility=seen.visibility,
    )


def test_a_calm_clip_is_left_alone() -> None:
    seen = standing()
    swapped_back, changed = undo_swaps(seen)
    without, count = remove_outliers(seen)
    assert not changed.any()
    assert count == 0
    np.testing.assert_array_equal(swapped_back.pixels, seen.pixels)
    np.testing.assert_array_equal(without.pixels, seen.pixels)


def test_exchanged_legs_are_exchanged_back() -> None:
    seen = standing()
    found, changed = undo_swaps(swap_legs(seen, slice(20, 26)))
    np.testing.assert_array_equal(np.flatnonzero(changed), np.arange(20, 26))
    np.testing.assert_allclose(found.pixels, seen.pixels)
    np.testing.assert_allclose(found.world, seen.world)


def test_a_lasting_exchange_is_believed() -> None:
    seen = standing(frames=300)
    _, changed = undo_swaps(swap_legs(seen, slice(20, 280)))
    assert not changed.any()


def test_legs_that_really_cross_are_not_exchanged() -> None:
    seen = standing()
    pixels = seen.pixels.copy()
    pixels[:, LEGS, 0] = 320 + (seen.pixels[:, LEGS, 0] - 320) * np.linspace(1, -1, 60)[:, None]
    _, changed = undo_swaps(seen.replace(pixels=pixels))
    assert not changed.any()


def test_a_landmark_that_leaps_away_is_removed() -> None:
    seen = standing()
    seen.pixels[30, KNEE] += 120
    found, count = remove_outliers(seen)
    assert count == 1
    assert np.isnan(found.pixels[30, KNEE]).all()
    assert found.visibility[30, KNEE] == 0
    assert np.isfinite(found.pixels[29, KNEE]).all()


def test_unseen_landmarks_are_hidden() -> None:
    seen = standing()
    seen.visibility[5, KNEE] = 0.2
    hidden = hide_unseen(seen, visibility_min=0.3)
    assert np.isnan(hidden.pixels[5, KNEE]).all()
    assert np.isnan(hidden.world[5, KNEE]).all()
    assert np.isfinite(hidden.pixels[5, KNEE + 1]).all()


def test_a_guess_stands_in_for_what_stays_hidden_and_an_outlier_does_not_come_back() -> None:
    seen = standing()
    seen.visibility[5:40, KNEE] = 0.1
    cleaned = hide_unseen(seen, visibility_min=0.3)
    cleaned.pixels[50, KNEE] = np.nan
    found = with_guesses(cleaned, seen, below=0.3)
    np.testing.assert_array_equal(found.pixels[5:40, KNEE], seen.pixels[5:40, KNEE])
    assert (found.visibility[5:40, KNEE] == 0.1).all()
    assert np.isnan(found.pixels[50, KNEE]).all()


def test_legs_nobody_sees_are_not_asked_whether_they_are_exchanged() -> None:
    seen = swap_legs(standing(), slice(20, 26))
    seen.visibility[:, LEGS] = 0.1
    _, changed = undo_swaps(seen, visibility_min=0.3)
    assert not changed.any()


@pytest.mark.parametrize(("gap", "filled"), [(7, True), (8, False)])
def test_gaps_up_to_the_limit_are_filled(gap: int, filled: bool) -> None:
    seen = standing()
    holed = seen.replace(pixels=seen.pixels.copy(), visibility=seen.visibility.copy())
    holed.pixels[20 : 20 + gap, KNEE] = np.nan
    found, mask = fill_gaps(holed, max_gap_s=7 / 30)
    assert mask[20 : 20 + gap, KNEE].all() == filled
    if filled:
        np.testing.assert_allclose(found.pixels[:, KNEE], seen.pixels[:, KNEE], atol=0.5)
        assert (found.visibility[20 : 20 + gap, KNEE] < 0.5).all()
    else:
        assert np.isnan(found.pixels[20 : 20 + gap, KNEE]).all()


def test_nothing_is_extrapolated() -> None:
    seen = standing()
    seen.pixels[:3, KNEE] = np.nan
    seen.pixels[-3:, KNEE] = np.nan
    found, mask = fill_gaps(seen, max_gap_s=1.0)
    assert not mask.any()
    assert np.isnan(found.pixels[[0, -1], KNEE]).all()


def test_a_clip_of_one_frame_passes() -> None:
    seen = standing(frames=1)
    found, _ = undo_swaps(seen)
    found, _ = remove_outliers(found)
    found, _ = fill_gaps(found, max_gap_s=1.0)
    np.testing.assert_array_equal(found.pixels, seen.pixels)
