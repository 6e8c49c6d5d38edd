"""Cycles of a movement: plain values that a user can correct, and curves over 0-100 % of one.

Repetitions and gait events are tuples of small frozen values; everything that is measured is
computed from such a tuple.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar

import numpy as np
from scipy.interpolate import CubicSpline

from humanpose.sequence import Floats, JointAngles, Timeline
from humanpose.skeleton import ANGLE_NAMES
from humanpose.words import joined, to_say

if TYPE_CHECKING:
    import pandas as pd

PERCENT: Floats = np.arange(101.0)
"""Where a normalised curve has its points, % of the cycle."""


class Cycle(Protocol):
    """Anything from a start to an end, both in clip time."""

    @property
    def start_s(self) -> float: ...
    @property
    def end_s(self) -> float: ...
    @property
    def excluded(self) -> bool: ...


T = TypeVar("T")


@dataclass(frozen=True)
class Found(Generic[T]):
    """What a search found, in order of time."""

    items: tuple[T, ...]
    reason: str = ""
    """A sentence on why there is nothing, or what was left out; empty where nothing was."""


@dataclass(frozen=True, eq=False)
class CycleCurves:
    """The 36 angles over each of N cycles, brought to the same length."""

    degrees: Floats
    """(N, 101, 36) deg at ``PERCENT``; NaN for an angle that is not known throughout."""
    reason: str = ""
    """A sentence on why a curve is missing; empty where all cycles carry one."""

    @property
    def count(self) -> Floats:
        """(36,) how many cycles carry each angle, which is NaN in the others."""
        return np.isfinite(self.degrees).all(axis=1).sum(axis=0).astype(float)

    @property
    def mean(self) -> Floats:
        """(101, 36) deg; NaN where no cycle carries the angle."""
        total = np.nan_to_num(self.degrees).sum(axis=0)
        return np.asarray(total / np.where(self.count > 0, self.count, np.nan))

    @property
    def sd(self) -> Floats:
        """(101, 36) sample standard deviation between cycles, deg; NaN for fewer than two."""
        squares = np.nan_to_num((self.degrees - self.mean) ** 2).sum(axis=0)
        return np.sqrt(squares / np.where(self.count > 1, self.count - 1, np.nan))

    def table(self, names: Sequence[str] = ANGLE_NAMES) -> pd.DataFrame:
        """Mean and SD of the angles ``names``, one row per percent of the cycle."""
        import pandas as pd  # only where a table is wanted

        columns = {}
        for name in names:
            at = ANGLE_NAMES.index(name)
            columns[f"{name}_mean_deg"] = self.mean[:, at]
            columns[f"{name}_sd_deg"] = self.sd[:, at]
        return pd.DataFrame(columns, index=pd.Index(PERCENT, name="cycle_percent"))


def cycle_curves(angles: JointAngles, cycles: Sequence[Cycle]) -> CycleCurves:
    """Every angle over each cycle that counts, at 0, 1, … 100 % (cubic splines in time)."""
    counted = [cycle for cycle in cycles if not cycle.excluded]
    curves = [_normalised(angles.degrees, angles.timeline, cycle) for cycle in counted]
    degrees = np.stack(curves) if curves else np.full((0, 101, len(ANGLE_NAMES)), np.nan)
    return CycleCurves(degrees, _reason(degrees, angles))


def _normalised(degrees: Floats, timeline: Timeline, cycle: Cycle) -> Floats:
    """(101, 36) deg; NaN where an angle is missing at, or next to, any time of the cycle."""
    normalised = np.full((len(PERCENT), degrees.shape[1]), np.nan)
    time_s = cycle.start_s + PERCENT / 100 * (cycle.end_s - cycle.start_s)
    at = (time_s - timeline.start_s) * timeline.fps
    first, last = int(np.floor(at[0] + 1e-6)), int(np.ceil(at[-1] - 1e-6))
    if first < 0 or last >= timeline.frames or last - first < 3:
        return normalised
    window = degrees[first : last + 1]
    known = np.isfinite(window).all(axis=0)
    if known.any():
        normalised[:, known] = CubicSpline(np.arange(first, last + 1), window[:, known])(at)
    return normalised


def _reason(degrees: Floats, angles: JointAngles) -> str:
    if len(degrees) == 0:
        return to_say("there is no complete cycle")
    present = np.isfinite(angles.degrees).any(axis=0)
    missing = np.isnan(degrees[..., present]).any(axis=(1, 2)).sum()
    notes = []
    if missing:
        notes.append(
            to_say(
                "in {missing} of {all} cycles the person is not seen for a while, or the clip"
                " ends: some of their curves are left out",
                missing=missing,
                all=len(degrees),
            )
        )
    if len(degrees) == 1:
        notes.append(to_say("one cycle has no standard deviation"))
    return joined(notes, "; ")
