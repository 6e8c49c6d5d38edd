"""From where the camera sees the person."""

import numpy as np

from humanpose.geometry import bend_deg, cross, unit
from humanpose.sequence import Floats, PoseSequence
from humanpose.skeleton import COCO17
from humanpose.words import joined, to_say

VIEWS = {"front": 30.0, "oblique": 60.0, "side": 120.0, "back": 180.0}
"""View -> up to how far the person is turned from facing the camera, deg."""
MAINLY = 0.7
"""A view is the clip's own from this share of the frames on."""

_HIPS = COCO17.indices("left_hip", "right_hip")
_WORDS = {
    "front": to_say("from the front"),
    "oblique": to_say("half from the side"),
    "side": to_say("from the side"),
    "back": to_say("from behind"),
}


def turned_from_camera_deg(joints: Floats, up: Floats) -> Floats:
    """(T,) heading of the person: 0 facing the camera, 90 seen from the side, 180 from behind.

    Args:
        joints: (T, 17, 3) in the camera frame, whose origin is the camera; NaN where a hip or
            a shoulder is.
        up: (3,) unit vector against gravity, camera frame.
    """
    pairs = (("left_shoulder", "right_shoulder"), ("left_hip", "right_hip"))
    lefts, rights = (COCO17.indices(*side) for side in zip(*pairs, strict=True))
    across = unit(joints[:, lefts] - joints[:, rights]).mean(axis=1)
    facing = cross(across, up)
    to_camera = -joints[:, _HIPS].mean(axis=1)
    return bend_deg(facing, to_camera - (to_camera @ up)[:, None] * up)


def view_shares(joints: PoseSequence, up: Floats) -> dict[str, float]:
    """View -> share of the frames in which hips and shoulders are known; 0 where none is.

    Args:
        joints: COCO-17 in the camera frame.
        up: (3,) unit vector against gravity, camera frame.
    """
    turned = turned_from_camera_deg(joints.positions, up)
    turned = turned[np.isfinite(turned)]
    kind = np.searchsorted(list(VIEWS.values()), turned)
    return {view: float((kind == i).sum()) / max(1, len(kind)) for i, view in enumerate(VIEWS)}


def view_words(shares: dict[str, float]) -> str:
    """``seen from the side``, or from where it is seen for how long."""
    seen = sorted((view for view in VIEWS if shares[view] > 0), key=lambda v: -shares[v])
    if not seen:
        return to_say("from where the person is seen cannot be told")
    if shares[seen[0]] >= MAINLY:
        return to_say("seen {view}", view=_WORDS[seen[0]])
    parts = [
        to_say("{view} in {percent:.0f} %", view=_WORDS[view], percent=100 * shares[view])
        for view in seen
    ]
    return to_say("seen {views} of the time", views=joined(parts, ", "))
