"""The baseline lift: MediaPipe's world landmarks, placed in front of the camera in metres."""

import numpy as np

from humanpose.camera import Camera, distance_from_camera
from humanpose.sequence import Floats, Landmarks, PoseSequence
from humanpose.skeleton import MEDIAPIPE33

_PROPORTIONS = {
    ("shoulder", "hip"): 0.272,
    ("hip", "knee"): 0.239,
    ("knee", "ankle"): 0.245,
}
"""Lengths between joint centres in body heights (the trunk's between the midpoints): means over
the adult bodies of MakeHuman's CC0 mesh; their sum has an SD of 0.02."""
_SEEN = 0.5
"""Lengths are taken where both ends are at least this visible, if there is such a frame."""

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
    distance = distance_from_camera(
        rays[:, _PLACING], landmarks.world[:, _PLACING], landmarks.visibility[:, _PLACING]
    )
    depth = landmarks.world[..., 2] + distance[:, None]
    positions = rays * np.where(depth > 0, depth, np.nan)[..., None]
    confidence = np.where(np.isfinite(positions[..., 0]), landmarks.visibility, 0.0)
    pose = PoseSequence(positions, confidence, landmarks.timeline, MEDIAPIPE33)
    return pose.with_positions(positions * metric_scale(pose, height_m=height_m))


def metric_scale(pose: PoseSequence, *, height_m: float) -> float:
    """What to multiply ``pose`` with so that its trunk and legs fit ``height_m``.

    NaN if none of them is ever seen.
    """
    trunk = [_median_length(_middle(pose, "shoulder"), _middle(pose, "hip"))]
    lengths = {("shoulder", "hip"): trunk}
    for bone in (("hip", "knee"), ("knee", "ankle")):
        lengths[bone] = [
            _median_length(*(_point(pose, f"{side}_{end}") for end in bone))
            for side in ("left", "right")
        ]
    known = {bone: _mean_known(sides) for bone, sides in lengths.items()}
    known = {bone: length for bone, length in known.items() if np.isfinite(length)}
    expected = sum(_PROPORTIONS[bone] for bone in known) * height_m
    return float(expected / sum(known.values())) if known else float("nan")


_Point = tuple[Floats, Floats]
"""(T, 3) path and (T,) confidence."""


def _point(pose: PoseSequence, name: str) -> _Point:
    return pose.joint(name), pose.confidence[:, pose.skeleton.index(name)]


def _middle(pose: PoseSequence, part: str) -> _Point:
    (left, sure_left), (right, sure_right) = (
        _point(pose, f"{side}_{part}") for side in ("left", "right")
    )
    return (left + right) / 2, np.minimum(sure_left, sure_right)


def _median_length(start: _Point, end: _Point) -> float:
    length = np.linalg.norm(end[0] - start[0], axis=-1)
    known = np.isfinite(length)
    seen = known & (np.minimum(start[1], end[1]) >= _SEEN)
    chosen = length[seen if seen.any() else known]
    return float(np.median(chosen)) if chosen.size else float("nan")


def _mean_known(values: list[float]) -> float:
    known = [value for value in values if np.isfinite(value)]
    return float(np.mean(known)) if known else float("nan")
