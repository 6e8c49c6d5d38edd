"""Hip joint centres from the markers of the pelvis."""

import numpy as np
from scipy.spatial.transform import Rotation

from train.anatomical.harrington import hip_centres


def test_hip_centres_lie_where_harrington_puts_them() -> None:
    right, left, psis = np.array([[0.0, 0, 0.12], [0.0, 0, -0.12], [-0.15, 0.0, 0.0]])
    found = hip_centres(right, left, psis)
    expected = np.array([-0.24 * 150 - 9.9, -0.30 * 240 - 10.9, 0.33 * 240 + 7.3]) / 1000
    np.testing.assert_allclose(found[0], expected, atol=1e-12)
    np.testing.assert_allclose(found[1], expected * [1, 1, -1], atol=1e-12)


def test_hip_centres_move_with_the_pelvis() -> None:
    points = np.array([[0.03, 0.01, 0.13], [0.03, 0.01, -0.13], [-0.15, 0.03, 0.0]])
    turn, shift = Rotation.from_rotvec([0.4, -1.0, 0.7]).as_matrix(), np.array([1.0, 2.0, 3.0])
    moved = hip_centres(*(points @ turn.T + shift))
    for before, after in zip(hip_centres(*points), moved, strict=True):
        np.testing.assert_allclose(after, turn @ before + shift, atol=1e-12)
