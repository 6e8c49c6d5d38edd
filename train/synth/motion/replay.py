"""A body performs a recording: exact angles, and the lowest part of it on the floor Y = 0."""

import numpy as np
from scipy.ndimage import gaussian_filter1d, minimum_filter1d

from train.synth.body.anatomy import frames_from_angles, truth_points
from train.synth.body.body import Body, PosedBody
from train.synth.body.makehuman import Floats
from train.synth.motion.feet import Leg
from train.synth.motion.perform import Performance, posed_on
from train.synth.motion.retarget import Recording

CONTACT_M, AROUND_S = 0.035, 0.6
"""Who is higher than this above the lowest place of the time around is in the air."""
MOST_SUNK_M = 0.006
MOST_TOE_BEND_DEG, TOES_FREE_M = 45.0, 0.10
"""The toes stay flat on the floor while the heel rises; so high above it they straighten."""

_SAMPLED = 24
"""Every so many vertices are looked at for the lowest; all of the soles are."""
_SOLE_M = 0.02


def replay(recording: Recording, body: Body) -> Performance:
    """Pose the body as recorded; no angle may be NaN.

    Height comes from contact: in each frame the lowest point touches the floor, except while
    the recording is in the air. The first mid-hip is over the world's origin.
    """
    frames = frames_from_angles(recording.angles)
    leg = Leg.measure(body, "r")
    path = (recording.mid_hip - recording.mid_hip[0] * [1, 0, 1]) * leg.length
    straight = {side: np.zeros(len(recording)) for side in "rl"}
    lowest = _lowest(posed_on(frames, recording.head, straight, path, body))
    bends = {side: _toe_bend(frames, side, path, body, lowest) for side in "rl"}
    posed = posed_on(frames, recording.head, bends, path, body)
    rise = np.zeros((len(recording), 3))
    rise[:, 1] = _to_floor(_lowest(posed), recording.fps)
    posed = posed.moved(rise)
    return Performance(posed, truth_points(posed), recording.angles, recording.fps)


def _lowest(posed: PosedBody) -> Floats:
    """(T,) height of the lowest vertex, m."""
    rest = posed.body.vertices
    sole = np.flatnonzero(rest[:, 1] < rest[:, 1].min() + _SOLE_M)[::3]
    sampled = np.union1d(np.arange(0, len(rest), _SAMPLED), sole)
    return np.asarray(posed.surface(sampled.tolist())[..., 1].min(axis=1))


def _toe_bend(
    frames: dict[str, Floats], side: str, path: Floats, body: Body, lowest: Floats
) -> Floats:
    """(T,) deg: as steep as the foot while its ball is on the floor."""
    foot = frames[f"foot_{side}"]
    leg = Leg.measure(body, side)
    ankle = (
        path
        + frames["pelvis"][..., 2] * leg.hip_offset
        - frames[f"femur_{side}"][..., 1] * leg.thigh
        - frames[f"tibia_{side}"][..., 1] * leg.shank
    )
    ball = (ankle + foot @ leg.ball)[:, 1] - lowest
    near = np.clip(1 - (ball - leg.ankle_height / 2) / TOES_FREE_M, 0, 1)
    pitch = np.degrees(np.arcsin(np.clip(foot[:, 1, 0], -1, 1)))
    return np.asarray(near * np.clip(-pitch, 0, MOST_TOE_BEND_DEG))


def _to_floor(lowest: Floats, fps: float) -> Floats:
    """(T,) how far to lift the body, m."""
    window = 2 * round(AROUND_S * fps) + 1
    around = minimum_filter1d(lowest, window, mode="nearest")
    touching = np.flatnonzero(lowest < around + CONTACT_M)
    lift = np.interp(np.arange(len(lowest)), touching, -lowest[touching])
    smooth = gaussian_filter1d(lift, 0.05 * fps, mode="nearest")
    return np.asarray(np.maximum(smooth, -lowest - MOST_SUNK_M))
