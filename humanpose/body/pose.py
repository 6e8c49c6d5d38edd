"""Where a body is and how it is bent, over a clip, and where that puts points of it."""

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Self

import numpy as np
from numpy.typing import NDArray
from scipy.spatial.transform import Rotation

from humanpose.body.model import (
    BALLS,
    BENDS,
    HINGES,
    LINKS,
    MID_HIP,
    MOVES,
    ROOT,
    SCALES,
    SEGMENTS,
    TURNS,
    hinge_turn,
    knee_slide,
)
from humanpose.geometry import cross
from humanpose.sequence import Floats

_KNEE_SCALE = SCALES.index("femur")
"""By which the knee's slide grows."""


@dataclass(frozen=True, eq=False)
class BodyPose:
    """The unknowns of T frames, finite."""

    root: Floats
    """(T, 3) the middle of the hips, camera frame, m."""
    turns: Floats
    """(T, 6, 3, 3) of ``BALLS``: the child's axes in the parent's, or in the camera frame."""
    bends: Floats
    """(T, 8) of ``HINGES``, rad."""

    def __len__(self) -> int:
        return len(self.root)

    def at(self, frames: slice | NDArray[np.int_]) -> Self:
        """The same in some of the (T,) frames only."""
        return replace(
            self, root=self.root[frames], turns=self.turns[frames], bends=self.bends[frames]
        )

    def moved(self, step: Floats) -> Self:
        """After a step (T, 29) of the unknowns."""
        turned = Rotation.from_rotvec(step[:, TURNS].reshape(-1, 3)).as_matrix()
        return replace(
            self,
            root=self.root + step[:, ROOT],
            turns=self.turns @ turned.reshape(self.turns.shape),
            bends=self.bends + step[:, BENDS],
        )

    def change(self) -> Floats:
        """(T - 1, 29) the step from each of the (T,) frames to the next."""
        turns = np.swapaxes(self.turns[:-1], -1, -2) @ self.turns[1:]
        turned = Rotation.from_matrix(turns.reshape(-1, 3, 3)).as_rotvec()
        return np.concatenate(
            [
                np.diff(self.root, axis=0),
                turned.reshape(-1, 3 * len(BALLS)),
                np.diff(self.bends, axis=0),
            ],
            axis=1,
        )


@dataclass(frozen=True, eq=False)
class Segments:
    """Those of a posed body in the camera frame. T frames."""

    rotations: Floats
    """(T, 16, 3, 3) axes of ``SEGMENTS`` (columns)."""
    origins: Floats
    """(T, 16, 3) m."""


@dataclass(frozen=True, eq=False)
class Placed(Segments):
    """The same with what it takes to say how they follow the unknowns."""

    axes: Floats
    """(T, 26, 3) about which each turn and bend turns what hangs on it."""
    centres: Floats
    """(T, 26, 3) through which these axes go, m."""
    slid: Floats
    """(T, 16, 3) how far bending has moved the joint of each segment, m,"""
    slides: Floats
    """and (T, 26, 3) moves what hangs on it further, beside turning it, m per radian."""
    scales: Floats
    """(9,) of ``SCALES``."""

    @cached_property
    def origins_by_scale(self) -> Floats:
        """(T, 16, 3, 9) how the origins follow the logarithms of the scales, m."""
        slopes = np.empty((*self.origins.shape, len(self.scales)))
        slopes[:, 0] = -self.rotations[:, 0] @ (MID_HIP * self.scales)
        for segment, link in LINKS.items():
            offset = self.rotations[:, link.parent] @ (link.offset * self.scales)
            slopes[:, segment] = slopes[:, link.parent] + offset
            slopes[:, segment, :, _KNEE_SCALE] += self.slid[:, segment]
        return slopes


@dataclass(frozen=True, eq=False)
class Sites:
    """N points that are fixed on segments, and how far from where."""

    segment: list[int]
    """In whose axes the offset counts."""
    origin: list[int]
    """The segment from whose origin it counts: this one, or one that hangs on it."""
    offset: Floats
    """(N, 3) m."""


@dataclass(frozen=True, eq=False)
class Points:
    """Where N sites are in T frames, and how they follow the unknowns."""

    positions: Floats
    """(T, N, 3) camera frame, m."""
    by_pose: Floats
    """(T, N, 3, 29)."""
    by_scale: Floats
    """(T, N, 3, 9)."""
    rotations: Floats
    """(T, N, 3, 3) axes of the segments on which they are."""


def place(pose: BodyPose, log_scales: Floats) -> Placed:
    """The segments of a body with these logarithms of ``SCALES`` (9,)."""
    scales, frames, count = np.exp(log_scales), len(pose), len(SEGMENTS)
    rotations, origins = np.empty((frames, count, 3, 3)), np.empty((frames, count, 3))
    axes, centres = np.empty((frames, MOVES.shape[1], 3)), np.empty((frames, MOVES.shape[1], 3))
    rotations[:, 0] = pose.turns[:, 0]
    origins[:, 0] = pose.root - pose.turns[:, 0] @ (MID_HIP @ scales)
    slid, slides = np.zeros_like(origins), np.zeros_like(axes)
    axes[:, :3], centres[:, :3] = np.swapaxes(pose.turns[:, 0], 1, 2), pose.root[:, None]
    for segment, link in LINKS.items():
        above = rotations[:, link.parent]
        origins[:, segment] = origins[:, link.parent] + above @ (link.offset @ scales)
        if link.ball is not None:
            own = slice(3 * link.ball, 3 * link.ball + 3)
            rotations[:, segment] = above @ pose.turns[:, link.ball]
            axes[:, own] = np.swapaxes(rotations[:, segment], 1, 2)
            centres[:, own] = origins[:, segment, None]
        elif link.hinge is not None:
            own = slice(3 * len(BALLS) + link.hinge, 3 * len(BALLS) + link.hinge + 1)
            if HINGES[link.hinge].startswith("knee"):
                ways = knee_slide(pose.bends[:, link.hinge], HINGES[link.hinge][-1])
                slid[:, segment], slides[:, own.start] = (
                    scales[_KNEE_SCALE] * (above @ way[..., None])[..., 0] for way in ways
                )
                origins[:, segment] += slid[:, segment]
            turn, axis = hinge_turn(HINGES[link.hinge], pose.bends[:, link.hinge])
            rotations[:, segment] = above @ turn
            axes[:, own] = (rotations[:, segment] @ axis[..., None])[:, None, :, 0]
            centres[:, own] = origins[:, segment, None]
        else:
            rotations[:, segment] = above
    return Placed(rotations, origins, axes, centres, slid, slides, scales)


def positions(placed: Segments, sites: Sites) -> Floats:
    """(T, N, 3) where the sites are, camera frame, m."""
    turned = placed.rotations[:, sites.segment] @ sites.offset[:, :, None]
    return np.asarray(placed.origins[:, sites.origin] + turned[..., 0])


def points(placed: Placed, sites: Sites) -> Points:
    """The same with their derivatives (geometric Jacobian)."""
    at = positions(placed, sites)
    by_pose = np.zeros((*at.shape, ROOT.stop + MOVES.shape[1]))
    by_pose[..., ROOT] = np.eye(3)
    for number, segment in enumerate(sites.segment):
        moving = MOVES[segment]
        arm = at[:, number, None] - placed.centres[:, moving]
        swept = cross(placed.axes[:, moving], arm) + placed.slides[:, moving]
        by_pose[:, number, :, ROOT.stop :][..., moving] = np.swapaxes(swept, 1, 2)
    return Points(
        at,
        by_pose,
        placed.origins_by_scale[:, sites.origin],
        placed.rotations[:, sites.segment],
    )
