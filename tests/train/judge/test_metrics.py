"""The figures of merit, on arrays whose answer is known."""

import numpy as np
import pytest

from humanpose.camera import Camera
from humanpose.geometry import rotation_zxy
from humanpose.sequence import Floats
from humanpose.skeleton import ANGLE_NAMES, COCO17
from tests.support.synthetic import synthetic_analysis
from train.judge import metrics

NAN = np.nan


@pytest.fixture
def joints() -> Floats:
    """(8, 17, 3) m, camera frame; facing the camera."""
    return synthetic_analysis(8).joints_camera.positions


def test_limb_errors_are_angles_and_a_missing_limb_is_90() -> None:
    truth = np.array([[[1.0, 0, 0], [1, 0, 0], [1, 0, 0], [NAN, 0, 0]]])
    predicted = np.array([[[0.0, 1, 0], [-1, 0, 0], [NAN, NAN, NAN], [1, 0, 0]]])
    errors = metrics.limb_errors_deg(predicted, truth)
    np.testing.assert_allclose(errors, [[90, 180, 90, NAN]])


def test_flips_count_only_limbs_that_point_to_or_from_the_camera() -> None:
    truth_z = np.array([0.5, 0.5, -0.5, 0.1, 0.5])
    predicted_z = np.array([0.1, -0.9, -0.9, -0.9, NAN])
    truth, predicted = (
        np.stack([np.zeros(5), np.sqrt(1 - z**2), z], axis=1)[None]
        for z in (truth_z, predicted_z)
    )
    np.testing.assert_array_equal(
        metrics.wrong_depth_sign(predicted, truth), [[0, 1, 0, NAN, 1]]
    )


def test_mpjpe_is_a_distance_from_the_hips(joints: Floats) -> None:
    body = metrics.from_hips(joints)
    np.testing.assert_allclose(
        metrics.from_hips(joints + np.array([1, 2, 3])), body, atol=1e-12
    )
    moved = metrics.joint_errors_mm(body + np.array([0.03, 0.04, 0]), body)
    np.testing.assert_allclose(moved, 50)


def test_a_missing_joint_counts_as_lying_in_the_mid_hip() -> None:
    truth = np.array([[[0.0, 0.3, 0.4], [1, 0, 0]]])
    predicted = np.array([[[NAN, NAN, NAN], [1, 0, 0]]])
    np.testing.assert_allclose(metrics.joint_errors_mm(predicted, truth), [[500, 0]])


def test_pa_mpjpe_forgives_rotation_scale_and_place(joints: Floats) -> None:
    turn = rotation_zxy(np.array([20.0, 130.0, -45.0]))
    moved = 0.7 * joints @ turn.T + [1, 2, 3]
    errors = metrics.aligned_joint_errors_mm(moved, joints)
    np.testing.assert_allclose(errors, 0, atol=1e-6)


def test_pa_mpjpe_does_not_forgive_a_mirrored_body(joints: Floats) -> None:
    mirrored = joints * [-1, 1, 1]
    assert metrics.aligned_joint_errors_mm(mirrored, joints).mean() > 5


def test_pa_mpjpe_of_a_frame_without_a_body_is_the_distance_from_the_hips(
    joints: Floats,
) -> None:
    body = metrics.from_hips(joints)
    seen = body.copy()
    seen[3] = NAN
    errors = metrics.aligned_joint_errors_mm(seen, body)
    np.testing.assert_allclose(errors[3], 1000 * np.linalg.norm(body[3], axis=1))
    np.testing.assert_allclose(np.delete(errors, 3, axis=0), 0, atol=1e-6)


def test_bones_are_compared_by_their_usual_length(joints: Floats) -> None:
    np.testing.assert_allclose(metrics.bone_lengths_off(1.1 * joints, joints), 0.1, atol=0.02)
    once = np.concatenate([joints, joints, 3 * joints[:1]])
    twice = np.concatenate([joints, joints, joints[:1]])
    np.testing.assert_allclose(metrics.bone_lengths_off(once, twice), 0, atol=0.02)
    joints[:, COCO17.index("left_wrist")] = NAN
    off = metrics.bone_lengths_off(joints, joints)
    assert np.flatnonzero(np.isnan(off)).tolist() == [
        COCO17.bones.index(("left_elbow", "left_wrist"))
    ]


def test_the_reprojection_is_measured_in_the_image(joints: Floats) -> None:
    camera = Camera(500.0, (640, 480))
    keypoints = camera.project(joints) + np.array([3.0, -4.0])
    np.testing.assert_allclose(metrics.reprojection_px(joints, keypoints, camera), 5)


def test_the_band_holds_errors_up_to_its_half_width_either_side() -> None:
    error = np.array([[1.6, -1.6, 1.7, NAN, 1.0]])
    half_width = np.array([[1.6, 1.6, 1.6, 1.6, NAN]])
    inside = metrics.inside_band(error, half_width)
    np.testing.assert_array_equal(inside, [[1, 1, 0, NAN, NAN]])


def test_rotation_and_scale_are_found_again() -> None:
    points = np.random.default_rng(0).normal(size=(20, 3))
    turn = rotation_zxy(np.array([10.0, 70.0, 170.0]))
    target = 1.3 * points @ turn.T
    target[4] = NAN
    found, scale = metrics.rotation_and_scale(points, target)
    np.testing.assert_allclose(found, turn, atol=1e-9)
    assert scale == pytest.approx(1.3)


def test_angle_errors_are_wrapped_and_a_missing_angle_is_30() -> None:
    truth = np.array([[179.0, 0.0, 10.0, NAN]])
    predicted = np.array([[-179.0, -350.0, NAN, 5.0]])
    errors = metrics.angle_errors_deg(predicted, truth)
    np.testing.assert_allclose(errors, [[2, 10, 30, NAN]])


@pytest.mark.parametrize("offset", [0.0, 25.0, 180.0, -500.0])
def test_one_offset_per_clip_is_free_and_a_gap_is_not(offset: float) -> None:
    truth = np.linspace(0, 50, 11)[:, None]
    np.testing.assert_allclose(
        metrics.offset_free_errors_deg(truth + offset, truth), 0, atol=1e-9
    )
    gap = truth + offset
    gap[5] = NAN
    assert metrics.offset_free_errors_deg(gap, truth)[5] == 30
    alternating = truth + offset + 4 * (-1.0) ** np.arange(11)[:, None]
    errors = metrics.offset_free_errors_deg(alternating[:10], truth[:10])
    np.testing.assert_allclose(errors, 4, atol=1e-9)


def test_a_rotation_written_in_another_way_is_no_error() -> None:
    truth = np.random.default_rng(0).uniform(-80, 80, (5, len(ANGLE_NAMES)))
    other = truth.copy()
    hip = [ANGLE_NAMES.index(f"hip_{word}_r") for word in ("flexion", "adduction", "rotation")]
    a, b, c = truth[:, hip].T
    other[:, hip] = np.stack([a + 180, 180 - b, c - 180], axis=1)
    other[:, 0] += 360
    np.testing.assert_allclose(
        rotation_zxy(other[:, hip]), rotation_zxy(truth[:, hip]), atol=1e-9
    )
    np.testing.assert_allclose(metrics.nearest_equal(truth, other), truth, atol=1e-9)


def test_a_different_rotation_stays_an_error() -> None:
    truth = np.zeros((1, len(ANGLE_NAMES)))
    np.testing.assert_allclose(metrics.nearest_equal(truth, truth + 30), 30)


def test_range_of_motion_ignores_gaps_and_is_0_where_nothing_is_known() -> None:
    curves = np.array([[-10.0, NAN], [NAN, NAN], [35.0, NAN]])
    np.testing.assert_array_equal(metrics.ranges_of_motion_deg(curves), [45, 0])


def test_unwrapping_goes_on_after_a_gap() -> None:
    curve = np.array([[170.0], [NAN], [-170.0]])
    np.testing.assert_array_equal(metrics.unwrapped(curve)[:, 0], [170, NAN, 190])


def test_rank_correlation_is_1_when_the_less_sure_is_the_worse() -> None:
    error = np.array([1.0, 5.0, 20.0, 90.0, NAN])
    sure = np.exp(-np.array([1.0, 5.0, 20.0, 90.0, 0.0]))
    assert metrics.rank_correlation(sure, error) == pytest.approx(1)
    assert metrics.rank_correlation(-sure, error) == pytest.approx(-1)
    assert np.isnan(metrics.rank_correlation(np.ones(5), error))


def test_rank_correlation_of_ties_is_spearmans() -> None:
    sure, error = np.array([3.0, 3, 2, 1]), np.array([1.0, 2, 2, 4])
    assert metrics.rank_correlation(sure, error) == pytest.approx(5 / 6)


def test_jitter_is_0_for_even_movement_and_the_zigzag_otherwise() -> None:
    steps = np.arange(10.0)
    even = np.stack([0.1 * steps, steps, -steps], axis=1)[:, None]
    assert metrics.jitter_mm(even) == pytest.approx(0, abs=1e-9)
    zigzag = even + np.array([0.001, 0, 0]) * ((-1) ** np.arange(10))[:, None, None]
    assert metrics.jitter_mm(zigzag) == pytest.approx(2)
    assert np.isnan(metrics.jitter_mm(even[:2]))
