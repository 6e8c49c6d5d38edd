"""The pinhole camera: from pixels to rays and back."""

from dataclasses import dataclass

import numpy as np

from humanpose.sequence import Floats

DEFAULT_FOV_DEG = 60.0
"""Across the longer image side; phones film video at 55-70°."""


@dataclass(frozen=True)
class Camera:
    """A pinhole with square pixels and its principal point in the middle of the image.

    Camera frame: x right, y down, z forward; m. Image frame: (0, 0) is the top-left pixel's
    centre.
    """

    focal_px: float
    image_size: tuple[int, int]

    @classmethod
    def from_fov(cls, fov_deg: float, image_size: tuple[int, int]) -> "Camera":
        """From the field of view across the longer image side, deg."""
        focal_px = max(image_size) / 2 / np.tan(np.radians(fov_deg) / 2)
        return cls(float(focal_px), image_size)

    def rays(self, pixels: Floats) -> Floats:
        """(..., 2) px to (..., 3) directions with z = 1, camera frame."""
        xy = (pixels - self._centre) / self.focal_px
        return np.concatenate([xy, np.ones_like(xy[..., :1])], axis=-1)

    def project(self, points: Floats) -> Floats:
        """(..., 3) m, camera frame, to (..., 2) px; NaN behind the camera."""
        depth = np.where(points[..., 2:] > 0, points[..., 2:], np.nan)
        return points[..., :2] / depth * self.focal_px + self._centre

    @property
    def _centre(self) -> Floats:
        return (np.array(self.image_size) - 1) / 2
