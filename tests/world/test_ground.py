"""Which way is up, and the world that stands on its floor."""

import numpy as np
import pytest

from humanpose.geometry import bend_deg, rotation_about, unit
from humanpose.skeleton import MEDIAPIPE33
from humanpose.world.ground import Ground, find_ground, to_world
from tests.support.filmed import as_pose, person


@pytest.mark.parametrize("pitch_deg", [0.0, -8.0, 6.0])
def test_gravity_is_found_from_a_standing_person(pitch_deg: float) -> None:
    points = person(pitch_deg=pitch_deg)
    truth = unit(np.array([0.0, -1.0, 0.0]) @ rotation_about("x", pitch_deg).T)
    assert bend_deg(find_ground(as_pose(points), height_m=1.76).up, truth) < 5


def test_a_sure_belief_about_gravity_wins_and_an_unsure_one_changes_nothing() -> None:
    pose = as_pose(person())
    alone = find_ground(pose, height_m=1.76).up
    belief = unit(np.array([0.1, -1.0, -0.3]))
    sure, unsure = (
        find_ground(pose, height_m=1.76, believed_up=belief, believed_up_concentration=kappa).up
        for kappa in (1e7, 1e-7)
    )
    assert bend_deg(sure, belief) < 0.1
    assert bend_deg(unsure, alone) < 0.01


def test_beliefs_are_weighed_by_how_sure_they_are() -> None:
    pose = as_pose(person())
    alone, belief = find_ground(pose, height_m=1.76).up, unit(np.array([0.0, -1.0, -0.4]))
    ups = [
        find_ground(pose, height_m=1.76, believed_up=belief, believed_up_concentration=k).up
        for k in (10.0, 100.0, 1000.0)
    ]
    away = [bend_deg(up, alone) for up in ups]
    assert 0 < away[0] < away[1] < away[2] < bend_deg(belief, alone)


def test_a_belief_that_is_none_says_nothing() -> None:
    pose = as_pose(person())
    nothing = find_ground(
        pose, height_m=1.76, believed_up=np.full(3, np.nan), believed_up_concentration=9.0
    )
    np.testing.assert_array_equal(nothing.up, find_ground(pose, height_m=1.76).up)


def test_the_world_stands_on_its_floor_under_the_first_hip() -> None:
    pose = as_pose(person())
    world = to_world(pose, find_ground(pose, height_m=1.76))
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
    hips = to_world(pose, find_ground(pose, height_m=1.76)).joint("left_hip")
    assert hips[0, 1] == pytest.approx(0.53 * 1.76, abs=0.08)
