"""The floor as the camera sees it, so that distances on it can be measured in the picture."""

from dataclasses import dataclass

import numpy as np

from humanpose.analysis import Analysis
from humanpose.camera import DEFAULT_FOV_DEG, Camera
from humanpose.quality.figures import feet_outside_share
from humanpose.sequence import Floats
from humanpose.video.background import STEADY_PERCENT
from humanpose.words import to_say
from humanpose.world.contact import FOOT_POINTS, foot_contacts
from humanpose.world.ground import world_axes

_MOST_OUTSIDE = 0.2
"""Of the frames may have feet outside the picture."""
_ASSUMED, _KNOWN = 0.12, 0.02
"""Standard deviation of a focal length, as a share of it: of 60°, and of one that was told."""
_SAME = 0.03
"""What a saved clip tells of its focal length is off by less."""
_SOLE_M = 0.015
"""And of the height of the floor below the feet's markers."""


@dataclass(frozen=True, eq=False)
class Floor:
    """A plane in the camera frame, and how surely it is known."""

    up: Floats
    """(3,) unit vector against gravity."""
    foot: Floats
    """(3,) a point of it, where the person's feet rest, m."""
    focal_px: float
    up_sd_deg: float
    """Standard deviation of ``up`` about each axis across it."""
    focal_share: float
    """Of ``focal_px``, as a share of it; the point is seen where it is all the same."""
    height_sd_m: float = _SOLE_M
    """Of the plane's height."""


def floor_of(analysis: Analysis) -> Floor | str:
    """The floor of a clip, or a sentence why it is not known."""
    if analysis.quality.get("camera_moved_percent", 0.0) > STEADY_PERCENT:
        return to_say("The camera moved, so the floor has no place in the picture.")
    if feet_outside_share(analysis.landmarks) > _MOST_OUTSIDE:
        return to_say("The feet are not in the picture, so the floor is not known.")
    up, sd_deg = analysis.up_camera, analysis.refined.up_sd_deg
    foot, (focal_px, focal_share) = _foot_in_camera(analysis), _focal_px(analysis)
    if not np.isfinite([*up, *foot, focal_px, sd_deg]).all():
        return to_say("No foot rests on the floor in this clip, so the floor is not known.")
    return Floor(up, foot, focal_px, sd_deg, focal_share)


def _foot_in_camera(analysis: Analysis) -> Floats:
    """(3,) where the floor is below the feet while they rest, median; NaN if they never do.

    The world is the camera frame turned, and moved over the floor: as a hip tells.
    """
    camera, world = (
        joints.joint("left_hip")
        for joints in (analysis.joints_camera, analysis.refined.joints_world)
    )
    rotation = world_axes(analysis.up_camera)
    moved = world - camera @ rotation.T  # (T, 3)
    feet = analysis.markers.positions[:, analysis.markers.skeleton.indices(*FOOT_POINTS)]
    resting = foot_contacts(analysis.markers) > 0.5
    below = np.where(resting[..., None], feet * [1, 0, 1], np.nan) - moved[:, None]
    flat = below[np.isfinite(below).all(axis=-1)] @ rotation
    return np.median(flat, axis=0) if len(flat) else np.full(3, np.nan)


def _focal_px(analysis: Analysis) -> tuple[float, float]:
    """The focal length, px, and its standard deviation as a share: that of the settings, or
    what is assumed, or by which the joints in the camera frame are seen at their keypoints."""
    size, fov_deg = analysis.landmarks.image_size, analysis.settings.fov_deg
    if fov_deg is not None:
        return Camera.from_fov(fov_deg, size).focal_px, _KNOWN
    assumed, seen = Camera.from_fov(DEFAULT_FOV_DEG, size).focal_px, _seen_focal_px(analysis)
    return (assumed, _ASSUMED) if abs(seen / assumed - 1) < _SAME else (seen, _KNOWN)


def _seen_focal_px(analysis: Analysis) -> float:
    x, y, z = np.moveaxis(analysis.joints_camera.positions, -1, 0)
    rays = np.stack([x / z, y / z], axis=-1)
    seen = analysis.keypoints - (np.array(analysis.landmarks.image_size) - 1) / 2
    known = np.isfinite(rays).all(-1) & np.isfinite(seen).all(-1) & (analysis.visibility > 0.5)
    rays, seen = rays[known], seen[known]
    return float((rays * seen).sum() / (rays**2).sum()) if len(rays) else np.nan
