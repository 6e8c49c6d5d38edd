"""Part orientation fields: the direction of 14 limbs in 3-D from 2-D keypoints over time.

limbs = CameraPOFInference("checkpoints/best_pof_model.pth").infer(
    keypoints_px, visibility, image_size=(1280, 720), fps=30.0
)
"""

import sys
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from humanpose.camera import DEFAULT_FOV_DEG, Camera
from humanpose.geometry import unit
from humanpose.nets.checkpoint import load_checkpoint
from humanpose.nets.places import sha256_of
from humanpose.nets.tensors import to_tensor
from humanpose.nets.windows import average_over_windows, between, told_of
from humanpose.pof.expectation import expected_vectors, split_expected
from humanpose.pof.limb_view import (
    LimbView,
    look_at_person,
    mirrored_limbs,
    mirrored_vectors,
)
from humanpose.pof.network import Pof, PofConfig, PofOutput
from humanpose.runtime.remembered import Memory, question_of
from humanpose.sequence import Floats, LimbField, concentration_of
from humanpose.skeleton import COCO17

_FIELDS: Memory[LimbField] = Memory(4)


class CameraPOFInference:
    """The trained network. Raises CheckpointError if it cannot be loaded."""

    def __init__(self, checkpoint: str | Path) -> None:
        self._network = load_checkpoint(Path(checkpoint), Pof, PofConfig)
        self._digest = sha256_of(Path(checkpoint))

    def infer(
        self,
        keypoints_px: Floats,
        visibility: Floats,
        *,
        image_size: tuple[int, int],
        fps: float,
        focal_px: float | None = None,
    ) -> Floats:
        """(T, 14, 3) unit vectors, camera frame; NaN where nobody is. See ``limb_field``."""
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
        """Limb directions of one person over a clip, with how sure the network is; those of
        the last few clips are remembered.

        Args:
            keypoints_px: (T, 17, 2) COCO-17 in the image frame, px; NaN where missing.
            visibility: (T, 17) in [0, 1]; NaN is 0.
            image_size: (width, height), px.
            fps: frames/s.
            focal_px: focal length; None assumes 60° across the longer side.
        """
        keypoints, visibility = _checked(keypoints_px, visibility, fps)
        if focal_px is None:
            camera = Camera.from_fov(DEFAULT_FOV_DEG, image_size)
        else:
            camera = Camera(focal_px, image_size)
        asked = self._digest, keypoints, visibility, camera, fps
        question = question_of(*asked, most_bytes=sys.maxsize)  # the answer is no larger
        return _FIELDS.get(question, lambda: self._told(keypoints, visibility, camera, fps))

    def _told(
        self, keypoints: Floats, visibility: Floats, camera: Camera, fps: float
    ) -> LimbField:
        seen = np.isfinite(keypoints).all(axis=2).any(axis=1)
        rays = camera.rays(keypoints)
        asked, (limbs, up) = average_over_windows(
            len(seen),
            fps=fps,
            show=lambda frames: look_at_person(rays[frames], visibility[frames]),
            ask=self._ask,
            mirrors=(mirrored_limbs, mirrored_vectors),
        )
        told = told_of(seen, asked)
        limbs = between(asked[told], limbs[told], len(seen))
        return _field(limbs, up[told], seen=seen)

    def _ask(self, view: LimbView, time_s: Floats) -> tuple[Floats, Floats]:
        """Expected vectors (B, T, 14, 3) of the limbs and (B, T, 3) of up, camera frame."""
        with torch.inference_mode():
            output: PofOutput = self._network(
                *map(to_tensor, (view.points, view.frame, time_s))
            )
        limbs = expected_vectors(output.directions, output.log_concentration)
        up = expected_vectors(output.up, output.up_log_concentration)
        return limbs @ view.turn, (up[..., None, :] @ view.turn)[..., 0, :]


def _field(limbs: Floats, up: Floats, *, seen: NDArray[np.bool_]) -> LimbField:
    """From expected vectors (T, 14, 3) and (K, 3); ``seen`` (T,) where anything is."""
    directions, concentration = split_expected(limbs, seen[:, None])
    up_concentration = concentration_of(np.linalg.norm(up, axis=1)).mean()
    return LimbField(directions, concentration, unit(up.mean(axis=0)), float(up_concentration))


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
    there = np.isfinite(keypoints).all(axis=2)
    return keypoints, np.where(there, np.nan_to_num(visibility), 0.0)
