"""A body in front of a known camera, as MediaPipe would see it."""

import numpy as np

from humanpose.camera import Camera
from humanpose.geometry import rotation_about
from humanpose.sequence import Floats, Landmarks, PoseSequence, Timeline
from humanpose.skeleton import MARKERS22, MEDIAPIPE33
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
