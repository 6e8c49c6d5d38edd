"""Whether somebody stands on their feet or sits: where the body's mass is above the floor."""

import numpy as np

from humanpose.measures.events import heading, leg_length
from humanpose.sequence import Floats, PoseSequence

_SEGMENTS = (
    ("Hip", "Neck", 0.578, 0.5),
    *((f"{s}Shoulder", f"{s}Elbow", 0.028, 0.436) for s in "RL"),
    *((f"{s}Elbow", f"{s}Wrist", 0.022, 0.5) for s in "RL"),
    *((f"{s}Hip", f"{s}Knee", 0.1, 0.433) for s in "RL"),
    *((f"{s}Knee", f"{s}Ankle", 0.0465, 0.433) for s in "RL"),
    *((f"{s}Heel", f"{s}BigToe", 0.0145, 0.5) for s in "RL"),
)
"""From and to, share of the body's mass, and where between the two it is: Winter (2009), trunk
with neck and head, forearm with hand."""
_STANDING = 0.15
"""The mass of who stands upright is this far ahead of the heels, in leg lengths: what it is
more or less says how wrongly the camera's tilt is known."""
_SEAT = 0.42, 0.78
"""Height of the hips above the heels on a chair, in leg lengths."""
_BEHIND, _HARDLY = -0.05, 0.05
"""Nobody can stand with the mass this far behind the heels, in leg lengths; hardly with it no
farther ahead of them."""
_LEVEL = 0.25
"""No knee is further below the hips then, in leg lengths: thighs more level than upright."""
_LOW = 0.1
"""Within this of where the hips are lowest, the clip begins or ends with sitting."""


def sits(markers: PoseSequence) -> bool:
    """Whether the person is on a seat where the hips are lowest: as high as one, with the mass
    behind the heels; or hardly ahead of them, in a clip that begins or ends there."""
    leg_m = leg_length(markers)
    heels = (markers.joint("RHeel") + markers.joint("LHeel")) / 2
    hips = (markers.joint("Hip") - heels)[:, 1] / leg_m
    mass = (centre_of_mass(markers) - heels) / leg_m
    ahead = (mass[:, [0, 2]] * heading(markers)).sum(axis=1)
    known = np.flatnonzero(np.isfinite(ahead) & np.isfinite(hips))
    if not len(known):
        return False
    low, high = known[hips[known].argmin()], known[hips[known].argmax()]
    upright = (ahead[high] - _STANDING) / mass[high, 1]
    over_feet = ahead[low] - upright * mass[low, 1]
    rests = min(hips[known[0]], hips[known[-1]]) < hips[low] + _LOW
    knees = min(markers.joint("RKnee")[low, 1], markers.joint("LKnee")[low, 1])
    level = markers.joint("Hip")[low, 1] - knees < _LEVEL * leg_m
    return bool(
        level
        and _SEAT[0] < hips[low] < _SEAT[1]
        and over_feet < (_HARDLY if rests else _BEHIND)
    )


def centre_of_mass(markers: PoseSequence) -> Floats:
    """(T, 3) m; NaN where a segment is not known."""
    parts = [
        share * ((1 - along) * markers.joint(start) + along * markers.joint(end))
        for start, end, share, along in _SEGMENTS
    ]
    return np.asarray(np.sum(parts, axis=0))


def lean_deg(markers: PoseSequence) -> Floats:
    """(T,) deg between the trunk and the vertical; NaN where hips or neck are."""
    trunk = markers.joint("Neck") - markers.joint("Hip")
    return np.asarray(np.degrees(np.arccos(trunk[:, 1] / np.linalg.norm(trunk, axis=1))))
