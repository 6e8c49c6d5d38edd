"""Motions as tables of channels over time, made from keyframes."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.interpolate import PchipInterpolator
from scipy.ndimage import gaussian_filter1d

from humanpose.skeleton import ANGLE_NAMES
from train.synth.body.makehuman import Floats

HEAD = ("head_nod", "head_tilt", "head_turn")
"""Head on trunk, deg: up, to the right, to the left."""
SHIFT = ("pelvis_forward", "pelvis_up", "pelvis_right")
"""Mid-hip from where it is in straight standing, in leg lengths, along the heading."""
CHANNELS = (*ANGLE_NAMES, *HEAD, *SHIFT)

Keyframe = tuple[float, Mapping[str, float]]
"""Clip time, s, and the channels set there; a name without _r or _l sets both sides."""

EASE_S = 0.04
"""Gaussian smoothing of keyframed channels, standard deviation."""


@dataclass(frozen=True, eq=False)
class Motion:
    """What a person does, for any body and in any direction."""

    table: Floats
    """(T, 42) ``CHANNELS``: deg, and leg lengths; pelvis_rotation is from the heading."""
    fps: float

    def __post_init__(self) -> None:
        if self.table.ndim != 2 or self.table.shape[1] != len(CHANNELS):
            raise ValueError(f"table must be (T, {len(CHANNELS)}), got {self.table.shape}")

    def __len__(self) -> int:
        return len(self.table)

    @property
    def time_s(self) -> Floats:
        """(T,)."""
        return np.arange(len(self)) / self.fps

    @property
    def angles(self) -> Floats:
        """(T, 36) deg, ``ANGLE_NAMES``."""
        return self.table[:, : len(ANGLE_NAMES)]

    @property
    def head(self) -> Floats:
        """(T, 3) deg, ``HEAD``."""
        return self.table[:, len(ANGLE_NAMES) : -len(SHIFT)]

    @property
    def shift(self) -> Floats:
        """(T, 3) leg lengths, ``SHIFT``."""
        return self.table[:, -len(SHIFT) :]

    def plus(self, other: "Motion") -> "Motion":
        """The sum of both, channel by channel."""
        return Motion(self.table + other.table, self.fps)


def keyframed(keyframes: Sequence[Keyframe], *, seconds: float, fps: float) -> Motion:
    """A smooth motion through keyframes; a channel that is never set is 0.

    Between its keyframes a channel eases in and out without overshoot; before the first and
    after the last it holds.
    """
    tracks: dict[str, list[tuple[float, float]]] = defaultdict(list)
    for time, values in keyframes:
        for name, value in values.items():
            for channel in _channels(name):
                tracks[channel].append((time, value))
    time_s = np.arange(round(seconds * fps)) / fps
    table = np.stack([eased(tracks[name] or [(0, 0)], time_s) for name in CHANNELS], axis=1)
    return Motion(gaussian_filter1d(table, EASE_S * fps, axis=0, mode="nearest"), fps)


def eased(knots: Sequence[tuple[float, float]], time_s: Floats) -> Floats:
    """(T,) a track through (time, value) knots, held outside (Fritsch and Carlson 1980)."""
    at, values = np.array(knots, dtype=np.float64).T
    if len(at) == 1:
        return np.full(len(time_s), values[0])
    return np.asarray(PchipInterpolator(at, values)(np.clip(time_s, at[0], at[-1])))


def _channels(name: str) -> tuple[str, ...]:
    found = tuple(c for c in (name, f"{name}_r", f"{name}_l") if c in CHANNELS)
    if not found:
        raise ValueError(f"unknown channel {name!r}; expected one of {', '.join(CHANNELS)}")
    return found
