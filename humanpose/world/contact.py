"""Feet that stand still: where they touch the floor, and the body's path that keeps them there.

Only the whole body is moved, never a foot alone, so no joint angle changes. One camera sees
depth worst, and a person's distance wanders while they walk; a foot that is on the floor says
how much of that is wrong.
"""

from dataclasses import dataclass

import numpy as np
from scipy.linalg import solveh_banded
from scipy.ndimage import gaussian_filter1d, minimum_filter1d

from humanpose.sequence import Floats, PoseSequence
from humanpose.world.filters import bridge_gaps

FOOT_POINTS = ("RHeel", "RBigToe", "LHeel", "LBigToe")

_CALM_S = 0.05
"""SD of the smoothing before speeds are taken."""
_RESTING_M_S = np.array([0.35, 0.35, 0.8])
"""A foot on the floor is slower than this; in depth it may seem faster."""
_LOW_M = 0.06
"""And not higher than this above the lowest that it is within a second."""
_AROUND_S = 1.0
_BELT_M_S = 0.5
"""Where feet that rest as far as the picture shows slide faster than this in depth, in the
median over the clip, they stand on a treadmill. To a side the picture shows it by itself."""


@dataclass(frozen=True)
class Trust:
    """How far the path of the body is believed, along one axis."""

    path_m: float
    """SD of where it is."""
    speed_m_s: float
    """SD of how fast it moves."""
    slide_m_s: float = 0.1
    """How fast a foot on the floor may seem to slide, because limbs are off, too."""


ACROSS, DEPTH = Trust(0.1, 0.03), Trust(0.3, 0.1)
"""Chosen with the sample and the validation side of the rendered pairs in view;
docs/lab/world.md has what they do."""


def foot_contacts(markers: PoseSequence) -> Floats:
    """(T, 4) in [0, 1]: how surely each of ``FOOT_POINTS`` rests on the floor.

    Args:
        markers: the 22, world frame (Z towards the camera), m. 0 where a point is NaN.
    """
    return _resting(markers, _RESTING_M_S)


def root_shift(markers: PoseSequence) -> Floats:
    """(T, 3) m to add to the whole body so that resting feet stay where they are.

    Least squares over the clip, in each direction over the floor, between what was seen of the
    body's path and feet that don't slide. 0 in the first frame in which the hips are known, so
    that the origin stays under them, and throughout on a treadmill; the height stays as it is.
    Never NaN.

    Args:
        markers: the 22, world frame (Z towards the camera), m.
    """
    fps, shift = markers.timeline.fps, np.zeros((len(markers), 3))
    paths = markers.positions[:, markers.skeleton.indices(*FOOT_POINTS)]
    slide = np.nan_to_num(np.diff(paths, axis=0)) * fps
    if len(markers) < 2 or _on_treadmill(markers, slide):
        return shift
    weight = _in_both(foot_contacts(markers))
    for axis, trust in ((0, ACROSS), (2, DEPTH)):
        shift[:, axis] = _solve(weight, slide[..., axis], trust, fps)
    known = np.isfinite(markers.joint("Hip")).all(axis=1)
    return shift - shift[np.argmax(known)]


def _resting(markers: PoseSequence, limit_m_s: Floats) -> Floats:
    """(T, 4) by height, and by speed against a limit (3,) for each axis."""
    fps = markers.timeline.fps
    paths = markers.positions[:, markers.skeleton.indices(*FOOT_POINTS)]
    known = np.isfinite(paths).all(axis=2)
    if len(paths) < 2:
        return np.zeros(known.shape)
    calm = gaussian_filter1d(
        np.nan_to_num(bridge_gaps(paths)), _CALM_S * fps, axis=0, mode="nearest"
    )
    speed = np.linalg.norm(np.gradient(calm, axis=0) * fps / limit_m_s, axis=2)
    width = 2 * round(_AROUND_S * fps) + 1
    height = calm[..., 1] - minimum_filter1d(calm[..., 1], width, axis=0, mode="nearest")
    sure = np.exp(-(speed**4) - (height / _LOW_M) ** 4)
    return np.where(known, sure, 0.0)


def _on_treadmill(markers: PoseSequence, slide: Floats) -> bool:
    """Whether most of what rests as far as the picture shows slides in depth."""
    at_rest = _in_both(_resting(markers, np.array([*_RESTING_M_S[:2], np.inf]))) > 0.5
    if not at_rest.any():
        return False
    return bool(np.abs(np.median(slide[at_rest], axis=0)[2]) > _BELT_M_S)


def _in_both(contact: Floats) -> Floats:
    """(T - 1, 4) in a frame and the next."""
    return np.minimum(contact[1:], contact[:-1])


def _solve(resting: Floats, slide: Floats, trust: Trust, fps: float) -> Floats:
    """(T,) m: the d with the least sum of resting ((slide + d') / believed slide)² +
    (d' / believed speed)² + (d / believed path)². Resting and slide (m/s) are (T - 1, 4)."""
    weight = resting / trust.slide_m_s**2
    link = (weight.sum(axis=1) + trust.speed_m_s**-2) * fps**2
    pull = (weight * slide).sum(axis=1) * fps
    diagonal = np.full(len(link) + 1, trust.path_m**-2)
    diagonal[1:] += link
    diagonal[:-1] += link
    right = np.zeros(len(diagonal))
    right[1:] -= pull
    right[:-1] += pull
    bands = np.stack([np.concatenate([[0.0], -link]), diagonal])
    return np.asarray(solveh_banded(bands, right))
