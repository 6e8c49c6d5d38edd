"""The values that flow through the pipeline, frozen and checked once, at construction."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Self, TypeVar

import numpy as np
from numpy.typing import NDArray

from humanpose.skeleton import ANGLE_NAMES, COCO17, JOINT_GROUPS, MEDIAPIPE33, Skeleton

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

T = TypeVar("T", bound="DataclassInstance")
Floats = NDArray[np.float64]

_MOST_CERTAIN = 1 - 1e-6


@dataclass(frozen=True, eq=False)
class Timeline:
    """Evenly spaced frames."""

    frames: int
    fps: float
    start_s: float = 0.0
    """Clip time of frame 0, s; not 0 when the clip was trimmed."""

    def __post_init__(self) -> None:
        if self.frames < 1 or not np.isfinite(self.fps) or self.fps <= 0:
            raise ValueError(f"expected frames >= 1 and fps > 0, got {self.frames}, {self.fps}")

    @property
    def time_s(self) -> Floats:
        """(T,) clip time of every frame, s; never NaN."""
        return self.start_s + np.arange(self.frames) / self.fps

    def nearest(self, time_s: float) -> int:
        """The frame nearest to a clip time, s."""
        return int(np.argmin(np.abs(self.time_s - time_s)))


@dataclass(frozen=True, eq=False)
class Landmarks:
    """One person's 33 MediaPipe landmarks over a clip. T frames; NaN where nobody was seen."""

    pixels: Floats
    """(T, 33, 2) px in the image frame: x right, y down, (0, 0) the top-left pixel's centre."""
    world: Floats
    """(T, 33, 3) m; x right, y down, z away from the camera; origin near the mid-hip."""
    visibility: Floats
    """(T, 33) in [0, 1]; 0 where nobody was seen."""
    timeline: Timeline
    image_size: tuple[int, int]
    """(width, height) of the clip as a person sees it, px."""

    def __post_init__(self) -> None:
        count = (self.timeline.frames, len(MEDIAPIPE33))
        _check_shape("pixels", self.pixels, (*count, 2))
        _check_shape("world", self.world, (*count, 3))
        _check_shape("visibility", self.visibility, count)

    @property
    def detected(self) -> NDArray[np.bool_]:
        """(T,) whether a person was seen in the frame: one of its pixels isn't NaN."""
        return np.isfinite(self.pixels).all(axis=2).any(axis=1)

    def replace(self, **changes: Floats) -> Self:
        """With other arrays of the same shapes, (T, 33, 2) ``pixels`` …, and rule of NaN."""
        return replace(self, **changes)  # type: ignore[arg-type]


@dataclass(frozen=True, eq=False)
class PoseSequence:
    """Named 3-D points over a clip: T frames, J joints; the maker says in which axes."""

    positions: Floats
    """(T, J, 3) m; NaN where a point is not known."""
    confidence: Floats
    """(T, J) in [0, 1]; below 0.5 for points that were derived or interpolated, 0 where NaN."""
    timeline: Timeline
    skeleton: Skeleton

    def __post_init__(self) -> None:
        count = (self.timeline.frames, len(self.skeleton))
        _check_shape("positions", self.positions, (*count, 3))
        _check_shape("confidence", self.confidence, count)

    def __len__(self) -> int:
        return self.timeline.frames

    def joint(self, name: str) -> Floats:
        """(T, 3) path of one point, m; NaN where it is not known."""
        return self.positions[:, self.skeleton.index(name)]

    def middle(self, part: str) -> Floats:
        """(T, 3) middle of left and right ``part`` ("hip"), m; NaN where one is."""
        return (self.joint(f"left_{part}") + self.joint(f"right_{part}")) / 2

    def select(self, skeleton: Skeleton) -> "PoseSequence":
        """The points of ``skeleton``, which must all be here, in its order."""
        columns = self.skeleton.indices(*skeleton.joints)
        return PoseSequence(
            self.positions[:, columns], self.confidence[:, columns], self.timeline, skeleton
        )

    def with_positions(self, positions: Floats) -> Self:
        """The same at (T, J, 3) m, NaN where not known; in axes of the caller's choice."""
        return replace(self, positions=positions)

    def with_confidence(self, confidence: Floats) -> Self:
        """The same, (T, J) as sure; 0 where a point is not known."""
        return replace(self, confidence=confidence)


@dataclass(frozen=True, eq=False)
class JointAngles:
    """The 36 angles of ``ANGLE_NAMES`` over a clip, in OpenSim's names and signs."""

    degrees: Floats
    """(T, 36) deg; NaN where nothing carries the angle."""
    confidence: Floats
    """(T, 36) in [0, 1]; >= 0.5 measured, below inferred, 0 absent."""
    timeline: Timeline
    deviation: Floats | None = None
    """(T, 36) standard deviation, deg; NaN where absent. None where nothing tells it."""

    def __post_init__(self) -> None:
        count = (self.timeline.frames, len(ANGLE_NAMES))
        _check_shape("degrees", self.degrees, count)
        _check_shape("confidence", self.confidence, count)
        if self.deviation is not None:
            _check_shape("deviation", self.deviation, count)

    def curve(self, name: str) -> Floats:
        """(T,) one angle, deg; NaN where nothing carries it."""
        return self.degrees[:, ANGLE_NAMES.index(name)]

    @property
    def group_confidence(self) -> Floats:
        """(T, 12) mean confidence of each joint group's angles that are known; else 0."""
        groups = self.confidence.reshape(-1, len(JOINT_GROUPS), 3)
        present = np.maximum((groups > 0).sum(axis=2), 1)
        return np.asarray(groups.sum(axis=2) / present)


def coco_of(landmarks: PoseSequence) -> PoseSequence:
    """The COCO-17 joints among MediaPipe's 33 landmarks."""
    return landmarks.select(COCO17)


@dataclass(frozen=True, eq=False)
class LimbField:
    """What the network believes about T frames; the limbs are COCO17's bones, in order."""

    directions: Floats
    """(T, 14, 3) unit vectors, parent to child, camera frame; NaN where nobody is seen."""
    concentration: Floats
    """(T, 14) kappa of a von Mises-Fisher distribution about them; 0 where nobody is seen."""
    up: Floats
    """(3,) unit vector against gravity, camera frame."""
    up_concentration: float
    """Kappa of ``up``, as a frame tells it."""

    @property
    def confidence(self) -> Floats:
        """(T, 14) the cosine of the expected error, coth(k) - 1/k; 0 where nobody is seen."""
        return mean_cosine(self.concentration)


def mean_cosine(concentration: Floats) -> Floats:
    """coth(k) - 1/k, the mean resultant length of a von Mises-Fisher distribution in 3-D.

    Of any shape, in [0, 1); 0 where ``concentration`` is.
    """
    k = np.maximum(concentration, 1e-4)
    return np.where(concentration > 1e-3, 1 / np.tanh(k) - 1 / k, concentration / 3)


def concentration_of(cosine: Floats) -> Floats:
    """The kappa of a ``mean_cosine``, any shape, NaN or not, to 4 % (Banerjee et al. 2005)."""
    r = np.clip(cosine, 0, _MOST_CERTAIN)
    return np.asarray(r * (3 - r**2) / (1 - r**2))


def _check_shape(name: str, array: Floats, expected: tuple[int, ...]) -> None:
    if array.shape != expected:
        raise ValueError(f"{name} must be {expected}, got {array.shape}")


def without(value: T, *names: str) -> T:
    """A dataclass without fields that nobody reads any more, as those of a long clip are large:
    points and numbers are NaN, all else is None."""
    return replace(value, **{name: _nothing_like(getattr(value, name)) for name in names})


def _nothing_like(value: Any) -> Any:
    if isinstance(value, PoseSequence):
        never = np.broadcast_to(0.0, value.confidence.shape)
        return value.with_positions(_nothing_like(value.positions)).with_confidence(never)
    if isinstance(value, np.ndarray) and value.dtype == np.float64:
        return np.broadcast_to(np.nan, value.shape)  # takes no memory
    return None
