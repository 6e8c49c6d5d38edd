"""From pixels to rays and back."""

import numpy as np
import pytest

from humanpose.camera import Camera
from tests.support.filmed import CAMERA, person


def test_rays_and_projection_are_inverse() -> None:
    points = person(3)
    rays = CAMERA.rays(CAMERA.project(points))
    np.testing.assert_allclose(rays * points[..., 2:], points, atol=1e-9)


def test_the_middle_of_the_image_looks_straight_ahead() -> None:
    np.testing.assert_allclose(CAMERA.rays(np.array([319.5, 239.5])), [0, 0, 1], atol=1e-12)


def test_the_field_of_view_spans_the_longer_side() -> None:
    for size in ((640, 480), (480, 640)):
        assert Camera.from_fov(60.0, size).focal_px == pytest.approx(
            320 / np.tan(np.radians(30))
        )


def test_nothing_behind_the_camera_is_projected() -> None:
    assert np.isnan(CAMERA.project(np.array([0.0, 0.0, -1.0]))).all()
