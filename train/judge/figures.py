"""The figures of a row of the table: many frames of many clips in a few numbers."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace

import numpy as np

from humanpose.sequence import Floats
from humanpose.skeleton import ANGLE_NAMES
from train.judge.metrics import CORE_ANGLES, rank_correlation
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
    band_half_width_deg: float
    """Mean of that band; NaN where none is stated."""
    band_rank_correlation: float
    """With the offset-free error: 1 where a wider band always means a larger error."""


@dataclass(frozen=True)
class Figures:
    """One row of the table."""

    frames: int
    pose: PoseFigures
    angle_mean: AngleFigures
    """Over the angles whose truth varies."""
    core: AngleFigures
    """Over the core angles whose truth is known, however little it varies. Every clip counts
    the same here, and the constant that is taken away is the median."""
    angle_confidence_rank_correlation: float
    """With the offset-free error."""
    limbs: Mapping[str, LimbFigures]
    angles: Mapping[str, AngleFigures]
    core_angles: Mapping[str, AngleFigures]


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
    core = [ANGLE_NAMES.index(name) for name in CORE_ANGLES]
    core_angles = {
        name: _core_angle(parts, i) for name, i in zip(CORE_ANGLES, core, strict=True)
    }
    return Figures(
        frames=sum(int(frames.sum()) for _, frames in parts),
        pose=_pose(parts),
        angle_mean=_mean(by_angle.values(), _band_rank(parts, columns)),
        core=_mean(core_angles.values(), _band_rank(parts, core)),
        angle_confidence_rank_correlation=rank_correlation(
            _pooled(parts, lambda s: s.predicted.angles.confidence[:, columns]),
            _pooled(parts, lambda s: s.angles.offset_free_deg[:, columns]),
        ),
        limbs={name: _limb(parts, i) for i, name in enumerate(LIMB_NAMES)},
        angles=by_angle,
        core_angles=core_angles,
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
        band_half_width_deg=_average(
            _pooled(parts, lambda s: s.angles.half_width_deg[:, column])
        ),
        band_rank_correlation=_band_rank(parts, [column]),
    )


def _core_angle(parts: list[Part], column: int) -> AngleFigures:
    free = [_average(score.angles.about_median_deg[frames, column]) for score, frames in parts]
    return replace(
        _mean([_angle([part], column) for part in parts], _band_rank(parts, [column])),
        offset_free_mae_deg=_average(np.array(free)),
    )


def _band_rank(parts: list[Part], columns: list[int]) -> float:
    return rank_correlation(
        _pooled(parts, lambda s: -s.angles.half_width_deg[:, columns]),
        _pooled(parts, lambda s: s.angles.offset_free_deg[:, columns]),
    )


def _mean(figures: Collection[AngleFigures], band_rank_correlation: float) -> AngleFigures:
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
        band_half_width_deg=_average(np.array([f.band_half_width_deg for f in figures])),
        band_rank_correlation=band_rank_correlation,
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
