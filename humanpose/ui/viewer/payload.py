"""What the viewer draws of one analysis."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from humanpose.analysis import Analysis
from humanpose.confidence import BAND, INFERRED_AT_MOST
from humanpose.labels import (
    MOVEMENTS,
    angle_label,
    group_words,
    keypoints_at,
    movement_label,
    positive_direction,
    shown_angles,
)
from humanpose.lengths import length_unit
from humanpose.markers.input_markers import DERIVED_MARKERS
from humanpose.measures.changes import largest_changes
from humanpose.measures.comparison import stages_of
from humanpose.measures.neutral import neutral_time
from humanpose.measures.presets import PRESETS, Preset
from humanpose.measures.ranges import derivative_frames
from humanpose.quality.flags import flags_of
from humanpose.quality.floor import floor_of
from humanpose.report.remarks import Remarks
from humanpose.sequence import Floats, JointAngles, PoseSequence
from humanpose.skeleton import ANGLE_NAMES, COCO17, MARKERS22, MARKERS43, Skeleton, side
from humanpose.ui.viewer.frames import Payload, sendable
from humanpose.words import say, spoken

WORLD_TO_PLOTLY = np.array([[1.0, 0.0, 0.0], [0.0, 0.0, -1.0], [0.0, 1.0, 0.0]])
"""World (X right, Y up, Z to the camera) → Plotly (x right, y away, z up), a rotation."""

_TURN = WORLD_TO_PLOTLY.T
_NOTHING_NOTED = Remarks()
_CROSS_BODY = 2  # the last two of COCO17's bones run across the body and would hide it
_ACROSS = (("LHip", "RHip"), ("LShoulder", "RShoulder"))
_MARGIN_M = 0.3
_LEAST_FLOOR_M = 2.0
_MARGIN_UPWARD_M = 0.15


def viewer_payload(
    analysis: Analysis,
    *,
    video_url: str,
    plotly_url: str,
    clinical: bool = True,
    remarks: Remarks = _NOTHING_NOTED,
    may_change: bool = True,
) -> Payload:
    """Everything the viewer needs of one analysis; see ``frames`` for the form.

    Args:
        clinical: whether angles have clinical words and signs, or the contract's.
        remarks: its preset says which angles are shown at first, an overview leaves that to the
            viewer; its marks are shown.
        may_change: whether who looks may mark some, and choose a neutral pose.
    """
    refined_by = stages_of(analysis.settings)
    angles, raw_angles = (
        shown_angles(one, clinical=clinical)
        for one in (analysis.joint_angles, analysis.joint_angles_raw)
    )
    header = scene_header(
        (analysis.markers, analysis.markers_raw),
        (angles,),
        plotly_url=plotly_url,
        clinical=clinical,
    )
    header |= video_header(analysis, video_url) | _noted(analysis, remarks)
    header |= {"mayChange": may_change, "floor": _floor(analysis)}
    header["flags"] = [
        {"kind": flag.kind, "words": say(flag.words), "spans": flag.spans}
        for flag in flags_of(analysis)
    ]
    header["refinedBy"] = "" if refined_by == "raw" else refined_by
    arrays = estimate_arrays(analysis.markers, angles) | video_arrays(analysis)
    if header["refinedBy"]:
        raw = estimate_arrays(analysis.markers_raw, raw_angles)
        arrays |= {other_name(name): raw[name] for name in ("markers", "angles")}
        header["moments"] = _moments(analysis)
    if analysis.markers_augmented is not None:
        arrays["augmentedMarkers"] = _added(analysis.markers_augmented) @ _TURN
    if analysis.joint_angles.deviation is not None:
        arrays["band"] = BAND * analysis.joint_angles.deviation
    return sendable(header, arrays)


def _noted(analysis: Analysis, remarks: Remarks) -> dict[str, Any]:
    """The angles to show at first, the frame to count from, and what was marked."""
    at_s, timeline = neutral_time(analysis), analysis.timeline
    noted: dict[str, Any] = {
        "neutralFrame": None if at_s is None else timeline.nearest(at_s),
        "marks": [{"frame": timeline.nearest(m.time_s), "name": m.name} for m in remarks.marks],
    }
    if remarks.preset != "overview":
        noted["preset"] = _at_first(PRESETS[remarks.preset])
    return noted


def _floor(analysis: Analysis) -> dict[str, Any]:
    """What distances on the floor are measured by, or why none can be."""
    floor, unit = floor_of(analysis), length_unit(analysis.settings)
    if isinstance(floor, str):
        return {"reason": spoken(floor)}
    return {
        "up": floor.up.tolist(),
        "foot": floor.foot.tolist(),
        "focalPx": floor.focal_px,
        "upSdDeg": floor.up_sd_deg,
        "focalShare": floor.focal_share,
        "heightSdM": floor.height_sd_m,
        "unit": unit.m,
        "factor": unit.factor,
    }


def _at_first(preset: Preset) -> dict[str, Any]:
    """Its name, and the joints and movements that it shows."""
    stems = preset.movements
    joints = [m.joint for m in MOVEMENTS if m.stem in stems]
    return {"title": say(preset.title), "joints": list(dict.fromkeys(joints)), "stems": stems}


def _moments(analysis: Analysis) -> list[dict[str, Any]]:
    """Where the learned stages changed most, in order of time."""
    changes = sorted(largest_changes(analysis, count=3), key=lambda change: change.frame)
    return [
        {
            "frame": c.frame,
            "text": say(
                "{time:.2f} s: {joint} by {degrees:.0f}°",
                time=c.time_s,
                joint=say(group_words(c.group)),
                degrees=c.degrees,
            ),
        }
        for c in changes
    ]


def scene_header(
    markers: tuple[PoseSequence, PoseSequence],
    angles: Sequence[JointAngles],
    *,
    plotly_url: str,
    clinical: bool,
) -> dict[str, Any]:
    """What every viewer is told about its frames, bones and curves.

    Args:
        markers: both estimates of them.
        angles: an angle that none of them knows has no curve.
        clinical: whether they have clinical words and signs, or the contract's.
    """
    present = np.isfinite([a.degrees for a in angles]).any(axis=(0, 1))
    timeline = markers[0].timeline
    return {
        "frames": timeline.frames,
        "fps": timeline.fps,
        "startS": timeline.start_s,
        "slopeFrames": derivative_frames(timeline.fps),
        "plotlyUrl": plotly_url,
        "markerNames": MARKERS22.joints,
        "markerBones": _bones(MARKERS22),
        "across": [MARKERS22.indices(*pair) for pair in _ACROSS],
        "angleCount": len(ANGLE_NAMES),
        "movements": _movements(present, clinical=clinical),
        "bounds": _bounds(np.concatenate([m.positions @ _TURN for m in markers])),
    }


def video_header(analysis: Analysis, video_url: str) -> dict[str, Any]:
    """Where the clip is, how its skeleton is drawn, and what remembers the frame: the clip.

    ``video_url`` is empty where there is no video.
    """
    return {
        "video": {"url": video_url, "size": analysis.landmarks.image_size},
        "keypointBones": _bones(COCO17)[:-_CROSS_BODY],
        "keypointSides": [side(joint) for joint in COCO17.joints],
        "memory": video_url or analysis.clip_name,
    }


def estimate_arrays(markers: PoseSequence, angles: JointAngles) -> dict[str, Floats]:
    """One estimate of the movement: points in Plotly's axes, m, and angles, deg."""
    return {
        "markers": markers.positions @ _TURN,
        "markerConfidence": _own_confidence(markers),
        "angles": angles.degrees,
        "confidence": angles.confidence,
    }


def video_arrays(analysis: Analysis) -> dict[str, Floats]:
    """The keypoints over the clip, in fractions of its picture."""
    return {
        "keypoints": _fractions(analysis.keypoints, analysis.landmarks.image_size),
        "visibility": analysis.visibility,
    }


def other_name(name: str) -> str:
    """What an array of the other estimate is called: ``angles`` → ``otherAngles``."""
    return f"other{name[0].upper()}{name[1:]}"


def _added(augmented: PoseSequence) -> Floats:
    """(T, 43, 3) m: what augmentation added."""
    return augmented.positions[:, augmented.skeleton.indices(*MARKERS43.joints)]


def _bones(skeleton: Skeleton) -> list[dict[str, Any]]:
    """Index pairs with the side that gives a bone its colour: L, R, or M between the sides."""
    names, pairs = skeleton.bones, skeleton.bone_indices
    return [
        {"from": start, "to": end, "side": _bone_side(*bone)}
        for bone, (start, end) in zip(names, pairs, strict=True)
    ]


def _bone_side(parent: str, child: str) -> str:
    ends = {side(parent), side(child)} - {"M"}
    return ends.pop() if len(ends) == 1 else "M"


def _own_confidence(markers: PoseSequence) -> Floats:
    """(T, 22) confidence; a derived marker counts as sure as what it is derived from."""
    derived = markers.skeleton.indices(*DERIVED_MARKERS)
    confidence = markers.confidence.copy()
    confidence[:, derived] /= INFERRED_AT_MOST
    return confidence


def _movements(present: NDArray[np.bool_], *, clinical: bool) -> list[dict[str, Any]]:
    """Each movement with its curves; no curves where the angle is never present."""
    return [
        {
            "joint": movement.joint,
            "jointWord": say(movement.joint),
            "stem": movement.stem,
            "title": spoken(movement_label(movement.both, clinical=clinical)),
            "positive": (word := positive_direction(movement.both[0], clinical=clinical)),
            "positiveWord": say(word),
            "curves": [
                _curve(side, name, clinical=clinical)
                for side, name in sorted(movement.columns.items())
                if present[ANGLE_NAMES.index(name)]
            ],
        }
        for movement in MOVEMENTS
    ]


def _curve(side: str, name: str, *, clinical: bool) -> dict[str, Any]:
    label = angle_label(name, clinical=clinical)
    return {
        "side": side,
        "column": ANGLE_NAMES.index(name),
        "at": COCO17.indices(*keypoints_at(name)),
        "label": spoken(label.text),
        "english": str(label.text),
        "hint": spoken(label.hint),
    }


def _bounds(points: Floats) -> list[list[float]]:
    """[low, high] of x, y, z in m around the whole motion and a stretch of floor.

    What lies outside is not drawn. A percentile, so that one wild frame does not make
    everything else small.
    """
    low, high = np.nanpercentile(points.reshape(-1, 3), [0.5, 99.5], axis=0)
    margin = np.maximum(_MARGIN_M, (_LEAST_FLOOR_M - (high - low)) / 2)
    margin[2] = _MARGIN_UPWARD_M
    low[2] = min(low[2], 0.0)
    return np.round(np.stack([low - margin, high + margin], axis=1), 3).tolist()


def _fractions(pixels: Floats, size: tuple[int, int]) -> Floats:
    """Image frame, px → fractions of the picture's width and height."""
    return (pixels + 0.5) / np.array(size)
