"""Noise that lasts and that neighbouring joints share, and episodes that begin and end."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.signal import lfilter

from humanpose.sequence import Floats

Bools = NDArray[np.bool_]


@dataclass(frozen=True)
class Memory:
    """How noise of unit variance resembles itself later; the same at every frame rate."""

    scale_s: float
    """0: each frame anew; infinite: the same for the whole clip."""
    smooth: bool = False
    """AR(2) with a double root, that has a velocity, instead of AR(1)."""

    def correlation(self, lag_s: Floats) -> Floats:
        """Of values so far apart."""
        lag = lag_s / max(self.scale_s, 1e-9)
        return np.exp(-lag) * (1 + lag if self.smooth else 1)

    def colour(self, white: Floats, fps: float) -> Floats:
        """Filter white noise (D, B, T, J) along T, stationary from the first frame on."""
        if self.scale_s == 0 or np.isinf(self.scale_s):
            return white
        keep = np.exp(-1 / (self.scale_s * fps))
        if self.smooth and white.shape[2] > 2:
            return _smooth(white, keep)
        driven = white * np.sqrt(1 - keep**2)
        driven[:, :, 0] = white[:, :, 0]
        return np.asarray(lfilter([1.0], [1.0, -keep], driven, axis=2))


MEMORIES = (
    Memory(0.0),
    Memory(0.1),
    Memory(0.06, smooth=True),
    Memory(0.25, smooth=True),
    Memory(np.inf),
)
"""What noise is a mixture of."""
RADII = np.linspace(0, 4.2, 43)
"""Lengths of a standard Gaussian vector at which heavier tails are tabulated."""
SCORES = np.linspace(-4, 4, 81)
"""Standard Gaussian scores at which visibilities are tabulated."""


@dataclass(frozen=True, eq=False)
class Noise:
    """Gaussian noise of unit variance on J joints and D axes."""

    shares: Floats
    """(5, D, J) of the variance that each of ``MEMORIES`` has; over them they sum to 1."""
    mixing: Floats
    """(2, D, J, J) lower Cholesky factors of the joints' correlation on each axis: of what
    changes, and of what stays for the clip."""

    def __post_init__(self) -> None:
        expected = (len(MEMORIES), *self.mixing.shape[1:3])
        if self.shares.shape != expected:
            raise ValueError(f"shares must be {expected}, got {self.shares.shape}")

    def draw(self, clips: int, frames: int, *, fps: float, rng: np.random.Generator) -> Floats:
        """(clips, frames, J, D)."""
        _, axes, joints, _ = self.mixing.shape
        total = np.zeros((axes, clips, frames, joints))
        for memory, share in zip(MEMORIES, self.shares, strict=True):
            if not share.any():
                continue
            stays = np.isinf(memory.scale_s)
            white = rng.standard_normal((axes, clips, 1 if stays else frames, joints))
            mixed = memory.colour(white, fps) @ self.mixing[int(stays)].swapaxes(1, 2)[:, None]
            total += mixed * np.sqrt(share)[:, None, None]
        return np.moveaxis(total, 0, -1)


@dataclass(frozen=True, eq=False)
class Episodes:
    """Something that befalls a clip now and then and lasts a while."""

    rate_per_s: Floats
    """(4,) how often it begins, by the view (``VIEWS``)."""
    at_start: Floats
    """() share of clips that begin with it."""
    durations_s: Floats
    """(Q,) quantiles of its duration, evenly spaced."""

    def draw(
        self, seen_from: NDArray[np.int64], *, fps: float, rng: np.random.Generator
    ) -> Bools:
        """(B, T) whether it is so, for views (B, T) as indices in ``VIEWS``."""
        chance = 1 - np.exp(-self.rate_per_s / fps)
        begins = rng.random(seen_from.shape) < chance[seen_from]
        begins[:, 0] = rng.random(len(seen_from)) < self.at_start
        mask = np.zeros(seen_from.shape, dtype=bool)
        clips, frames = np.nonzero(begins)
        quantiles = np.linspace(0, 1, len(self.durations_s))
        seconds = np.interp(rng.random(len(clips)), quantiles, self.durations_s)
        lengths = np.maximum(np.rint(seconds * fps).astype(int), 1)
        for clip, first, length in zip(clips, frames, lengths, strict=True):
            mask[clip, first : first + length] = True
        return mask


def stretched(gauss: Floats, tail: Floats) -> Floats:
    """Give Gaussian vectors (..., D) of length ``RADII`` the lengths in ``tail`` (Q,)."""
    radius = np.linalg.norm(gauss, axis=-1)
    return gauss * (np.interp(radius, RADII, tail) / np.maximum(radius, 1e-9))[..., None]


def _smooth(white: Floats, keep: float) -> Floats:
    """AR(2) with the double root ``keep``, of unit variance from the first two frames on."""
    next_to = 2 * keep / (1 + keep**2)
    fresh = np.sqrt((1 - keep**2) ** 3 / (1 + keep**2))
    first = white[:, :, 0]
    second = next_to * first + np.sqrt(1 - next_to**2) * white[:, :, 1]
    state = np.stack([2 * keep * second - keep**2 * first, -(keep**2) * second], axis=2)
    rest, _ = lfilter([fresh], [1.0, -2 * keep, keep**2], white[:, :, 2:], axis=2, zi=state)
    return np.concatenate([first[:, :, None], second[:, :, None], rest], axis=2)
