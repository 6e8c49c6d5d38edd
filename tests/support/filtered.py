"""Points as smooth as the product makes them by default."""

import numpy as np

from humanpose.sequence import PoseSequence
from humanpose.world.filters import smooth_columns


def filtered(pose: PoseSequence) -> PoseSequence:
    """Each point's path through the Butterworth filter at 6 Hz; NaN stays NaN."""
    paths = [
        smooth_columns(path, kind="butterworth", cutoff_hz=6.0, fps=pose.timeline.fps)
        for path in np.moveaxis(pose.positions, 1, 0)
    ]
    return pose.with_positions(np.stack(paths, axis=1))
