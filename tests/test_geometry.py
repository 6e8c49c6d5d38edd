"""Rotations, against SciPy's."""

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from humanpose.geometry import (
    bend_deg,
    cardan_yxz,
    cardan_zxy,
    cross,
    frame_from_x,
    frame_from_y,
    rotation_about,
    rotation_between,
    rotation_zxy,
    runs,
    signed_angle_deg,
    unit,
)

RANDOM = Rotation.random(200, random_state=1).as_matrix()


def test_cardan_angles_agree_with_scipy() -> None:
    zxy = Rotation.from_matrix(RANDOM).as_euler("ZXY", degrees=True)
    yxz = Rotation.from_matrix(RANDOM).as_euler("YXZ", degrees=True)
    np.testing.assert_allclose(cardan_zxy(RANDOM), zxy, atol=1e-9)
    np.testing.assert_allclose(cardan_yxz(RANDOM), yxz, atol=1e-9)


def test_the_cross_product_is_numpy_s() -> None:
    a, b, hint = RANDOM[:, 0], RANDOM[:, 1], np.array([0.0, 0.0, 1.0])
    np.testing.assert_array_equal(cross(a, b), np.cross(a, b))
    np.testing.assert_array_equal(cross(a, hint), np.cross(a, hint))


def test_cardan_angles_come_back_as_the_same_rotation() -> None:
    np.testing.assert_allclose(rotation_zxy(cardan_zxy(RANDOM)), RANDOM, atol=1e-12)


@pytest.mark.parametrize("axis", ["x", "y", "z"])
def test_elementary_rotations_are_right_handed(axis: str) -> None:
    expected = Rotation.from_euler(axis, 33, degrees=True).as_matrix()
    np.testing.assert_allclose(rotation_about(axis, 33.0), expected, atol=1e-12)


def test_frames_are_proper_rotations() -> None:
    a, b = RANDOM[:, 0], RANDOM[:, 1] + 0.4 * RANDOM[:, 0]
    for frame in (frame_from_y(a, b), frame_from_x(a, b)):
        np.testing.assert_allclose(np.linalg.det(frame), 1, atol=1e-12)
        np.testing.assert_allclose(
            frame @ frame.swapaxes(1, 2), np.eye(3)[None].repeat(200, 0), atol=1e-12
        )
    np.testing.assert_allclose(frame_from_y(a, b)[..., 1], unit(a), atol=1e-12)
    assert ((frame_from_y(a, b)[..., 2] * b).sum(-1) > 0).all()


def test_rotation_between_turns_one_into_the_other_by_the_shortest_way() -> None:
    a, b = RANDOM[:, 0], RANDOM[:, 1]
    turn = rotation_between(a, b)
    np.testing.assert_allclose((turn @ a[..., None])[..., 0], b, atol=1e-9)
    angle = np.degrees(Rotation.from_matrix(turn).magnitude())
    np.testing.assert_allclose(angle, bend_deg(a, b), atol=1e-6)


def test_opposite_directions_have_no_shortest_turn() -> None:
    assert np.isnan(rotation_between(np.array([0.0, 1, 0]), np.array([0.0, -1, 0]))).any()


def test_signed_angle_counts_right_handed_about_the_axis() -> None:
    x, y, z = np.eye(3)
    assert signed_angle_deg(x, y, z) == pytest.approx(90)
    assert signed_angle_deg(y, x, z) == pytest.approx(-90)
    assert signed_angle_deg(x + 5 * z, y - 2 * z, z) == pytest.approx(90)


def test_zero_length_has_no_direction() -> None:
    assert np.isnan(unit(np.zeros(3))).all()


def test_runs_are_the_unbroken_stretches() -> None:
    mask = np.array([True, True, False, True, False, False, True])
    assert runs(mask) == [slice(0, 2), slice(3, 4), slice(6, 7)]
    assert runs(np.zeros(3, dtype=bool)) == []


def test_angles_are_the_same_wherever_their_rotations_lie_in_memory() -> None:
    rotations = Rotation.random(228, random_state=0).as_matrix()
    found, elsewhere = set(), []
    for number in range(600):
        elsewhere.append(bytes(7 * number % 4000))  # so that the copy lies at another place
        found.add(cardan_zxy(rotations.copy()).tobytes())
    assert len(found) == 1
