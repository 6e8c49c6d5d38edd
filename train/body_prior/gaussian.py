"""A Gaussian of poses with gaps, by expectation-maximisation."""

import numpy as np

from humanpose.sequence import Floats

ROUNDS = 60
"""Of expectation and maximisation."""
RIDGE = 1e-5
"""rad² on the diagonal, so that what never changes, as the heading, does no harm."""


def gaussian(poses: Floats, weights: Floats) -> tuple[Floats, Floats]:
    """(D,) mean and (D, D) covariance of poses (N, D) with gaps, by expectation-maximisation.

    Args:
        poses: NaN where unknown; every column is known somewhere.
        weights: (N,) how much each pose counts.
    """
    mean = np.nanmean(poses, axis=0)
    ridge = RIDGE * np.eye(len(mean))
    covariance = np.diag(np.nanvar(poses, axis=0)) + ridge
    known = np.isfinite(poses)
    patterns, which = np.unique(known, axis=0, return_inverse=True)
    groups = [which == i for i in range(len(patterns))]
    for _ in range(ROUNDS):
        full, unknown = np.empty_like(poses), np.zeros_like(covariance)
        for seen, group in zip(patterns, groups, strict=True):
            full[group], left = _completed(poses[group], seen, mean, covariance)
            unknown += weights[group].sum() * left
        mean = weights @ full / weights.sum()
        away = full - mean
        covariance = (away.T @ (weights[:, None] * away) + unknown) / weights.sum() + ridge
    return mean, covariance


def _completed(
    poses: Floats, seen: Floats, mean: Floats, covariance: Floats
) -> tuple[Floats, Floats]:
    """Poses with what is expected where nothing is seen, and how unsure that is."""
    full, left = poses.copy(), np.zeros_like(covariance)
    lost = ~seen
    if lost.any():
        within, across = covariance[np.ix_(seen, seen)], covariance[np.ix_(lost, seen)]
        gain = np.linalg.solve(within, across.T).T
        full[:, lost] = mean[lost] + (poses[:, seen] - mean[seen]) @ gain.T
        left[np.ix_(lost, lost)] = covariance[np.ix_(lost, lost)] - gain @ across.T
    return full, left
