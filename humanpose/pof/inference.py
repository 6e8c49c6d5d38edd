"""Part orientation fields: the direction of 14 limbs in 3-D from 2-D keypoints over time.

limbs = CameraPOFInference("checkpoints/best_pof_model.pth").infer(
    keypoints_px, visibility, image_size=(1280, 720), fps=30.0
)
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from humanpose.camera import DEFAULT_FOV_DEG, Camera
from humanpose.geometry import unit
from humanpose.nets.checkpoint import load_checkpoint
from humanpose.nets.windows import Frames, batches, middle_weight
from humanpose.pof.limb_view import LimbView, look_at_person, mirrored_limbs
from humanpose.pof.network import Pof, PofConfig, PofOutput
from humanpose.sequence import Floats, LimbField, concentration_of, mean_cosine
from humanpose.skeleton import COCO17


class CameraPOFInference:
    """The trained network. Raises CheckpointError if it cannot be loaded."""

    def __init__(self, checkpoint: str | Path) -> None:
        self._network = load_checkpoint(Path(checkpoint), Pof, PofConfig)

    def infer(
        self,
        keypoints_px: Floats,
        visibility: Floats,
        *,
        image_size: tuple[int, int],
        fps: float,
        focal_px: float | None = None,
    ) -> Floats:
        """(T, 14, 3) unit vectors in the camera frame; see ``limb_field``."""
        field = self.limb_field(
            keypoints_px, visibility, image_size=image_size, fps=fps, focal_px=focal_px
        )
        return field.directions

    def limb_field(
        self,
        keypoints_px: Floats,
        visibility: Floats,
        *,
        image_size: tuple[int, int],
        fps: float,
        focal_px: float | None = None,
    ) -> LimbField:
        """Limb directions of one person over a clip, with how sure the network is.

        Args:
            keypoints_px: (T, 17, 2) COCO-17 in the image frame, px; NaN where missing.
            visibility: (T, 17) in [0, 1].
            image_size: (width, height), px.
            fps: frames/s.
            focal_px: focal length; None assumes 60° across the longer side.
        """
        keypoints, visibility = _checked(keypoints_px, visibility, fps)
        if focal_px is None:
            camera = Camera.from_fov(DEFAULT_FOV_DEG, image_size)
        else:
            camera = Camera(focal_px, image_size)
        rays = camera.rays(keypoints)
        believed = _Beliefs.none(len(rays))
        for part in batches(len(rays), fps):
            believed.add(part, *self._expected(rays[part], visibility[part], part, fps))
        return believed.field(seen=np.isfinite(keypoints).all(axis=2).any(axis=1))

    def _expected(
        self, rays: Floats, visibility: Floats, frames: Frames, fps: float
    ) -> tuple[Floats, Floats]:
        """Expected vectors (B, T, 14, 3) of the limbs and (B, T, 3) of up, camera frame.

        The mean of what the network says of the picture and of its mirror image.
        """
        view = look_at_person(rays, np.nan_to_num(visibility))
        time_s = (frames[0] - frames[0, 0]) / fps
        both = _vectors(self._run(_together(view, mirrored(view)), time_s))
        (limbs, other_limbs), (up, other_up) = (np.split(said, 2) for said in both)
        flip = np.array([-1.0, 1.0, 1.0])
        limbs = (limbs + mirrored_limbs(other_limbs)) / 2
        up = (up + other_up * flip) / 2
        back = view.turn
        return limbs @ back, (up[..., None, :] @ back)[..., 0, :]

    def _run(self, view: LimbView, time_s: Floats) -> PofOutput:
        points, frame, times = (
            torch.from_numpy(np.asarray(array, dtype=np.float32))
            for array in (view.points, view.frame, time_s)
        )
        with torch.inference_mode():
            output: PofOutput = self._network(points, frame, times)
        return output


def mirrored(view: LimbView) -> LimbView:
    """What the same camera would see of the person's mirror image."""
    points = view.points[..., list(COCO17.mirror), :] * [-1.0, 1.0, 1.0, 1.0]
    frame = view.frame * [1.0, -1.0, 1.0, -1.0, 1.0, 1.0, 1.0]
    return LimbView(points, frame, view.turn)


def _together(view: LimbView, other: LimbView) -> LimbView:
    """Both as windows of one batch: half as many calls of the network."""
    return LimbView(
        np.concatenate([view.points, other.points]),
        np.concatenate([view.frame, other.frame]),
        np.concatenate([view.turn, other.turn]),
    )


def _vectors(output: PofOutput) -> tuple[Floats, Floats]:
    """Directions as long as their expected cosine."""
    pairs = (
        (output.directions, output.log_concentration),
        (output.up, output.up_log_concentration),
    )
    limbs, up = (
        v.numpy().astype(float) * mean_cosine(np.exp(k.numpy().astype(float)))[..., None]
        for v, k in pairs
    )
    return limbs, up


@dataclass(frozen=True, eq=False)
class _Beliefs:
    """Expected vectors of all windows, added up frame by frame."""

    limbs: Floats
    up: Floats
    weight: Floats

    @classmethod
    def none(cls, count: int) -> "_Beliefs":
        limbs = len(COCO17.bones)
        return cls(np.zeros((count, limbs, 3)), np.zeros((count, 3)), np.zeros(count))

    def add(self, frames: Frames, limbs: Floats, up: Floats) -> None:
        """Windows (B, T) of frames; in a window's middle they count for more."""
        weight = middle_weight(frames)
        np.add.at(self.limbs, frames, limbs * weight[..., None, None])
        np.add.at(self.up, frames, up * weight[..., None])
        np.add.at(self.weight, frames, weight)

    def field(self, *, seen: NDArray[np.bool_]) -> LimbField:
        limbs = self.limbs / self.weight[:, None, None]
        up = (self.up / self.weight[:, None])[seen if seen.any() else slice(None)]
        certain = np.linalg.norm(limbs, axis=-1) * seen[:, None]
        return LimbField(
            np.where(seen[:, None, None], unit(limbs), np.nan),
            concentration_of(certain),
            unit(up.mean(axis=0)),
            float(concentration_of(np.linalg.norm(up, axis=1)).mean()),
        )


def _checked(keypoints: Floats, visibility: Floats, fps: float) -> tuple[Floats, Floats]:
    keypoints = np.asarray(keypoints, dtype=float)
    visibility = np.asarray(visibility, dtype=float)
    joints = len(COCO17)
    if keypoints.ndim != 3 or not len(keypoints) or keypoints.shape[1:] != (joints, 2):
        raise ValueError(f"keypoints_px must be (T, {joints}, 2), got {keypoints.shape}")
    if visibility.shape != keypoints.shape[:2]:
        raise ValueError(f"visibility must be {keypoints.shape[:2]}, got {visibility.shape}")
    if not (np.isfinite(fps) and fps > 0):
        raise ValueError(f"fps must be above 0, got {fps}")
    return keypoints, np.where(np.isfinite(keypoints).all(axis=2), visibility, 0.0)
