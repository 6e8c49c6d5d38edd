"""Where a limb points while it isn't seen: three guesses, weighted by how far off each is.

The limb's own path across the gap; the other side's limb in the mirror of the body's sagittal
plane, at the delay that fits this part of the clip (a squat: none, walking: half a stride);
and where such a limb usually points. Guesses count by the inverse of their expected square
error, so that short gaps are interpolated and long ones filled by the rest of the body.
Directions are unit vectors in the trunk's axes (Y up, Z to the person's right).
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import PchipInterpolator
from scipy.ndimage import gaussian_filter1d

from humanpose.geometry import unit
from humanpose.sequence import Floats

Mask = NDArray[np.bool_]

_MOST_DELAY_S, _DELAY_STEP_S = 0.8, 0.05
"""Half of the slowest stride that is looked for."""
_DELAY_WINDOW_S = 0.6
"""SD of the stretch of the clip that decides on the delay."""
_DELAY_SHARPNESS = 0.02
"""A delay counts e times less for every so much more square error, rad²."""
_DELAY_COST = 0.02
"""A delay must save this, rad² per second, so that who stands still is mirrored at once."""
_ALTERNATION = 0.5
"""Weight of the belief that sides take turns in what is periodic, beside what is seen."""
_SURPRISE, _UNSEEN = 2.0, 0.05
"""A limb that is hardly ever seen is expected to be off its mirror image by as many times the
square error of those that are seen on both sides, and so much more, rad²."""
_BELIEF_S = 0.5
"""What is expected beforehand counts as much as so many seconds in which the limb is seen."""
_UNALIKE = 4.0
"""rad², of sides that are never seen together: no delay is better than another."""
_NEVER_TOLD = 0.2
"""rad², of a mirror image that nothing was compared with."""
_LEAST_TOLD = 0.1
"""Limbs that must tell around a frame, on the mean."""
_LEAST_ERROR = 0.005
"""No guess is better than this, rad²."""
_PACE = 1.0
"""How fast a limb turns of which no two frames on end are known, rad/s."""
_NO_WEIGHT = 1e-9
_MIRRORED = np.array([1.0, 1.0, -1.0])


@dataclass(frozen=True, eq=False)
class Guess:
    """Directions and the square error to expect of them."""

    directions: Floats
    """(T, B, 3) unit vectors; what was known stays as it was."""
    variance: Floats
    """(T, B) rad²; 0 where the direction was known."""


def filled(
    own: Floats, other: Floats, neutral: Floats, neutral_variance: Floats, fps: float
) -> Guess:
    """One side's limbs in every frame.

    Args:
        own, other: (T, B, 3) unit vectors of this side's limbs and of the other's; NaN where
            not known.
        neutral: (T, B, 3) where such limbs point on the mean.
        neutral_variance: (B,) rad² about it.
    """
    known = np.isfinite(own).all(axis=2)
    paths, path_variance = _interpolated(own, known, fps)
    mirrored, mirror_variance = _mirrored(own, other, fps)
    usual, usual_variance = _usual(own, known, neutral_variance, fps)
    mean, variance = _weighted(
        (paths, path_variance),
        (mirrored, mirror_variance),
        (usual, usual_variance),
        (neutral, neutral_variance),
    )
    return Guess(np.where(known[..., None], own, mean), np.where(known, 0.0, variance))


def _weighted(*guesses: tuple[Floats, Floats]) -> tuple[Floats, Floats]:
    """(T, B, 3) mean of directions by the inverse of their (T, B) rad², and its own."""
    count = guesses[0][1].shape
    total, weight = np.zeros((*count, 3)), np.zeros(count)
    for directions, variance in guesses:
        there = np.isfinite(directions).all(axis=-1)
        w = np.where(there, 1 / np.maximum(variance, _LEAST_ERROR), 0.0)
        total += w[..., None] * np.nan_to_num(directions)
        weight += w
    return unit(total), 1 / np.maximum(weight, _NO_WEIGHT)


def _interpolated(own: Floats, known: Mask, fps: float) -> tuple[Floats, Floats]:
    """(T, B, 3) across the gaps, held at both ends, and (T, B) rad² by distance and pace."""
    paths, variance = np.full(own.shape, np.nan), np.full(known.shape, np.inf)
    frames = np.arange(len(own))
    for b in range(own.shape[1]):
        at = np.flatnonzero(known[:, b])
        if len(at) == 0:
            continue
        inside = np.clip(frames, at[0], at[-1])
        paths[:, b] = (
            unit(PchipInterpolator(at, own[at, b])(inside)) if len(at) > 1 else own[at, b]
        )
        steps = np.linalg.norm(np.diff(own[at, b], axis=0), axis=1)[np.diff(at) == 1]
        pace = float(np.sqrt(np.mean(steps**2))) if len(steps) else _PACE / fps
        variance[:, b] = (pace * _gap(frames, at)) ** 2
    return paths, variance


def _gap(frames: NDArray[np.int_], at: NDArray[np.int_]) -> Floats:
    """(T,) 1 / (1 / b + 1 / a): b and a are frames to the nearest known before and after."""
    after = np.searchsorted(at, frames)
    to_next = np.where(after < len(at), at[np.minimum(after, len(at) - 1)] - frames, np.inf)
    before = np.searchsorted(at, frames, side="right") - 1
    to_last = np.where(before >= 0, frames - at[np.maximum(before, 0)], np.inf)
    with np.errstate(divide="ignore"):
        return np.asarray(1 / (1 / to_last + 1 / to_next))


def _usual(own: Floats, known: Mask, expected: Floats, fps: float) -> tuple[Floats, Floats]:
    """(B, 3) mean direction over the clip and (B,) rad² about it."""
    mean = unit(np.nan_to_num(own).sum(axis=0))
    square = _mean_error(((own - mean) ** 2).sum(axis=2), expected, fps)
    return mean, np.where(known.any(axis=0), square, np.inf)


def _mirrored(own: Floats, other: Floats, fps: float) -> tuple[Floats, Floats]:
    """(T, B, 3) from the other side at the delay that fits, and (B,) rad² off where known."""
    total, weight = np.zeros_like(own), np.zeros(own.shape[:2])
    for delay, w in _delays(own, other, fps):
        shifted = _shifted(other, delay) * _MIRRORED
        counts = np.isfinite(shifted).all(axis=2) * w[:, None]
        total += counts[..., None] * np.nan_to_num(shifted)
        weight += counts
    mirrored = unit(total / np.where(weight > 0, weight, np.nan)[..., None])
    off = ((mirrored - own) ** 2).sum(axis=2)
    told = off[np.isfinite(off)]
    expected = _UNSEEN + _SURPRISE * (float(told.mean()) if len(told) else _NEVER_TOLD)
    return mirrored, _mean_error(off, np.full(own.shape[1], expected), fps)


def _delays(own: Floats, other: Floats, fps: float) -> Iterator[tuple[int, Floats]]:
    """Every delay in frames, with the (T,) weight that it deserves around each frame."""
    steps = range(0, round(_MOST_DELAY_S * fps) + 1, max(1, round(_DELAY_STEP_S * fps)))
    delays = sorted({sign * step for step in steps for sign in (1, -1)})
    costs = np.stack(
        [
            _cost(own, _shifted(other, d) * _MIRRORED, fps)
            + _ALTERNATION * _alternation(other, d, fps)
            + _DELAY_COST * abs(d) / fps
            for d in delays
        ]
    )
    weights = np.exp(-(costs - costs.min(axis=0)) / _DELAY_SHARPNESS)
    return zip(delays, weights, strict=True)


def _alternation(side: Floats, delay: int, fps: float) -> Floats:
    """(T,) rad², negative if ``delay`` is half of the period with which a side moves."""
    half, whole = (_cost(side, _shifted(side, n * delay), fps) for n in (1, 2))
    return np.where((half < _UNALIKE) & (whole < _UNALIKE), whole - half / 2, 0.0)


def _mean_error(off: Floats, expected: Floats, fps: float) -> Floats:
    """(B,) mean of (T, B) rad², drawn to what was expected where few frames tell."""
    told = np.isfinite(off).sum(axis=0)
    belief = _BELIEF_S * fps
    return np.asarray((np.nansum(off, axis=0) + belief * expected) / (told + belief))


def _shifted(side: Floats, delay: int) -> Floats:
    """(T, B, 3) a side's limbs ``delay`` frames later; NaN outside the clip."""
    shifted, count = np.full_like(side, np.nan), len(side)
    if abs(delay) < count:
        to = slice(max(0, -delay), min(count, count - delay))
        shifted[to] = side[max(0, delay) : count + min(0, delay)]
    return shifted


def _cost(own: Floats, mirrored: Floats, fps: float) -> Floats:
    """(T,) rad²: how badly two sides match around each frame, over the limbs that tell."""
    off = ((own - mirrored) ** 2).sum(axis=2)
    told = np.isfinite(off)
    square, count = np.nan_to_num(off).sum(axis=1), told.sum(axis=1).astype(float)
    around = [
        gaussian_filter1d(v, _DELAY_WINDOW_S * fps, mode="constant") for v in (square, count)
    ]
    enough = around[1] > _LEAST_TOLD
    return np.where(enough, around[0] / np.where(enough, around[1], 1.0), _UNALIKE)
