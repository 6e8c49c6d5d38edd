"""What the network that we ship makes of people whose pose is known exactly."""

import numpy as np
import pytest
from numpy.typing import NDArray

from humanpose.camera import Camera
from humanpose.geometry import rotation_about, unit
from humanpose.pof.inference import CameraPOFInference
from humanpose.sequence import Floats, LimbField
from humanpose.skeleton import COCO17
from tests.support.places import CHECKPOINTS

CHECKPOINT = CHECKPOINTS / "best_pof_model.pth"
CAMERA = Camera.from_fov(60, (640, 480))
STARTS, ENDS = np.array(COCO17.bone_indices).T
LEFT_ARM, RIGHT_ARM = 0, 2
HEADING_DEG = 42.0
"""Of the sample's person: turned so far from facing the camera, to the image's right."""


@pytest.fixture(scope="module")
def network() -> CameraPOFInference:
    return CameraPOFInference(CHECKPOINT)


@pytest.fixture(scope="module")
def body(sample_truth: dict[str, Floats]) -> Floats:
    """(T, 17, 3) the sample's person from the first mid-hip, camera axes, facing the camera."""
    joints = sample_truth["joints_camera"][:, :17].astype(float)
    middle = joints[0, COCO17.indices("left_hip", "right_hip")].mean(axis=0)
    return (joints - middle) @ rotation_about("y", HEADING_DEG).T


def turned(body: Floats, degrees: float) -> Floats:
    """The person turned to the image's left, 4 m away."""
    return body @ rotation_about("y", degrees).T + [0, 0, 4.0]


def field_of(network: CameraPOFInference, joints: Floats, fps: float = 30.0) -> LimbField:
    keypoints = CAMERA.project(joints)
    visibility = np.isfinite(keypoints[..., 0]).astype(float)
    return network.limb_field(
        keypoints, visibility, image_size=CAMERA.image_size, fps=fps, focal_px=CAMERA.focal_px
    )


def limbs_of(joints: Floats) -> Floats:
    return unit(joints[:, ENDS] - joints[:, STARTS])


def apart_deg(a: Floats, b: Floats) -> NDArray[np.float64]:
    return np.asarray(np.degrees(np.arccos(np.clip((a * b).sum(axis=-1), -1, 1))))


@pytest.mark.parametrize("heading", [0, 90, 180, 270])
def test_true_keypoints_give_limbs_from_every_side(
    network: CameraPOFInference, body: Floats, heading: float
) -> None:
    joints = turned(body, heading)
    off = apart_deg(field_of(network, joints).directions, limbs_of(joints))
    assert off.mean() < 8
    assert (off > 90).mean() < 0.01


def test_arms_stretched_forwards_point_at_the_camera_and_from_behind_away(
    network: CameraPOFInference, body: Floats
) -> None:
    for heading, sign in ((0, -1), (180, 1)):
        joints = turned(raising_the_arms(body[0]), heading)
        arms = field_of(network, joints).directions[30:60, [LEFT_ARM, RIGHT_ARM], 2]
        true = limbs_of(joints)[30:60, [LEFT_ARM, RIGHT_ARM], 2]
        assert (sign * true > 0.8).all()
        assert (sign * arms > 0.5).all()


def raising_the_arms(standing: Floats) -> Floats:
    """(90, 17, 3) both arms from hanging (17, 3) to straight ahead in 1 s, held, and back."""
    bend = np.interp(np.arange(90), [0, 30, 60, 89], [0.0, 85.0, 85.0, 0.0])
    body = np.repeat(standing[None], len(bend), axis=0)
    for side in ("left", "right"):
        shoulder, *arm = COCO17.indices(
            *(f"{side}_{p}" for p in ("shoulder", "elbow", "wrist"))
        )
        hanging = standing[arm] - standing[shoulder]
        for frame, degrees in enumerate(bend):
            body[frame, arm] = standing[shoulder] + hanging @ rotation_about("x", -degrees).T
    return body


def test_frame_rate_hardly_matters(network: CameraPOFInference, body: Floats) -> None:
    joints = turned(body, 30)
    twice = np.repeat(joints, 2, axis=0)[:-1]
    twice[1::2] = (joints[1:] + joints[:-1]) / 2
    slow = field_of(network, joints, 30).directions
    fast = field_of(network, twice, 60).directions[::2]
    assert apart_deg(slow, fast).mean() < 2


def test_a_step_aside_hardly_matters(network: CameraPOFInference, body: Floats) -> None:
    here = field_of(network, turned(body, 30)).directions
    there = field_of(network, turned(body, 30) + np.array([1.0, 0, 0])).directions
    assert apart_deg(here, there).mean() < 4


def test_distance_hardly_matters(network: CameraPOFInference, body: Floats) -> None:
    near = field_of(network, turned(body, 30)).directions
    far = field_of(network, turned(body, 30) + np.array([0, 0, 4.0])).directions
    assert apart_deg(near, far).mean() < 4


def test_a_single_frame_is_understood(network: CameraPOFInference, body: Floats) -> None:
    joints = turned(body, 30)
    off = [
        apart_deg(field_of(network, joints[t : t + 1]).directions, limbs_of(joints[t : t + 1]))
        for t in range(0, len(joints), 20)
    ]
    assert np.mean(off) < 15


def test_a_hidden_arm_is_guessed_with_less_confidence(
    network: CameraPOFInference, body: Floats
) -> None:
    joints = turned(body, 30)
    hidden = joints.copy()
    hidden[90:110, COCO17.indices("left_elbow", "left_wrist")] = np.nan
    seen, guessed = field_of(network, joints), field_of(network, hidden)
    sure, less = (field.confidence[90:110, :2].mean() for field in (seen, guessed))
    assert less < sure - 0.02
    off = apart_deg(guessed.directions[90:110, :2], limbs_of(joints)[90:110, :2])
    assert off.mean() < 45


def test_up_is_found_with_a_tilted_camera(network: CameraPOFInference, body: Floats) -> None:
    tilt = rotation_about("x", 12.0)
    field = field_of(network, body @ rotation_about("y", 30).T @ tilt.T + [0, 0, 4.0])
    assert apart_deg(field.up, tilt @ np.array([0.0, -1, 0])) < 6
