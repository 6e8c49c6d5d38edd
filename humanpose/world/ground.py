"""Where the floor is, and the world frame that stands on it."""

from dataclasses import dataclass

import numpy as np

from humanpose.geometry import cross, unit
from humanpose.sequence import Floats, PoseSequence

_HIP_HEIGHT = 0.53
"""Of the hip joint above the floor when standing, in body heights (Drillis & Contini 1966)."""

_FOOT_POINTS = ("left_heel", "right_heel", "left_foot_index", "right_foot_index")


@dataclass(frozen=True, eq=False)
class Ground:
    """The floor as the camera sees it."""

    up: Floats
    """(3,) unit vector against gravity, camera frame."""
    origin: Floats
    """(3,) the point of the floor under the first valid mid-hip, camera frame, m."""

    @property
    def rotation(self) -> Floats:
        """(3, 3) camera → world, finite: the rows are the world's axes in the camera frame."""
        return world_axes(self.up)


def world_axes(up: Floats) -> Floats:
    """(3, 3) camera → world, finite, for ``up`` (3,), a unit vector in the camera frame."""
    towards_camera = np.array([0.0, 0.0, -1.0])
    z = unit(towards_camera - (towards_camera @ up) * up)
    return np.stack([cross(up, z), up, z])


def ground_under(
    pose: PoseSequence, *, up: Floats, height_m: float, floor_m: float | None = None
) -> Ground:
    """The floor on which a person stands whose hips are known in some frame.

    Args:
        pose: MediaPipe's 33 landmarks in the camera frame, m.
        up: (3,) unit vector against gravity, camera frame.
        floor_m: its height along ``up``; None takes the lowest of the feet.
    """
    hips = pose.middle("hip")
    if floor_m is None:
        lowest = np.fmin.reduce([pose.joint(name) @ up for name in _FOOT_POINTS])
        if np.isfinite(lowest).any():
            floor_m = float(np.nanpercentile(lowest, 10))
        else:
            floor_m = float(np.nanpercentile(hips @ up, 90) - _HIP_HEIGHT * height_m)
    first = hips[np.isfinite(hips).all(axis=1)][0]
    return Ground(up, first + (floor_m - first @ up) * up)


def to_world(pose: PoseSequence, ground: Ground) -> PoseSequence:
    """From the camera frame to the world frame: X right, Y up, Z towards the camera, m."""
    return pose.with_positions((pose.positions - ground.origin) @ ground.rotation.T)
