"""Markers that move as one body."""

import numpy as np
from scipy.spatial.transform import Rotation

from humanpose.geometry import rotation_about
from humanpose.sequence import Floats
from train.anatomical.rigid import fitted, interpolated, mean_shape


def test_a_shape_is_found_from_frames_that_each_lack_a_marker() -> None:
    true = np.random.default_rng(1).normal(0, 0.1, (5, 3))
    turns = Rotation.random(30, random_state=2).as_matrix()
    places = np.arange(90.0).reshape(30, 3)
    paths = true @ np.swapaxes(turns, 1, 2) + places[:, None]
    paths[np.arange(30), np.arange(30) % 5] = np.nan
    found = mean_shape(paths)
    np.testing.assert_allclose(
        found @ found.T, _about_mean(true) @ _about_mean(true).T, atol=1e-9
    )
    rotation, place = fitted(true, paths)
    np.testing.assert_allclose(rotation, turns, atol=1e-9)
    np.testing.assert_allclose(place, places, atol=1e-9)


def _about_mean(points: Floats) -> Floats:
    return np.asarray(points - points.mean(axis=0))


def test_two_markers_leave_only_the_turn_about_their_line_to_what_is_carried() -> None:
    shape = np.array([[0.0, 0.1, 0.0], [0.0, -0.2, 0.0], [0.1, 0.0, 0.0]])
    true = Rotation.from_euler("ZXY", [30, 10, 20], degrees=True).as_matrix()
    paths = (shape @ true.T)[None].copy()
    paths[:, 2] = np.nan
    about_y = Rotation.from_euler("y", 25, degrees=True).as_matrix()
    tilted = Rotation.from_euler("x", 15, degrees=True).as_matrix()
    found, _ = fitted(shape, paths, (tilted @ true @ about_y)[None])
    np.testing.assert_allclose(found[0, :, 1], true[:, 1], atol=1e-3)
    assert np.isnan(fitted(shape, paths)[0]).all()


def test_gaps_between_rotations_are_filled_evenly_and_held_at_the_ends() -> None:
    degrees = np.linspace(0, 90, 10)
    turns = rotation_about("y", degrees)
    gappy = turns.copy()
    gappy[[0, 4, 5, 9]] = np.nan
    filled = Rotation.from_matrix(interpolated(gappy)).as_euler("yxz", degrees=True)[:, 0]
    np.testing.assert_allclose(filled, np.clip(degrees, 10, 80), atol=1e-9)
    assert np.isnan(interpolated(np.full((3, 3, 3), np.nan))).all()
