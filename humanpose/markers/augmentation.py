"""The 43 anatomical markers of OpenCap's set beside the 22."""

import numpy as np

from humanpose.confidence import INFERRED_AT_MOST
from humanpose.markers.lstm_augmenter import lstm_markers
from humanpose.sequence import PoseSequence
from humanpose.skeleton import AUGMENTED65, MARKERS43


def augmented_of(markers: PoseSequence, anatomical: PoseSequence) -> PoseSequence:
    """``AUGMENTED65`` from the 22 ``markers`` and the 43, both in the same frame."""
    return PoseSequence(
        np.concatenate([markers.positions, anatomical.positions], axis=1),
        np.concatenate([markers.confidence, anatomical.confidence], axis=1),
        markers.timeline,
        AUGMENTED65,
    )


def augment_by_lstm(
    markers: PoseSequence, *, height_m: float, mass_kg: float, cycles: int
) -> PoseSequence:
    """The 22 ``markers`` and what OpenCap's LSTM makes of them; see ``lstm_markers``."""
    found, sure = lstm_markers(markers, height_m=height_m, mass_kg=mass_kg, cycles=cycles)
    sure = np.where(np.isfinite(found).all(axis=2), INFERRED_AT_MOST * sure, 0.0)
    return augmented_of(markers, PoseSequence(found, sure, markers.timeline, MARKERS43))
