"""What the solver minimises, and its derivatives.

Every observation, of a keypoint or a limb, is of one linear form of a frame's joints: a point
of the body, or the vector along a limb. So each has a 3 x 3 information matrix and a gradient,
and one product with the forms adds them all up. There are no NaNs here: what is missing has a
precision or concentration of 0. Joints are in the camera frame, m.
"""

from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise
from typing import Self

import numpy as np
from numpy.typing import NDArray

from humanpose.lift.solver_body import GIVE, LIMB_ENDS
from humanpose.lift.solver_system import System, curvature, curvature_of
from humanpose.sequence import Floats
from humanpose.skeleton import BODY12

_KEYPOINT_DOUBT = 2.4
"""Standard deviations at which a keypoint counts half: Cauchy's function, whose efficiency
for normal errors is then 95 % (Holland and Welsch 1977)."""
_LIMB_DOUBT = 3.0
"""The same for a limb's direction, whose concentration already says how sure it is."""

_LONGEST_PIECE = 2000
_OVERLAP = 30
"""Frames: a piece of that length takes about 150 MB, and at its ends it is solved less well."""

_HIPS = BODY12.indices("left_hip", "right_hip")


@dataclass(frozen=True)
class Piece:
    """Rows of a problem that are solved together, and those of them that count."""

    rows: slice
    kept: slice

    def keep(self, values: Floats) -> Floats:
        """Of the values (T, ...) of ``rows``, those of ``kept``."""
        start = self.kept.start - self.rows.start
        return values[start : start + self.kept.stop - self.kept.start]


@dataclass(frozen=True, eq=False)
class Problem:
    """T frames of one person. A precision or concentration of 0 marks what is missing."""

    frames: NDArray[np.int64]
    """(T,) their numbers in the clip."""
    rays: Floats
    """(T, 12, 2) x and y of the rays through the keypoints where z is 1."""
    precision: Floats
    """(T, 12) of a keypoint at the person's distance, 1/m²."""
    seen_at: Floats
    """(12, 12) which point of the body a keypoint shows, as weights of the joints."""
    directions: Floats
    """(T, 14, 3) unit vectors."""
    concentration: Floats
    """(T, 14) kappa of a von Mises-Fisher distribution."""
    smoothness: float
    """Precision of second differences in time, 1/m²."""

    def only(self, frames: NDArray[np.int64] | slice) -> Self:
        """The problem of these rows: (N,) numbers of frames, or a slice."""
        return replace(
            self,
            frames=self.frames[frames],
            rays=self.rays[frames],
            precision=self.precision[frames],
            directions=self.directions[frames],
            concentration=self.concentration[frames],
        )

    @cached_property
    def follows(self) -> NDArray[np.bool_]:
        """(T,) whether a frame comes right after the one before it in the clip."""
        return np.diff(self.frames, prepend=-2) == 1

    def pieces(self) -> list["Piece"]:
        """Stretches of frames that follow each other; long ones are cut, with an overlap."""
        breaks = [*np.flatnonzero(~self.follows), len(self.frames)]
        return [
            Piece(
                slice(
                    max(start, first - _OVERLAP), min(stop, first + _LONGEST_PIECE + _OVERLAP)
                ),
                slice(first, min(stop, first + _LONGEST_PIECE)),
            )
            for start, stop in pairwise(breaks)
            for first in range(start, stop, _LONGEST_PIECE)
        ]

    @cached_property
    def evidence(self) -> NDArray[np.bool_]:
        """(T, 12) whether a joint is seen, or one of its limbs known."""
        known = (self.concentration > 0).astype(float)
        return (self.precision > 0) | (known @ np.abs(LIMB_ENDS) > 0)

    def linearised(self, joints: Floats, lengths: Floats) -> System:
        """The normal equations at ``joints`` (T, 12, 3) and ``lengths`` (14,), m."""
        frames = len(joints)
        limbs = LIMB_ENDS @ joints
        length = np.linalg.norm(limbs, axis=-1)
        along = limbs / length[..., None]
        stiffness = (GIVE * lengths) ** -2
        stretch = length - lengths

        seen, seen_slope = self._keypoints(joints)
        turned, turned_slope = self._directions(along, length)
        turned += stiffness[:, None, None] * _outer(along)
        turned_slope += (stiffness * stretch)[..., None] * along
        forms = np.concatenate([self.seen_at, LIMB_ENDS])
        gradient = forms.T @ np.concatenate([seen_slope, turned_slope], axis=1)
        gradient = gradient.reshape(frames, -1)
        pull = -stiffness[:, None] * along
        coupling = LIMB_ENDS.T[:, None] * np.swapaxes(pull, 1, 2)[:, None]  # (T, 12, 3, 14)
        chain = self.smoothness * curvature(self.follows)
        return System(
            _summed(np.concatenate([seen, turned], axis=1), forms),
            chain,
            gradient + curvature_of(chain, joints.reshape(frames, -1)),
            coupling.reshape(frames, gradient.shape[1], -1),
            np.diag(frames * stiffness),
            -stiffness * stretch.sum(axis=0),
        )

    def _keypoints(self, joints: Floats) -> tuple[Floats, Floats]:
        """(T, 12, 3, 3) and (T, 12, 3): squared distances in the image at the hips' depth."""
        points = self.seen_at @ joints
        depth = points[..., 2:]
        seen = points[..., :2] / depth
        off = seen - self.rays
        precision = self.precision * joints[:, _HIPS, 2].mean(axis=1)[:, None] ** 2
        weight = precision / (1 + precision * (off**2).sum(axis=-1) / _KEYPOINT_DOUBT**2)
        slope = np.zeros((*seen.shape, 3))
        slope[..., 0, 0] = slope[..., 1, 1] = 1 / depth[..., 0]
        slope[..., 2] = -seen / depth
        weighted = weight[..., None, None] * np.swapaxes(slope, -1, -2)
        return weighted @ slope, (weighted @ off[..., None])[..., 0]

    def _directions(self, along: Floats, length: Floats) -> tuple[Floats, Floats]:
        """(T, 14, 3, 3) and (T, 14, 3) of -kappa cos(angle); only turning a limb changes it."""
        cosine = (along * self.directions).sum(axis=-1)
        off = 2 * self.concentration * (1 - cosine)
        weight = self.concentration / (1 + off / _LIMB_DOUBT**2)
        across = np.eye(3) - _outer(along)
        slope = cosine[..., None] * along - self.directions
        information = (weight / length**2)[..., None, None] * across
        return information, (weight / length)[..., None] * slope


def _outer(vectors: Floats) -> Floats:
    return np.asarray(vectors[..., :, None] * vectors[..., None, :])


def _summed(information: Floats, forms: Floats) -> Floats:
    """(T, 36, 36) of the joints, from (T, O, 3, 3) of the observations' forms (O, 12)."""
    count, joints = forms.shape
    pairs = (forms[:, :, None] * forms[:, None, :]).reshape(count, -1)
    flat = information.reshape(-1, count, 9)
    summed = (np.swapaxes(flat, 1, 2) @ pairs).reshape(-1, 3, 3, joints, joints)
    return np.asarray(summed.transpose(0, 3, 1, 4, 2).reshape(-1, 3 * joints, 3 * joints))
