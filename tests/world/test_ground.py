"""The world that stands on its floor."""

import numpy as np
import pytest

from humanpose.geometry import unit
from humanpose.sequence import PoseSequence
from humanpose.skeleton import MEDIAPIPE33
from humanpose.world.gravity import find_up
from humanpose.world.ground import Ground, ground_under, to_world
from tests.support.filmed import as_pose, person


def grounded(pose: PoseSequence) -> Ground:
    return ground_under(pose, up=find_up(pose).direction, height_m=1.76)


def test_the_world_stands_on_its_floor_under_the_first_hip() -> None:
    pose = as_pose(person())
    world = to_world(pose, grounded(pose))
    hips = (world.joint("left_hip") + world.joint("right_hip")) / 2
    np.testing.assert_allclose(hips[0, [0, 2]], 0, atol=1e-9)
    assert hips[0, 1] == pytest.approx(0.87, abs=0.05)
    feet = world.positions[:, MEDIAPIPE33.indices("left_heel", "right_heel"), 1]
    assert abs(np.median(feet)) < 0.05


def test_the_world_is_not_mirrored() -> None:
    ground = Ground(unit(np.array([0.05, -1.0, -0.1])), np.array([0.2, 1.0, 3.0]))
    np.testing.assert_allclose(np.linalg.det(ground.rotation), 1)
    right, towards_camera = np.array([1.0, 0, 0]), np.array([0, 0, -1.0])
    assert (ground.rotation @ right)[0] > 0.99
    assert (ground.rotation @ towards_camera)[2] > 0.99


def test_a_clip_without_feet_still_has_a_floor() -> None:
    points = person()
    points[
        :, MEDIAPIPE33.indices("left_heel", "right_heel", "left_foot_index", "right_foot_index")
    ] = np.nan
    pose = as_pose(points)
    hips = to_world(pose, grounded(pose)).joint("left_hip")
    assert hips[0, 1] == pytest.approx(0.53 * 1.76, abs=0.08)
