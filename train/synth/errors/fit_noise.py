"""How long noise lasts and which joints share it, from clips of standardised residuals.

Heavier tails than a Gaussian's lower a correlation. So the Gaussian's correlations are chosen
such that those of the finished errors are the data's (Cario & Nelson 1997, "NORTA").
"""

from dataclasses import dataclass

import numpy as np
from scipy.optimize import nnls

from humanpose.sequence import Floats
from humanpose.skeleton import COCO17
from train.synth.errors.noise import MEMORIES, Noise, stretched

_LAGS_S = np.array([0, 1, 2, 3, 5, 8, 12, 16, 24, 32, 44]) / 30
_MIRROR = np.array(COCO17.mirror)
_CORRELATIONS = np.linspace(0, 1, 21)
"""At which what tails do to a correlation is simulated, with so many vectors each."""
_DRAWS = 10_000
_TINY = 1e-9
_ENOUGH = 4
"""Products of a lag that a clip must have to count."""


@dataclass(frozen=True, eq=False)
class Clips:
    """Arrays (T, 17, ...) of several clips, and their frame rates."""

    values: list[Floats]
    fps: list[float]

    def split(self, whole: Floats) -> "Clips":
        """Cut an array over all frames of all clips into clips."""
        ends = np.cumsum([len(values) for values in self.values])[:-1]
        return Clips(np.split(whole, ends), self.fps)


def fit_noise(clips: Clips, tails: Floats) -> Noise:
    """The ``Noise`` that, with these tails (17, Q), clips (T, 17, D) are; NaN is left out."""
    axes = clips.values[0].shape[-1]
    curves = [_after_tails(tail, axes) for tail in tails]
    times, products = _autocorrelation(clips)
    decay = np.stack([memory.correlation(times) for memory in MEMORIES], axis=1)
    shares = np.empty((len(MEMORIES), axes, len(COCO17)))
    for axis, joint in np.ndindex(shares.shape[1:]):
        before = np.interp(products[:, joint, axis], curves[joint], _CORRELATIONS)
        shares[:, axis, joint] = nnls(decay, before)[0]
    shares = shares + shares[:, :, _MIRROR]
    shares[0] += _TINY  # so that what never varies has shares, too
    shares /= shares.sum(axis=0)
    seen = [clip for clip in clips.values if _seen(clip)]
    means = [np.nanmean(clip, axis=0, keepdims=True) for clip in seen]
    rests = [clip - mean for clip, mean in zip(seen, means, strict=True)]
    mixing = [_mixing(np.concatenate(part), curves) for part in (rests, means)]
    return Noise(shares, np.stack(mixing))


def _after_tails(tail: Floats, axes: int) -> Floats:
    """The correlation of vectors with this tail whose Gaussians have _CORRELATIONS."""
    rng = np.random.default_rng(0)
    first, fresh = rng.standard_normal((2, _DRAWS, axes))
    one = stretched(first, tail)
    others = [stretched(r * first + np.sqrt(1 - r**2) * fresh, tail) for r in _CORRELATIONS]
    after = np.array([(one * other).sum() for other in others]) / (one**2).sum()
    return np.maximum.accumulate(after)


def _seen(clip: Floats) -> bool:
    return bool(np.isfinite(clip).any(axis=0).all())


def _autocorrelation(gauss: Clips) -> tuple[Floats, Floats]:
    """Lags, s, and the mean product of values so far apart, (L, 17, D), 1 at lag 0."""
    totals, counts = np.zeros((2, len(_LAGS_S), *gauss.values[0].shape[1:]))
    times = np.zeros(len(_LAGS_S))
    weights = np.zeros(len(_LAGS_S))
    for clip, fps in zip(gauss.values, gauss.fps, strict=True):
        for row, lag in enumerate(np.rint(_LAGS_S * fps).astype(int)):
            if len(clip) - lag < _ENOUGH:
                continue
            product = clip[lag:] * clip[: len(clip) - lag]
            known = np.isfinite(product)
            totals[row] += np.where(known, product, 0).sum(axis=0)
            counts[row] += known.sum(axis=0)
            times[row] += len(product) * lag / fps
            weights[row] += len(product)
    used = weights > 0
    curves = totals[used] / np.maximum(counts[used], 1)
    return times[used] / weights[used], curves / np.maximum(curves[0], _TINY)


def _mixing(values: Floats, curves: list[Floats]) -> Floats:
    """(D, 17, 17) Cholesky factors for the correlation of (N, 17, D)."""
    known = np.isfinite(values).all(axis=(1, 2))
    correlations = [_correlation(values[known, :, axis]) for axis in range(values.shape[-1])]
    return np.stack([_factor(_before_tails(each, curves)) for each in correlations])


def _before_tails(correlation: Floats, curves: list[Floats]) -> Floats:
    """The Gaussian's correlation, from that of the finished errors."""
    size = np.abs(correlation)
    rows = np.stack(
        [np.interp(row, curve, _CORRELATIONS) for row, curve in zip(size, curves, strict=True)]
    )
    return np.sign(correlation) * (rows + rows.T) / 2


def _factor(correlation: Floats) -> Floats:
    """The lower Cholesky factor, once negative eigenvalues are lifted; the diagonal is 1."""
    values, vectors = np.linalg.eigh(correlation)
    positive = (vectors * np.maximum(values, 1e-4)) @ vectors.T
    size = np.sqrt(np.diag(positive))
    return np.linalg.cholesky(positive / np.outer(size, size))


def _correlation(values: Floats) -> Floats:
    """(17, 17) about zero, of (N, 17) and its mirror image."""
    product = values.T @ values
    product = product + product[np.ix_(_MIRROR, _MIRROR)]
    size = np.sqrt(np.maximum(np.diag(product), 1e-12))
    correlation = product / np.outer(size, size)
    np.fill_diagonal(correlation, 1)
    return np.asarray(correlation)
