"""The 22 input markers, from MediaPipe's 33 landmarks."""

import numpy as np

from humanpose.confidence import INFERRED_AT_MOST
from humanpose.geometry import frame_from_x
from humanpose.sequence import Floats, PoseSequence
from humanpose.skeleton import MARKERS22

_SMALL_TOE = np.array([0.850, 0.013, 0.283])
"""Small toe from the heel, in heel-to-big-toe lengths along the foot's X, Y and lateral axes:
median over the bodies of MakeHuman's CC0 base mesh."""

_SAME_POINT = {
    "Shoulder": "shoulder", "Hip": "hip", "Knee": "knee", "Ankle": "ankle",
    "Heel": "heel", "BigToe": "foot_index", "Elbow": "elbow", "Wrist": "wrist",
}  # fmt: skip
_MIDPOINTS = {
    "Neck": ("left_shoulder", "right_shoulder"),
    "Hip": ("left_hip", "right_hip"),
    "Head": ("left_ear", "right_ear"),
}


DERIVED_MARKERS = (*_MIDPOINTS, "RSmallToe", "LSmallToe")


def markers_of(landmarks: PoseSequence) -> PoseSequence:
    """The 22 markers in the frame of ``landmarks`` (MediaPipe's 33).

    Neck, Hip and Head are midpoints and the small toes come from the foot's frame; their
    confidence is below 0.5.
    """
    points: dict[str, tuple[Floats, Floats]] = {"Nose": _point(landmarks, "nose")}
    for prefix, side in (("R", "right"), ("L", "left")):
        for marker, name in _SAME_POINT.items():
            points[prefix + marker] = _point(landmarks, f"{side}_{name}")
        points[prefix + "SmallToe"] = _small_toe(landmarks, side)
    for marker, pair in _MIDPOINTS.items():
        points[marker] = _midpoint(landmarks, *pair)
    positions, confidence = zip(*(points[name] for name in MARKERS22.joints), strict=True)
    return PoseSequence(
        np.stack(positions, axis=1), np.stack(confidence, axis=1), landmarks.timeline, MARKERS22
    )


def _point(landmarks: PoseSequence, name: str) -> tuple[Floats, Floats]:
    return landmarks.joint(name), landmarks.confidence[:, landmarks.skeleton.index(name)]


def _midpoint(landmarks: PoseSequence, a: str, b: str) -> tuple[Floats, Floats]:
    (at_a, sure_a), (at_b, sure_b) = _point(landmarks, a), _point(landmarks, b)
    return (at_a + at_b) / 2, INFERRED_AT_MOST * np.minimum(sure_a, sure_b)


def _small_toe(landmarks: PoseSequence, side: str) -> tuple[Floats, Floats]:
    names = [f"{side}_{part}" for part in ("heel", "foot_index", "ankle")]
    sure = landmarks.confidence[:, landmarks.skeleton.indices(*names)].min(axis=1)
    position = small_toe(*(landmarks.joint(name) for name in names), side=side)
    return position, np.where(np.isfinite(position[:, 0]), INFERRED_AT_MOST * sure, 0.0)


def small_toe(heel: Floats, big_toe: Floats, ankle: Floats, *, side: str) -> Floats:
    """(T, 3) of the ``"left"`` or ``"right"`` foot, from three (T, 3) points on it, m.

    In the points' own frame; NaN where one of them is.
    """
    length = np.linalg.norm(big_toe - heel, axis=-1, keepdims=True)
    offset = _SMALL_TOE * [1, 1, 1 if side == "right" else -1] * length
    foot = frame_from_x(big_toe - heel, ankle - heel)
    return np.asarray(heel + (foot @ offset[..., None])[..., 0])
