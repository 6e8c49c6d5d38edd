"""A calibrated camera as the data sets give it: intrinsic matrix, distortion, pose."""

from dataclasses import dataclass

import numpy as np

from humanpose.sequence import Floats


@dataclass(frozen=True, eq=False)
class Camera:
    """World: m, Y up. Camera: x right, y down, z forward. Image: px, as in the contract."""

    name: str
    rotation: Floats
    """(3, 3) world -> camera."""
    translation_m: Floats
    """(3,) the world's origin in the camera frame."""
    matrix: Floats
    """(3, 3) px"""
    distortion: Floats
    """(5,) OpenCV's k1, k2, p1, p2, k3."""
    size: tuple[int, int]
    """(width, height) px."""

    @property
    def focal_px(self) -> float:
        return float(self.matrix[[0, 1], [0, 1]].mean())

    @property
    def up(self) -> Floats:
        """(3,) against gravity, camera frame."""
        return self.rotation[:, 1]

    def to_camera(self, world: Floats) -> Floats:
        """(..., 3) m, in the camera frame."""
        return world @ self.rotation.T + self.translation_m

    def project(self, camera: Floats) -> Floats:
        """(..., 2) px of points (..., 3) in the camera frame; NaN behind the camera.

        Brown's lens model as in OpenCV's ``projectPoints``.
        """
        depth = np.where(camera[..., 2:] > 0, camera[..., 2:], np.nan)
        plane = camera[..., :2] / depth
        k1, k2, p1, p2, k3 = self.distortion
        r2 = (plane**2).sum(axis=-1, keepdims=True)
        radial = 1 + r2 * (k1 + r2 * (k2 + r2 * k3))
        x, y = plane[..., :1], plane[..., 1:]
        tangential = np.concatenate(
            [2 * p1 * x * y + p2 * (r2 + 2 * x**2), p1 * (r2 + 2 * y**2) + 2 * p2 * x * y],
            axis=-1,
        )
        return np.asarray(
            (plane * radial + tangential) @ self.matrix[:2, :2].T + self.matrix[:2, 2]
        )
