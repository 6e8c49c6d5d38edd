"""What lies inside the picture: only that is measured, whatever the detector says of the rest.

A detector puts joints that are cut off somewhere, too, often a little inside the edge, and is
as sure of them as of others (``docs/angles.md``).
"""

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import minimum_filter1d

from humanpose.body.fitted import FittedBody
from humanpose.body.sites import JOINTS, joint_sites
from humanpose.camera import Camera
from humanpose.confidence import INFERRED_AT_MOST
from humanpose.sequence import Floats, Landmarks
from humanpose.skeleton import MEDIAPIPE33

MARGIN = 0.036
"""So far from the edge a joint is taken to be inside, in body heights: three times the
deviation of a landmark that is well seen."""
_AROUND_S = 0.25
"""So long before and after, too: what is cut off jumps about near the edge."""


def inside(
    pixels: Floats, image_size: tuple[int, int], *, margin_px: Floats, fps: float
) -> NDArray[np.bool_]:
    """(T, N) whether points stay inside the picture for a while around each frame.

    Args:
        pixels: (T, N, 2); a NaN is not inside, and says nothing of its neighbours.
        margin_px: (T,) how far inside they must be.
    """
    to_edge = np.minimum(pixels, np.array(image_size) - 1 - pixels).min(axis=-1)
    known = np.isfinite(to_edge)
    spare = np.where(known, to_edge - margin_px[:, None], np.inf)
    least = minimum_filter1d(spare, 2 * round(_AROUND_S * fps) + 1, axis=0)
    return np.asarray(known & (least >= 0))


def visibility_inside(fitted: FittedBody, landmarks: Landmarks, camera: Camera) -> Floats:
    """(T, 33) the visibility of ``landmarks``, below 0.5 for those that are not inside the
    picture, both as they were seen and where the fitted body's joint would be seen."""
    depth_m = fitted.in_clip(fitted.fit.pose.root[:, 2])
    margin_px = MARGIN * fitted.height_m * camera.focal_px / depth_m
    fps = landmarks.timeline.fps
    joints = camera.project(fitted.at_sites(joint_sites(fitted.height_m)))
    shown = inside(landmarks.pixels, camera.image_size, margin_px=margin_px, fps=fps)
    shown[:, MEDIAPIPE33.indices(*JOINTS)] &= inside(
        joints, camera.image_size, margin_px=margin_px, fps=fps
    )
    visibility = landmarks.visibility
    return np.where(shown, visibility, np.minimum(visibility, INFERRED_AT_MOST))
