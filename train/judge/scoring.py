"""One prediction against its truth, frame by frame."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from humanpose.confidence import BAND
from humanpose.geometry import bend_deg
from humanpose.quality.figures import bone_length_variation
from humanpose.quality.view import VIEWS, turned_from_camera_deg
from humanpose.sequence import Floats
from humanpose.skeleton import ANGLE_NAMES, COCO_IN_MEDIAPIPE
from train.judge import metrics
from train.judge.cases import Case
from train.judge.prediction import Prediction

Mask = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class PoseErrors:
    """Of T frames; NaN where not judged."""

    limb_deg: Floats
    """(T, 14)."""
    depth_wrong: Floats
    """(T, 14) 0 or 1."""
    joint_mm: Floats
    """(T, 12)."""
    aligned_joint_mm: Floats
    """(T, 12)."""
    up_deg: Floats
    """(T,)."""
    reprojection_px: Floats
    """(T, 12); needs no truth."""
    bone_lengths_off: Floats
    """(14,) relative."""


@dataclass(frozen=True, eq=False)
class AngleErrors:
    """Of T frames; NaN where not judged."""

    absolute_deg: Floats
    """(T, 36); NaN also where the truth's zero isn't known."""
    offset_free_deg: Floats
    """(T, 36)."""
    about_median_deg: Floats
    """(T, 36) the same after the median difference of each angle, not the mean."""
    rom_deg: Floats
    """(36,) range of motion minus the true one."""
    true_rom_deg: Floats
    """(36,)."""
    in_band: Floats
    """(T, 36) 0 or 1: whether the offset-free error is inside the 90 % band that is stated."""
    absolute_in_band: Floats
    """(T, 36) the same of the absolute error."""
    half_width_deg: Floats
    """(T, 36) of that band; NaN also where none is stated."""


@dataclass(frozen=True, eq=False)
class Score:
    """One clip, judged."""

    predicted: Prediction
    pose: PoseErrors
    angles: AngleErrors

    @property
    def limb_missing(self) -> Floats:
        """(T, 14) 0 or 1; NaN where limbs aren't judged."""
        missing = np.isnan(self.predicted.limbs[..., 0])
        return np.where(np.isnan(self.pose.limb_deg).all(), np.nan, missing)

    @property
    def bone_lengths_off(self) -> float:
        """Median over the limbs whose length is known, relative."""
        known = self.pose.bone_lengths_off[np.isfinite(self.pose.bone_lengths_off)]
        return float(np.median(known)) if known.size else float("nan")

    @property
    def bone_length_variation(self) -> float:
        return bone_length_variation(self.predicted.joints)

    @property
    def jitter_mm(self) -> float:
        return metrics.jitter_mm(metrics.from_hips(self.predicted.joints.positions))


def score(predicted: Prediction, case: Case) -> Score:
    """Compare a prediction with the truth of its clip."""
    return Score(predicted, _pose_errors(predicted, case), _angle_errors(predicted, case))


def truth_sd_deg(cases: Iterable[Case]) -> dict[str, float]:
    """Angle -> SD of its truth within clips, pooled over their frames; NaN without truth."""
    curves = [metrics.unwrapped(case.truth.angles) for case in cases]
    squares = np.concatenate([(curve - metrics.mean(curve)) ** 2 for curve in curves])
    return dict(zip(ANGLE_NAMES, np.sqrt(metrics.mean(squares)).tolist(), strict=True))


def views_of(case: Case) -> dict[str, Mask]:
    """View -> (T,) in which frames the person is seen so; empty where that isn't known."""
    if case.truth.joints is None or case.truth.up is None:
        return {}
    turned = turned_from_camera_deg(case.truth.joints.positions, case.truth.up)
    kind = np.searchsorted(list(VIEWS.values()), turned)
    return {view: kind == i for i, view in enumerate(VIEWS)}


def _pose_errors(predicted: Prediction, case: Case) -> PoseErrors:
    ours = metrics.from_hips(predicted.joints.positions)
    off_px = _reprojection_px(predicted, case)
    if case.truth.joints is None or case.truth.up is None:
        limbs, joints = (np.full(a.shape[:2], np.nan) for a in (predicted.limbs, ours))
        return PoseErrors(limbs, limbs, joints, joints, limbs[:, 0], off_px, limbs[0])
    true = metrics.from_hips(case.truth.joints.positions)
    true_limbs = metrics.limb_directions(case.truth.joints.positions)
    up_deg = bend_deg(predicted.up, case.truth.up)
    up_deg = np.where(np.isfinite(up_deg), up_deg, metrics.MISSING_LIMB_DEG)
    return PoseErrors(
        metrics.limb_errors_deg(predicted.limbs, true_limbs),
        metrics.wrong_depth_sign(predicted.limbs, true_limbs),
        metrics.joint_errors_mm(ours, true),
        metrics.aligned_joint_errors_mm(ours, true),
        np.broadcast_to(up_deg, len(true)),
        off_px,
        metrics.bone_lengths_off(predicted.joints.positions, case.truth.joints.positions),
    )


def _reprojection_px(predicted: Prediction, case: Case) -> Floats:
    joints = predicted.joints.positions
    if predicted.camera is None:
        return np.full(metrics.from_hips(joints).shape[:2], np.nan)
    keypoints = case.landmarks.pixels[:, COCO_IN_MEDIAPIPE]
    return metrics.reprojection_px(joints, keypoints, predicted.camera)


def _angle_errors(predicted: Prediction, case: Case) -> AngleErrors:
    truth = metrics.unwrapped(case.truth.angles)
    degrees = metrics.nearest_equal(truth, predicted.angles.degrees)
    known = np.isfinite(truth)
    true_rom = np.where(known.any(axis=0), metrics.ranges_of_motion_deg(truth), np.nan)
    rom = metrics.ranges_of_motion_deg(np.where(known, degrees, np.nan))
    absolute = np.where(case.truth.has_zero, metrics.angle_errors_deg(degrees, truth), np.nan)
    offset_free = metrics.offset_free_errors_deg(degrees, truth)
    deviation = predicted.angles.deviation
    half_width = np.full_like(truth, np.nan) if deviation is None else BAND * deviation
    return AngleErrors(
        absolute_deg=absolute,
        offset_free_deg=offset_free,
        about_median_deg=metrics.offset_free_errors_deg(degrees, truth, about=metrics.median),
        rom_deg=rom - true_rom,
        true_rom_deg=true_rom,
        in_band=metrics.inside_band(offset_free, half_width),
        absolute_in_band=metrics.inside_band(absolute, half_width),
        half_width_deg=np.where(known, half_width, np.nan),
    )
