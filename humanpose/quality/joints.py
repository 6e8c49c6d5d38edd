"""How well every joint was seen, and how constant every bone came out."""

import numpy as np
import pandas as pd

from humanpose.analysis import Analysis
from humanpose.quality.figures import jitter
from humanpose.sequence import Floats, PoseSequence, coco_of
from humanpose.skeleton import COCO17, COCO_IN_MEDIAPIPE, MEDIAPIPE33

BONE_NAMES = (
    "upper arm, left", "forearm, left", "upper arm, right", "forearm, right",
    "thigh, left", "shank, left", "thigh, right", "shank, right",
    "shoulder width", "hip width", "trunk, left", "trunk, right",
)  # fmt: skip
"""COCO17's bones, in order, without the two that run across the trunk."""


def joint_words(joint: str) -> str:
    """``left_knee`` → ``left knee``."""
    return joint.replace("_", " ")


def joint_quality(analysis: Analysis) -> pd.DataFrame:
    """One row per COCO joint, named in words.

    ``visibility`` is the detector's mean over the frames with a person; ``seen_share`` in how
    many of all frames it is at least ``visibility_min``; ``confidence`` the final joint's mean;
    ``jitter_mm`` the median distance from the line of its neighbours in time, NaN if never
    known.
    """
    seen = analysis.landmarks
    visibility = seen.visibility[:, COCO_IN_MEDIAPIPE]
    found = visibility[seen.detected]
    off = 1000 * jitter(analysis.joints_camera.positions)
    return pd.DataFrame(
        {
            "visibility": found.mean(axis=0) if len(found) else np.zeros(len(COCO17)),
            "seen_share": (visibility >= analysis.settings.visibility_min).mean(axis=0),
            "confidence": analysis.joints_camera.confidence.mean(axis=0),
            "jitter_mm": [_median(column) for column in off.T],
        },
        index=pd.Index([joint_words(joint) for joint in COCO17.joints], name="joint"),
    )


def detected_joints(analysis: Analysis) -> PoseSequence:
    """COCO-17 in the detector's own 3-D, m about the hips, before any body is fitted."""
    seen = analysis.landmarks
    return coco_of(PoseSequence(seen.world, seen.visibility, seen.timeline, MEDIAPIPE33))


def bone_quality(analysis: Analysis) -> pd.DataFrame:
    """One row per bone: its mean length in cm, and SD / mean over time, %, of the result, whose
    bones are rigid but for the trunk, and of what the detector saw.

    NaN for a bone whose ends are never known together.
    """
    final, detected = (
        _lengths(joints) for joints in (analysis.joints_camera, detected_joints(analysis))
    )
    return pd.DataFrame(
        {
            "length_cm": [100 * _mean(length) for length in final],
            "variation_percent": [100 * _variation(length) for length in final],
            "detected_variation_percent": [100 * _variation(length) for length in detected],
        },
        index=pd.Index(BONE_NAMES, name="bone"),
    )


def _lengths(joints: PoseSequence) -> list[Floats]:
    """Per bone of ``BONE_NAMES`` the lengths that are known, m."""
    parents, children = np.array(COCO17.bone_indices).T
    lengths = np.linalg.norm(
        joints.positions[:, children] - joints.positions[:, parents], axis=2
    )
    known = [column[np.isfinite(column)] for column in lengths.T]
    return known[: len(BONE_NAMES)]


def _variation(lengths: Floats) -> float:
    return float(lengths.std() / lengths.mean()) if len(lengths) else np.nan


def _mean(values: Floats) -> float:
    return float(values.mean()) if len(values) else np.nan


def _median(values: Floats) -> float:
    known = values[np.isfinite(values)]
    return float(np.median(known)) if len(known) else np.nan
