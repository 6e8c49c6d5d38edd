"""What the viewer draws, packed into one block of bytes.

Layout: length of the header as uint32 | JSON header, padded to 4 bytes | float32 arrays, all
little-endian. The header's ``arrays`` says where each array starts and how many values it has.
The bytes depend on the analysis alone: Streamlit sends equal bytes to a browser only once.
"""

import json
import struct
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from humanpose.analysis import Analysis
from humanpose.angle_confidence import BAND
from humanpose.labels import MOVEMENTS
from humanpose.markers import DERIVED_CONFIDENCE, DERIVED_MARKERS
from humanpose.sequence import Floats, PoseSequence
from humanpose.skeleton import ANGLE_NAMES, COCO17, MARKERS22, Skeleton, side

WORLD_TO_PLOTLY = np.array([[1.0, 0.0, 0.0], [0.0, 0.0, -1.0], [0.0, 1.0, 0.0]])
"""World (X right, Y up, Z to the camera) → Plotly (x right, y away, z up), a rotation."""

_CROSS_BODY = 2  # the last two of COCO17's bones run across the body and would hide it
_MARGIN_M = 0.3
_LEAST_FLOOR_M = 2.0
_MARGIN_UPWARD_M = 0.15


def viewer_payload(analysis: Analysis, *, video_url: str, plotly_url: str) -> bytes:
    """Everything the viewer needs of one analysis; see the module's docstring for the form."""
    points = analysis.markers.positions @ WORLD_TO_PLOTLY.T
    raw_points = analysis.markers_raw.positions @ WORLD_TO_PLOTLY.T
    present = np.isfinite(analysis.joint_angles.degrees).any(axis=0)
    header = {
        "frames": len(analysis.markers),
        "fps": analysis.timeline.fps,
        "startS": analysis.timeline.start_s,
        "video": {"url": video_url, "size": analysis.landmarks.image_size},
        "plotlyUrl": plotly_url,
        "markerBones": _bones(MARKERS22),
        "keypointBones": _bones(COCO17)[:-_CROSS_BODY],
        "keypointSides": [side(joint) for joint in COCO17.joints],
        "angleCount": len(ANGLE_NAMES),
        "movements": _movements(present),
        "bounds": _bounds(np.concatenate([points, raw_points])),
        "refinedBy": "POF" if analysis.settings.pof else "",
    }
    arrays = {
        "markers": points,
        "markerConfidence": _own_confidence(analysis.markers),
        "keypoints": _fractions(analysis.keypoints, analysis.landmarks.image_size),
        "visibility": analysis.visibility,
        "angles": analysis.joint_angles.degrees,
        "confidence": analysis.joint_angles.confidence,
    }
    if header["refinedBy"]:
        arrays["rawMarkers"] = raw_points
        arrays["rawAngles"] = analysis.joint_angles_raw.degrees
    if analysis.joint_angles.deviation is not None:
        arrays["band"] = BAND * analysis.joint_angles.deviation
    return pack(header, arrays)


def pack(header: Mapping[str, Any], arrays: Mapping[str, Floats]) -> bytes:
    """Header and arrays in the module's form."""
    blocks = {
        name: np.ascontiguousarray(a, dtype="<f4").tobytes() for name, a in arrays.items()
    }
    places, start = {}, 0
    for name, block in blocks.items():
        places[name] = {"start": start, "count": len(block) // 4}
        start += len(block)
    text = json.dumps({**header, "arrays": places}, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 4)
    return b"".join((struct.pack("<I", len(text)), text, *blocks.values()))


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
    confidence[:, derived] /= DERIVED_CONFIDENCE
    return confidence


def _movements(present: NDArray[np.bool_]) -> list[dict[str, Any]]:
    """Each movement with its curves; no curves where the angle is never present."""
    return [
        {
            "joint": movement.joint,
            "title": movement.title,
            "curves": [
                {"side": side, "column": ANGLE_NAMES.index(name)}
                for side, name in sorted(movement.columns.items())
                if present[ANGLE_NAMES.index(name)]
            ],
        }
        for movement in MOVEMENTS
    ]


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
