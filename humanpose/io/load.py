"""Read an analysis back from its folder."""

import zipfile
import zlib
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TextIO, TypeVar

import numpy as np
from numpy.typing import NDArray

from humanpose.analysis import Analysis
from humanpose.errors import AnalysisError, SettingsError
from humanpose.io import npz, record, tables, trc
from humanpose.io.names import ARRAYS, RECORD
from humanpose.markers.input_markers import markers_of
from humanpose.measures.neutral import NEUTRAL_FIGURE
from humanpose.motion import Gates, Motion, limbs
from humanpose.sequence import Floats, JointAngles, Landmarks, PoseSequence, Timeline
from humanpose.settings import Settings
from humanpose.skeleton import (
    AUGMENTED65,
    COCO17,
    COCO_IN_MEDIAPIPE,
    MARKERS22,
    MEDIAPIPE33,
    Skeleton,
)
from humanpose.video.background import Background
from humanpose.words import to_say

T = TypeVar("T")

DAMAGE = (
    OSError, ValueError, LookupError, TypeError, AttributeError, SettingsError, RecursionError,
    EOFError, zipfile.BadZipFile, zlib.error, NotImplementedError,
)  # fmt: skip
"""What the readers raise on files that are not, or no longer, what we wrote."""


def load_analysis(folder: Path) -> Analysis:
    """The analysis that ``save_analysis`` wrote into ``folder``, equal within rounding.

    Of the raw estimate only positions and angles are saved: its joints and markers get the
    confidence of the keypoint or landmark which they stand for, its angles the refined ones'.

    Raises:
        AnalysisError: the folder holds no analysis, a damaged one, or a newer version's.
    """
    if not (folder / ARRAYS).is_file():
        raise AnalysisError(
            to_say("there is no analysis in {folder}; analyse the clip first", folder=folder)
        )
    try:
        return _load(folder)
    except DAMAGE as error:
        raise AnalysisError(
            to_say("the analysis in {folder} is damaged; analyse it again", folder=folder)
        ) from error


def _load(folder: Path) -> Analysis:
    of = f"the analysis in {folder}"
    with (folder / ARRAYS).open("rb") as stream:
        arrays = npz.read_arrays(stream, of=of)
    saved = _read(folder / RECORD, partial(record.read_record, of=of))
    timeline = Timeline(len(arrays["time"]), float(arrays["fps"]), float(arrays["time"][0]))
    image_size = saved["image_size"]
    landmarks = _read(
        folder / "landmarks.csv",
        partial(tables.read_landmarks, timeline=timeline, image_size=image_size),
    )
    settings = Settings(**saved["settings"])
    if settings.neutral_at_s == "auto" and NEUTRAL_FIGURE not in saved["quality"]:
        raise ValueError("it is not said which neutral pose was found")
    return Analysis(
        clip_name=saved["clip"],
        settings=settings,
        landmarks=landmarks,
        keypoints=arrays["keypoints_2d"],
        visibility=arrays["visibility"],
        raw=_raw(folder, arrays, landmarks),
        refined=_refined(
            folder, arrays, timeline, up_sd_deg=saved["quality"].get("up_sd_deg", np.nan)
        ),
        gates=_gates(arrays),
        background=Background(
            saved["quality"].get("camera_moved_percent", np.nan), arrays["background_edges"]
        ),
        quality=saved["quality"],
        warnings=tuple(saved["warnings"]),
        seconds=saved["seconds"],
        provenance=saved["versions"] | saved["checkpoint_sha256"],
    )


def _raw(folder: Path, arrays: dict[str, Floats], landmarks: Landmarks) -> Motion:
    """What is kept of it; the rest is NaN or None."""
    timeline, visibility = landmarks.timeline, arrays["visibility"]
    joints = _joints(arrays, "joints_camera_raw", visibility, timeline)
    sure = _marker_confidence(landmarks, visibility)
    directions, limb_confidence = limbs(joints)
    unknown = np.full_like(joints.positions, np.nan)
    return Motion(
        joints,
        directions,
        limb_confidence,
        np.full(3, np.nan),
        joints_world=PoseSequence(unknown, np.zeros_like(visibility), timeline, COCO17),
        markers=_markers(folder / "pose_raw.trc", sure, timeline),
        estimated=None,
        augmented=None,
        angles=_angles(arrays, "angles_raw", timeline),
    )


def _refined(
    folder: Path, arrays: dict[str, Floats], timeline: Timeline, *, up_sd_deg: float
) -> Motion:
    sure = arrays["joint_confidence"]
    angles = _angles(arrays, "angles", timeline)
    return Motion(
        _joints(arrays, "joints_camera", sure, timeline),
        arrays["limb_directions"],
        arrays["limb_confidence"],
        arrays["up_camera"],
        joints_world=_joints(arrays, "joints_world", sure, timeline),
        markers=_markers(folder / "pose.trc", arrays["marker_confidence"], timeline),
        estimated=_estimated(arrays["marker_estimated"]),
        augmented=_augmented(folder, arrays["augmented_confidence"], timeline),
        up_sd_deg=up_sd_deg,
        angles=replace(angles, deviation=_deviation(arrays["angle_sd"])),
    )


def _read(path: Path, reader: Callable[[TextIO], T]) -> T:
    with path.open(encoding="utf-8") as stream:
        return reader(stream)


def _joints(
    arrays: dict[str, Floats], name: str, confidence: Floats, timeline: Timeline
) -> PoseSequence:
    sure = _where_known(confidence, arrays[name])
    return PoseSequence(arrays[name], sure, timeline, COCO17)


def _markers(
    path: Path, confidence: Floats, timeline: Timeline, skeleton: Skeleton = MARKERS22
) -> PoseSequence:
    positions = _read(path, trc.read_trc).select(skeleton).positions
    return PoseSequence(positions, _where_known(confidence, positions), timeline, skeleton)


def _augmented(folder: Path, confidence: Floats, timeline: Timeline) -> PoseSequence | None:
    if confidence.shape[1] == 0:
        return None
    return _markers(folder / "markers.trc", confidence, timeline, AUGMENTED65)


def _estimated(saved: Floats) -> NDArray[np.bool_] | None:
    return saved.astype(bool) if saved.shape[1] else None


def _marker_confidence(landmarks: Landmarks, visibility: Floats) -> Floats:
    """(T, 22) confidence of the markers, from the detector's landmarks and, where they have
    one, the cleaned keypoints' visibility (T, 17)."""
    sure = landmarks.visibility.copy()
    sure[:, COCO_IN_MEDIAPIPE] = visibility
    points = PoseSequence(landmarks.world, sure, landmarks.timeline, MEDIAPIPE33)
    return markers_of(points).confidence


def _angles(arrays: dict[str, Floats], name: str, timeline: Timeline) -> JointAngles:
    confidence = np.where(np.isfinite(arrays[name]), arrays["angle_confidence"], 0.0)
    return JointAngles(arrays[name], confidence, timeline)


def _gates(arrays: dict[str, Floats]) -> Gates | None:
    if not arrays.keys() >= npz.GATE_NAMES:
        return None
    return Gates(arrays["gates_joints"], arrays["gates_angles"])


def _deviation(angle_sd: Floats) -> Floats | None:
    return angle_sd if np.isfinite(angle_sd).any() else None


def _where_known(confidence: Floats, positions: Floats) -> Floats:
    return np.where(np.isfinite(positions).all(axis=2), confidence, 0.0)
