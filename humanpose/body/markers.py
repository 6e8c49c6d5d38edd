"""OpenCap's 43 anatomical markers on the fitted body."""

import numpy as np

from humanpose.body.fitted import FittedBody
from humanpose.body.model import KNEE_ON_TIBIA, MIRROR, SCALES, SEGMENTS
from humanpose.body.pose import Sites
from humanpose.confidence import INFERRED_AT_MOST
from humanpose.kinematics.model_axes import BODY_ORIGINS, ON_BODIES
from humanpose.sequence import Floats, PoseSequence
from humanpose.skeleton import MARKERS22, MARKERS43, other_side

_ON_LEG = {
    "femur": {
        "r_thigh1_study": (0.09, -0.15, 0.07),
        "r_thigh2_study": (0.055, -0.25, 0.085),
        "r_thigh3_study": (-0.02, -0.14, 0.1),
    },
    "tibia": {
        "r_sh1_study": (0.0, -0.115, 0.07),
        "r_sh2_study": (0.026, -0.23, 0.08),
        "r_sh3_study": (-0.05, -0.22, 0.08),
    },
}
"""The clusters, from the same source as ``ON_BODIES``."""
_SCALED_BY = {
    "pelvis": ("pelvis", "pelvis", "pelvis_width"),
    "torso": ("torso", "torso", "shoulder_width"),
    "femur": ("femur",) * 3,
    "tibia": ("tibia",) * 3,
    "calcn": ("foot",) * 3,
    "humerus": ("humerus",) * 3,
    "ulna": ("forearm",) * 3,
}


def _places() -> dict[str, tuple[str, Floats]]:
    """Marker of either side -> its segment, and where in the unscaled model, m."""
    radius = BODY_ORIGINS["radius_r"] - BODY_ORIGINS["ulna_r"]
    found: dict[str, tuple[str, Floats]] = {}
    for bodies in (ON_BODIES, _ON_LEG):
        for body, markers in bodies.items():
            for marker, at in markers.items():
                segment, place = body, np.array(at)
                if body == "radius":
                    segment, place = "ulna", place + radius
                if body == "tibia":
                    place = place - KNEE_ON_TIBIA
                if segment in ("pelvis", "torso"):
                    sides = segment, segment
                else:
                    sides = f"{segment}_r", f"{segment}_l"
                found[marker] = sides[0], place
                if other_side(marker) != marker:
                    found[other_side(marker)] = sides[1], place * MIRROR
    return {name: found[name] for name in MARKERS43.joints}


_PLACES = _places()


def anatomical_sites(log_scales: Floats) -> Sites:
    """Where ``MARKERS43`` sit on a person with these logarithms of ``SCALES`` (9,)."""
    scales = np.exp(log_scales)
    segments = [SEGMENTS.index(segment) for segment, _ in _PLACES.values()]
    offsets = [
        place * scales[[SCALES.index(name) for name in _SCALED_BY[segment.partition("_")[0]]]]
        for segment, place in _PLACES.values()
    ]
    return Sites(segments, segments, np.array(offsets))


_TRUNK = ("RHip", "LHip", "RShoulder", "LShoulder")
_CARRIERS = {
    "pelvis": _TRUNK,
    "torso": _TRUNK,
    "femur": ("{}Hip", "{}Knee"),
    "tibia": ("{}Knee", "{}Ankle"),
    "calcn": ("{}Ankle", "{}Heel", "{}BigToe"),
    "humerus": ("{}Shoulder", "{}Elbow"),
    "ulna": ("{}Elbow", "{}Wrist"),
}
"""Segment -> the markers among the 22 without which nothing is said of it."""


def anatomical_markers(
    fitted: FittedBody, markers: PoseSequence, *, complete: bool
) -> PoseSequence:
    """``MARKERS43`` on the body in the camera frame, m; their confidence is below 0.5.

    Args:
        markers: the 22; where those that carry a segment are lost, its markers are NaN,
        complete: unless all that the body tells is wanted.
    """
    at = fitted.at_sites(anatomical_sites(fitted.fit.person.log_scales))
    sure = np.empty(at.shape[:2])
    for column, (segment, _) in enumerate(_PLACES.values()):
        name, _, side = segment.partition("_")
        needs = (carrier.format(side.upper()) for carrier in _CARRIERS[name])
        sure[:, column] = markers.confidence[:, MARKERS22.indices(*needs)].min(axis=1)
    there = np.isfinite(at[..., 0]) & (complete | (sure > 0))
    return PoseSequence(
        np.where(there[..., None], at, np.nan),
        np.where(there, INFERRED_AT_MOST * sure, 0.0),
        markers.timeline,
        MARKERS43,
    )
