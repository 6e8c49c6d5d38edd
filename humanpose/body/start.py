"""Where the fit starts: the segment frames of MediaPipe's own 3-D, before the camera."""

import numpy as np

from humanpose.body.model import BALLS, HINGES
from humanpose.body.pose import BodyPose
from humanpose.errors import ClipError
from humanpose.geometry import cardan_zxy, relative
from humanpose.kinematics.segments import arm, foot_frame, leg, pelvis_frame, trunk_frame
from humanpose.sequence import Floats, PoseSequence
from humanpose.world.filters import bridge_gaps


def first_pose(markers: PoseSequence) -> BodyPose:
    """The 22 ``markers`` (camera frame, m) as a posed body; what is NaN is taken from around.

    Raises ClipError where hips and shoulders are never known together.
    """
    trunk = trunk_frame(markers)
    pelvis = pelvis_frame(markers, trunk)
    turns = {"pelvis": pelvis, "lumbar": relative(pelvis, trunk)}
    bends: dict[str, Floats] = {}
    for side in "rl":
        thigh_shank, upper_lower = leg(markers, side, pelvis), arm(markers, side, trunk)
        turns[f"hip_{side}"] = relative(pelvis, thigh_shank.upper)
        turns[f"arm_{side}"] = relative(trunk, upper_lower.upper)
        bends[f"knee_{side}"] = -_bend(thigh_shank.upper, thigh_shank.lower)
        bends[f"elbow_{side}"] = _bend(upper_lower.upper, upper_lower.lower)
        bends[f"ankle_{side}"] = _bend(thigh_shank.lower, foot_frame(markers, side))
        bends[f"subtalar_{side}"] = np.zeros(len(markers))
    known = np.isfinite(pelvis).all(axis=(1, 2))
    if not known.any():
        raise ClipError("hips and shoulders are never seen together; film the whole body")
    return BodyPose(
        bridge_gaps(markers.joint("Hip")[:, None])[:, 0],
        np.stack([_held(turns[ball]) for ball in BALLS], axis=1),
        np.nan_to_num(bridge_gaps(np.stack([bends[h] for h in HINGES], axis=1)[:, None])[:, 0]),
    )


def _bend(upper: Floats, lower: Floats) -> Floats:
    return np.radians(cardan_zxy(relative(upper, lower))[:, 0])


def _held(turns: Floats) -> Floats:
    """(T, 3, 3) with the nearest known turn where one is NaN; none where none is known."""
    known = np.flatnonzero(np.isfinite(turns).all(axis=(1, 2)))
    if not known.size:
        return np.broadcast_to(np.eye(3), turns.shape)
    halfway = (known[1:] + known[:-1]) / 2
    return turns[known[np.searchsorted(halfway, np.arange(len(turns)))]]
