"""An error model of MediaPipe Pose: realistic detections from clean projections.

    model = ErrorModel.load()
    keypoints, visibility = model.sample(projected, joints, 30.0, np.random.default_rng(0))

``train.synth.errors.fit`` fits it on pairs; ``docs/lab/error_model.md`` says what it is, and
how ``train.synth.errors.compare`` found it to be.
"""

from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass
from pathlib import Path
from typing import Any, Self, get_type_hints
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from humanpose.errors import CheckpointError
from humanpose.sequence import Floats
from humanpose.skeleton import COCO17
from train.synth.errors.noise import Bools, Episodes
from train.synth.errors.parts import VectorError, VisibilityModel
from train.synth.errors.view import CIRCUMSTANCES, view_index, view_of, world_directions

SHIPPED = Path(__file__).resolve().parents[1] / "error_model.npz"
SWAPS: dict[str, tuple[str, ...]] = {
    "swapped_body": ("shoulder", "elbow", "wrist", "hip", "knee", "ankle"),
    "swapped_arms": ("elbow", "wrist"),
    "swapped_legs": ("knee", "ankle"),
}
"""Which joints change sides together; an arm that changes with the body and again is right."""

_HIPS = COCO17.indices("left_hip", "right_hip")
_FACING = CIRCUMSTANCES.index("facing")


@dataclass(frozen=True, eq=False)
class Detections:
    """What the detector would say of B clips of T frames; NaN where it lost the person."""

    keypoints: Floats
    """(B, T, 17, 2) px."""
    visibility: Floats
    """(B, T, 17) in [0, 1]; 0 where there is no keypoint."""
    world: Floats
    """(B, T, 17, 3) m from the mid-hip, camera axes: MediaPipe's world landmarks."""
    swapped: Bools
    """(B, T, 17) whether the point is the detection of the other side's joint."""


@dataclass(frozen=True, eq=False)
class ErrorModel:
    """MediaPipe Pose's errors on one person, in and beyond the image plane."""

    pixels: VectorError
    world: VectorError
    visibility: VisibilityModel
    lost: Episodes
    swapped_body: Episodes
    swapped_arms: Episodes
    swapped_legs: Episodes

    def sample(
        self, projected: Floats, joints: Floats, fps: float, rng: np.random.Generator
    ) -> tuple[Floats, Floats]:
        """Detect in the image: keypoints (B, T, 17, 2) px and visibility (B, T, 17).

        Args:
            projected: (B, T, 17, 2) px, the true projection; NaN where it is not known.
            joints: (B, T, 17, 3) m, camera frame, x right, y down, z away.
            fps: of the clips; the errors' statistics in seconds don't depend on it.
            rng: the same state gives the same errors.
        """
        found = self.detect(projected, joints, fps, rng, with_world=False)
        return found.keypoints, found.visibility

    def detect(
        self,
        projected: Floats,
        joints: Floats,
        fps: float,
        rng: np.random.Generator,
        *,
        with_world: bool = True,
    ) -> Detections:
        """As ``sample``, with world landmarks too; without them ``world`` is all NaN."""
        _check(projected, joints, fps)
        view = view_of(projected, joints, fps)
        seen_from = view_index(view.circumstances[:, :, _HIPS[0], _FACING])
        lost = self.lost.draw(seen_from, fps=fps, rng=rng)
        swapped = self._swapped(seen_from, fps, rng)
        around = view.circumstances
        error = self.pixels.sample(view.directions[..., :2], around, fps=fps, rng=rng)
        keypoints = projected + error * view.torso_px[..., None, None]
        visibility = self.visibility.sample(error, around, fps=fps, rng=rng)
        world = np.full(joints.shape, np.nan)
        if with_world:
            off = self.world.sample(world_directions(view, error), around, fps=fps, rng=rng)
            world = (view.from_hips + off) * view.torso_m[:, None, None, None]
        unknown = ~np.isfinite(keypoints).all(axis=-1) | lost[..., None]
        return Detections(
            exchanged(np.where(unknown[..., None], np.nan, keypoints), swapped),
            exchanged(np.where(unknown, 0.0, visibility), swapped),
            exchanged(np.where(unknown[..., None], np.nan, world), swapped),
            swapped,
        )

    def save(self, path: Path) -> None:
        """Write plain arrays, no pickles."""
        np.savez_compressed(path, **dict(_arrays(self)))

    @classmethod
    def load(cls, path: Path = SHIPPED) -> Self:
        """Read what ``save`` wrote; by default the model that ships with the project.

        Raises:
            CheckpointError: the file is missing or something else.
        """
        try:
            with np.load(path, allow_pickle=False) as stored:
                return _built(cls, stored)
        except (OSError, EOFError, ValueError, KeyError, BadZipFile) as error:
            raise CheckpointError(
                f"{path} is no error model of this version; "
                "make one with python -m train.synth.errors.fit"
            ) from error

    def _swapped(
        self, seen_from: NDArray[np.int64], fps: float, rng: np.random.Generator
    ) -> Bools:
        swapped = np.zeros((*seen_from.shape, len(COCO17)), dtype=bool)
        for name in SWAPS:
            episodes = getattr(self, name).draw(seen_from, fps=fps, rng=rng)
            swapped[..., swap_columns(name)] ^= episodes[..., None]
        return swapped


def swap_columns(name: str) -> list[int]:
    """Indices in COCO-17 of the joints that one of ``SWAPS`` exchanges."""
    return COCO17.indices(
        *(f"{side}_{part}" for part in SWAPS[name] for side in ("left", "right"))
    )


def exchanged(values: Floats, swapped: Bools) -> Floats:
    """(..., 17) or (..., 17, D) values, those of the other side where ``swapped`` (..., 17)."""
    mirrored = values.take(COCO17.mirror, axis=swapped.ndim - 1)
    return np.where(
        swapped.reshape(*swapped.shape, *[1] * (values.ndim - swapped.ndim)), mirrored, values
    )


def _check(projected: Floats, joints: Floats, fps: float) -> None:
    expected = (*joints.shape[:-1], 2)
    if joints.ndim != 4 or joints.shape[2:] != (17, 3) or projected.shape != expected:
        raise ValueError(
            "expected projected (B, T, 17, 2) and joints (B, T, 17, 3), "
            f"got {projected.shape} and {joints.shape}"
        )
    if not (np.isfinite(fps) and fps > 0):
        raise ValueError(f"expected fps > 0, got {fps}")


def _arrays(value: Any, prefix: str = "") -> Iterator[tuple[str, NDArray[np.float32]]]:
    for field in fields(value):
        child, name = getattr(value, field.name), prefix + field.name
        if is_dataclass(child):
            yield from _arrays(child, f"{name}/")
        else:
            yield name, np.asarray(child, dtype=np.float32)


def _built(kind: Any, stored: Any, prefix: str = "") -> Any:
    made = {}
    for name, hint in get_type_hints(kind).items():
        key = prefix + name
        nested = is_dataclass(hint)
        made[name] = _built(hint, stored, f"{key}/") if nested else stored[key].astype(float)
    return kind(**made)
