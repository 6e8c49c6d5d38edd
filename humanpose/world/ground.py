"""Which way is up, where the floor is, and the world frame that stands on it."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import convolve1d

from humanpose.geometry import bend_deg, cross, unit
from humanpose.sequence import Floats, PoseSequence

# Beliefs in degrees about a camera that films a person, and about what a clip shows of it.
_PRIOR_PITCH, _PRIOR_PITCH_SD = -4.0, 6.0
"""Cameras look down a little: the tilt of "up" away from the viewer, deg."""
_PRIOR_ROLL_SD = 1.5
_MOST_TILT = 80.0
"""Beyond this a camera lies on its side, which roll and pitch cannot say."""
_STANDING_SD = 5.0
"""How far a standing person's long axis, lifted from one camera, is from upright."""
_STANDING_BEND = 35.0
"""A frame counts as standing when no knee or hip is bent more than this."""
_STANDING_MIN_S = 0.15
_CONTACT_SPEED_M_S = 0.25
_CONTACT_HEIGHT_SD_M = 0.06
_INDEPENDENT_CONTACTS = 0.02
"""Share of the contact points that count as independent, since neighbours err alike."""
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


def find_ground(
    pose: PoseSequence,
    *,
    height_m: float,
    believed_up: Floats | None = None,
    believed_up_concentration: float = 0.0,
) -> Ground:
    """Gravity and floor from a clip of one person, filmed by a camera that doesn't turn.

    Gravity is the most likely direction given what cameras do, the person's long axis where
    they stand, the plane of the points where their feet rest, and what a network believes.

    Args:
        pose: MediaPipe's 33 landmarks in the camera frame, m.
        believed_up: (3,) unit vector against gravity, camera frame; NaN like None says nothing.
        believed_up_concentration: kappa of a von Mises-Fisher distribution about it.
    """
    up = find_up(
        pose, believed_up=believed_up, believed_up_concentration=believed_up_concentration
    )
    return ground_under(pose, up=up, height_m=height_m)


def find_up(
    pose: PoseSequence,
    *,
    believed_up: Floats | None = None,
    believed_up_concentration: float = 0.0,
) -> Floats:
    """(3,) unit vector against gravity, camera frame, finite; see ``find_ground``."""
    tilt, precision = _tilt(pose)
    if believed_up is not None and np.isfinite(believed_up).all():
        weight = believed_up_concentration * np.radians(1) ** 2 * np.eye(2)
        believed = np.clip(_roll_pitch(believed_up), -_MOST_TILT, _MOST_TILT)
        tilt = np.linalg.solve(precision + weight, precision @ tilt + weight @ believed)
    return _direction(tilt)


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


def _tilt(pose: PoseSequence) -> tuple[Floats, Floats]:
    """Roll and pitch of "up", deg: their mean (2,) and precision (2, 2), by the pose alone."""
    mean, precision = (
        np.array([0.0, _PRIOR_PITCH]),
        np.diag([_PRIOR_ROLL_SD**-2, _PRIOR_PITCH_SD**-2]),
    )
    evidence = precision @ mean
    standing = _standing_axis(pose)
    if standing is not None:
        precision = precision + np.eye(2) * _STANDING_SD**-2
        evidence = evidence + standing * _STANDING_SD**-2
    contacts = _contact_points(pose)
    if len(contacts) > 1:
        spread = contacts - contacts.mean(axis=0)
        weight = _INDEPENDENT_CONTACTS * np.radians(1) ** 2 / _CONTACT_HEIGHT_SD_M**2
        precision = precision + weight * spread[:, [0, 2]].T @ spread[:, [0, 2]]
        evidence = evidence + weight / np.radians(1) * spread[:, [0, 2]].T @ spread[:, 1]
    return np.linalg.solve(precision, evidence), precision


def _roll_pitch(up: Floats) -> Floats:
    """(2,) deg."""
    x, y, z = up
    return np.degrees(np.array([np.arctan2(x, -y), np.arctan2(z, -y)]))


def _direction(roll_pitch: Floats) -> Floats:
    """(3,) the inverse of ``_roll_pitch``."""
    roll, pitch = np.tan(np.radians(roll_pitch))
    return unit(np.array([roll, -1.0, pitch]))


def _standing_axis(pose: PoseSequence) -> Floats | None:
    """(2,) roll and pitch of the body's long axis over the frames where the person stands."""
    shoulders, hips, ankles = (pose.middle(part) for part in ("shoulder", "hip", "ankle"))
    bends = []
    for side in ("left", "right"):
        hip, knee, ankle = (pose.joint(f"{side}_{part}") for part in ("hip", "knee", "ankle"))
        bends += [bend_deg(hip - knee, knee - ankle), bend_deg(shoulders - hips, hip - knee)]
    axis = unit(shoulders - ankles)
    upright_in_image = axis[:, 1] < -0.5
    stands = (np.max(bends, axis=0) < _STANDING_BEND) & upright_in_image
    if stands.sum() < max(3, _STANDING_MIN_S * pose.timeline.fps):
        return None
    return _roll_pitch(axis[stands].mean(axis=0))


def _contact_points(pose: PoseSequence) -> Floats:
    """(N, 3) where a heel or toe rests, camera frame."""
    width = max(1, round(0.15 * pose.timeline.fps))
    points = [_resting(pose.joint(name), width, pose.timeline.fps) for name in _FOOT_POINTS]
    return np.concatenate(points)


def _resting(path: Floats, width: int, fps: float) -> Floats:
    """The points of a (T, 3) path where it hardly moves across the line of sight."""
    if len(path) < 2 * width + 2:
        return path[:0]
    calm = convolve1d(path, np.full(width, 1 / width), axis=0)
    speed = np.linalg.norm(np.gradient(calm[:, :2], axis=0), axis=1) * fps
    slow: NDArray[np.bool_] = speed < _CONTACT_SPEED_M_S
    return calm[slow & np.isfinite(calm).all(axis=1)]
