"""The body's kinematics: their derivatives, and what they have in common with OpenSim's."""

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from humanpose.body.coordinates import contract_angles, coordinates
from humanpose.body.model import (
    BALLS,
    HINGES,
    KNEE_ON_TIBIA,
    MIRROR,
    SCALES,
    SEGMENTS,
    UNKNOWNS,
)
from humanpose.body.pose import BodyPose, Sites, place, points, positions
from humanpose.body.start import first_pose
from humanpose.kinematics.model_axes import BODY_ORIGINS
from humanpose.skeleton import ANGLE_NAMES
from tests.support.body import body

RNG = np.random.default_rng(0)
FRAMES = 3
UP = np.array([0.05, -0.99, -0.1]) / np.linalg.norm([0.05, -0.99, -0.1])
STEP = 1e-6


@pytest.fixture
def pose() -> BodyPose:
    turns = Rotation.random(FRAMES * len(BALLS), random_state=1).as_matrix()
    return BodyPose(
        RNG.normal(size=(FRAMES, 3)),
        turns.reshape(FRAMES, len(BALLS), 3, 3),
        RNG.uniform(0.1, 1.5, (FRAMES, len(HINGES))),
    )


@pytest.fixture
def sites() -> Sites:
    segments = list(range(len(SEGMENTS)))
    return Sites(segments, segments, RNG.normal(size=(len(SEGMENTS), 3)) * 0.05)


@pytest.mark.parametrize("unknown", range(UNKNOWNS))
def test_points_follow_every_unknown(pose: BodyPose, sites: Sites, unknown: int) -> None:
    scales = np.full(len(SCALES), 0.03)
    step = np.zeros((FRAMES, UNKNOWNS))
    step[:, unknown] = STEP
    moved = positions(place(pose.moved(step), scales), sites)
    found = points(place(pose, scales), sites)
    np.testing.assert_allclose(
        (moved - found.positions) / STEP, found.by_pose[..., unknown], atol=1e-4
    )


@pytest.mark.parametrize("scale", range(len(SCALES)))
def test_points_follow_every_length(pose: BodyPose, sites: Sites, scale: int) -> None:
    longer = np.zeros(len(SCALES))
    longer[scale] = STEP
    moved = positions(place(pose, longer), sites)
    found = points(place(pose, np.zeros(len(SCALES))), sites)
    np.testing.assert_allclose(
        (moved - found.positions) / STEP, found.by_scale[..., scale], atol=1e-5
    )


@pytest.mark.parametrize("unknown", range(3, UNKNOWNS))
def test_coordinates_follow_every_turn_and_bend(unknown: int) -> None:
    pose = first_pose(body({"hip_flexion_r": 30.0, "arm_flex_l": 20.0, "knee_angle_r": 40.0}))
    step = np.zeros((1, UNKNOWNS))
    step[:, unknown] = STEP
    values, slopes = coordinates(pose, UP)
    moved, _ = coordinates(pose.moved(step), UP)
    np.testing.assert_allclose((moved - values) / STEP, slopes[..., unknown], atol=0.02)


def test_the_unscaled_body_in_the_default_pose_is_opensims() -> None:
    still = BodyPose(
        np.zeros((1, 3)), np.tile(np.eye(3), (1, len(BALLS), 1, 1)), np.zeros((1, len(HINGES)))
    )
    placed = place(still, np.zeros(len(SCALES)))
    from_pelvis = placed.origins[0] - placed.origins[0, 0]
    for segment, at in zip(SEGMENTS, from_pelvis, strict=True):
        if segment.startswith("hand"):
            continue  # a forearm's own axis runs through the elbow here
        side = MIRROR if segment.endswith("l") else 1.0
        from_joint = KNEE_ON_TIBIA * side if segment.startswith("tibia") else 0.0
        np.testing.assert_allclose(at, BODY_ORIGINS[segment] + from_joint, atol=2e-4)


def test_left_is_the_mirror_image_of_right() -> None:
    still = BodyPose(
        np.zeros((1, 3)), np.tile(np.eye(3), (1, len(BALLS), 1, 1)), np.full((1, 8), 0.4)
    )
    placed = place(still, np.linspace(-0.1, 0.1, len(SCALES)))
    for name in ("tibia", "calcn", "ulna", "hand"):
        right, left = (SEGMENTS.index(f"{name}_{side}") for side in "rl")
        np.testing.assert_allclose(
            placed.origins[0, left], placed.origins[0, right] * MIRROR, atol=1e-12
        )


ANGLES = {
    "pelvis_list": 4.0, "pelvis_rotation": 20.0, "lumbar_bending": 6.0, "hip_flexion_r": 50.0,
    "hip_adduction_r": -8.0, "knee_angle_r": 60.0, "hip_flexion_l": 20.0, "knee_angle_l": 40.0,
    "arm_flex_r": 40.0, "arm_add_r": -30.0, "elbow_flex_r": 70.0, "elbow_flex_l": 50.0,
}  # fmt: skip


@pytest.mark.parametrize("name", ANGLES)
def test_the_start_has_the_angles_of_the_markers(name: str) -> None:
    pose = first_pose(body(ANGLES))
    up = np.array([0.0, 1.0, 0.0])  # along the world's own axes the camera is behind the person
    degrees = contract_angles(pose, place(pose, np.zeros(len(SCALES))), up)
    expected = ANGLES[name] + (180 if name == "pelvis_rotation" else 0)
    off = (degrees[0, ANGLE_NAMES.index(name)] - expected + 180) % 360 - 180
    assert abs(off) < 9  # the pelvis leans as the thighs and the trunk do on average
