"""The pinhole camera: from pixels to rays and back."""

from dataclasses import dataclass

import numpy as np

from humanpose.sequence import Floats

DEFAULT_FOV_DEG = 60.0
"""Across the longer image side; phones film video at 55-70°."""
_LEAST_POINTS = 4
"""That place a body."""


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
        """(..., 2) px to (..., 3) directions with z = 1, camera frame; NaN in x and y where a
        pixel's is."""
        xy = (pixels - self._centre) / self.focal_px
        return np.concatenate([xy, np.ones_like(xy[..., :1])], axis=-1)

    def project(self, points: Floats) -> Floats:
        """(..., 3) m, camera frame, to (..., 2) px; NaN behind the camera."""
        depth = np.where(points[..., 2:] > 0, points[..., 2:], np.nan)
        return points[..., :2] / depth * self.focal_px + self._centre

    @property
    def _centre(self) -> Floats:
        return (np.array(self.image_size) - 1) / 2


def distance_from_camera(rays: Floats, body: Floats, sure: Floats) -> Floats:
    """(T,) how far in front of the camera the body's origin is, in the body's unit.

    Solves for the (x, y, z) that puts the body's points (T, J, 3) on their rays (T, J, 3):
    x + body_x = ray_x (z + body_z), and y likewise, in the least-squares sense, each point as
    weighty as ``sure`` (T, J) says. Points with a NaN don't count; NaN where too few are left.
    """
    seen = np.isfinite(rays).all(axis=-1) & np.isfinite(body).all(axis=-1)
    weight = np.where(seen, sure, 0.0)[..., None]
    rays, body = np.where(seen[..., None], rays, 0.0), np.where(seen[..., None], body, 0.0)
    total = np.maximum(weight.sum(axis=1, keepdims=True), 1e-9)
    # with x and y eliminated, z is the regression of the body's extent on the rays' extent
    slope, offset = rays[..., :2], body[..., :2] - rays[..., :2] * body[..., 2:]
    slope, offset = (
        v - (weight * v).sum(axis=1, keepdims=True) / total for v in (slope, offset)
    )
    spread = (weight * slope**2).sum(axis=(1, 2))
    distance = (weight * slope * offset).sum(axis=(1, 2)) / np.where(spread > 0, spread, np.nan)
    return np.where((seen.sum(axis=1) >= _LEAST_POINTS) & (distance > 0), distance, np.nan)
