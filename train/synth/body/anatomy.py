"""Anatomical segment frames, the contract's 36 angles, and the 23 truth points of a body.

Segment axes are ISB's: X anterior, Y proximal, Z to the subject's right, on both sides.
World: X to the right of the image, Y up, Z towards the camera; a body with all angles zero
stands upright and faces the camera.
"""

from collections.abc import Mapping

import numpy as np
from scipy.spatial.transform import Rotation

from humanpose.kinematics.branches import on_best_branch
from humanpose.sequence import JointAngles, Timeline
from humanpose.skeleton import COCO17, JOINT_GROUPS, Skeleton
from train.synth.body.body import PosedBody, Rig
from train.synth.body.makehuman import Floats

GROUND = np.array([[0.0, 0.0, -1.0], [0.0, 1.0, 0.0], [1.0, 0.0, 0.0]])
"""The contract's ground axes for the pelvis (columns) in the world: X towards the camera."""

TRUTH23 = Skeleton(
    "truth23",
    (
        *COCO17.joints,
        "left_heel", "right_heel", "left_big_toe", "right_big_toe",
        "left_small_toe", "right_small_toe",
    ),
    COCO17.bones,
)  # fmt: skip
"""COCO-17 joint centres (ears and nose on the surface), then heels, big and small toes."""

SEGMENT_BONES = {"pelvis": "root", "trunk": "spine01"} | {
    f"{segment}_{side}": f"{bone}.{side.upper()}"
    for side in "rl"
    for segment, bone in {
        "femur": "upperleg02", "tibia": "lowerleg02", "foot": "foot",
        "humerus": "upperarm02", "forearm": "lowerarm02",
    }.items()
}  # fmt: skip
"""The bone that is rigid with each segment."""

_LIMB_JOINTS = {
    "hip": ("pelvis", "femur"), "knee": ("femur", "tibia"), "ankle": ("tibia", "foot"),
    "shoulder": ("trunk", "humerus"), "elbow": ("humerus", "forearm"),
}  # fmt: skip
JOINTS = {"trunk": ("pelvis", "trunk")} | {
    f"{joint}_{side}": (
        parent if parent in ("pelvis", "trunk") else f"{parent}_{side}",
        f"{child}_{side}",
    )
    for side in "rl"
    for joint, (parent, child) in _LIMB_JOINTS.items()
}
"""Joint group -> (parent, child) segment; parents are moved before their children."""

FINGER_CURL_DEG = 18.0

_CENTRES = {
    "shoulder": "upperarm01", "elbow": "lowerarm01", "wrist": "wrist",
    "hip": "upperleg01", "knee": "lowerleg01", "ankle": "foot",
}  # fmt: skip


def unit(vectors: Floats) -> Floats:
    """Vectors (..., 3) scaled to length 1."""
    return np.asarray(vectors / np.linalg.norm(vectors, axis=-1, keepdims=True))


def rest_frames(rig: Rig) -> dict[str, Floats]:
    """(3, 3) axes (columns) of every segment at rest, in the mesh's axes.

    Pelvis and trunk: the mesh's own upright. Femur, tibia, humerus, forearm: Y along the
    joint centres. Z: the body's right for the leg, the elbow's hinge for the humerus, the line
    of the metacarpals for the forearm (palms forward is zero pronation). Foot: X level from
    ankle to the ball of the second toe, Y up.
    """
    forward, up, right = np.array([[0.0, 0, 1], [0, 1, 0], [-1, 0, 0]])
    upright = np.stack([forward, up, right], axis=-1)
    frames = {"pelvis": upright, "trunk": upright}
    for side, initial in (("r", "R"), ("l", "L")):
        at = {name: rig.head(f"{bone}.{initial}") for name, bone in _CENTRES.items()}
        ball = rig.head(f"toe2-1.{initial}") - at["ankle"]
        hinge = np.cross(at["elbow"] - at["shoulder"], at["wrist"] - at["elbow"])
        palm = rig.tail(f"metacarpal1.{initial}") - rig.tail(f"metacarpal4.{initial}")
        palm = palm if side == "r" else -palm  # to the right when it faces forwards
        frames |= {
            f"femur_{side}": _long_axis(at["hip"] - at["knee"], right),
            f"tibia_{side}": _long_axis(at["knee"] - at["ankle"], right),
            f"foot_{side}": _long_axis(up, np.cross(ball, up)),
            f"humerus_{side}": _long_axis(at["shoulder"] - at["elbow"], hinge),
            f"forearm_{side}": _long_axis(at["elbow"] - at["wrist"], palm),
        }
    return frames


def _long_axis(y: Floats, right: Floats) -> Floats:
    """Axes with the given Y and with Z as near as can be to ``right``."""
    y = unit(y)
    x = unit(np.cross(y, right))
    return np.stack([x, y, np.cross(x, y)], axis=-1)


def signs(group: str) -> tuple[int, int, int]:
    """The contract's signs of (z, x, y) for a joint group: knee k = -1, left side s = -1."""
    side = -1 if group.endswith("_l") else 1
    return (-1 if group.startswith("knee") else 1, side, side)


def frames_from_angles(degrees: Floats) -> dict[str, Floats]:
    """(T, 3, 3) world axes of every segment from (T, 36) angles of the contract, deg."""
    by_group = degrees.reshape(len(degrees), -1, 3).swapaxes(0, 1)
    triples = dict(zip(JOINT_GROUPS, by_group, strict=True))
    pelvis = Rotation.from_euler("YXZ", triples["pelvis"][:, ::-1], degrees=True)
    frames = {"pelvis": GROUND @ pelvis.as_matrix()}
    for group, (parent, child) in JOINTS.items():
        turn = Rotation.from_euler("ZXY", triples[group] * signs(group), degrees=True)
        frames[child] = frames[parent] @ turn.as_matrix()
    return frames


def angles_from_frames(frames: dict[str, Floats], *, fps: float) -> Floats:
    """(T, 36) angles of the contract, deg, from world axes of every segment."""
    pelvis = GROUND.T @ frames["pelvis"]
    x = np.arcsin(np.clip(-pelvis[:, 1, 2], -1, 1))
    y = np.arctan2(pelvis[:, 0, 2], pelvis[:, 2, 2])
    z = np.arctan2(pelvis[:, 1, 0], pelvis[:, 1, 1])
    triples = {"pelvis": np.degrees(np.stack([z, x, y], axis=-1))}
    for group, (parent, child) in JOINTS.items():
        turn = frames[parent].swapaxes(1, 2) @ frames[child]
        triples[group] = _zxy(turn) * signs(group)
    degrees = np.concatenate([triples[group] for group in JOINT_GROUPS], axis=1)
    angles = JointAngles(degrees, np.ones_like(degrees), Timeline(len(degrees), fps))
    return on_best_branch(angles).degrees


def _zxy(turn: Floats) -> Floats:
    """(T, 3) intrinsic Cardan angles (z, x, y), deg, |x| <= 90."""
    x = np.arcsin(np.clip(turn[:, 2, 1], -1, 1))
    z = np.arctan2(-turn[:, 0, 1], turn[:, 1, 1])
    y = np.arctan2(-turn[:, 2, 0], turn[:, 2, 2])
    return np.degrees(np.stack([z, x, y], axis=-1))


def bone_rotations(frames: Mapping[str, Floats], head: Floats, rig: Rig) -> dict[str, Floats]:
    """(T, 3, 3) world turn of the driven bones from segment axes.

    Args:
        frames: (T, 3, 3) world axes of every segment.
        head: (T, 3) nod, tilt and turn of the head on the trunk, deg: up, to the right, to
            the left.
    """
    rest = rest_frames(rig)
    turns = {bone: frames[s] @ rest[s].T for s, bone in SEGMENT_BONES.items()}
    turns |= _spine(turns["root"], turns["spine01"])
    turns |= _head(frames["trunk"], head, rest["trunk"])
    for side in "rl":
        turns |= _fingers(frames[f"forearm_{side}"], rest[f"forearm_{side}"], side.upper())
    for group, share in (("hip", 0.4), ("knee", 0.5), ("shoulder", 0.4), ("elbow", 0.35)):
        for side in "rl":
            parent, child = JOINTS[f"{group}_{side}"]
            near = SEGMENT_BONES[child].replace("02", "01")
            turns[near] = _near_half(frames[parent], frames[child], share) @ rest[child].T
    return turns


def _near_half(parent: Floats, child: Floats, share: float) -> Floats:
    """The child's axes with only a share of its axial rotation, for the limb's near half."""
    y = _zxy(parent.swapaxes(1, 2) @ child)[:, 2:]
    turn = Rotation.from_euler("Y", (share - 1) * y, degrees=True)
    return np.asarray(child @ turn.as_matrix())


def _spine(pelvis: Floats, trunk: Floats) -> dict[str, Floats]:
    """The lumbar rotation spread over the five spine bones."""
    bend = Rotation.from_matrix(pelvis.swapaxes(1, 2) @ trunk).as_rotvec()
    return {
        f"spine0{i}": pelvis @ Rotation.from_rotvec(bend * (6 - i) / 5).as_matrix()
        for i in range(2, 6)
    }


def _fingers(forearm: Floats, rest: Floats, side: str) -> dict[str, Floats]:
    """A relaxed hand: every finger joint a little bent."""
    return {
        f"finger{finger}-{joint}.{side}": forearm
        @ Rotation.from_euler("Z", joint * FINGER_CURL_DEG, degrees=True).as_matrix()
        @ rest.T
        for finger in range(2, 6)
        for joint in range(1, 4)
    }


def _head(trunk: Floats, head: Floats, rest: Floats) -> dict[str, Floats]:
    return {
        bone: trunk
        @ Rotation.from_euler("ZXY", share * head, degrees=True).as_matrix()
        @ rest.T
        for bone, share in (("neck01", 0.3), ("neck02", 0.5), ("neck03", 0.7), ("head", 1.0))
    }


def truth_points(posed: PosedBody) -> Floats:
    """(T, 23, 3) the points of ``TRUTH23``, world, m."""
    rig, surface = posed.body.rig, posed.body.landmarks
    on_skin = posed.surface(list(surface.values())).swapaxes(0, 1)
    paths = dict(zip(surface, on_skin, strict=True))
    for side in ("left", "right"):
        initial = side[0].upper()
        for joint, bone in (_CENTRES | {"eye": "eye"}).items():
            name = f"{bone}.{initial}"
            paths[f"{side}_{joint}"] = posed.point(name, rig.head(name))
        for joint, bone in (("big_toe", "toe1-1"), ("small_toe", "toe5-1")):
            name = f"{bone}.{initial}"
            paths[f"{side}_{joint}"] = posed.point(name, rig.tail(name))
    return np.stack([paths[name] for name in TRUTH23.joints], axis=1)
