"""Level walking: where and when the feet land, and what pelvis, trunk and arms do meanwhile."""

from dataclasses import dataclass
from itertools import pairwise
from math import inf

import numpy as np
from scipy.interpolate import CubicSpline
from scipy.ndimage import gaussian_filter1d

from train.synth.body.makehuman import Floats
from train.synth.motion.channels import CHANNELS, Motion, eased

ARMS = {
    "arm_flex": (-19, -18, -11, 0, 10, 16, 16, 10, -1, -12, -19),
    "elbow_flex": (-6, -5, -2, 3, 9, 13, 12, 8, 1, -4, -6),
}
"""Deviation from the posture at 0, 10, … 100 % of the same side's gait cycle, which starts
with its heel strike, deg."""
TRUNK = {
    "pelvis_rotation": (5, 4, 2, 0, -3, -5, -4, -2, 0, 3, 5),
    "pelvis_list": (0, -4, -4, -2, -1, 0, 4, 4, 2, 1, 0),
    "pelvis_tilt": (-2, -1, -2, -3, -3, -2, -1, -2, -3, -3, -2),
    "lumbar_rotation": (-9, -7, -4, 0, 5, 9, 7, 4, 0, -5, -9),
    "lumbar_bending": (0, 4, 4, 2, 1, 0, -4, -4, -2, -1, 0),
    "head_turn": (4, 3, 2, 0, -2, -4, -3, -2, 0, 2, 4),
}
"""The same over the right side's cycle; drawn by hand after the curves in gait textbooks."""

SWING = 0.8
"""Duration of a foot's swing, in steps; both feet stand for the rest."""
DIP_LANDING, DIP_MIDSTANCE, SWAY = -0.044, -0.014, 0.028
"""Pelvis height and sideways way to the stance foot, leg lengths."""


@dataclass(frozen=True)
class Footprint:
    """One stay of a foot on the floor."""

    forward: float
    """Along the heading from where the person first stands, leg lengths."""
    land_s: float = -inf
    leave_s: float = inf


@dataclass(frozen=True)
class Walk:
    """A walk from standing to standing; the right foot goes first, the last step closes up."""

    start_s: float
    """When the right foot leaves the floor."""
    steps: int
    step_s: float = 0.56
    """From heel strike to heel strike of the other foot."""
    length: float = 0.72
    """Of a step, leg lengths."""

    @property
    def landings_s(self) -> Floats:
        """(steps,) heel strikes; right, left, right, …"""
        return self.start_s + self.step_s * (SWING + np.arange(self.steps))

    @property
    def places(self) -> Floats:
        """(steps,) where each step lands, leg lengths forward."""
        places = self.length * (0.9 + np.arange(self.steps))
        places[-1] = places[-2]
        return places

    def footprints(self, side: str) -> tuple[Footprint, ...]:
        """The right (``"r"``) or left (``"l"``) foot's stays on the floor, in order."""
        own = slice(0 if side == "r" else 1, None, 2)
        land = [-inf, *self.landings_s[own]]
        leave = [*(self.landings_s[own] - SWING * self.step_s), inf]
        places = [0.0, *self.places[own]]
        return tuple(map(Footprint, places, land, leave))

    def motion(self, *, seconds: float, fps: float) -> Motion:
        """What the walk adds to a standing posture, from the pelvis upwards."""
        time_s = np.arange(round(seconds * fps)) / fps
        phase = 1 + (time_s - self.landings_s[0]) / (2 * self.step_s)
        amount = _ramp(time_s - self.start_s, SWING * self.step_s)
        amount *= _ramp(
            self.landings_s[-1] + (1 - SWING) * self.step_s - time_s, SWING * self.step_s
        )
        columns = {name: amount * _cyclic(knots, phase) for name, knots in TRUNK.items()}
        for name, knots in ARMS.items():
            columns[f"{name}_r"] = amount * _cyclic(knots, phase)
            columns[f"{name}_l"] = amount * _cyclic(knots, phase + 0.5)
        for name, track in self._pelvis(time_s).items():
            columns[name] = gaussian_filter1d(track, 0.08 * fps, mode="nearest")
        blank = np.zeros(len(time_s))
        return Motion(np.stack([columns.get(c, blank) for c in CHANNELS], axis=1), fps)

    def _pelvis(self, time_s: Floats) -> dict[str, Floats]:
        """Tracks of the pelvis: midway between the feet at each landing, over one between."""
        begin, end = self.start_s - 0.5 * self.step_s, self.landings_s[-1] + 0.5 * self.step_s
        between = [(a + b) / 2 for a, b in pairwise([0.0, *self.places])]
        middle = self.landings_s - SWING / 2 * self.step_s
        stance = np.where(np.arange(self.steps) % 2, 1, -1)  # the right foot swings first
        forward = zip(self.landings_s, between, strict=True)
        sway = zip(middle, SWAY * stance, strict=True)
        dips = [(t, DIP_LANDING) for t in self.landings_s[:-1]]
        dips += [(t, DIP_MIDSTANCE) for t in middle]
        return {
            "pelvis_forward": eased([(begin, 0), *forward, (end, self.places[-1])], time_s),
            "pelvis_up": eased([(begin, 0), *sorted(dips), (end, 0)], time_s),
            "pelvis_right": eased([(begin, 0), *sway, (end, 0)], time_s),
        }


def _cyclic(values: tuple[float, ...], phase: Floats) -> Floats:
    curve = CubicSpline(np.linspace(0, 1, len(values)), values, bc_type="periodic")
    return np.asarray(curve(phase % 1))


def _ramp(since_s: Floats, rise_s: float) -> Floats:
    """0 before, 1 after, smooth between."""
    share = np.clip(since_s / rise_s, 0, 1)
    return np.asarray(share**2 * (3 - 2 * share))
