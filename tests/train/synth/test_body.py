"""The rendered person: its angles, its motions and its pictures."""

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.spatial.transform import Rotation

from humanpose.skeleton import ANGLE_NAMES, JOINT_GROUPS
from train.synth.body.anatomy import (
    GROUND,
    JOINTS,
    SEGMENT_BONES,
    TRUTH23,
    bone_rotations,
    frames_from_angles,
    signs,
    truth_points,
)
from train.synth.body.body import Body, PosedBody, Rig
from train.synth.body.makehuman import Assets, Shape
from train.synth.body.wardrobe import Outfit, Shoes, dress
from train.synth.motion.channels import keyframed
from train.synth.motion.gait import Walk
from train.synth.motion.perform import perform
from train.synth.scene.camera import Camera
from train.synth.scene.render import Studio
from train.synth.scene.room import room

Floats = NDArray[np.float64]


@pytest.fixture(scope="module")
def body(assets: Assets) -> Body:
    return Body.build(assets, Shape("female", muscle=0.6, weight=0.4))


def posed(body: Body, degrees: Floats) -> PosedBody:
    """The body with the given (T, 36) angles, its root at the origin."""
    frames = frames_from_angles(degrees)
    still = np.zeros((len(degrees), 3))
    return body.pose(bone_rotations(frames, still, body.rig), still)


def rest_right(rig: Rig, segment: str) -> Floats:
    """(3,) a direction at rest, mesh axes, that fixes the segment's Z."""
    side = segment[-1].upper()
    if segment.startswith("foot"):
        toe = rig.head(f"toe2-1.{side}") - rig.head(f"foot.{side}")
        return np.array([-toe[2], 0.0, toe[0]])
    if segment.startswith("humerus"):
        shoulder, elbow, wrist = (
            rig.head(f"{n}.{side}") for n in ("upperarm01", "lowerarm01", "wrist")
        )
        return np.cross(elbow - shoulder, wrist - elbow)
    if segment.startswith("forearm"):
        to_thumb = rig.tail(f"metacarpal1.{side}") - rig.tail(f"metacarpal4.{side}")
        return to_thumb if side == "R" else -to_thumb
    return np.array([-1.0, 0.0, 0.0])


LONG_BONES = {
    "femur": ("upperleg01", "lowerleg01"), "tibia": ("lowerleg01", "foot"),
    "humerus": ("upperarm01", "lowerarm01"), "forearm": ("lowerarm01", "wrist"),
}  # fmt: skip


def measured_axes(shape: PosedBody, segment: str) -> Floats:
    """(T, 3, 3) segment axes from posed joint centres and directions that ride on the bone."""
    rig, bone = shape.body.rig, SEGMENT_BONES[segment]

    def carried(direction: Floats) -> Floats:
        return shape.point(bone, rig.head(bone) + direction) - shape.point(bone, rig.head(bone))

    y = carried(np.array([0.0, 1.0, 0.0]))
    if segment[:-2] in LONG_BONES:
        names = [f"{name}.{segment[-1].upper()}" for name in LONG_BONES[segment[:-2]]]
        proximal, distal = (shape.point(name, rig.head(name)) for name in names)
        y = proximal - distal
    return orthogonal(y, carried(rest_right(rig, segment)))


def orthogonal(y: Floats, right: Floats) -> Floats:
    x = np.cross(y, right)
    axes = np.stack([x, y, np.cross(x, y)], axis=-1)
    return np.asarray(axes / np.linalg.norm(axes, axis=1, keepdims=True))


def measured_angles(shape: PosedBody) -> Floats:
    """(T, 36) deg by SciPy from ``measured_axes``."""
    axes = {name: Rotation.from_matrix(measured_axes(shape, name)) for name in SEGMENT_BONES}
    ground = Rotation.from_matrix(GROUND)
    groups = {"pelvis": (ground.inv() * axes["pelvis"]).as_euler("YXZ", degrees=True)[:, ::-1]}
    for group, (parent, child) in JOINTS.items():
        turn = axes[parent].inv() * axes[child]
        groups[group] = turn.as_euler("ZXY", degrees=True) * signs(group)
    return np.concatenate([groups[group] for group in JOINT_GROUPS], axis=1)


def test_angles_measured_on_the_posed_mesh_are_those_put_in(body: Body) -> None:
    degrees = np.random.default_rng(0).uniform(-50, 50, (20, 36))
    np.testing.assert_allclose(measured_angles(posed(body, degrees)), degrees, atol=1e-6)


def test_each_angle_moved_alone_changes_its_own_column_only(body: Body) -> None:
    degrees = 20 * np.eye(36)
    np.testing.assert_allclose(measured_angles(posed(body, degrees)), degrees, atol=1e-6)


def test_the_angles_of_a_walk_are_those_measured_on_its_mesh(body: Body) -> None:
    walk = Walk(0.1, steps=3)
    upright = keyframed([(0, {"pelvis_up": -0.01, "elbow_flex": 20})], seconds=2, fps=10)
    prints = {side: walk.footprints(side) for side in "rl"}
    motion = upright.plus(walk.motion(seconds=2, fps=10))
    walker = perform(motion, body, heading_deg=-70, footprints=prints)
    np.testing.assert_allclose(measured_angles(walker.posed), walker.angles, atol=1e-6)
    assert np.ptp(walker.angles[:, ANGLE_NAMES.index("knee_angle_r")]) > 30


FORWARD, UP, RIGHT = (0, 0, 1), (0, 1, 0), (-1, 0, 0)  # of a body that faces the camera
LEFT, BACK = (1, 0, 0), (0, 0, -1)


@pytest.mark.parametrize(
    ("angle", "point", "of", "towards"),
    [
        ("pelvis_tilt", "left_shoulder", "left_hip", BACK),
        ("pelvis_list", "right_hip", "left_hip", (0, -1, 0)),
        ("pelvis_rotation", "right_hip", "left_hip", FORWARD),
        ("lumbar_extension", "nose", "left_hip", BACK),
        ("lumbar_bending", "nose", "left_hip", RIGHT),
        ("lumbar_rotation", "right_shoulder", "left_shoulder", FORWARD),
        ("hip_flexion", "knee", "hip", FORWARD),
        ("hip_adduction", "knee", "hip", "midline"),
        ("hip_rotation", "big_toe", "heel", "midline"),
        ("knee_angle", "ankle", "knee", BACK),
        ("knee_adduction", "ankle", "knee", "midline"),
        ("knee_rotation", "big_toe", "heel", "midline"),
        ("ankle_angle", "big_toe", "heel", UP),
        ("subtalar_angle", "big_toe", "small_toe", UP),
        ("ankle_rotation", "big_toe", "heel", "midline"),
        ("arm_flex", "elbow", "shoulder", FORWARD),
        ("arm_add", "elbow", "shoulder", "midline"),
        ("elbow_flex", "wrist", "elbow", FORWARD),
        ("elbow_add", "wrist", "elbow", "midline"),
    ],
)
def test_a_positive_angle_moves_the_body_as_its_name_says(
    body: Body, angle: str, point: str, of: str, towards: tuple[int, int, int] | str
) -> None:
    columns = [
        i for i, name in enumerate(ANGLE_NAMES) if name in (angle, f"{angle}_r", f"{angle}_l")
    ]
    for i in columns:
        side, inward = ("left_", RIGHT) if ANGLE_NAMES[i].endswith("_l") else ("right_", LEFT)
        names = [name if name in TRUTH23.joints else side + name for name in (point, of)]
        a, b = TRUTH23.indices(*names)
        points = truth_points(posed(body, np.stack([np.zeros(36), 20 * np.eye(36)[i]])))
        moved = np.diff(points[:, a] - points[:, b], axis=0)[0]
        assert moved @ (inward if towards == "midline" else towards) > 0.005, ANGLE_NAMES[i]


@pytest.mark.parametrize("angle", ["pro_sup", "arm_rot"])
def test_inward_turns_of_the_arm_bring_the_thumb_inwards(body: Body, angle: str) -> None:
    for side, inward in (("r", LEFT), ("l", RIGHT)):
        column = ANGLE_NAMES.index(f"{angle}_{side}")
        shape = posed(body, np.stack([np.zeros(36), 20 * np.eye(36)[column]]))
        thumb = f"finger1-3.{side.upper()}"
        moved = np.diff(shape.point(thumb, body.rig.tail(thumb)), axis=0)[0]
        forward = moved @ FORWARD  # palms forward: the thumb points outwards and comes forward
        assert forward > 0.005 or moved @ inward > 0.005


def test_the_mirrored_motion_is_the_mirror_image(body: Body) -> None:
    degrees = np.random.default_rng(1).uniform(-30, 30, (5, 36))
    swap = {"_r": "_l", "_l": "_r"}
    other = [
        ANGLE_NAMES.index(n[:-2] + swap[n[-2:]]) if n[-2:] in swap else i
        for i, n in enumerate(ANGLE_NAMES)
    ]
    odd = ("pelvis_list", "pelvis_rotation", "lumbar_bending", "lumbar_rotation")
    mirrored = degrees[:, other] * np.where(np.isin(ANGLE_NAMES, odd), -1, 1)
    points, reflected = (truth_points(posed(body, d)) for d in (degrees, mirrored))
    expected = points[:, TRUTH23.mirror] * [-1, 1, 1]
    np.testing.assert_allclose(reflected, expected, atol=0.003)


def test_keyframes_are_reached_and_held() -> None:
    motion = keyframed([(1, {"knee_angle": 0}), (2, {"knee_angle": 80})], seconds=4, fps=30)
    knee = motion.angles[:, ANGLE_NAMES.index("knee_angle_l")]
    np.testing.assert_allclose(knee[[0, 24, 90, 119]], [0, 0, 80, 80], atol=0.1)
    assert (np.diff(knee) >= -1e-9).all()


def test_a_misspelt_channel_is_refused() -> None:
    with pytest.raises(ValueError, match="knee_flexion"):
        keyframed([(0, {"knee_flexion": 10})], seconds=1, fps=30)


@pytest.fixture(scope="module")
def camera() -> Camera:
    return Camera.looking(
        np.array([0.7, 1.5, 3.0]),
        np.array([0.1, 0.9, 0]),
        fov_deg=55,
        size=(320, 240),
        roll_deg=6,
    )


def test_the_picture_agrees_with_the_pinhole_camera(body: Body, camera: Camera) -> None:
    left, top, right, bottom = 99.25, 39.25, 200.75, 150.75  # px, between pixel centres
    corners = np.array([[left, top], [left, bottom], [right, bottom], [right, top]])
    rays = np.column_stack([(corners - [159.5, 119.5]) / camera.focal_px, np.ones(4)])
    square = 2.0 * rays @ camera.rotation + camera.position
    np.testing.assert_allclose(camera.project(camera.to_camera(square)), corners)
    studio = Studio(camera, [])
    poster = replace(body, vertices=square, triangles=np.array([[0, 1, 2], [0, 2, 3]]))
    studio.add(poster, np.full((4, 3), 255, dtype=np.uint8))
    picture = studio.draw([square]).max(axis=2)
    lit = np.argwhere(picture > picture.max() / 2)[:, ::-1]
    assert lit.min(axis=0).tolist() == [100, 40]
    assert lit.max(axis=0).tolist() == [200, 150]


def test_the_same_seed_gives_the_same_picture(body: Body, camera: Camera) -> None:
    pictures = []
    for _ in range(2):
        rng = np.random.default_rng(7)
        dressed, colours = dress(body, Outfit.random(rng))
        studio = Studio(camera, room(rng))
        studio.add(dressed, colours)
        pictures.append(studio.draw([dressed.vertices]))
    np.testing.assert_array_equal(pictures[0], pictures[1])
    assert pictures[0].std() > 10


def test_shoes_reach_below_the_feet_as_far_as_their_soles_are_thick(body: Body) -> None:
    lifted = Outfit(shoes=Shoes(sole_m=0.03, collar_m=0.09))
    heights = [dress(body, outfit)[0].vertices[:, 1].min() for outfit in (Outfit(), lifted)]
    assert heights[0] - heights[1] == pytest.approx(0.03)


def test_socks_of_the_shoes_colour_look_like_boots(body: Body) -> None:
    black = Shoes((0, 0, 0), (0, 0, 0))
    tops = []
    for socks in (None, black.colour):
        dressed, colours = dress(body, Outfit(shoes=black, socks=socks, trouser=0.4))
        tops.append(dressed.vertices[colours.max(axis=1) == 0, 1].max())
    assert tops[1] - tops[0] > 0.1
