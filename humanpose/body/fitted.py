"""A fitted body in its clip: joints, landmarks, markers and angles, all from one pose."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Self

import numpy as np
from numpy.typing import NDArray

from humanpose.body.coordinates import COLUMNS, contract_angles, coordinates
from humanpose.body.fit import Fit, Guess
from humanpose.body.model import ROOT
from humanpose.body.pose import BodyPose, Segments, Sites, place, points, positions
from humanpose.body.prior import COORDINATES
from humanpose.body.sites import joint_sites
from humanpose.sequence import Floats, Timeline
from humanpose.settings import Filter
from humanpose.skeleton import ANGLE_NAMES
from humanpose.world.filters import smooth_columns
from humanpose.world.gravity import Up

_LEVEL = [COORDINATES.index(name) for name in ("pelvis_tilt", "pelvis_list")]
"""What is counted from up: its error is theirs. The pelvis's heading hardly follows it, and all
other angles are between parts of the body."""
_HALF_SURE = 0.1
"""The uncertainty at which a joint's confidence is 0.5, in body heights."""
_PART = 1000
"""Frames whose derivatives are held at a time."""


@dataclass(frozen=True, eq=False)
class FittedBody:
    """One person over a clip. K frames in which somebody is seen, of T."""

    fit: Fit
    frames: NDArray[np.int_]
    """(K,) which of the clip's."""
    timeline: Timeline
    """The clip's."""
    up: Up
    """Against gravity, camera frame."""
    height_m: float
    floor_m: float | None
    """Height of the floor along ``up``, camera frame, m; None where no foot rests."""

    @property
    def guess(self) -> Guess:
        """For another fit to start from."""
        return Guess(self.fit.pose, self.fit.person, self.fit.standing)

    @cached_property
    def placed(self) -> Segments:
        """K frames."""
        placed = place(self.fit.pose, self.fit.person.log_scales)
        return Segments(placed.rotations, placed.origins)  # the rest is large, and not read

    def in_clip(self, values: Floats, *, empty: float = np.nan) -> Floats:
        """(K, ...) values as (T, ...)."""
        full = np.full((self.timeline.frames, *values.shape[1:]), empty)
        full[self.frames] = values
        return full

    def at_sites(self, sites: Sites) -> Floats:
        """(T, N, 3) camera frame, m; NaN where nobody is seen."""
        return self.in_clip(positions(self.placed, sites))

    def smoothed(self, *, kind: Filter, cutoff_hz: float) -> Self:
        """With the path of every segment filtered."""
        pose = self.fit.pose
        columns = np.concatenate(
            [pose.root, pose.turns.reshape(len(pose), -1), pose.bends], axis=1
        )
        columns = smooth_columns(
            self.in_clip(columns), kind=kind, cutoff_hz=cutoff_hz, fps=self.timeline.fps
        )[self.frames]
        root, turns, bends = np.split(columns, (3, 3 + pose.turns[0].size), axis=1)
        left, _, right = np.linalg.svd(turns.reshape(pose.turns.shape))
        filtered = BodyPose(root, left @ right, bends)
        return replace(self, fit=replace(self.fit, pose=filtered))

    def joint_confidence(self) -> Floats:
        """(T, 12) of ``JOINTS``: 1 / (1 + (u / 10 % of the height)²), u being the error to be
        expected, seen from the mid-hip; 0 where nobody is seen."""
        sites = joint_sites(self.height_m)
        off = np.concatenate([_doubt(part, sites) for part in _parts(self.fit)])
        return self.in_clip(1 / (1 + (off / (_HALF_SURE * self.height_m)) ** 2), empty=0.0)

    def angles(self) -> tuple[Floats, Floats]:
        """(T, 36) deg, as ``contract_angles``, and their standard deviation; NaN where the
        model lacks them or nobody is seen."""
        up = self.up.direction
        degrees = contract_angles(self.fit.pose, self.placed, up)
        variance = np.concatenate([_variance(part, up) for part in _parts(self.fit)])
        variance[:, _LEVEL] += np.radians(self.up.sd_deg) ** 2
        deviation = np.full(degrees.shape, np.nan)
        deviation[:, COLUMNS] = np.degrees(np.sqrt(variance))
        for side in "rl":
            toe_in, subtalar = (
                ANGLE_NAMES.index(f"{name}_{side}")
                for name in ("ankle_rotation", "subtalar_angle")
            )
            deviation[:, toe_in] = deviation[:, subtalar]
        return self.in_clip(degrees), self.in_clip(deviation)


def _parts(fit: Fit) -> Iterator[Fit]:
    """So that derivatives of a long clip need no more memory than those of a short one."""
    for first in range(0, len(fit.pose), _PART):
        yield fit.at(slice(first, first + _PART))


def _doubt(fit: Fit, sites: Sites) -> Floats:
    """(K, N) how far off points are expected to be, seen from the mid-hip, m."""
    slopes = points(place(fit.pose, fit.person.log_scales), sites).by_pose[..., ROOT.stop :]
    return np.sqrt(((slopes @ fit.covariance[:, None]) * slopes).sum(axis=(-1, -2)))


def _variance(fit: Fit, up: Floats) -> Floats:
    """(K, 26) of ``COORDINATES``, rad²."""
    slopes = coordinates(fit.pose, up)[1][..., ROOT.stop :]
    return np.asarray(((slopes @ fit.covariance) * slopes).sum(axis=-1))
