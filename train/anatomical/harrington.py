"""The hip joint centres, from the markers on the pelvis."""

import numpy as np

from humanpose.geometry import cross, frame_from_y
from humanpose.sequence import Floats


def hip_centres(
    right_asis: Floats, left_asis: Floats, mid_psis: Floats
) -> tuple[Floats, Floats]:
    """The right and the left hip joint centre (Harrington et al. 2007).

    With pelvic width PW (between the ASIS) and depth PD (mid-ASIS to mid-PSIS), mm:
    x = -0.24 PD - 9.9, y = -0.30 PW - 10.9, z = ±(0.33 PW + 7.3) from the mid-ASIS, in ISB's
    axes of the pelvis. From MRI of 8 adults and 24 children; left out one by one, they were
    within 5.2, 3.6 and 3.2 mm.

    Args:
        right_asis, left_asis, mid_psis: (..., 3) m.

    Returns:
        (..., 3) and (..., 3) m, in the axes of the markers; NaN where a marker is.
    """
    front, across = (right_asis + left_asis) / 2, right_asis - left_asis
    forward = front - mid_psis
    width = np.linalg.norm(across, axis=-1)
    depth = np.linalg.norm(forward, axis=-1)
    pelvis = frame_from_y(cross(across, forward), across)
    x, y, z = -0.24 * depth - 0.0099, -0.30 * width - 0.0109, 0.33 * width + 0.0073
    right, left = (
        front + (pelvis @ np.stack([x, y, side * z], axis=-1)[..., None])[..., 0]
        for side in (1, -1)
    )
    return right, left
