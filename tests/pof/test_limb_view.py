"""The camera that looks straight at the person."""

import numpy as np
import pytest

from humanpose.camera import Camera
from humanpose.pof.limb_view import look_at_person, towards
from humanpose.sequence import Floats

WIDE, TALL = Camera(1000.0, (1280, 720)), Camera(1000.0, (720, 1280))


@pytest.fixture
def body() -> Floats:
    """(5, 17, 3) a cloud of joints 4 m in front of the camera, drifting to the right."""
    rng = np.random.default_rng(0)
    cloud = rng.normal([0.5, 0.1, 4.0], 0.4, (17, 3))
    return cloud + np.linspace(0, 0.3, 5)[:, None, None] * [1, 0, 0]


def points_of(camera: Camera, body: Floats) -> Floats:
    return look_at_person(camera.rays(camera.project(body)), np.ones(body.shape[:2])).points


def test_the_person_is_looked_at(body: Floats) -> None:
    trunk = points_of(WIDE, body)[:, [5, 6, 11, 12], :2]
    np.testing.assert_allclose(trunk.mean(axis=1), 0, atol=0.06)


def test_portrait_and_landscape_show_the_same_person(body: Floats) -> None:
    np.testing.assert_allclose(points_of(WIDE, body), points_of(TALL, body), atol=1e-9)


def test_resolution_does_not_matter(body: Floats) -> None:
    fine = Camera(2000.0, (2559, 1439))
    np.testing.assert_allclose(points_of(WIDE, body), points_of(fine, body), atol=1e-9)


def test_a_camera_turned_on_the_spot_sees_nearly_the_same(body: Floats) -> None:
    turned = body @ towards(np.array([0.3, -0.1])).T
    still, other = points_of(WIDE, body), points_of(WIDE, turned)
    upright = np.linalg.norm(still[..., :2], axis=-1), np.linalg.norm(other[..., :2], axis=-1)
    np.testing.assert_allclose(*upright, atol=0.02)


def test_a_turn_is_proper_and_leads_to_the_axis() -> None:
    middle = np.array([[0.4, -0.7], [0.0, 0.0], [-2.0, 1.0]])
    turn = towards(middle)
    np.testing.assert_allclose(
        turn @ np.swapaxes(turn, 1, 2), np.eye(3)[None].repeat(3, 0), atol=1e-12
    )
    np.testing.assert_allclose(np.linalg.det(turn), 1)
    ray = np.concatenate([middle, np.ones((3, 1))], axis=1)
    seen = (turn @ ray[..., None])[..., 0]
    np.testing.assert_allclose(seen[:, :2], 0, atol=1e-12)
    assert (seen[:, 2] > 0).all()


def test_what_is_missing_is_zero_and_counted(body: Floats) -> None:
    keypoints = WIDE.project(body)
    keypoints[2, 9] = np.nan
    keypoints[3] = np.nan
    view = look_at_person(WIDE.rays(keypoints), np.ones(body.shape[:2]))
    assert not view.points[2, 9].any()
    assert not view.points[3].any()
    np.testing.assert_allclose(view.frame[:, 5], [1, 1, 16 / 17, 0, 1])
    assert np.isfinite(view.frame).all()
    np.testing.assert_allclose(view.turn[3], view.turn[2])


def test_a_window_without_anybody_is_finite() -> None:
    view = look_at_person(np.full((4, 17, 3), np.nan), np.zeros((4, 17)))
    assert not view.points.any()
    assert np.isfinite(view.frame).all()
