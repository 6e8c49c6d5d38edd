"""Figures of merit on plain arrays. NaN truth is not judged; a NaN prediction is an error."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from scipy.stats import rankdata

from humanpose.camera import Camera
from humanpose.geometry import bend_deg, rotate, unit
from humanpose.sequence import Floats
from humanpose.skeleton import COCO17, JOINT_GROUPS

CORE_ANGLES = (
    "pelvis_tilt",
    "pelvis_list",
    *JOINT_GROUPS["trunk"],
    *(
        f"{name}_{side}"
        for side in "rl"
        for name in (
            "hip_flexion", "hip_adduction", "hip_rotation", "knee_angle", "ankle_angle",
            "arm_flex", "arm_add", "elbow_flex",
        )
    ),
)  # fmt: skip
"""The 21 that markers, two cameras and every peer can tell, zero included."""
MISSING_LIMB_DEG = 90.0
"""What a limb without a prediction counts as."""
MISSING_ANGLE_DEG = 30.0
"""What a joint angle without a prediction counts as."""
CLEAR_DEPTH = 0.2
"""A limb points towards or away from the camera when |z| of its unit vector is above this."""

_HIPS = COCO17.indices("left_hip", "right_hip")
_BODY = slice(COCO17.index("left_shoulder"), None)
"""The 12 joints from the shoulders to the ankles."""


def limb_directions(joints: Floats) -> Floats:
    """(T, 14, 3) unit vectors of COCO17's limbs from (T, 17, 3) joints."""
    parents, children = np.array(COCO17.bone_indices).T
    return unit(joints[:, children] - joints[:, parents])


def limb_errors_deg(predicted: Floats, truth: Floats) -> Floats:
    """(T, L) angle in [0, 180] between directions (T, L, 3); a missing one counts as 90."""
    return _penalised(bend_deg(predicted, truth), truth[..., 0], MISSING_LIMB_DEG)


def wrong_depth_sign(predicted: Floats, truth: Floats) -> Floats:
    """(T, L) 1 where the z of a direction (T, L, 3) has the wrong sign or is missing, else 0.

    NaN where the true |z| is at most ``CLEAR_DEPTH``: such a limb is not judged.
    """
    wrong = ~(predicted[..., 2] * truth[..., 2] > 0)
    return np.where(np.abs(truth[..., 2]) > CLEAR_DEPTH, wrong, np.nan)


def from_hips(joints: Floats) -> Floats:
    """(T, 12, 3) the joints from shoulders to ankles, seen from the mid-hip of (T, 17, 3)."""
    return np.asarray((joints - joints[:, _HIPS].mean(axis=1, keepdims=True))[:, _BODY])


def joint_errors_mm(predicted: Floats, truth: Floats) -> Floats:
    """(T, J) distance in mm between points (T, J, 3) in m; their mean is the MPJPE.

    A missing point counts as lying in the origin; give points seen from the mid-hip.
    """
    return 1000 * np.linalg.norm(np.nan_to_num(predicted) - truth, axis=-1)


def aligned_joint_errors_mm(predicted: Floats, truth: Floats) -> Floats:
    """As ``joint_errors_mm`` after one similarity per frame; their mean is the PA-MPJPE."""
    both = np.isfinite(predicted).all(axis=-1) & np.isfinite(truth).all(axis=-1)
    seen = np.where(both[..., None], predicted, np.nan)
    enough = both.sum(axis=1) >= 3
    aligned = np.full_like(predicted, np.nan)
    source, target = seen[enough], truth[enough]
    from_m = np.nanmean(source, axis=1, keepdims=True)
    to_m = np.nanmean(np.where(both[enough, :, None], target, np.nan), axis=1, keepdims=True)
    turn, scale = rotation_and_scale(source - from_m, target - to_m)
    aligned[enough] = scale[:, None, None] * rotate(turn, source - from_m) + to_m
    return joint_errors_mm(aligned, truth)


def bone_lengths_off(predicted: Floats, truth: Floats) -> Floats:
    """(L,) |length / true length - 1| of COCO17's limbs, each the median over the clip.

    Args:
        predicted, truth: (T, 17, 3) joints.
    """
    ours, true = (_median_lengths(joints) for joints in (predicted, truth))
    return np.abs(ours / true - 1)


def reprojection_px(joints: Floats, keypoints: Floats, camera: Camera) -> Floats:
    """(T, 12) from the detector's keypoints to the body's joints in the image, px.

    Args:
        joints: (T, 17, 3) m, camera frame.
        keypoints: (T, 17, 2) px.
    """
    return np.asarray(np.linalg.norm((camera.project(joints) - keypoints)[:, _BODY], axis=-1))


def rotation_and_scale(source: Floats, target: Floats) -> tuple[Floats, Floats]:
    """Proper rotations (..., 3, 3) and scales (...) that best turn ``source`` into ``target``.

    Least squares about the origin (Umeyama 1991).

    Args:
        source, target: (..., N, 3) points; those with a NaN in either are left out.
    """
    both = np.isfinite(source).all(axis=-1) & np.isfinite(target).all(axis=-1)
    source, target = (np.where(both[..., None], points, 0.0) for points in (source, target))
    u, strength, vt = np.linalg.svd(np.swapaxes(target, -1, -2) @ source)
    proper = np.ones_like(strength)
    proper[..., 2] = np.sign(np.linalg.det(u @ vt))
    spread = (source**2).sum(axis=(-2, -1))
    scale = (strength * proper).sum(axis=-1) / np.where(spread > 0, spread, np.nan)
    return (u * proper[..., None, :]) @ vt, scale


def nearest_equal(truth: Floats, predicted: Floats) -> Floats:
    """The predicted angles, written as near to the true ones as the same rotations can be.

    An angle ± 360 is the same, and so is the Cardan triple (a ± 180, 180 - b, c ± 180). Which
    of them a curve follows after passing b = ±90° is a matter of chance, not an error.

    Args:
        truth, predicted: (T, 36) deg, the middle angle b in the middle of each group.
    """
    triples, true = (angles.reshape(-1, len(JOINT_GROUPS), 3) for angles in (predicted, truth))
    others = triples * [1, -1, 1] + 180
    off, others_off = (
        np.nansum(np.abs(wrapped(options - true)), axis=2) for options in (triples, others)
    )
    chosen = np.where((others_off < off)[..., None], others, triples)
    near = true + wrapped(chosen - true)
    return np.where(np.isfinite(true), near, triples).reshape(predicted.shape)


def angle_errors_deg(predicted: Floats, truth: Floats) -> Floats:
    """(T, A) absolute differences of angles, deg, in [0, 180]; a missing one counts as 30."""
    return _penalised(np.abs(wrapped(predicted - truth)), truth, MISSING_ANGLE_DEG)


def mean(values: Floats) -> Floats:
    """(A,) over the known rows of (T, A); NaN where there are none."""
    known = np.isfinite(values)
    count = known.sum(axis=0)
    total = np.where(known, values, 0.0).sum(axis=0)
    return np.asarray(total / np.where(count > 0, count, np.nan))


def median(values: Floats) -> Floats:
    """As ``mean``."""
    known = (column[np.isfinite(column)] for column in values.T)
    return np.array([np.median(column) if column.size else np.nan for column in known])


def offset_free_errors_deg(
    predicted: Floats, truth: Floats, *, about: Callable[[Floats], Floats] = mean
) -> Floats:
    """As ``angle_errors_deg``, after taking the usual difference of each angle away.

    Args:
        about: ``mean`` or ``median``, which one is usual.
    """
    difference = predicted - truth
    turn = np.radians(difference)
    offset = np.degrees(np.arctan2(mean(np.sin(turn)), mean(np.cos(turn))))
    rest = wrapped(difference - offset)
    return _penalised(np.abs(rest - about(rest)), truth, MISSING_ANGLE_DEG)


def ranges_of_motion_deg(curves: Floats) -> Floats:
    """(A,) largest minus smallest known value of (T, A) angles.

    0 for a curve that is never known: it shows no movement.
    """
    known = np.isfinite(curves)
    highest = np.where(known, curves, -np.inf).max(axis=0)
    lowest = np.where(known, curves, np.inf).min(axis=0)
    return np.where(known.any(axis=0), highest - lowest, 0.0)


def unwrapped(curves: Floats) -> Floats:
    """(T, A) angles in deg without jumps of 360, also across gaps; NaN stays NaN."""
    smooth = np.array(curves, dtype=float)
    for curve in smooth.T:
        known = np.isfinite(curve)
        curve[known] = np.unwrap(curve[known], period=360)
    return smooth


def wrapped(degrees: Floats) -> Floats:
    """In [-180, 180)."""
    return np.asarray((degrees + 180) % 360 - 180)


def inside_band(error_deg: Floats, half_width_deg: Floats) -> Floats:
    """(T, A) 1 where an error is inside a band of this half-width, else 0; NaN where either
    is not known."""
    known = np.isfinite(error_deg) & np.isfinite(half_width_deg)
    return np.where(known, np.abs(error_deg) <= half_width_deg, np.nan)


def rank_correlation(confidence: Floats, error: Floats) -> float:
    """Spearman's, 1 where the less sure is always the worse; NaN where one is constant."""
    judged = np.isfinite(confidence) & np.isfinite(error)
    sure, good = rankdata(confidence[judged]), rankdata(-error[judged])
    if sure.size < 2 or np.ptp(sure) == 0 or np.ptp(good) == 0:
        return float("nan")
    return float(np.corrcoef(sure, good)[0, 1])


def jitter_mm(points: Floats) -> float:
    """Mean distance of (T, J, 3) points in m from the middle of their neighbours in time."""
    off = np.linalg.norm(points[1:-1] - (points[2:] + points[:-2]) / 2, axis=-1)
    return 1000 * float(off[np.isfinite(off)].mean()) if np.isfinite(off).any() else np.nan


def _median_lengths(joints: Floats) -> Floats:
    """(14,) of COCO17's limbs in (T, 17, 3) joints, over time; NaN where never known."""
    parents, children = np.array(COCO17.bone_indices).T
    return median(np.linalg.norm(joints[:, children] - joints[:, parents], axis=-1))


def _penalised(error: Floats, truth: Floats, missing: float) -> Floats:
    known: NDArray[np.bool_] = np.isfinite(truth)
    return np.where(known, np.where(np.isfinite(error), error, missing), np.nan)
