"""Camera, lift and ground, against a body that was projected with a known camera."""

import numpy as np
import pytest

from humanpose.camera import Camera
from humanpose.geometry import bend_deg, rotation_about, unit
from humanpose.lift.baseline import lift, metric_scale
from humanpose.markers.input_markers import markers_of
from humanpose.sequence import Floats, Landmarks, PoseSequence, Timeline
from humanpose.skeleton import COCO_IN_MEDIAPIPE, MARKERS22, MEDIAPIPE33
from humanpose.world.ground import Ground, find_ground, to_world
from tests.support.body import body

SIZE = (640, 480)
CAMERA = Camera.from_fov(60.0, SIZE)
HEIGHT_M = 1.76
NAMES = {
    "shoulder": "Shoulder", "elbow": "Elbow", "wrist": "Wrist", "hip": "Hip",
    "knee": "Knee", "ankle": "Ankle", "heel": "Heel", "foot_index": "BigToe",
}  # fmt: skip


def person(frames: int = 60, *, pitch_deg: float = 0.0) -> Floats:
    """(T, 33, 3) m, camera frame: a squat at 3.5 m, before a camera pitched so."""
    bend = 40 * (1 - np.cos(np.linspace(0, 2 * np.pi, frames)))
    posed = body(
        {
            f"{n}_{s}": k * bend
            for s in "rl"
            for n, k in (("hip_flexion", 0.9), ("knee_angle", 1.0), ("ankle_angle", 0.4))
        },
        frames=frames,
    )
    world = np.full((frames, len(MEDIAPIPE33), 3), np.nan)
    for i, name in enumerate(MEDIAPIPE33.joints):
        side, _, part = name.partition("_")
        marker = (
            "Nose"
            if name == "nose"
            else {"left": "L", "right": "R"}.get(side, "") + NAMES.get(part, "?")
        )
        at = marker if marker in MARKERS22.joints else "Head"
        world[:, i] = posed.joint(at)
    ankles = world[:, MEDIAPIPE33.indices("left_ankle", "right_ankle")].mean(axis=1)
    world -= ankles[:, None] - [0.0, 0.08, 0.0]
    flipped = (world - [0.0, 1.0, 0.0]) * [1, -1, -1]
    return flipped @ rotation_about("x", pitch_deg).T + [0.1, 0.0, 3.5]


def seen_by_mediapipe(points: Floats) -> Landmarks:
    """Exact pixels, and world landmarks of a person of another size, centred on the hips."""
    hips = points[:, MEDIAPIPE33.indices("left_hip", "right_hip")].mean(axis=1, keepdims=True)
    count = points.shape[:2]
    return Landmarks(
        CAMERA.project(points),
        0.8 * (points - hips),
        np.ones(count),
        Timeline(count[0], 30.0),
        SIZE,
    )


def as_pose(points: Floats) -> PoseSequence:
    return PoseSequence(
        points, np.ones(points.shape[:2]), Timeline(len(points), 30.0), MEDIAPIPE33
    )


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
    ground = Ground(unit(np.array([0.05, -1.0, -0.1])), -1.2, np.array([0.2, 1.0, 3.0]))
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


def test_derived_markers_are_never_as_sure_as_seen_ones() -> None:
    markers = markers_of(as_pose(person(3)))
    sure = dict(zip(MARKERS22.joints, markers.confidence[0], strict=True))
    derived = {"Neck", "Hip", "Head", "RSmallToe", "LSmallToe"}
    assert {name for name, value in sure.items() if value < 0.5} == derived


def test_small_toes_lie_outside_the_big_ones() -> None:
    markers = markers_of(as_pose(person(3)))
    right = markers.joint("RHip") - markers.joint("LHip")
    for side, sign in (("R", 1), ("L", -1)):
        outwards = markers.joint(f"{side}SmallToe") - markers.joint(f"{side}BigToe")
        assert ((outwards * right).sum(axis=1) * sign > 0).all()


def test_coco_joints_are_mediapipes_of_the_same_name() -> None:
    assert MEDIAPIPE33.joints[COCO_IN_MEDIAPIPE[13]] == "left_knee"
    assert len(COCO_IN_MEDIAPIPE) == 17
