"""MediaPipe's 33 landmarks and the 22 markers on a fitted body.

Joints and feet are the body's. Head and hands lie on the rays of their landmarks, as deep as
MediaPipe's own depth says, turned with the trunk or the forearm.
"""

import numpy as np
from numpy.typing import NDArray

from humanpose.body.fitted import FittedBody
from humanpose.body.model import SEGMENTS
from humanpose.body.sites import IN_MEDIAPIPE, JOINTS, foot_sites, joint_sites, landmark_sites
from humanpose.camera import Camera
from humanpose.confidence import INFERRED_AT_MOST, MEASURED
from humanpose.geometry import frame_from_y, rotation_between
from humanpose.sequence import Floats, Landmarks, PoseSequence
from humanpose.skeleton import MARKERS22, MEDIAPIPE33

_SIDES = ("left", "right")
_HEAD = MEDIAPIPE33.joints[:11]
_HAND = ("pinky", "index", "thumb")
_FOOT = ("heel", "foot_index", "small_toe")
_HEAD_FROM_NECK = {"Head": (0.0088, 0.1349, 0.0), "Nose": (0.0847, 0.1185, 0.0)}
"""In the trunk's axes, body heights: means over the training side of the rendered pairs."""


def landmarks_on(fitted: FittedBody, landmarks: Landmarks, camera: Camera) -> PoseSequence:
    """The 33 landmarks in the camera frame, m.

    A point is NaN where its landmark is missing, or, of head and hands, the joint that carries
    it; it is never surer than that joint, and below 0.5 where it is hardly visible.
    """
    seen = PoseSequence(landmarks.world, landmarks.visibility, landmarks.timeline, MEDIAPIPE33)
    rays = PoseSequence(
        camera.rays(landmarks.pixels), landmarks.visibility, landmarks.timeline, MEDIAPIPE33
    )
    points = _of_body(fitted)
    joints = PoseSequence(points, np.ones(points.shape[:2]), landmarks.timeline, MEDIAPIPE33)
    attached = _head(joints, seen, rays)
    for side in _SIDES:
        attached |= _hand(joints, seen, rays, side)
    for name, path in attached.items():
        points[:, MEDIAPIPE33.index(name)] = path
    points[~np.isfinite(landmarks.pixels[..., 0])] = np.nan
    sure = _confidence(fitted, landmarks.visibility)
    return joints.with_positions(points).with_confidence(
        np.where(np.isfinite(points[..., 0]), sure, 0.0)
    )


def completed(
    markers: PoseSequence, fitted: FittedBody
) -> tuple[PoseSequence, NDArray[np.bool_]]:
    """The 22 ``markers`` (camera frame, m) with what was lost taken from the body, at a
    confidence below 0.5, and (T, 22) what that was; NaN where nobody is seen."""
    lost = np.isnan(markers.positions).any(axis=2)
    on_body = _markers(fitted)
    there = np.isfinite(on_body[..., 0]) & lost
    joints = fitted.joint_confidence().min(axis=1, keepdims=True)
    return (
        markers.with_positions(
            np.where(there[..., None], on_body, markers.positions)
        ).with_confidence(np.where(there, INFERRED_AT_MOST * joints, markers.confidence)),
        there,
    )


def reprojection_px(fitted: FittedBody, landmarks: Landmarks, camera: Camera) -> float:
    """How far off its landmarks the body is seen, median over landmarks and frames, px."""
    sites = landmark_sites(fitted.height_m, fitted.fit.person.sites)
    found = camera.project(fitted.at_sites(sites))
    off = np.linalg.norm(found - landmarks.pixels[:, IN_MEDIAPIPE], axis=-1)
    known = off[np.isfinite(off)]
    return float(np.median(known)) if known.size else float("nan")


def _of_body(fitted: FittedBody) -> Floats:
    """(T, 33, 3) joints and feet; the others NaN."""
    points = np.full((fitted.timeline.frames, len(MEDIAPIPE33), 3), np.nan)
    points[:, MEDIAPIPE33.indices(*JOINTS)] = fitted.at_sites(joint_sites(fitted.height_m))
    feet = [f"{side}_{part}" for part in _FOOT[:2] for side in _SIDES]
    points[:, MEDIAPIPE33.indices(*feet)] = fitted.at_sites(foot_sites(fitted.height_m))[:, :4]
    return points


def _markers(fitted: FittedBody) -> Floats:
    """(T, 22, 3)."""
    joints = dict(
        zip(
            JOINTS,
            np.moveaxis(fitted.at_sites(joint_sites(fitted.height_m)), 1, 0),
            strict=True,
        )
    )
    names = [f"{side}_{part}" for part in _FOOT for side in _SIDES]
    joints |= dict(
        zip(names, np.moveaxis(fitted.at_sites(foot_sites(fitted.height_m)), 1, 0), strict=True)
    )
    found = {
        side[0].upper() + _NAMES[part]: path
        for name, path in joints.items()
        for side, _, part in [name.partition("_")]
    }
    found["Hip"], found["Neck"] = (
        (found[f"R{part}"] + found[f"L{part}"]) / 2 for part in ("Hip", "Shoulder")
    )
    trunk = fitted.in_clip(fitted.placed.rotations[:, SEGMENTS.index("torso")])
    for name, away in _HEAD_FROM_NECK.items():
        found[name] = found["Neck"] + fitted.height_m * trunk @ np.array(away)
    return np.stack([found[name] for name in MARKERS22.joints], axis=1)


_NAMES = {
    "shoulder": "Shoulder", "elbow": "Elbow", "wrist": "Wrist", "hip": "Hip", "knee": "Knee",
    "ankle": "Ankle", "heel": "Heel", "foot_index": "BigToe", "small_toe": "SmallToe",
}  # fmt: skip


def _confidence(fitted: FittedBody, visibility: Floats) -> Floats:
    """(T, 33) of the joints that carry each point; inferred where it is hardly visible."""
    joints = fitted.joint_confidence()
    sure = np.stack(
        [joints[:, [JOINTS.index(n) for n in _carriers(name)]].min(axis=1)
         for name in MEDIAPIPE33.joints],
        axis=1,
    )  # fmt: skip
    sure[:, [name not in JOINTS for name in MEDIAPIPE33.joints]] = np.minimum(sure, visibility)[
        :, [name not in JOINTS for name in MEDIAPIPE33.joints]
    ]
    return np.where(visibility >= MEASURED, sure, np.minimum(sure, INFERRED_AT_MOST))


def _carriers(name: str) -> tuple[str, ...]:
    """The joints on which a landmark hangs."""
    side, _, part = name.partition("_")
    if name in JOINTS:
        return (name,)
    if part in _HAND:
        return (f"{side}_wrist",)
    if part in _FOOT:
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


def _trunk(pose: PoseSequence) -> Floats:
    """(T, 3, 3) its frame: Y upwards, Z to the right."""
    across = pose.joint("right_shoulder") - pose.joint("left_shoulder")
    return frame_from_y(pose.middle("shoulder") - pose.middle("hip"), across)


def _rotated(rotation: Floats, vectors: Floats) -> Floats:
    return (rotation @ vectors[..., None])[..., 0]


def _ratio(solved: Floats, seen: Floats) -> float:
    """How much longer the fitted vectors (T, 3) are, over the clip; NaN where none is known."""
    lengths = np.stack([np.linalg.norm(vectors, axis=1) for vectors in (solved, seen)])
    known = lengths[:, np.isfinite(lengths).all(axis=0) & (lengths[1] > 0)]
    return float(np.median(known[0] / known[1])) if known.size else float("nan")
