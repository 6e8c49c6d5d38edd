"""Anatomical markers that are missing, put where they belong on their segment."""

import numpy as np

from humanpose.confidence import INFERRED_AT_MOST
from humanpose.geometry import rotate
from humanpose.kinematics.harrington import hip_centres
from humanpose.kinematics.rigid import fitted, interpolated, mean_shape
from humanpose.markers.places import ORIGINS, place_markers
from humanpose.sequence import Floats, PoseSequence
from humanpose.skeleton import AUGMENTED65, MARKERS22, MARKERS43, other_side

_JOINTS = {
    "pelvis": ("RHip", "LHip"),
    "trunk": ("RShoulder", "LShoulder"),
    "thigh": ("RHip", "RKnee"),
    "shank": ("RKnee", "RAnkle"),
    "foot": ("RAnkle", "RHeel", "RBigToe"),
    "upper_arm": ("RShoulder", "RElbow"),
    "forearm": ("RElbow", "RWrist"),
}
"""Input markers that move with a segment, the right side's."""
_ON_BOTH_SIDES = ("pelvis", "trunk")
_MIRRORED = np.array([1.0, 1.0, -1.0])


def force_complete(markers: PoseSequence, *, height_m: float, mass_kg: float) -> PoseSequence:
    """``AUGMENTED65`` with all that the segments can tell; nothing that is known changes.

    A marker that was seen in other frames keeps its place in the segment's own shape; one that
    never was takes the other side's, mirrored. Hip joint centres that never were follow from
    ASIS and PSIS (Harrington et al. 2007). What is still missing is placed by the regression on
    the joints. The confidence is below 0.5, and 0.49 of the third surest marker's of the
    segment where its shape decides.

    Args:
        markers: ``AUGMENTED65``, world frame, m; NaN where one is missing.
        height_m, mass_kg: of the person.

    Returns:
        The same, NaN only where nothing of the segment tells.
    """
    if np.isfinite(markers.positions).all():
        return markers
    found = _by_segments(markers)
    found = _hip_centres(found)
    placed, sure = place_markers(found.select(MARKERS22), height_m=height_m, mass_kg=mass_kg)
    return _with(found, MARKERS43.joints, placed, INFERRED_AT_MOST * sure)


def _by_segments(markers: PoseSequence) -> PoseSequence:
    for segment, origins in ORIGINS.items():
        right = (*origins, *_JOINTS[segment])
        left = tuple(other_side(name) for name in right)
        if segment in _ON_BOTH_SIDES:
            both = tuple(dict.fromkeys(right + left))
            markers = _with_shape(markers, both, mean_shape(_paths(markers, both)))
        else:
            shapes = [mean_shape(_paths(markers, names)) for names in (right, left)]
            markers = _with_shape(markers, right, _completed(shapes[0], shapes[1]))
            markers = _with_shape(markers, left, _completed(shapes[1], shapes[0]))
    return markers


def _completed(shape: Floats, opposite: Floats) -> Floats:
    """(M, 3) with the points that only the other side's shape has, mirrored."""
    mirrored = opposite * _MIRRORED
    rotation, place = fitted(mirrored, shape[None])
    known = np.isfinite(shape)
    return np.where(known, shape, mirrored @ rotation[0].T + place[0])


def _with_shape(markers: PoseSequence, names: tuple[str, ...], shape: Floats) -> PoseSequence:
    """With the anatomical ones among ``names`` filled by their segment's shape."""
    paths = _paths(markers, names)
    rotation, _ = fitted(shape, paths)
    rotation, place = fitted(shape, paths, interpolated(rotation))
    there = rotate(rotation, np.broadcast_to(shape, paths.shape)) + place[:, None]
    confidence = markers.confidence[:, AUGMENTED65.indices(*names)]
    sure = INFERRED_AT_MOST * np.sort(confidence, axis=1)[:, -3]
    study = [i for i, name in enumerate(names) if name in MARKERS43.joints]
    return _with(
        markers,
        tuple(names[i] for i in study),
        there[:, study],
        np.repeat(sure[:, None], len(study), axis=1),
    )


def _hip_centres(markers: PoseSequence) -> PoseSequence:
    right, left, *psis = (
        markers.joint(f"{name}_study") for name in ("r.ASIS", "L.ASIS", "r.PSIS", "L.PSIS")
    )
    centres = np.stack(hip_centres(right, left, (psis[0] + psis[1]) / 2), axis=1)
    sure = markers.confidence[:, AUGMENTED65.indices("r.ASIS_study", "L.ASIS_study")]
    lowest = np.repeat(sure.min(axis=1, keepdims=True), 2, axis=1)
    return _with(markers, ("RHJC_study", "LHJC_study"), centres, INFERRED_AT_MOST * lowest)


def _paths(markers: PoseSequence, names: tuple[str, ...]) -> Floats:
    return markers.positions[:, AUGMENTED65.indices(*names)]


def _with(
    markers: PoseSequence, names: tuple[str, ...], paths: Floats, sure: Floats
) -> PoseSequence:
    """``paths`` (T, M, 3) and ``sure`` (T, M) where the markers ``names`` are missing."""
    columns = AUGMENTED65.indices(*names)
    positions, confidence = markers.positions.copy(), markers.confidence.copy()
    missing = np.isnan(positions[:, columns]).any(axis=2) & np.isfinite(paths).all(axis=2)
    positions[:, columns] = np.where(missing[..., None], paths, positions[:, columns])
    confidence[:, columns] = np.where(missing, sure, confidence[:, columns])
    return PoseSequence(positions, confidence, markers.timeline, AUGMENTED65)
