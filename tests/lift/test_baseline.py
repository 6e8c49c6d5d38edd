"""The lift from MediaPipe's own 3-D, against a body in front of a known camera."""

import numpy as np
import pytest

from humanpose.camera import Camera
from humanpose.lift.baseline import lift, metric_scale
from humanpose.sequence import Landmarks
from humanpose.skeleton import MEDIAPIPE33
from tests.support.filmed import CAMERA, HEIGHT_M, as_pose, person, seen_by_mediapipe


def test_exact_landmarks_give_back_the_person_where_they_stood() -> None:
    points = person()
    lifted = lift(seen_by_mediapipe(points), CAMERA, height_m=HEIGHT_M).positions
    size = metric_scale(as_pose(points), height_m=HEIGHT_M)
    np.testing.assert_allclose(lifted, size * points, atol=2e-3)


def test_height_sets_the_scale_and_nothing_else() -> None:
    seen = seen_by_mediapipe(person())
    small, tall = (lift(seen, CAMERA, height_m=h).positions for h in (1.2, 1.8))
    np.testing.assert_allclose(1.5 * small, tall, atol=1e-9)


def test_a_bone_that_is_never_seen_does_not_take_the_scale_away() -> None:
    points = person()
    whole = metric_scale(as_pose(points), height_m=HEIGHT_M)
    points[:, MEDIAPIPE33.indices("left_ankle", "right_ankle")] = np.nan
    assert metric_scale(as_pose(points), height_m=HEIGHT_M) == pytest.approx(whole, rel=0.05)
    points[:] = np.nan
    assert np.isnan(metric_scale(as_pose(points), height_m=HEIGHT_M))


def test_a_landmark_that_is_hardly_seen_hardly_moves_the_person() -> None:
    seen = seen_by_mediapipe(person())
    elbow = MEDIAPIPE33.index("left_elbow")
    still = lift(seen, CAMERA, height_m=HEIGHT_M).joint("nose")
    seen.world[:, elbow] += 0.3
    shifted = [np.abs(lift(seen, CAMERA, height_m=HEIGHT_M).joint("nose") - still).max()]
    seen.visibility[:, elbow] = 0.01
    shifted.append(np.abs(lift(seen, CAMERA, height_m=HEIGHT_M).joint("nose") - still).max())
    assert shifted[1] < 0.05 * shifted[0]


def test_portrait_and_landscape_of_one_scene_give_the_same_pose() -> None:
    points = person(5)
    wide = seen_by_mediapipe(points)
    narrow = Landmarks(
        wide.pixels - [100, 0], wide.world, wide.visibility, wide.timeline, (440, 480)
    )
    here = lift(wide, CAMERA, height_m=1.7).positions
    there = lift(narrow, Camera(CAMERA.focal_px, (440, 480)), height_m=1.7).positions
    np.testing.assert_allclose(here, there, atol=1e-9)


def test_a_frame_without_a_person_stays_empty() -> None:
    seen = seen_by_mediapipe(person(5))
    seen.pixels[2] = np.nan
    pose = lift(seen, CAMERA, height_m=1.7)
    assert np.isnan(pose.positions[2]).all()
    assert (pose.confidence[2] == 0).all()
    assert np.isfinite(pose.positions[[0, 1, 3, 4]]).all()
