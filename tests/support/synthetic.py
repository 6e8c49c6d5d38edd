"""A small valid Analysis without a video: someone bends the knees, facing the camera."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from humanpose.analysis import Analysis
from humanpose.markers.input_markers import markers_of
from humanpose.motion import Motion
from humanpose.sequence import Floats, JointAngles, Landmarks, PoseSequence, Timeline, coco_of
from humanpose.settings import RAW, Settings
from humanpose.skeleton import ANGLE_NAMES, COCO17, MEDIAPIPE33

IMAGE_SIZE = (640, 480)
FILM = Timeline(40, 24000 / 1001, start_s=2.5)
"""Frames of a clip at the rate of films, which was trimmed."""
FOCAL_PX = 554.0
CAMERA_M = np.array([0.0, 1.0, 4.0])
"""Where the camera stands in the world frame."""

ABSENT = ("knee_adduction", "elbow_add", "pro_sup")
INFERRED = ("pelvis_tilt", "hip_rotation", "knee_rotation", "arm_rot", "ankle_rotation")

_LEFT_POINTS = {
    "eye_inner": (0.02, 1.64, 0.09), "eye": (0.03, 1.64, 0.09), "eye_outer": (0.04, 1.64, 0.08),
    "ear": (0.07, 1.62, 0.0), "mouth": (0.02, 1.56, 0.09), "shoulder": (0.18, 1.42, 0.0),
    "elbow": (0.22, 1.14, -0.02), "wrist": (0.24, 0.90, 0.04), "pinky": (0.26, 0.81, 0.04),
    "index": (0.24, 0.80, 0.06), "thumb": (0.22, 0.83, 0.08), "hip": (0.09, 0.92, 0.0),
    "knee": (0.10, 0.48, 0.02), "ankle": (0.10, 0.08, -0.02), "heel": (0.10, 0.02, -0.07),
    "foot_index": (0.13, 0.02, 0.14),
}  # fmt: skip
"""World frame, m; the subject faces the camera, so the left side is to the right."""


def synthetic_analysis(
    frames: int = 60,
    *,
    timeline: Timeline | None = None,
    clip_name: str = "squat.mp4",
    missing: Sequence[int] = (),
    settings: Settings | None = None,
) -> Analysis:
    """One second and a bit of a squat at 30 fps; nobody is seen in the frames ``missing``.

    ``ABSENT`` angles are NaN, ``INFERRED`` ones have confidence 0.3, the rest 0.9.
    """
    timeline = timeline or Timeline(frames, 30.0)
    world = _world_points(timeline.frames, missing)
    visibility = np.where(np.isfinite(world[..., 0]), 0.9, 0.0)
    points = PoseSequence(world, visibility, timeline, MEDIAPIPE33)
    in_camera = (CAMERA_M - world) * [-1, 1, 1]
    joints = coco_of(points.with_positions(in_camera))
    motion = Motion(
        joints,
        _limb_directions(joints),
        np.repeat(joints.confidence[:, :1], len(COCO17.bones), axis=1),
        np.array([0.0, -1.0, 0.0]),
        joints_world=coco_of(points),
        markers=markers_of(points),
        estimated=None,
        augmented=None,
        angles=synthetic_angles(timeline, missing, 2.0),
    )
    landmarks = _landmarks(in_camera, visibility, timeline)
    return Analysis(
        clip_name=clip_name,
        settings=settings or Settings(height_m=1.78, **RAW),
        landmarks=landmarks,
        keypoints=landmarks.pixels[:, MEDIAPIPE33.indices(*COCO17.joints)],
        visibility=joints.confidence,
        raw=replace(motion, angles=synthetic_angles(timeline, missing)),
        refined=motion,
        quality={"detected_share": 1.0 - len(missing) / timeline.frames, "drift_m": np.nan},
        warnings=("The clip is synthetic.",),
        seconds={"detect": 1.5, "angles": 0.25},
        provenance={"humanpose": "0.1.0", "best_pof_model.pth": "ab" * 32},
    )


def refined_analysis(frames: int = 60, *, missing: Sequence[int] = ()) -> Analysis:
    """As ``synthetic_analysis`` with a learned stage on: the raw estimate stands 10 cm to the
    side, every angle has a deviation of 4°, and the right ankle is unsure throughout."""
    plain = synthetic_analysis(
        frames,
        missing=missing,
        settings=Settings(height_m=1.78, pof=True, joint_refinement=False),
    )
    aside = plain.markers.with_positions(plain.markers.positions + np.array([0.1, 0, 0]))
    sure = plain.markers.confidence.copy()
    sure[:, plain.markers.skeleton.index("RAnkle")] *= 0.2
    deviation = np.where(np.isfinite(plain.joint_angles.degrees), 4.0, np.nan)
    return replace(
        plain,
        raw=replace(plain.raw, markers=aside),
        refined=replace(
            plain.refined,
            markers=replace(plain.markers, confidence=sure),
            angles=replace(plain.joint_angles, deviation=deviation),
        ),
    )


def synthetic_angles(
    timeline: Timeline, missing: Sequence[int] = (), offset_deg: float = 0.0
) -> JointAngles:
    """Every angle its own sine of up to 40°, about ``offset_deg``."""
    phase = np.linspace(0, 2 * np.pi, timeline.frames)[:, None]
    order = np.arange(len(ANGLE_NAMES))
    degrees = offset_deg + (5 + order) * np.sin(phase + order / 6)
    stems = [name.removesuffix("_r").removesuffix("_l") for name in ANGLE_NAMES]
    degrees[:, [stem in ABSENT for stem in stems]] = np.nan
    degrees[list(missing)] = np.nan
    sure = np.array([0.3 if stem in INFERRED else 0.9 for stem in stems])
    return JointAngles(degrees, np.where(np.isfinite(degrees), sure, 0.0), timeline)


def standing_limbs() -> Floats:
    """(14, 3) unit vectors of COCO17's bones in the camera frame, of who faces the camera."""
    joints = CAMERA_M - np.array([_standing(name) for name in COCO17.joints])
    parent, child = np.transpose(COCO17.bone_indices)
    bones = (joints[child] - joints[parent]) * [-1, 1, 1]
    return np.asarray(bones / np.linalg.norm(bones, axis=1, keepdims=True))


def _world_points(frames: int, missing: Sequence[int]) -> Floats:
    """(T, 33, 3) m; everything above the ankles sinks by up to a fifth."""
    standing = np.array([_standing(name) for name in MEDIAPIPE33.joints])
    sink = 0.2 * np.sin(np.linspace(0, np.pi, frames)) ** 2
    world = np.repeat(standing[None], frames, axis=0)
    world[..., 1] -= sink[:, None] * np.maximum(standing[:, 1] - 0.1, 0)
    world[list(missing)] = np.nan
    return world


def _standing(landmark: str) -> tuple[float, float, float]:
    if landmark == "nose":
        return 0.0, 1.6, 0.12
    stem = landmark.replace("left", "").replace("right", "").strip("_")
    x, y, z = _LEFT_POINTS[stem]
    return (x if "left" in landmark else -x), y, z


def _landmarks(in_camera: Floats, visibility: Floats, timeline: Timeline) -> Landmarks:
    centre = (np.array(IMAGE_SIZE) - 1) / 2
    pixels = FOCAL_PX * in_camera[..., :2] / in_camera[..., 2:] + centre
    hips = in_camera[:, MEDIAPIPE33.indices("left_hip", "right_hip")]
    about_hips = in_camera - hips.mean(axis=1, keepdims=True)
    return Landmarks(pixels, about_hips, visibility, timeline, IMAGE_SIZE)


def _limb_directions(joints: PoseSequence) -> Floats:
    parent, child = np.transpose(COCO17.bone_indices)
    bones = joints.positions[:, child] - joints.positions[:, parent]
    return np.asarray(bones / np.linalg.norm(bones, axis=2, keepdims=True))
