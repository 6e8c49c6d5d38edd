"""Errors that angles of a clip may have beyond those of the clips that we have."""

from dataclasses import replace

import numpy as np

from humanpose.sequence import Floats
from humanpose.skeleton import JOINT_GROUPS
from train.data.angle_window import Window

NOISE, NOISE_DEG = 0.1, 3.0
OUTLIERS, OUTLIER_DEG, OUTLIER_FRAMES = 0.12, (15.0, 80.0), 5
GAPS, GAP_FRAMES = 0.25, 10
MISSING = 0.1
"""Shares of windows with each, and how large they are at most."""
CONFIDENCE_SD = 0.15
"""Every window is surer or less sure by this, logarithmic."""
BY_GROUP = 0.5
"""Share of windows whose confidence is told by joint only, as ``refine`` is told."""

_GROUPS = len(JOINT_GROUPS)


def corrupted(window: Window, rng: np.random.Generator) -> Window:
    """The window with noise, outliers and gaps in what was found, each now and then."""
    degrees, confidence = window.degrees.copy(), window.confidence.copy()
    frames = len(degrees)
    if rng.random() < NOISE:
        degrees += rng.normal(0, rng.uniform(0, NOISE_DEG), degrees.shape)
    if rng.random() < OUTLIERS:
        for _ in range(rng.integers(1, 3)):
            at = _some(rng, frames, OUTLIER_FRAMES)
            columns = _of_one_joint(rng)
            off = rng.uniform(*OUTLIER_DEG) * rng.choice((-1, 1), size=len(columns))
            degrees[at, columns] += off
    if rng.random() < GAPS:
        degrees[_some(rng, frames, GAP_FRAMES), _joint(rng)] = np.nan
    if rng.random() < MISSING:
        degrees[:, rng.random(degrees.shape[1]) < 0.1] = np.nan
    confidence = (confidence * np.exp(rng.normal(0, CONFIDENCE_SD))).clip(0, 1)
    if rng.random() < BY_GROUP:
        confidence = by_group(np.where(np.isfinite(degrees), confidence, 0.0))
    return replace(window, degrees=degrees, confidence=confidence)


def by_group(confidence: Floats) -> Floats:
    """(T, 36) each joint's mean over its angles that are there, for all three."""
    groups = confidence.reshape(-1, _GROUPS, 3)
    mean = groups.sum(axis=2) / np.maximum((groups > 0).sum(axis=2), 1)
    return np.asarray(np.repeat(mean, 3, axis=1))


def _some(rng: np.random.Generator, frames: int, most: int) -> slice:
    length = int(rng.integers(1, most + 1))
    start = int(rng.integers(0, max(frames - length, 0) + 1))
    return slice(start, start + length)


def _joint(rng: np.random.Generator) -> slice:
    first = 3 * int(rng.integers(_GROUPS))
    return slice(first, first + 3)


def _of_one_joint(rng: np.random.Generator) -> list[int]:
    """All angles of a joint, or one of them."""
    joint = _joint(rng)
    columns = list(range(joint.start, joint.stop))
    return columns if rng.random() < 0.4 else [int(rng.choice(columns))]
