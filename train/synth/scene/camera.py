"""An exact pinhole camera."""

from dataclasses import dataclass
from typing import Self

import numpy as np

from train.synth.body.anatomy import unit
from train.synth.body.makehuman import Floats


@dataclass(frozen=True, eq=False)
class Camera:
    """A pinhole camera without distortion, its principal point at the image's centre.

    The image point (0, 0) is the centre of the top-left pixel.
    """

    position: Floats
    """(3,) world, m."""
    rotation: Floats
    """(3, 3) world -> camera (x right, y down, z forward)."""
    focal_px: float
    size: tuple[int, int]
    """(width, height) px."""

    @classmethod
    def looking(
        cls,
        position: Floats,
        target: Floats,
        *,
        fov_deg: float,
        size: tuple[int, int],
        roll_deg: float = 0.0,
    ) -> Self:
        """At ``position``, towards ``target``; the field of view is across the longer side."""
        forward = unit(target - position)
        right = unit(np.cross(forward, [0.0, 1.0, 0.0]))
        level = np.stack([right, np.cross(forward, right), forward])
        c, s = np.cos(np.radians(roll_deg)), np.sin(np.radians(roll_deg))
        rotation = np.array([[c, s, 0], [-s, c, 0], [0, 0, 1]]) @ level
        focal = max(size) / 2 / np.tan(np.radians(fov_deg) / 2)
        return cls(position, rotation, float(focal), size)

    def to_camera(self, world: Floats) -> Floats:
        """Points (..., 3) in the camera frame, m."""
        return np.asarray((world - self.position) @ self.rotation.T)

    def project(self, camera: Floats) -> Floats:
        """Image points (..., 2) of points in the camera frame, px."""
        centre = (np.array(self.size) - 1) / 2
        return np.asarray(self.focal_px * camera[..., :2] / camera[..., 2:] + centre)
