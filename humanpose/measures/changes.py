"""What the learned stages changed: how much at each joint, and where most."""

from dataclasses import dataclass

import numpy as np

from humanpose.analysis import Analysis
from humanpose.sequence import Floats
from humanpose.skeleton import JOINT_GROUPS

_APART_S = 0.5
"""Frames nearer than this show the same moment."""


@dataclass(frozen=True)
class Change:
    """A moment at which a joint was changed much."""

    frame: int
    time_s: float
    group: str
    """One of ``JOINT_GROUPS``."""
    degrees: float


def changed_deg(analysis: Analysis) -> Floats:
    """(T, 12) deg in [0, 180]: how far a joint group's refined angles are from the raw ones.

    The largest of the three differences; NaN where none of the three is known in both.
    """
    refined, raw = analysis.joint_angles.degrees, analysis.joint_angles_raw.degrees
    off = np.abs((refined - raw + 180) % 360 - 180)
    by_group = off.reshape(len(off), len(JOINT_GROUPS), 3)
    known = np.isfinite(by_group).any(axis=2)
    return np.where(known, np.where(np.isfinite(by_group), by_group, 0.0).max(axis=2), np.nan)


def mean_change_deg(analysis: Analysis) -> dict[str, float]:
    """Joint group → mean of ``changed_deg`` over the clip; NaN where it is never known."""
    changed = changed_deg(analysis)
    return {
        group: float(np.nanmean(curve)) if np.isfinite(curve).any() else float("nan")
        for group, curve in zip(JOINT_GROUPS, changed.T, strict=True)
    }


def largest_changes(analysis: Analysis, *, count: int = 5) -> list[Change]:
    """At most ``count`` moments, half a second apart, at which most was changed; the largest
    first. Empty when no learned stage was on."""
    changed = np.nan_to_num(changed_deg(analysis))
    time_s, largest = analysis.timeline.time_s, changed.max(axis=1)
    found: list[Change] = []
    while len(found) < count and largest.any():
        frame = int(largest.argmax())
        group = int(changed[frame].argmax())
        found.append(
            Change(
                frame, float(time_s[frame]), tuple(JOINT_GROUPS)[group], float(largest[frame])
            )
        )
        largest[np.abs(time_s - time_s[frame]) < _APART_S] = 0
    return found
