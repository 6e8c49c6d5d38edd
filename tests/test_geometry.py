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
from humanpose.kinematics.branches import bridged, continuous

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


def test_continuous_keeps_the_rotation_and_never_jumps() -> None:
    t = np.linspace(0, 1, 300)
    smooth = np.stack([200 * t, -170 * t, 30 * np.sin(6 * t)], axis=1)
    found = continuous(cardan_zxy(rotation_zxy(smooth)))
    np.testing.assert_allclose(rotation_zxy(found), rotation_zxy(smooth), atol=1e-9)
    calm = np.abs(np.abs(smooth[:, 1]) - 90) > 2
    np.testing.assert_allclose(found[calm], smooth[calm], atol=1e-6)


def test_only_an_angle_that_counts_turns_goes_round() -> None:
    turning = np.stack([np.linspace(0, 700, 400), np.zeros(400), np.zeros(400)], axis=1)
    wrapped = cardan_zxy(rotation_zxy(turning))
    np.testing.assert_allclose(continuous(wrapped, counts_turns=True), turning, atol=1e-6)
    assert np.abs(continuous(wrapped)).max() <= 270


def test_after_a_gap_the_branch_is_chosen_anew() -> None:
    triples = np.zeros((6, 3))
    triples[:2, 0], triples[3:, 0] = 170, -170
    triples[1, 0] = -170
    triples[2] = np.nan
    found = continuous(triples)
    assert found[1, 0] == pytest.approx(190)
    assert found[3, 0] == pytest.approx(-170)


def test_the_gimbal_is_passed_without_spikes() -> None:
    t = np.linspace(0, 1, 200)
    smooth = np.stack([10 * t, -160 * t, 20 * t], axis=1)
    rotation = rotation_zxy(smooth) @ rotation_about("z", 0.5)
    spiked = continuous(cardan_zxy(rotation))
    assert np.abs(np.diff(spiked, axis=0)).max() > 30
    assert np.abs(np.diff(bridged(spiked), axis=0)).max() < 6
