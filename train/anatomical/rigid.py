"""The pose of a rigid set of markers in every frame, by least squares."""

import numpy as np
from numpy.typing import NDArray
from scipy.spatial.transform import Rotation, Slerp

from humanpose.sequence import Floats

_SAMPLED = 300
"""A shape is the median over at most so many frames, evenly spaced."""
_ROUNDS = 4
_LEAN = 1e-3
"""Weight of the carried rotation beside two markers: it decides only what they leave open."""


def mean_shape(paths: Floats) -> Floats:
    """The shape of a set of markers that move as one body, over a clip.

    Every frame is laid upon the shape, the shape is the median of them all, and again
    (generalised Procrustes analysis, Gower 1975, without scaling).

    Args:
        paths: (T, M, 3) m; NaN where a marker is lost.

    Returns:
        (M, 3) m, about their own mean, in the axes of one of the frames; NaN for a marker that
        is never seen with two others.
    """
    seen = np.isfinite(paths).all(axis=2)
    usable = np.flatnonzero(seen.sum(axis=1) >= 3)
    if len(usable) == 0:
        return np.full(paths.shape[1:], np.nan)
    chosen = usable[np.unique(np.linspace(0, len(usable) - 1, _SAMPLED).astype(int))]
    sample = paths[chosen]
    shape = sample[seen[chosen].sum(axis=1).argmax()]
    for _ in range(_ROUNDS):
        rotation, place = fitted(shape, sample)
        shape = _median((sample - place[:, None]) @ rotation)
    return shape - np.nanmean(shape, axis=0)


def fitted(
    shape: Floats, paths: Floats, carried: Floats | None = None
) -> tuple[Floats, Floats]:
    """Rotation and place of a shape in every frame (Söderkvist and Wedin 1993).

    Args:
        shape: (M, 3) m, in the body's own axes; NaN for a marker to leave out.
        paths: (T, M, 3) m; NaN where a marker is lost.
        carried: (T, 3, 3) rotations that settle what two markers leave open, namely the turn
            about the line between them. Without it two markers aren't enough.

    Returns:
        (T, 3, 3) and (T, 3): a point p of the body is at rotation @ p + place. NaN where fewer
        markers are seen than needed.
    """
    seen = (np.isfinite(paths) & np.isfinite(shape)).all(axis=2)
    count = seen.sum(axis=1)
    share = seen / np.maximum(count, 1)[:, None]
    own, at = np.nan_to_num(shape), np.nan_to_num(paths)
    middle, centre = share @ own, (share[..., None] * at).sum(axis=1)
    arms = share[..., None] * (own - middle[:, None])
    spread = np.swapaxes(at - centre[:, None], 1, 2) @ arms
    known = count >= 3
    if carried is not None:
        size = np.linalg.norm(spread, axis=(1, 2), keepdims=True)
        spread = np.where(known[:, None, None], spread, spread + _LEAN * size * carried)
        known = known | ((count == 2) & np.isfinite(carried).all(axis=(1, 2)))
    rotation = np.full((len(paths), 3, 3), np.nan)
    rotation[known] = _nearest_rotation(spread[known])
    return rotation, centre - (rotation @ middle[..., None])[..., 0]


def interpolated(rotations: Floats) -> Floats:
    """Rotations (T, 3, 3) with the gaps filled evenly and held at both ends; NaN if all are."""
    known = np.flatnonzero(np.isfinite(rotations).all(axis=(1, 2)))
    if len(known) in (0, len(rotations)):
        return rotations
    frames = np.clip(np.arange(len(rotations)), known[0], known[-1])
    if len(known) == 1:
        return rotations[np.full(len(rotations), known[0])]
    return np.asarray(Slerp(known, Rotation.from_matrix(rotations[known]))(frames).as_matrix())


def _nearest_rotation(spread: Floats) -> Floats:
    """(N, 3, 3) the rotations R with the largest tr(Rᵀ · spread)."""
    left, _, right = np.linalg.svd(spread)
    left[..., 2] *= np.sign(np.linalg.det(left @ right))[:, None]
    return np.asarray(left @ right)


def _median(points: Floats) -> Floats:
    """(M, 3) over the first axis; NaN for a point that is nowhere."""
    median = np.full(points.shape[1:], np.nan)
    known: NDArray[np.bool_] = np.isfinite(points).any(axis=(0, 2))
    middle = np.median if np.isfinite(points).all() else np.nanmedian  # the latter is slow
    median[known] = middle(points[:, known], axis=0)
    return median
