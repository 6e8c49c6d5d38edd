"""The figures of a row of the table: many frames of many clips in a few numbers."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from humanpose.sequence import Floats
from humanpose.skeleton import ANGLE_NAMES
from train.judge.metrics import rank_correlation
from train.judge.scoring import Mask, Score

LIMB_NAMES = (
    "L upper arm", "L forearm", "R upper arm", "R forearm",
    "L thigh", "L shin", "R thigh", "R shin",
    "shoulder width", "hip width", "L torso", "R torso", "L cross-body", "R cross-body",
)  # fmt: skip
"""COCO17's bones, in order."""

Part = tuple[Score, Mask]
"""A clip, with (T,) which of its frames are in."""


@dataclass(frozen=True)
class PoseFigures:
    """NaN where the truth doesn't tell."""

    limb_mean_deg: float
    limb_median_deg: float
    limb_p90_deg: float
    depth_flips_per_100: float
    limbs_over_90_per_100: float
    limbs_missing_per_100: float
    mpjpe_mm: float
    pa_mpjpe_mm: float
    up_error_deg: float
    bones_off_percent: float
    """Length against the true one, median over the limbs."""
    bone_length_variation_percent: float
    reprojection_px: float
    """Median."""
    keypoint_residual_px: float
    """Median."""
    jitter_mm: float
    confidence_rank_correlation: float


@dataclass(frozen=True)
class LimbFigures:
    """Of one limb; NaN where the truth doesn't tell."""

    mean_deg: float
    median_deg: float
    over_90_per_100: float


@dataclass(frozen=True)
class AngleFigures:
    """Of one joint angle, or over several; NaN where the truth doesn't tell."""

    mae_deg: float
    offset_free_mae_deg: float
    rom_error_deg: float
    """Mean size of the difference in range of motion."""
    rom_bias_percent: float
    """That difference with its sign, in all; of the true range, in all."""
    true_rom_deg: float
    in_band_percent: float
    """Share of the truth in the stated 90 % band, after one constant per clip and angle."""
    absolute_in_band_percent: float
    """The same as it is."""


@dataclass(frozen=True)
class Figures:
    """One row of the table."""

    frames: int
    pose: PoseFigures
    angle_mean: AngleFigures
    """Over the angles whose truth varies."""
    angle_confidence_rank_correlation: float
    """With the offset-free error."""
    limbs: Mapping[str, LimbFigures]
    angles: Mapping[str, AngleFigures]


def figures_of(parts: list[Part], angles: list[str]) -> Figures:
    """The row of some frames of some clips.

    What a clip has only once (range of motion, bone lengths, jitter) is averaged over the
    clips, weighted by how many of their frames are in.

    Args:
        parts: at least one.
        angles: those to report and average.
    """
    columns = [ANGLE_NAMES.index(name) for name in angles]
    by_angle = {name: _angle(parts, i) for name, i in zip(angles, columns, strict=True)}
    return Figures(
        frames=sum(int(frames.sum()) for _, frames in parts),
        pose=_pose(parts),
        angle_mean=_mean(list(by_angle.values())),
        angle_confidence_rank_correlation=rank_correlation(
            _pooled(parts, lambda s: s.predicted.angles.confidence[:, columns]),
            _pooled(parts, lambda s: s.angles.offset_free_deg[:, columns]),
        ),
        limbs={name: _limb(parts, i) for i, name in enumerate(LIMB_NAMES)},
        angles=by_angle,
    )


def _pose(parts: list[Part]) -> PoseFigures:
    limb = _pooled(parts, lambda s: s.pose.limb_deg)
    known = limb[np.isfinite(limb)]
    variation = _over_clips(parts, lambda s: s.bone_length_variation)
    return PoseFigures(
        limb_mean_deg=_average(limb),
        limb_median_deg=_percentile(limb, 50),
        limb_p90_deg=_percentile(limb, 90),
        depth_flips_per_100=100 * _average(_pooled(parts, lambda s: s.pose.depth_wrong)),
        limbs_over_90_per_100=100 * _average((known > 90).astype(float)),
        limbs_missing_per_100=100 * _average(_pooled(parts, lambda s: s.limb_missing)),
        mpjpe_mm=_average(_pooled(parts, lambda s: s.pose.joint_mm)),
        pa_mpjpe_mm=_average(_pooled(parts, lambda s: s.pose.aligned_joint_mm)),
        up_error_deg=_average(_pooled(parts, lambda s: s.pose.up_deg)),
        bones_off_percent=100 * _over_clips(parts, lambda s: s.bone_lengths_off),
        bone_length_variation_percent=100 * variation,
        reprojection_px=_percentile(_pooled(parts, lambda s: s.pose.reprojection_px), 50),
        keypoint_residual_px=_percentile(
            _pooled(parts, lambda s: s.pose.keypoint_residual_px), 50
        ),
        jitter_mm=_over_clips(parts, lambda s: s.jitter_mm),
        confidence_rank_correlation=rank_correlation(
            _pooled(parts, lambda s: s.predicted.limb_confidence), limb
        ),
    )


def _limb(parts: list[Part], column: int) -> LimbFigures:
    off = _pooled(parts, lambda s: s.pose.limb_deg[:, column])
    known = off[np.isfinite(off)]
    return LimbFigures(
        mean_deg=_average(off),
        median_deg=_percentile(off, 50),
        over_90_per_100=100 * _average((known > 90).astype(float)),
    )


def _angle(parts: list[Part], column: int) -> AngleFigures:
    true_rom = _over_clips(parts, lambda s: s.angles.true_rom_deg[column])
    rom = _over_clips(parts, lambda s: s.angles.rom_deg[column])
    return AngleFigures(
        mae_deg=_average(_pooled(parts, lambda s: s.angles.absolute_deg[:, column])),
        offset_free_mae_deg=_average(
            _pooled(parts, lambda s: s.angles.offset_free_deg[:, column])
        ),
        rom_error_deg=_over_clips(parts, lambda s: abs(s.angles.rom_deg[column])),
        rom_bias_percent=100 * rom / true_rom if true_rom > 0 else np.nan,
        true_rom_deg=true_rom,
        in_band_percent=100 * _average(_pooled(parts, lambda s: s.angles.in_band[:, column])),
        absolute_in_band_percent=100
        * _average(_pooled(parts, lambda s: s.angles.absolute_in_band[:, column])),
    )


def _mean(figures: list[AngleFigures]) -> AngleFigures:
    true_rom = np.array([f.true_rom_deg for f in figures])
    return AngleFigures(
        mae_deg=_average(np.array([f.mae_deg for f in figures])),
        offset_free_mae_deg=_average(np.array([f.offset_free_mae_deg for f in figures])),
        rom_error_deg=_average(np.array([f.rom_error_deg for f in figures])),
        rom_bias_percent=_average(np.array([f.rom_bias_percent for f in figures]), true_rom),
        true_rom_deg=_average(true_rom),
        in_band_percent=_average(np.array([f.in_band_percent for f in figures])),
        absolute_in_band_percent=_average(
            np.array([f.absolute_in_band_percent for f in figures])
        ),
    )


def _pooled(parts: list[Part], of: Callable[[Score], Floats]) -> Floats:
    """The frames that are in, of all clips, one after the other."""
    return np.concatenate([of(score)[frames] for score, frames in parts])


def _over_clips(parts: list[Part], of: Callable[[Score], float]) -> float:
    """Mean of what a clip has once, weighted by its frames that are in."""
    values = np.array([of(score) for score, _ in parts])
    return _average(values, np.array([frames.sum() for _, frames in parts], dtype=float))


def _percentile(values: Floats, percent: float) -> float:
    """Of the known values; NaN where there are none."""
    known = values[np.isfinite(values)]
    return float(np.percentile(known, percent)) if known.size else float("nan")


def _average(values: Floats, weights: Floats | None = None) -> float:
    """Of the known values; NaN where there are none."""
    known = np.isfinite(values)
    if not known.any():
        return float("nan")
    return float(np.average(values[known], weights=None if weights is None else weights[known]))
