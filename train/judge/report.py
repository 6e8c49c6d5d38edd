"""The comparison as text for people and as JSON for machines."""

import json
import textwrap
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any

import numpy as np
import pandas as pd

from humanpose.quality.view import VIEWS
from train.judge.comparison import MIN_TRUTH_SD_DEG, Comparison, Row
from train.judge.figures import LIMB_NAMES, Figures
from train.judge.metrics import CORE_ANGLES
from train.judge.stages import STAGES
from train.judge.targets import targets_as_text

FORMAT = 1
"""Of the JSON file; raised when a key changes its meaning."""
MOST_CLIPS_SHOWN = 10
_SHORT = (
    "limb mean", "median", "flips %", ">90 %", "none %", "MPJPE", "up", "angle MAE",
    "offset-free", "ROM", "ROM bias %", "21 MAE", "21 free",
)  # fmt: skip

_NOTES = """
Means over all frames; lower is better, except rho: rank correlation of confidence and error.
Missing (none %): a limb counts as 90° and as a flip, an angle as 30°, a joint as lying in the
mid-hip. flips: of 100 limbs with |z| > 0.2, those with the wrong sign of z.
MPJPE: mm, shoulders to ankles, seen from the mid-hip; PA: after one similarity per frame.
Angles: wrapped to ±180°; of two equal Cardan triples the one nearer the truth counts;
offset-free: after one constant per clip and angle; rho angle is with that.
bone, jitter: of the prediction alone: SD / mean of a limb's length; mm, mean distance of a
joint from the middle of its neighbours in time.
bones off: length against the true one, each the median over a clip, median over the limbs.
repr: px in the image, median, from the detector's keypoint to the joint; resid: to where
MediaPipe usually sees that joint, which is not its centre. Both of the final, filtered joints.
band: share of the truth within 1.645 of the stated standard deviations (±, mean), after one
constant per clip and angle; to be 90. rho band: rank correlation of its width with that error.
21: over pelvis_tilt, pelvis_list, trunk, hips, knees, ankle_angle, arm_flex, arm_add and
elbow_flex, however little they vary; the mean of the clips, a long one counting as a short one;
free of the median difference, not the mean.
Rendered clips: their field of view is not given, as with a user's clip. The truth counts from
the mesh's rest pose and ours from OpenSim's, and MAE holds that difference: offset-free is the
fair column. Knees, elbows and forearms are hinges there; their other angles are no truth.
phone: the truth is from optical markers. twocam, opencap: it is two-camera markerless motion,
itself 4-5° off. The heading of either is that in the laboratory, so pelvis_rotation is compared
offset-free only.
""".strip()


def as_json(comparisons: Mapping[str, Comparison]) -> str:
    """All figures; null for what isn't known."""
    sets = {
        name: asdict(comparison) | {"angles_left_out": list(comparison.angles_left_out)}
        for name, comparison in comparisons.items()
    }
    return json.dumps(_null_for_nan({"format": FORMAT, "sets": sets}))


def as_text(comparisons: Mapping[str, Comparison]) -> str:
    """What was asked for, the table of all sets, then each set by view, activity, clip, limb
    and angle."""
    table = {
        f"{name}  {stage}": _headline(row.all)
        for name, comparison in comparisons.items()
        for stage, row in comparison.stages.items()
    }
    parts = [*targets_as_text(comparisons), _rendered(table)]
    for name, comparison in comparisons.items():
        parts += _details(name, comparison)
    used = {stage for c in comparisons.values() for stage in c.stages}
    meanings = [f"{name}: {STAGES[name].meaning}" for name in STAGES if name in used]
    return "\n\n".join([*parts, "\n".join(meanings), _NOTES])


def _details(name: str, comparison: Comparison) -> list[str]:
    rows = comparison.stages
    parts = [
        f"=== {name}: {comparison.clips} clips, {comparison.frames} frames of"
        f" {', '.join(comparison.subjects)}"
    ]
    groups = {
        "view": {stage: row.by_view for stage, row in rows.items()},
        "activity": {stage: row.by_activity for stage, row in rows.items()},
    }
    if 1 < len(comparison.subjects) < comparison.clips:
        groups["person"] = {stage: row.by_person for stage, row in rows.items()}
    if comparison.clips <= MOST_CLIPS_SHOWN:
        groups["clip"] = {stage: row.by_clip for stage, row in rows.items()}
    for by_stage in groups.values():
        table = {
            f"{group}  {stage}": _short(by_stage[stage][group])
            for group in _in_order(next(iter(by_stage.values()), {}))
            for stage in by_stage
        }
        parts += [_rendered(table)] if table else []
    if any(np.isfinite(row.all.pose.limb_mean_deg) for row in rows.values()):
        parts.append(_rendered(_limb_table(rows)))
    parts += [_rendered(_angle_table(rows)), _left_out(comparison)]
    return [*parts, f"The 21 core angles, every clip alike:\n{_rendered(_core_table(rows))}"]


def _headline(figures: Figures) -> dict[str, float]:
    pose, angle = figures.pose, figures.angle_mean
    return {
        "limb mean": pose.limb_mean_deg,
        "median": pose.limb_median_deg,
        "p90": pose.limb_p90_deg,
        "flips %": pose.depth_flips_per_100,
        ">90 %": pose.limbs_over_90_per_100,
        "none %": pose.limbs_missing_per_100,
        "MPJPE": pose.mpjpe_mm,
        "PA mm": pose.pa_mpjpe_mm,
        "up": pose.up_error_deg,
        "angle MAE": angle.mae_deg,
        "offset-free": angle.offset_free_mae_deg,
        "ROM": angle.rom_error_deg,
        "ROM bias %": angle.rom_bias_percent,
        "bone %": pose.bone_length_variation_percent,
        "bones off %": pose.bones_off_percent,
        "repr px": pose.reprojection_px,
        "jitter": pose.jitter_mm,
        "rho limb": pose.confidence_rank_correlation,
        "rho angle": figures.angle_confidence_rank_correlation,
        "band %": angle.in_band_percent,
        "band ±": angle.band_half_width_deg,
        "rho band": angle.band_rank_correlation,
        "21 MAE": figures.core.mae_deg,
        "21 free": figures.core.offset_free_mae_deg,
        "21 bias %": figures.core.rom_bias_percent,
    }


def _short(figures: Figures) -> dict[str, float]:
    headline = _headline(figures)
    return {"frames": figures.frames} | {name: headline[name] for name in _SHORT}


def _limb_table(rows: Mapping[str, Row]) -> dict[str, dict[str, float]]:
    return {
        name: {
            f"{stage} {label}": value
            for stage, row in rows.items()
            for label, value in {
                "mean": row.all.limbs[name].mean_deg,
                "median": row.all.limbs[name].median_deg,
            }.items()
        }
        for name in LIMB_NAMES
    }


def _angle_table(rows: Mapping[str, Row]) -> dict[str, dict[str, float]]:
    names = next(iter(rows.values())).all.angles if rows else {}
    return {
        name: {
            f"{stage} {label}": value
            for stage, row in rows.items()
            for label, value in {
                "MAE": row.all.angles[name].mae_deg,
                "free": row.all.angles[name].offset_free_mae_deg,
                "ROM": row.all.angles[name].rom_error_deg,
            }.items()
        }
        for name in names
    }


def _core_table(rows: Mapping[str, Row]) -> dict[str, dict[str, float]]:
    return {
        f"{name}  {stage}": {
            "MAE": figures.mae_deg,
            "free": figures.offset_free_mae_deg,
            "ROM bias %": figures.rom_bias_percent,
            "band %": figures.in_band_percent,
            "band ±": figures.band_half_width_deg,
            "rho band": figures.band_rank_correlation,
        }
        for name in CORE_ANGLES
        for stage, row in rows.items()
        for figures in (row.all.core_angles[name],)
    }


def _left_out(comparison: Comparison) -> str:
    listed = [
        f"{name} ({'no truth' if np.isnan(sd) else f'{sd:.1f}'})"
        for name, sd in comparison.angles_left_out.items()
    ]
    start = f"Not in the means, SD of the truth below {MIN_TRUTH_SD_DEG:g}°: "
    return textwrap.fill(start + ", ".join(listed), width=96)


def _in_order(groups: Iterable[str]) -> list[str]:
    order = list(VIEWS)
    return sorted(groups, key=lambda name: (order.index(name) if name in order else 0, name))


def _rendered(table: Mapping[str, Mapping[str, float]]) -> str:
    frame = pd.DataFrame({name: dict(row) for name, row in table.items()}).T
    decimals = dict.fromkeys(("frames", "MPJPE", "PA mm"), 0)
    decimals |= dict.fromkeys(("rho limb", "rho angle", "rho band", "21 MAE", "21 free"), 2)
    formatters = {name: f"{{:.{decimals.get(name, 1)}f}}".format for name in frame}
    return frame.to_string(formatters=formatters, na_rep="-")


def _null_for_nan(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _null_for_nan(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_null_for_nan(item) for item in value]
    return None if isinstance(value, float) and np.isnan(value) else value
