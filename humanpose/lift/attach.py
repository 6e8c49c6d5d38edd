"""Head, hands and feet for a solved body: what MediaPipe sees of them, made to fit.

All these points lie on the rays of their landmarks. How deep follows for head and hands from
MediaPipe's own depth, turned with the trunk or the forearm. For feet that depth is of little
use: the neutral foot of a leg so posed tells more. On the validation subjects of the rendered
pairs feet are 19° off with it (34° in the baseline), and the face 51 mm (60 mm).
"""

import numpy as np

from humanpose.camera import Camera
from humanpose.geometry import cross, frame_from_y, rotation_between, unit
from humanpose.sequence import Floats, Landmarks, PoseSequence
from humanpose.skeleton import BODY12, MEDIAPIPE33

_SIDES = ("left", "right")
_HEAD = MEDIAPIPE33.joints[:11]
_HAND = ("pinky", "index", "thumb")

_NEUTRAL_FOOT = {
    "heel": (-0.088, -0.014, -0.020, 0.108),
    "foot_index": (0.337, 0.080, 0.081, 0.009),
}
"""From the ankle, in shank lengths: along the pelvis's forward axis, along the shin's own by
how much the knee is bent, outwards, and down the shank. Regression on the training subjects."""
_FOOT_SD = {"heel": 0.065, "foot_index": 0.12}
"""How far a foot is from neutral, per axis, in shank lengths."""
_SEEN_SD, _HIDDEN_SD = 0.045, 0.1
"""Of a foot's landmark, per axis, in shank lengths: the first for one that is fully visible,
both together for a hidden one."""
_ANKLE_SEEN = 0.067
"""So far above the ankle's centre, in shank lengths, MediaPipe sees it."""


def attach(joints: PoseSequence, landmarks: Landmarks, camera: Camera) -> PoseSequence:
    """The 33 landmarks in the camera frame, m, about the solved ``joints`` (COCO-17).

    The 12 body joints stay what they are. A point is NaN where its landmark or the joint that
    carries it is missing; it is never surer than that joint, nor than it is visible.
    """
    seen = PoseSequence(landmarks.world, landmarks.visibility, landmarks.timeline, MEDIAPIPE33)
    rays = PoseSequence(
        camera.rays(landmarks.pixels), landmarks.visibility, landmarks.timeline, MEDIAPIPE33
    )
    attached = _head(joints, seen, rays)
    for side in _SIDES:
        attached |= _hand(joints, seen, rays, side) | _foot(joints, rays, side)
    positions, confidence = np.full(seen.positions.shape, np.nan), landmarks.visibility.copy()
    for column, name in enumerate(MEDIAPIPE33.joints):
        carriers = [joints.skeleton.index(n) for n in _carriers(name)]
        sure = joints.confidence[:, carriers].min(axis=1)
        if name in attached:
            positions[:, column] = attached[name]
            sure = np.minimum(sure, landmarks.visibility[:, column])
        else:
            positions[:, column] = joints.joint(name)
        confidence[:, column] = np.where(np.isfinite(positions[:, column, 0]), sure, 0.0)
    return PoseSequence(positions, confidence, landmarks.timeline, MEDIAPIPE33)


def _carriers(name: str) -> tuple[str, ...]:
    """The solved joints that a landmark hangs on."""
    side, _, part = name.partition("_")
    if name in BODY12.joints:
        return (name,)
    if part in _HAND:
        return (f"{side}_wrist",)
    if part in _NEUTRAL_FOOT:
        return (f"{side}_ankle",)
    return "left_shoulder", "right_shoulder"


def _head(joints: PoseSequence, seen: PoseSequence, rays: PoseSequence) -> dict[str, Floats]:
    turn = _trunk(joints) @ np.swapaxes(_trunk(seen), 1, 2)
    larger = _ratio(*(pose.middle("shoulder") - pose.middle("hip") for pose in (joints, seen)))
    return {
        name: _on_ray(
            rays.joint(name),
            joints.middle("shoulder"),
            _rotated(turn, larger * (seen.joint(name) - seen.middle("shoulder"))),
        )
        for name in _HEAD
    }


def _hand(
    joints: PoseSequence, seen: PoseSequence, rays: PoseSequence, side: str
) -> dict[str, Floats]:
    forearm, seen_forearm = (
        pose.joint(f"{side}_wrist") - pose.joint(f"{side}_elbow") for pose in (joints, seen)
    )
    turn, larger = rotation_between(seen_forearm, forearm), _ratio(forearm, seen_forearm)
    wrist, seen_wrist = (pose.joint(f"{side}_wrist") for pose in (joints, seen))
    return {
        name: _on_ray(
            rays.joint(name), wrist, _rotated(turn, larger * (seen.joint(name) - seen_wrist))
        )
        for name in (f"{side}_{part}" for part in _HAND)
    }


def _on_ray(ray: Floats, base: Floats, offset: Floats) -> Floats:
    """(T, 3) where a ray is as deep as ``base + offset``."""
    depth = (base + offset)[:, 2:]
    return ray * np.where(depth > 0, depth, np.nan)


def _foot(joints: PoseSequence, rays: PoseSequence, side: str) -> dict[str, Floats]:
    """The most likely between the neutral foot and the landmarks, seen from the ankle's."""
    knee, ankle = (joints.joint(f"{side}_{part}") for part in ("knee", "ankle"))
    ankle_seen = ankle + _ANKLE_SEEN * (knee - ankle)
    foot = {}
    for part, neutral in neutral_foot(joints, side).items():
        name = f"{side}_{part}"
        off = rays.joint(name) - rays.joint(f"{side}_ankle")
        off = off + ankle_seen / ankle_seen[:, 2:] - neutral / neutral[:, 2:]
        off = off * neutral[:, 2:]  # m, across the ray, z = 0
        hidden = 1 - rays.confidence[:, MEDIAPIPE33.index(name)]
        noise = _SEEN_SD + _HIDDEN_SD * hidden**2
        trust = _FOOT_SD[part] ** 2 / (_FOOT_SD[part] ** 2 + noise**2)
        foot[name] = neutral + trust[:, None] * off
    return foot


def neutral_foot(joints: PoseSequence, side: str) -> dict[str, Floats]:
    """(T, 3) where ``heel`` and ``foot_index`` are on the mean for a leg so posed, m.

    In the frame of ``joints``; NaN where one of the leg's is.

    Args:
        joints: with COCO-17's shoulders, hips, knees and ankles, in any frame.
        side: ``"left"`` or ``"right"``.
    """
    hip, knee, ankle = (joints.joint(f"{side}_{part}") for part in ("hip", "knee", "ankle"))
    shank = np.linalg.norm(ankle - knee, axis=1, keepdims=True)
    axes = _leg_axes(joints, side, thigh=unit(knee - hip), shin=(ankle - knee) / shank)
    return {p: ankle + shank * (axes @ np.array(s)) for p, s in _NEUTRAL_FOOT.items()}


def _leg_axes(joints: PoseSequence, side: str, *, thigh: Floats, shin: Floats) -> Floats:
    """(T, 3, 4) the axes of ``_NEUTRAL_FOOT``."""
    across = joints.joint("right_hip") - joints.joint("left_hip")
    forward = cross(joints.middle("shoulder") - joints.middle("hip"), across)
    forward = unit(_without(forward, shin))
    outwards = cross(shin, forward) * (1 if side == "right" else -1)
    return np.stack([forward, _without(thigh, shin), outwards, shin], axis=-1)


def _without(vectors: Floats, axis: Floats) -> Floats:
    """(T, 3) less what lies along the unit vectors ``axis``."""
    return np.asarray(vectors - (vectors * axis).sum(axis=1, keepdims=True) * axis)


def _trunk(pose: PoseSequence) -> Floats:
    """(T, 3, 3) its frame: Y upwards, Z to the right."""
    across = pose.joint("right_shoulder") - pose.joint("left_shoulder")
    return frame_from_y(pose.middle("shoulder") - pose.middle("hip"), across)


def _rotated(rotation: Floats, vectors: Floats) -> Floats:
    return (rotation @ vectors[..., None])[..., 0]


def _ratio(solved: Floats, seen: Floats) -> float:
    """How much longer the solved vectors (T, 3) are, over the clip; NaN where none is known."""
    lengths = np.stack([np.linalg.norm(vectors, axis=1) for vectors in (solved, seen)])
    known = lengths[:, np.isfinite(lengths).all(axis=0) & (lengths[1] > 0)]
    return float(np.median(known[0] / known[1])) if known.size else float("nan")
