"""What was asked of POF beside what was reached: the head of the report."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from train.judge.comparison import Comparison, Row
from train.judge.figures import Figures

FILMED = "twocam"
"""The set whose clips are held against the raw pipeline one by one."""
MAE_STRETCH_DEG, OFFSET_FREE_STRETCH_DEG = 6.0, 3.5

Value = Callable[[Figures], float]


@dataclass(frozen=True)
class Target:
    """A line of the table."""

    figure: str
    stage: str
    value: Value
    target: float
    stretch: float | None
    relative: bool = False
    """As a share of MediaPipe's."""
    more_is_better: bool = False

    @property
    def asked(self) -> dict[str, str]:
        sign = "≥" if self.more_is_better else "≤"
        wished = "-" if self.stretch is None else f"{sign} {self.stretch:g}"
        return {"stage": self.stage, "target": f"{sign} {self.target:g}", "stretch": wished}

    def reached(self, rows: Mapping[str, Row]) -> str:
        """The value of a set and how good that is; ``"-"`` where its rows don't tell."""
        if self.stage not in rows or (self.relative and "mediapipe" not in rows):
            return "-"
        value = self.value(rows[self.stage].all)
        if self.relative:
            value /= self.value(rows["mediapipe"].all)
        return verdict(value, self.target, self.stretch, sign=-1 if self.more_is_better else 1)


def verdict(value: float, target: float, stretch: float | None, *, sign: int = 1) -> str:
    """``"8.40 met"``, ``"7.10 stretch"``, ``"9.30 MISSED"``; ``"-"`` for NaN.

    Args:
        sign: 1 where less is better, -1 where more is.
    """
    if np.isnan(value):
        return "-"
    if stretch is not None and sign * value <= sign * stretch:
        return f"{value:.2f} stretch"
    return f"{value:.2f} {'met' if sign * value <= sign * target else 'MISSED'}"


def _limb_mean(figures: Figures) -> float:
    return figures.pose.limb_mean_deg


def _limbs_over_90(figures: Figures) -> float:
    return figures.pose.limbs_over_90_per_100


def _up(figures: Figures) -> float:
    return figures.pose.up_error_deg


_SOLVED, _NETWORK = "pof", "pof-limbs"
_SHARE = "share of MediaPipe's"
TARGETS = (
    Target("limb direction, mean, deg", _SOLVED, _limb_mean, 9.0, 7.5),
    Target("limb direction, mean, deg", _NETWORK, _limb_mean, 9.0, 7.5),
    Target(f"limb direction, {_SHARE}", _SOLVED, _limb_mean, 0.6, None, relative=True),
    Target(f"limb direction, {_SHARE}", _NETWORK, _limb_mean, 0.6, None, relative=True),
    Target("limb direction, true 2-D, deg", "pof-true-2d-limbs", _limb_mean, 6.0, 4.5),
    Target("limbs off by > 90°, of 100", _SOLVED, _limbs_over_90, 1.0, 0.3),
    Target("limbs off by > 90°, of 100", _NETWORK, _limbs_over_90, 1.0, 0.3),
    Target("bone lengths off, %", _SOLVED, lambda f: f.pose.bones_off_percent, 5.0, 3.0),
    Target("keypoint to joint, px", _SOLVED, lambda f: f.pose.reprojection_px, 5.0, 3.0),
    Target(f"MPJPE, {_SHARE}", _SOLVED, lambda f: f.pose.mpjpe_mm, 0.75, 0.6, relative=True),
    Target("up vector, deg", _SOLVED, _up, 4.0, 2.5),
    Target("up vector, deg", _NETWORK, _up, 4.0, 2.5),
    Target(
        "rank correlation of confidence",
        _NETWORK,
        lambda f: f.pose.confidence_rank_correlation,
        0.5,
        0.7,
        more_is_better=True,
    ),
)


def targets_as_text(comparisons: Mapping[str, Comparison]) -> list[str]:
    """The tables of what these sets and stages can tell."""
    lines = [
        {"figure": target.figure}
        | target.asked
        | {name: target.reached(comparison.stages) for name, comparison in comparisons.items()}
        for target in TARGETS
    ]
    judged = [name for name in comparisons if any(line[name] != "-" for line in lines)]
    parts = []
    if judged:
        table = pd.DataFrame(lines)[["figure", "stage", "target", "stretch", *judged]]
        parts.append(_left_aligned(table.set_index("figure")))
    filmed = comparisons.get(FILMED)
    if filmed is not None and {"raw", _SOLVED} <= filmed.stages.keys():
        parts.append(_by_clip(filmed))
    return parts


def _by_clip(comparison: Comparison) -> str:
    """Angle errors clip by clip, deg; to be below the raw pipeline's is the target."""
    table = {}
    raw, pof = (comparison.stages[stage].by_clip for stage in ("raw", _SOLVED))
    for clip in raw:
        before, after = raw[clip].angle_mean, pof[clip].angle_mean
        table[clip] = {
            "MAE raw": f"{before.mae_deg:.2f}",
            "MAE pof": verdict(after.mae_deg, before.mae_deg, MAE_STRETCH_DEG),
            "offset-free raw": f"{before.offset_free_mae_deg:.2f}",
            "offset-free pof": verdict(
                after.offset_free_mae_deg, before.offset_free_mae_deg, OFFSET_FREE_STRETCH_DEG
            ),
        }
    return pd.DataFrame(table).T.to_string()


def _left_aligned(table: pd.DataFrame) -> str:
    """With the names at the left, as in the other tables."""
    width = max(map(len, table.index))
    return table.set_axis([name.ljust(width) for name in table.index]).to_string()
