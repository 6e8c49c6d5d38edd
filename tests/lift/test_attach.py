"""Head, hands and feet on a solved body."""

import numpy as np
import pytest

from humanpose.camera import Camera
from humanpose.geometry import bend_deg, rotation_about
from humanpose.lift.attach import attach
from humanpose.sequence import Floats, Landmarks, PoseSequence, coco_of
from humanpose.skeleton import BODY12, COCO17, MEDIAPIPE33
from tests.support.synthetic import FOCAL_PX, IMAGE_SIZE, synthetic_analysis

CAMERA = Camera(FOCAL_PX, IMAGE_SIZE)
FEET = ("left_heel", "right_heel", "left_foot_index", "right_foot_index")
HEAD = MEDIAPIPE33.joints[:11]
HANDS = MEDIAPIPE33.joints[17:23]


@pytest.fixture
def solved() -> PoseSequence:
    """COCO-17 of someone who bends the knees, the face unknown."""
    joints = synthetic_analysis(20).joints_camera
    unknown = [name not in BODY12.joints for name in COCO17.joints]
    positions, confidence = joints.positions.copy(), joints.confidence.copy()
    positions[:, unknown], confidence[:, unknown] = np.nan, 0.0
    return PoseSequence(positions, confidence, joints.timeline, COCO17)


@pytest.fixture
def landmarks() -> Landmarks:
    """What MediaPipe would see of them if it were perfect."""
    return synthetic_analysis(20).landmarks


def true_points(landmarks: Landmarks, solved: PoseSequence) -> PoseSequence:
    hips = (solved.joint("left_hip") + solved.joint("right_hip")) / 2
    points = landmarks.world + hips[:, None]
    return PoseSequence(points, landmarks.visibility, solved.timeline, MEDIAPIPE33)


def turned(landmarks: Landmarks, names: tuple[str, ...], rotation: Floats) -> Landmarks:
    """MediaPipe's world landmarks turned about their origin, the pixels as they were."""
    world = landmarks.world.copy()
    columns = MEDIAPIPE33.indices(*names)
    world[:, columns] = world[:, columns] @ rotation.T
    return landmarks.replace(world=world)


def test_the_solved_joints_stay_what_they_are(
    solved: PoseSequence, landmarks: Landmarks
) -> None:
    joints = coco_of(attach(solved, landmarks, CAMERA)).select(BODY12)
    np.testing.assert_array_equal(joints.positions, solved.select(BODY12).positions)
    np.testing.assert_array_equal(joints.confidence, solved.select(BODY12).confidence)


def test_head_and_hands_are_exact_where_mediapipe_is(
    solved: PoseSequence, landmarks: Landmarks
) -> None:
    attached, truth = attach(solved, landmarks, CAMERA), true_points(landmarks, solved)
    for name in (*HEAD, *HANDS):
        np.testing.assert_allclose(attached.joint(name), truth.joint(name), atol=1e-6)


def test_every_point_of_head_and_hands_lies_on_its_ray(
    solved: PoseSequence, landmarks: Landmarks
) -> None:
    rough = turned(landmarks, MEDIAPIPE33.joints, rotation_about("x", 25.0))
    attached = attach(solved, rough, CAMERA)
    columns = MEDIAPIPE33.indices(*HEAD, *HANDS)
    pixels = CAMERA.project(attached.positions[:, columns])
    np.testing.assert_allclose(pixels, landmarks.pixels[:, columns], atol=1e-6)


def test_a_body_that_mediapipe_tilts_is_set_upright_with_its_head_and_hands(
    solved: PoseSequence, landmarks: Landmarks
) -> None:
    rough = turned(landmarks, MEDIAPIPE33.joints, rotation_about("x", 25.0))
    attached, truth = attach(solved, rough, CAMERA), true_points(landmarks, solved)
    for name in HEAD:
        np.testing.assert_allclose(attached.joint(name), truth.joint(name), atol=1e-6)
    for name in HANDS:
        np.testing.assert_allclose(attached.joint(name), truth.joint(name), atol=0.03)


def test_the_size_of_mediapipes_body_does_not_matter(
    solved: PoseSequence, landmarks: Landmarks
) -> None:
    small = landmarks.replace(world=0.7 * landmarks.world)
    ours, others = (attach(solved, seen, CAMERA).positions for seen in (landmarks, small))
    np.testing.assert_allclose(ours, others, atol=1e-9)


def test_feet_point_forwards_whatever_depth_mediapipe_gives_them(
    solved: PoseSequence, landmarks: Landmarks
) -> None:
    backwards = turned(landmarks, FEET, rotation_about("y", 180.0))
    attached = attach(solved, backwards, CAMERA)
    for side in ("left", "right"):
        foot = attached.joint(f"{side}_foot_index") - attached.joint(f"{side}_heel")
        assert (bend_deg(foot, np.array([0.0, 0.0, -1.0])) < 35).all()


def test_a_foot_that_is_hidden_is_neutral(solved: PoseSequence, landmarks: Landmarks) -> None:
    toe = MEDIAPIPE33.index("left_foot_index")
    shifts = []
    for visibility in (1.0, 0.0):
        landmarks.visibility[:, toe] = visibility
        away = landmarks.pixels.copy()
        away[:, toe] += [0, 10]
        near, far = (
            attach(solved, landmarks.replace(pixels=p), CAMERA).joint("left_foot_index")
            for p in (landmarks.pixels, away)
        )
        shifts.append(np.linalg.norm(far - near, axis=1).mean())
    assert shifts[1] < 0.6 * shifts[0]


def test_the_mirror_image_gives_the_mirrored_points(
    solved: PoseSequence, landmarks: Landmarks
) -> None:
    flip, m33, m17 = np.array([-1.0, 1, 1]), list(MEDIAPIPE33.mirror), list(COCO17.mirror)
    pixels = landmarks.pixels[:, m33] * [-1, 1] + [IMAGE_SIZE[0] - 1, 0]
    other = landmarks.replace(pixels=pixels, world=landmarks.world[:, m33] * flip)
    ours = attach(solved, landmarks, CAMERA).positions
    theirs = attach(
        solved.with_positions(solved.positions[:, m17] * flip), other, CAMERA
    ).positions
    np.testing.assert_allclose(ours, theirs[:, m33] * flip, atol=1e-9)


def test_a_point_is_never_surer_than_what_carries_it(
    solved: PoseSequence, landmarks: Landmarks
) -> None:
    solved.confidence[:, COCO17.index("left_ankle")] = 0.2
    attached = attach(solved, landmarks, CAMERA)
    sure = {name: attached.confidence[0, MEDIAPIPE33.index(name)] for name in FEET}
    assert sure["left_heel"] == sure["left_foot_index"] == 0.2
    assert sure["right_heel"] == pytest.approx(0.9)


def test_without_a_joint_nothing_hangs_on_it(
    solved: PoseSequence, landmarks: Landmarks
) -> None:
    solved.positions[3:5, COCO17.index("left_ankle")] = np.nan
    solved.positions[7] = np.nan
    attached = attach(solved, landmarks, CAMERA)
    assert np.isnan(attached.joint("left_heel")[3:5]).all()
    assert np.isfinite(attached.joint("right_heel")[3:5]).all()
    assert np.isnan(attached.positions[7]).all()
    assert (attached.confidence[7] == 0).all()


def test_a_clip_of_nobody_stays_empty(solved: PoseSequence, landmarks: Landmarks) -> None:
    solved.positions[:] = np.nan
    solved.confidence[:] = 0
    attached = attach(solved, landmarks, CAMERA)
    assert np.isnan(attached.positions).all()
    assert (attached.confidence == 0).all()
