"""What a clip tells of a body: seen landmarks, limb directions, resting feet."""

from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise
from typing import Self

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import minimum_filter1d, uniform_filter1d

from humanpose.body.coordinates import COLUMNS
from humanpose.body.prior import HEADING
from humanpose.body.sites import FEET, IN_MEDIAPIPE, JOINTS, LIMBS
from humanpose.camera import Camera
from humanpose.geometry import unit
from humanpose.sequence import Floats, JointAngles, Landmarks, LimbField
from humanpose.world.filters import bridge_gaps

Mask = NDArray[np.bool_]

ERRORS_LAST_S = 0.2
"""How long the errors of detector and networks stay alike: that long counts as one look."""
_SEEN_SD, _HIDDEN_SD = 0.012, 0.03
"""Of a landmark across the line of sight, in body heights: of one that is fully visible, and
what a hidden one adds."""
_WORLD_CONCENTRATION = 10.0
"""Of MediaPipe's own 3-D limbs."""
_SURER, _LEAST_TOLD_DEG = 2.0, 2.0
"""How much surer a refiner's angle is taken than it says itself, and the least deviation: on
validation people and ``twocam``, see ``docs/lab/refiners.md``."""
_REST_S = 0.15
_REST_M_S, _REST_LOW_M = 0.2, 0.2
"""A resting foot is slower than this across the line of sight, and not higher than that above
the lowest."""


@dataclass(frozen=True, eq=False)
class Told:
    """What a network says of the model's angles in T frames."""

    values: Floats
    """(T, 26) rad, ``COORDINATES``; finite."""
    sureness: Floats
    """(T, 26) 1 / standard deviation, 1/rad; 0 where it says nothing, as of the heading."""

    @classmethod
    def of(cls, angles: JointAngles) -> Self:
        """What refined ``angles`` with their deviations say."""
        if angles.deviation is None:
            raise ValueError("expected angles with their deviations, got none")
        values, deviation = (
            np.radians(degrees[:, COLUMNS]) for degrees in (angles.degrees, angles.deviation)
        )
        said = np.isfinite(values) & np.isfinite(deviation)
        said[:, HEADING] = False
        sureness = _SURER / np.maximum(deviation, np.radians(_LEAST_TOLD_DEG))
        return cls(np.where(said, values, 0.0), np.where(said, sureness, 0.0))

    def at(self, frames: slice | NDArray[np.int_]) -> Self:
        """The same in some of the (T,) frames only."""
        return type(self)(self.values[frames], self.sureness[frames])


@dataclass(frozen=True, eq=False)
class Evidence:
    """Of T frames; finite. What is not known has no precision."""

    rays: Floats
    """(T, 16, 2) where ``LANDMARKS`` are seen, at depth 1."""
    precision: Floats
    """(T, 16) of a look, 1/m² across the line of sight."""
    directions: Floats
    """(T, 14, 3) unit vectors of ``LIMBS``, camera frame."""
    concentration: Floats
    """(T, 14) kappa of a look."""
    resting: Mask
    """(T, 4) which of ``FEET`` rest on the floor."""
    follows: Mask
    """(T,) whether a frame continues the one before."""
    fps: float
    told: Told | None = None
    """None where no network was asked about angles."""

    @cached_property
    def looks(self) -> Floats:
        """(T, 1) how many looks a frame counts as.

        Neighbours err alike, so those within ``ERRORS_LAST_S`` are one look together; the ends
        of a stretch have neighbours on one side only.
        """
        looks = np.full(len(self.follows), 1 / (self.fps * ERRORS_LAST_S))
        edge = round(self.fps * ERRORS_LAST_S / 2)
        starts = np.flatnonzero(~self.follows)
        for start, stop in pairwise([*starts, len(looks)]):
            stretch = looks[start:stop]
            stretch[:edge] *= 2
            stretch[len(stretch) - min(edge, len(stretch)) :] *= 2
            stretch *= max(1.0, 1 / stretch.sum())
        return np.minimum(looks, 1.0)[:, None]

    def at(self, frames: slice | NDArray[np.int_]) -> Self:
        """The same in some of the (T,) frames only."""
        names = ("rays", "precision", "directions", "concentration", "resting", "follows")
        told = None if self.told is None else self.told.at(frames)
        return replace(self, told=told, **{n: getattr(self, n)[frames] for n in names})


def gather(
    landmarks: Landmarks,
    camera: Camera,
    field: LimbField | None,
    *,
    depth_m: Floats,
    height_m: float,
) -> Evidence:
    """All that is known of the frames of a clip.

    Args:
        field: POF's limbs; None where it was not asked.
        depth_m: (T,) about how far away the person is, finite.
    """
    rays = camera.rays(landmarks.pixels[:, IN_MEDIAPIPE])[..., :2]
    seen = np.isfinite(rays).all(axis=-1)
    hidden = 1 - np.where(seen, landmarks.visibility[:, IN_MEDIAPIPE], 0.0)
    deviation = (_SEEN_SD + _HIDDEN_SD * hidden**2) * height_m
    directions, concentration = _limbs(landmarks, field)
    fps = landmarks.timeline.fps
    return Evidence(
        np.where(seen[..., None], rays, 0.0),
        np.where(seen, deviation**-2, 0.0),
        directions,
        concentration,
        _resting(np.where(seen[..., None], rays, np.nan)[:, FEET], depth_m, fps),
        np.arange(len(rays)) > 0,
        fps,
    )


def _limbs(landmarks: Landmarks, field: LimbField | None) -> tuple[Floats, Floats]:
    """(T, 14, 3) and (T, 14): POF's word and MediaPipe's, as one distribution each."""
    world = landmarks.world[:, IN_MEDIAPIPE[: len(JOINTS)]]
    parents, children = np.array(LIMBS).T
    told = _WORLD_CONCENTRATION * np.nan_to_num(unit(world[:, children] - world[:, parents]))
    if field is not None:
        told = told + field.concentration[..., None] * np.nan_to_num(field.directions)
    concentration = np.linalg.norm(told, axis=-1)
    return np.nan_to_num(unit(told)), concentration


def _resting(rays: Floats, depth_m: Floats, fps: float) -> Mask:
    """(T, 4) by the speed of the feet's rays (T, 4, 2) and how low they are."""
    width = max(3, round(_REST_S * fps))
    seen = np.isfinite(rays).all(axis=-1)
    if len(rays) < width or not seen.any():
        return np.zeros(seen.shape, dtype=bool)
    paths = np.nan_to_num(bridge_gaps(rays)) * depth_m[:, None, None]
    calm = uniform_filter1d(paths, width, axis=0)
    speed = np.linalg.norm(np.gradient(calm, axis=0), axis=-1) * fps
    down = calm[..., 1]
    low = down > np.percentile(down, 90) - _REST_LOW_M
    rests = (speed < _REST_M_S) & low & seen
    return np.asarray(minimum_filter1d(rests.astype(int), 3, axis=0) > 0)
