"""The 43 anatomical markers of OpenCap's set from the 22 markers."""

import numpy as np

from humanpose.confidence import INFERRED_AT_MOST
from humanpose.kinematics.model_axes import MESH_POINTS, MODEL_POINTS, Points
from humanpose.markers.lstm_augmenter import augment_by_lstm
from humanpose.markers.places import place_markers
from humanpose.sequence import PoseSequence
from humanpose.settings import AUGMENTERS, Augmenter
from humanpose.skeleton import AUGMENTED65, MARKERS22

PLACEMENTS: dict[Augmenter, Points] = {"regression": MESH_POINTS, "lstm": MODEL_POINTS}
"""Where the markers of each augmenter sit on OpenSim's model."""


def augment(
    markers: PoseSequence,
    *,
    height_m: float,
    mass_kg: float,
    cycles: int = 1,
    augmenter: Augmenter = "regression",
) -> PoseSequence:
    """The 22 ``markers``, and the 43 that follow from them.

    Args:
        markers: ``MARKERS22``, world frame, m; NaN where one is not known.
        height_m, mass_kg: of the person.
        cycles: runs of the LSTM to average, all but one with 0.5 mm of noise in its input; they
            change its answer by 0.15 mm and its error not at all. The regression runs once.
        augmenter: the built-in regression, or OpenCap's LSTM from the installed Pose2Sim.

    Returns:
        ``AUGMENTED65`` in the same frame. The 43 are NaN where the joints that carry them are,
        and their confidence is below 0.5.

    Raises:
        CheckpointError: the LSTM is asked for and not installed.
    """
    if markers.skeleton.joints != MARKERS22.joints or cycles < 1 or augmenter not in AUGMENTERS:
        raise ValueError(
            f"expected the 22 markers, cycles >= 1 and one of {AUGMENTERS},"
            f" got {markers.skeleton.name}, {cycles} and {augmenter!r}"
        )
    if augmenter == "lstm":
        found, sure = augment_by_lstm(
            markers, height_m=height_m, mass_kg=mass_kg, cycles=cycles
        )
    else:
        found, sure = place_markers(markers, height_m=height_m, mass_kg=mass_kg)
    sure = np.where(np.isfinite(found).all(axis=2), INFERRED_AT_MOST * sure, 0.0)
    return PoseSequence(
        np.concatenate([markers.positions, found], axis=1),
        np.concatenate([markers.confidence, sure], axis=1),
        markers.timeline,
        AUGMENTED65,
    )
