"""Right against left: how far the sides differ, and whether that is more than the error."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from humanpose.measures import detectable
from humanpose.measures.cycles import CycleCurves
from humanpose.measures.events import SIDES, Side
from humanpose.measures.gait import no_cycle
from humanpose.sequence import Floats
from humanpose.skeleton import ANGLE_NAMES

LEAST_MEAN_DEG = 5.0
"""Nearer to zero than this, the mean of two sides is no base for a percentage."""

_COMPARED = ("range_deg", "maximum_deg", "minimum_deg", "mean_deg")
_STEMS = tuple(name.removesuffix("_r") for name in ANGLE_NAMES if name.endswith("_r"))


def symmetry(measures: pd.DataFrame, *, range_error_deg: pd.Series) -> pd.DataFrame:
    """Right against left over one stretch: a row per angle that has two sides, and measure.

    Of range, maximum, minimum and mean: the difference (right minus left, deg), the symmetry
    index and the symmetry angle, %. Both indices are NaN where they mean nothing, and
    ``reason`` says why; the difference always stands. ``kind`` is the weaker side's.
    ``verdict`` names a difference of the range, *right larger* or *left larger*, only beyond
    ``mdc_deg``, else it is *within error*. What is inferred is *not judged*, nor is any other
    measure than the range: each side has a constant error of its own.

    Args:
        measures: from ``angle_measures``.
        range_error_deg: of each angle, the standard error of its range; from ``range_errors``.
    """
    rows = []
    for stem in _STEMS:
        right, left = (measures.loc[f"{stem}_{side}"] for side in SIDES)
        kind = _weaker(right["kind"], left["kind"])
        errors = (float(range_error_deg[f"{stem}_{side}"]) for side in SIDES)
        limit = detectable.of_two(*errors)
        for measure in _COMPARED:
            values = float(right[measure]), float(left[measure])
            mdc = limit if measure == "range_deg" else np.nan
            name = {"angle": stem, "measure": measure.removesuffix("_deg")}
            rows.append({**name, **_compared(*values, kind=kind, mdc_deg=mdc)})
    return pd.DataFrame(rows)


def cycle_symmetry(
    curves: Mapping[Side, CycleCurves], measures: pd.DataFrame, *, range_error_deg: pd.Series
) -> pd.DataFrame:
    """Right against left by the range within a cycle, the mean of each side's cycles.

    The columns of ``symmetry`` (measure: *range*), and how many cycles carry each side,
    ``cycles_right`` and ``cycles_left``. Without a cycle of a leg nothing is compared; with
    one, its error is that of any range; from two on, see ``detectable.of_means``.

    Args:
        curves: the right side's cycles and the left's, or the same repetitions for both.
        measures: from ``angle_measures``, for the kind of each angle.
        range_error_deg: as in ``symmetry``.
    """
    rows = []
    for stem in _STEMS:
        ranges = [_ranges(curves[side], f"{stem}_{side}") for side in SIDES]
        values = [float(r.mean()) if len(r) else np.nan for r in ranges]
        errors = (float(range_error_deg[f"{stem}_{side}"]) for side in SIDES)
        limit = detectable.of_means(*ranges, own_error=detectable.OWN_RANGE_DEG)
        limit = detectable.of_two(*errors) if np.isnan(limit) else limit
        kind = _weaker(*(measures.loc[f"{stem}_{side}", "kind"] for side in SIDES))
        row = _compared(values[0], values[1], kind=kind, mdc_deg=limit)
        right, left = (len(r) for r in ranges)
        if min(right, left) == 0 and kind != "absent":
            row["reason"] = no_cycle(right, left)
        name = {"angle": stem, "measure": "range"}
        rows.append({**name, **row, "cycles_right": right, "cycles_left": left})
    return pd.DataFrame(rows)


def symmetry_index(right: float, left: float, *, least_mean: float = 0.0) -> float:
    """(right - left) / mean, %: 0 is symmetric, positive a larger right side.

    After Robinson, Herzog & Nigg (1987). NaN where it means nothing: the sides
    differ in sign, or their mean is within ``least_mean`` of zero, so that dividing by it would
    inflate any difference.
    """
    mean = (right + left) / 2
    if right * left < 0 or not abs(mean) > least_mean:
        return np.nan
    return 100 * (right - left) / mean


def symmetry_angle(right: float, left: float, *, least: float = 0.0) -> float:
    """How far the point (right, left) is from the diagonal, % of 90° (Zifchock et al. 2008).

    In [-100, 100]: 0 is symmetric, positive a larger right side, 100 opposite sides. NaN where
    both sides are within ``least`` of zero.
    """
    if not max(abs(right), abs(left)) > least:
        return np.nan
    off = (45 - np.degrees(np.arctan2(left, right))) % 180
    return float(off if off <= 90 else off - 180) / 90 * 100


def _compared(
    right: float, left: float, *, kind: str, mdc_deg: float
) -> dict[str, float | str]:
    index = symmetry_index(right, left, least_mean=LEAST_MEAN_DEG)
    angle = symmetry_angle(right, left, least=LEAST_MEAN_DEG)
    if kind == "absent":
        reason = "the angle is absent on one side or both"
    elif np.isnan(angle):
        reason = f"both sides are within {LEAST_MEAN_DEG:.0f}° of zero: compare the difference"
    elif np.isnan(index):
        reason = "the sides differ in sign or cancel out: the index would be inflated"
    else:
        reason = "inferred on one side or both" if kind == "inferred" else ""
    mdc_deg = mdc_deg if kind == "measured" and np.isfinite(right - left) else np.nan
    words = {"more": "right larger", "less": "left larger"}
    return {
        "right_deg": right,
        "left_deg": left,
        "difference_deg": right - left,
        "mdc_deg": mdc_deg,
        "verdict": detectable.verdict(right - left, mdc_deg, **words),
        "symmetry_index_percent": index,
        "symmetry_angle_percent": angle,
        "kind": kind,
        "reason": reason,
    }


def _weaker(*kinds: str) -> str:
    return next(kind for kind in ("absent", "inferred", "measured") if kind in kinds)


def _ranges(curves: CycleCurves, name: str) -> Floats:
    """(N,) deg, of the cycles that carry the angle."""
    own = curves.degrees[:, :, ANGLE_NAMES.index(name)]
    return np.asarray(np.ptp(own[np.isfinite(own).all(axis=1)], axis=1))
