"""The baseline lift: MediaPipe's world landmarks, placed in front of the camera in metres."""

import numpy as np

from humanpose.camera import Camera
from humanpose.sequence import Floats, Landmarks, PoseSequence
from humanpose.skeleton import MEDIAPIPE33

HIP_TO_NECK_TO_ANKLE = 0.756
"""Mid-shoulder to mid-hip, plus thigh, plus shank, between joint centres, in body heights: mean
over the adult bodies of MakeHuman's CC0 mesh (SD 0.02)."""

_PLACING = MEDIAPIPE33.indices(
    *(
        f"{side}_{part}"
        for side in ("left", "right")
        for part in ("shoulder", "elbow", "hip", "knee", "ankle")
    )
)


def lift(landmarks: Landmarks, camera: Camera, *, height_m: float) -> PoseSequence:
    """The 33 landmarks in the camera frame, m.

    Each landmark lies on the ray through its pixel, at the depth that MediaPipe's world
    landmarks give it relative to the body; the body's distance makes the two agree (least
    squares), and the person's height sets the scale.

    Returns:
        (T, 33) points; NaN where a landmark or, in that frame, too much of the body is missing.
    """
    rays = camera.rays(landmarks.pixels)
    distance = _distance(rays[:, _PLACING], landmarks.world[:, _PLACING])
    depth = landmarks.world[..., 2] + distance[:, None]
    positions = rays * np.where(depth > 0, depth, np.nan)[..., None]
    confidence = np.where(np.isfinite(positions[..., 0]), landmarks.visibility, 0.0)
    pose = PoseSequence(positions, confidence, landmarks.timeline, MEDIAPIPE33)
    return pose.with_positions(positions * metric_scale(pose, height_m=height_m))


def metric_scale(pose: PoseSequence, *, height_m: float) -> float:
    """What to multiply ``pose`` with so that its trunk and legs fit ``height_m``."""
    shoulders = (pose.joint("left_shoulder") + pose.joint("right_shoulder")) / 2
    hips = (pose.joint("left_hip") + pose.joint("right_hip")) / 2
    trunk = _median_length(shoulders - hips)
    thigh, shank = (
        np.mean(
            [_median_length(pose.joint(f"{s}_{a}") - pose.joint(f"{s}_{b}")) for s in _SIDES]
        )
        for a, b in (("hip", "knee"), ("knee", "ankle"))
    )
    return float(HIP_TO_NECK_TO_ANKLE * height_m / (trunk + thigh + shank))


_SIDES = ("left", "right")


def _median_length(bone: Floats) -> float:
    return float(np.nanmedian(np.linalg.norm(bone, axis=-1)))


def _distance(rays: Floats, body: Floats) -> Floats:
    """(T,) how far in front of the camera the body's origin is, in the body's unit.

    Solves for the (x, y, z) that puts the body's points (T, J, 3) on their rays (T, J, 3):
    x + body_x = ray_x (z + body_z), and y likewise, in the least-squares sense.
    """
    seen = np.isfinite(rays).all(axis=-1) & np.isfinite(body).all(axis=-1)
    rays, body = np.where(seen[..., None], rays, 0.0), np.where(seen[..., None], body, 0.0)
    count = seen.sum(axis=1)
    # with x and y eliminated, z is the regression of the body's extent on the rays' extent
    offset = body[..., :2] - rays[..., :2] * body[..., 2:]
    slope = rays[..., :2]
    many = np.maximum(count, 1)[:, None, None]
    offset = np.where(seen[..., None], offset - offset.sum(axis=1, keepdims=True) / many, 0.0)
    slope = np.where(seen[..., None], slope - slope.sum(axis=1, keepdims=True) / many, 0.0)
    spread = (slope**2).sum(axis=(1, 2))
    distance = (slope * offset).sum(axis=(1, 2)) / np.where(spread > 0, spread, np.nan)
    return np.where((count >= 4) & (distance > 0), distance, np.nan)
