"""The table of contents: how a clip becomes joint angles."""

import platform
from importlib.metadata import version
from pathlib import Path

import numpy as np

from humanpose.analysis import Analysis
from humanpose.angles import joint_angles, subtract_neutral
from humanpose.cache import cached_detection
from humanpose.camera import DEFAULT_FOV_DEG, Camera
from humanpose.cleaning import (
    fill_gaps,
    hide_unseen,
    remove_outliers,
    undo_swaps,
    with_guesses,
)
from humanpose.detect import Detection
from humanpose.errors import CheckpointError, ClipError, SettingsError
from humanpose.filters import can_smooth, smooth
from humanpose.geometry import unit
from humanpose.ground import find_ground, to_world
from humanpose.lift import lift
from humanpose.markers import COCO_IN_MEDIAPIPE, coco_of, markers_of
from humanpose.progress import Progress, silent
from humanpose.quality import quality_figures, quality_warnings
from humanpose.sequence import Floats, Landmarks, PoseSequence, Timeline
from humanpose.settings import Settings
from humanpose.stopwatch import Stopwatch
from humanpose.system import require_libraries
from humanpose.version import __version__
from humanpose.video import ClipInfo, probe


def analyze(clip: str | Path, settings: Settings, *, progress: Progress = silent) -> Analysis:
    """One clip in, joint angles out.

    Raises:
        ClipError: the clip cannot be used, or nobody is in it.
        CheckpointError: a model that is asked for cannot be used.
        SettingsError: a time in the settings lies outside the clip.
        SystemLibraryError: the machine lacks what OpenCV links to.
    """
    require_models(settings)
    require_libraries()
    clock = Stopwatch()
    with clock.stage("probe"):
        info = probe(clip)
    with clock.stage("detect"):
        detection = cached_detection(info, settings, progress=progress)
    progress("Computing joint angles", 0, None)
    return compute(info, detection, settings, clock)


def compute(
    info: ClipInfo, detection: Detection, settings: Settings, clock: Stopwatch
) -> Analysis:
    """Everything after detection: quick, so that another setting costs next to nothing."""
    seen = detection.landmarks
    _require_neutral_inside(settings, seen.timeline)
    with clock.stage("clean"):
        landmarks, repairs = clean(seen, settings)
    with clock.stage("lift"):
        body = lift(landmarks, _camera(info, settings), height_m=settings.height_m)
        body = smooth(body, kind=settings.filter, cutoff_hz=settings.cutoff_hz)
        _require_body(body)
    with clock.stage("ground"):
        ground = find_ground(body, height_m=settings.height_m)
        world = to_world(body, ground)
    with clock.stage("angles"):
        markers = markers_of(world)
        angles = joint_angles(markers)
        if settings.neutral_at_s is not None:
            angles = subtract_neutral(angles, at_s=settings.neutral_at_s)
    with clock.stage("quality"):
        joints = coco_of(body)
        quality = repairs | quality_figures(seen, joints, angles)
        warnings = [*detection.warnings, *quality_warnings(seen, quality)]
        warnings += _filter_warnings(settings, seen.timeline)
    directions, limb_confidence = limbs(joints)
    return Analysis(
        clip_name=info.path.name,
        settings=settings,
        landmarks=seen,
        keypoints=landmarks.pixels[:, COCO_IN_MEDIAPIPE],
        visibility=landmarks.visibility[:, COCO_IN_MEDIAPIPE],
        joints_camera_raw=joints,
        joints_camera=joints,
        joints_world=coco_of(world),
        limb_directions=directions,
        limb_confidence=limb_confidence,
        up_camera=ground.up,
        markers_raw=markers,
        markers=markers,
        joint_angles_raw=angles,
        joint_angles=angles,
        quality=quality,
        warnings=tuple(warnings),
        seconds=clock.seconds,
        provenance=_versions() | dict(detection.provenance),
    )


def clean(seen: Landmarks, settings: Settings) -> tuple[Landmarks, dict[str, float]]:
    """The detector's landmarks made fit for computing, and how much had to be repaired."""
    visibility_min = settings.visibility_min
    sorted_out, swapped = undo_swaps(seen, visibility_min=visibility_min)
    landmarks = hide_unseen(sorted_out, visibility_min=visibility_min)
    landmarks, outliers = remove_outliers(landmarks)
    landmarks, filled = fill_gaps(landmarks, max_gap_s=settings.max_gap_s)
    landmarks = with_guesses(landmarks, sorted_out, below=visibility_min)
    repairs = {
        "swap_frames_undone": float(swapped.sum()),
        "outliers_removed": float(outliers),
        "filled_share": float(filled[:, COCO_IN_MEDIAPIPE].mean()),
    }
    return landmarks, repairs


def limbs(joints: PoseSequence) -> tuple[Floats, Floats]:
    """(T, 14, 3) unit vectors and (T, 14) confidence of the bones of ``joints``."""
    parents, children = np.array(joints.skeleton.bone_indices).T
    directions = unit(joints.positions[:, children] - joints.positions[:, parents])
    confidence = np.minimum(joints.confidence[:, parents], joints.confidence[:, children])
    return directions, confidence


def require_models(settings: Settings) -> None:
    """Raise CheckpointError when a learned stage is asked for that cannot run."""
    asked = {
        "--main-refiner": settings.main_refiner,
        "--pof": settings.pof,
        "--joint-refinement": settings.joint_refinement,
    }
    for flag, on in asked.items():
        if on:
            raise CheckpointError(
                f"this version ships no model for {flag}; leave it out to get MediaPipe's 3-D"
            )


def _camera(info: ClipInfo, settings: Settings) -> Camera:
    """The setting wins over the clip's metadata, and that over the default."""
    size = (info.width, info.height)
    if settings.fov_deg is None and info.focal_px is not None:
        return Camera(info.focal_px, size)
    return Camera.from_fov(settings.fov_deg or DEFAULT_FOV_DEG, size)


def _require_neutral_inside(settings: Settings, timeline: Timeline) -> None:
    at, times = settings.neutral_at_s, timeline.time_s
    if at is not None and not times[0] - 0.5 <= at <= times[-1] + 0.5:
        raise SettingsError(
            f"neutral-at ({at:g} s) must lie inside the analysed part of the clip,"
            f" {times[0]:.2f}-{times[-1]:.2f} s"
        )


def _require_body(body: PoseSequence) -> None:
    hips = body.positions[:, body.skeleton.indices("left_hip", "right_hip")]
    if not np.isfinite(hips).all(axis=(1, 2)).any():
        raise ClipError(
            "the person's hips are never clearly visible; film the whole body,"
            " or lower visibility-min"
        )


def _filter_warnings(settings: Settings, timeline: Timeline) -> list[str]:
    if settings.filter == "none" or can_smooth(fps=timeline.fps, cutoff_hz=settings.cutoff_hz):
        return []
    return [
        f"At {timeline.fps:g} frames/s a {settings.cutoff_hz:g} Hz filter has nothing to"
        " remove; the curves are not smoothed."
    ]


def _versions() -> dict[str, str]:
    packages = {name: version(name) for name in ("mediapipe", "numpy", "scipy")}
    return {"humanpose": __version__, "python": platform.python_version()} | packages
