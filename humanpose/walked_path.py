"""The way that somebody goes over the floor, and how fast, in metres."""

from dataclasses import dataclass

import numpy as np
from scipy.ndimage import gaussian_filter1d

from humanpose.geometry import runs
from humanpose.sequence import Floats, PoseSequence

SWAY_SD_S = 0.3
"""Smoothing that leaves out the hips' sway within a step."""
_LEAST_S = 0.5


@dataclass(frozen=True, eq=False)
class WalkedPath:
    """T frames; NaN where the hips are not known for half a second on end."""

    way_m: Floats
    """(T, 2) the mid-hip over the floor (world X and Z), without the sway within a step."""
    speed_m_per_s: Floats
    """(T,)"""
    reason: str = ""
    """A sentence on what is missing; empty where nothing is."""

    @property
    def length_m(self) -> float:
        """Along the way, over the frames that are known; NaN if none is."""
        steps = np.linalg.norm(np.diff(self.way_m, axis=0), axis=1)
        known = steps[np.isfinite(steps)]
        return float(known.sum()) if len(known) else np.nan

    @property
    def displacement_m(self) -> float:
        """From the first known place to the last; NaN if none is."""
        known = self.way_m[np.isfinite(self.way_m).all(axis=1)]
        return float(np.linalg.norm(known[-1] - known[0])) if len(known) else np.nan

    @property
    def mean_speed_m_per_s(self) -> float:
        """Over the frames that are known; NaN if none is."""
        known = self.speed_m_per_s[np.isfinite(self.speed_m_per_s)]
        return float(known.mean()) if len(known) else np.nan


def walked_path(markers: PoseSequence) -> WalkedPath:
    """Where the mid-hip goes. On a treadmill that is nowhere: see ``gait_measures.manner``.

    Args:
        markers: the 22, world frame, m.
    """
    fps, hips = markers.timeline.fps, markers.joint("Hip")[:, [0, 2]]
    way, speed = np.full(hips.shape, np.nan), np.full(len(hips), np.nan)
    for run in runs(np.isfinite(hips).all(axis=1)):
        if run.stop - run.start > max(1, _LEAST_S * fps):
            way[run] = gaussian_filter1d(hips[run], SWAY_SD_S * fps, axis=0, mode="nearest")
            speed[run] = np.linalg.norm(np.gradient(way[run], axis=0), axis=1) * fps
    known = np.isfinite(speed)
    if not known.any():
        return WalkedPath(way, speed, "the hips are never known for half a second on end")
    missing = round(100 * float((~known).mean()))
    reason = "" if known.all() else f"the hips are not known in {missing} % of the time"
    return WalkedPath(way, speed, reason)
