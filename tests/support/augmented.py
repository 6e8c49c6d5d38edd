"""The 43 anatomical markers beside 22 that a test made up."""

import numpy as np

from humanpose.body.markers import anatomical_sites
from humanpose.body.model import GENERIC_HEIGHT_M, SCALES
from humanpose.body.pose import place, positions
from humanpose.body.start import first_pose
from humanpose.markers.augmentation import augmented_of
from humanpose.sequence import PoseSequence
from humanpose.skeleton import MARKERS43


def augment(markers: PoseSequence, *, height_m: float) -> PoseSequence:
    """``AUGMENTED65`` on a body of average proportions whose limbs point as the markers say."""
    scales = np.full(len(SCALES), np.log(height_m / GENERIC_HEIGHT_M))
    at = positions(place(first_pose(markers), scales), anatomical_sites(scales))
    sure = np.full(at.shape[:2], 0.4)
    return augmented_of(markers, PoseSequence(at, sure, markers.timeline, MARKERS43))
