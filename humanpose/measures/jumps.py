"""Jumps: both feet leave the floor together, fly as long as they rise, and land together.

All of it must hold, so that a squat, a walk, a run and the jitter of feet that are hidden are
none: the hips rise to a highest point and come down again, all of both feet is off the floor
around it, both are down at once before and after, and hips and feet have risen by about what
gravity asks of a flight of that length.
"""

import numpy as np
from scipy.signal import find_peaks

from humanpose.geometry import runs
from humanpose.measures.cycles import Found
from humanpose.measures.events import leg_length
from humanpose.measures.repetitions import Repetition
from humanpose.sequence import Floats, PoseSequence
from humanpose.words import to_say
from humanpose.world.contact import FOOT_POINTS

GRAVITY_M_S2 = 9.81

_LEAST_DROP = 0.1
"""The hips come down by this on both sides of the highest point, in leg lengths."""
_LEAST_CLEAR = 0.08
"""All of both feet is this high there above the floor before, and after."""
_OFF, _MOST_OFF = 0.3, 0.1
"""And off the floor while it is higher than this share of that, but at most this: paths are
smooth, so they leave the floor before the feet do."""
_FLOOR_PERCENT = 20
"""Of the lowest point of both feet before, or after: the floor; the lowest overshoots."""
_TOGETHER = 0.12
"""Where one foot comes down, the other is no higher than this: not so in running."""
_LEAST_FREE = 0.6
"""Hips and feet rise by this share, at least, of g t² / 8 in a flight of t seconds: by 0.7-1.2
in jumps, the feet by 0.4 where a whole body drifts upwards."""
_AROUND_S = 0.7
"""The floor is looked for this long before and after: 1.4 s of flight would be 2.4 m."""
_SHORTEST_S = 0.3
"""Of what is called a jump: 11 cm."""
_FEWEST = 10
_STRAIGHT = 0.97
"""Share of a leg's length between hip and ankle from which on it is straight."""
_BESIDE_S = 0.15
"""Who pushes off or lands does not stand."""


def find_jumps(markers: PoseSequence) -> Found[Repetition]:
    """Jumps with both feet, from take-off over the highest point of the hips to landing.

    Args:
        markers: the 22 markers in the world frame, m, smoothed.
    """
    heights = np.stack([markers.joint(name)[:, 1] for name in ("Hip", *FOOT_POINTS)], axis=1)
    stretches = [
        r for r in runs(np.isfinite(heights).all(axis=1)) if r.stop - r.start > _FEWEST
    ]
    if not stretches:
        return Found((), to_say("hips and both feet are never seen together"))
    leg_m, timeline = leg_length(markers), markers.timeline
    flights = [
        Repetition(*(timeline.start_s + (run.start + np.array(flight)) / timeline.fps).tolist())
        for run in stretches
        for flight in _flights(heights[run] / leg_m, timeline.fps, leg_m)
    ]
    none = to_say("the feet never leave the floor together")
    return Found(tuple(flights), "" if flights else none)


def pelvis_rise_m(markers: PoseSequence, jump: Repetition) -> float:
    """How much higher the mid-hip is at the highest point than where the person stands with
    straight legs; NaN where they never do. Heels come up before take-off: that counts, too."""
    time_s, reach = markers.timeline.time_s, round(_AROUND_S * markers.timeline.fps)
    hips = markers.joint("Hip")[:, 1]
    lowest = np.min([markers.joint(name)[:, 1] for name in FOOT_POINTS], axis=0)
    stands = (time_s < jump.start_s - _BESIDE_S) | (time_s > jump.end_s + _BESIDE_S)
    for side in "RL":
        hip, knee, ankle = (markers.joint(side + part) for part in ("Hip", "Knee", "Ankle"))
        whole = np.linalg.norm(hip - knee, axis=1) + np.linalg.norm(knee - ankle, axis=1)
        stands &= np.linalg.norm(hip - ankle, axis=1) > _STRAIGHT * whole
    if not stands.any():
        return np.nan
    top = markers.timeline.nearest(jump.turn_s)
    parts = lowest[max(0, top - reach) : top + 1], lowest[top : top + reach + 1]
    floor = np.mean([np.nanpercentile(part, _FLOOR_PERCENT) for part in parts])
    return float(hips[top] - floor - np.nanmedian((hips - lowest)[stands]))


def _flights(heights: Floats, fps: float, leg_m: float) -> list[tuple[float, float, float]]:
    """Take-off, highest point and landing, in frames; heights (T, 5) of hips and feet, in leg
    lengths."""
    reach = round(_AROUND_S * fps)
    flights = []
    for top in find_peaks(heights[:, 0], prominence=_LEAST_DROP)[0]:
        sides = heights[max(0, top - reach) : top + 1][::-1], heights[top : top + reach + 1]
        offs = [_off_floor(side[:, 1:]) for side in sides]
        if all(off > 0 for off in offs):
            free = GRAVITY_M_S2 / leg_m * (sum(offs) / fps) ** 2 / 8
            risen = np.mean(
                [_fallen(side, off) for side, off in zip(sides, offs, strict=True)], axis=0
            )
            long = sum(offs) > _SHORTEST_S * fps
            if long and min(risen) > _LEAST_FREE * free:
                flights.append((top - offs[0], float(top), top + offs[1]))
    return flights


def _off_floor(feet: Floats) -> float:
    """For how many frames, from the first on, all of both feet (T, 4) is off the floor; 0 where
    it isn't, or where one foot comes down alone."""
    lowest = feet.min(axis=1)
    clear = lowest[0] - np.percentile(lowest, _FLOOR_PERCENT)
    off = lowest[0] - clear + min(_OFF * clear, _MOST_OFF)
    if clear < _LEAST_CLEAR:
        return 0.0
    down = int(np.argmax(lowest <= off))
    other = feet[down].reshape(2, 2).min(axis=1).max()
    if other > off + _TOGETHER:
        return 0.0
    return float(down - (off - lowest[down]) / (lowest[down - 1] - lowest[down]))


def _fallen(side: Floats, frames: float) -> tuple[float, float]:
    """By how much hips and the lowest of the feet come down until then, and to the floor."""
    lowest = side[:, 1:].min(axis=1)
    hips = np.interp(frames, np.arange(len(side)), side[:, 0])
    return float(side[0, 0] - hips), float(lowest[0] - np.percentile(lowest, _FLOOR_PERCENT))
