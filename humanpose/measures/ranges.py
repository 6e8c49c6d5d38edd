"""What a curve comes to: range, extremes, mean and speed of every angle; left against right."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.signal import savgol_filter

from humanpose.confidence import MEASURED
from humanpose.geometry import runs
from humanpose.sequence import Floats, JointAngles
from humanpose.skeleton import ANGLE_NAMES

DERIVATIVE_WINDOW_S = 0.2
"""Length of the polynomials that angular velocity and acceleration are taken from."""
LEAST_MEAN_DEG = 5.0
"""Nearer to zero than this, the mean of two sides is no base for a percentage."""

_ORDER = 4
_COMPARED = ("range_deg", "maximum_deg", "minimum_deg", "mean_deg")


def angular_velocity(angles: JointAngles) -> Floats:
    """(T, 36) deg/s; NaN where an angle is, and in stretches shorter than the window.

    Local polynomials of fourth order over 0.2 s, at least 5 frames (Savitzky & Golay 1964).
    They pass 99 % of a movement at 2 Hz and 97 % at 3 Hz, and 70 % at 6 Hz, which is where
    the default filter of the positions ends; at any frame rate from 25 to 240 alike.
    """
    return _derivative(angles, order=1)


def angular_acceleration(angles: JointAngles) -> Floats:
    """(T, 36) deg/s², by the polynomials of ``angular_velocity`` and NaN where that is."""
    return _derivative(angles, order=2)


def angle_measures(
    angles: JointAngles, *, start_s: float = -np.inf, end_s: float = np.inf
) -> pd.DataFrame:
    """One row per angle over a part of the clip, both ends included, in clip time.

    ``maximum_velocity`` is the fastest change upwards, ``minimum_velocity`` downwards; the same
    for acceleration. ``kind`` is *measured*, *inferred* (an extreme, or most of the curve, is),
    or *absent* (everything is NaN); ``confidence`` and ``deviation_deg`` are means over the
    frames. ``reason`` says in a sentence what to be careful about; it is empty otherwise.
    """
    time_s = angles.timeline.time_s
    part = (time_s >= start_s) & (time_s <= end_s)
    velocity, acceleration = angular_velocity(angles)[part], angular_acceleration(angles)[part]
    unknown = np.full_like(angles.degrees, np.nan)
    deviation = (unknown if angles.deviation is None else angles.deviation)[part]
    rows = [
        _extremes(curve, time_s[part])
        | _speed(velocity[:, i], "velocity_deg_per_s")
        | _speed(acceleration[:, i], "acceleration_deg_per_s2")
        | {"deviation_deg": _mean(deviation[:, i])}
        | _trust(curve, angles.confidence[part, i], velocity[:, i])
        for i, curve in enumerate(angles.degrees[part].T)
    ]
    return pd.DataFrame(rows, index=pd.Index(ANGLE_NAMES, name="angle"))


def symmetry(measures: pd.DataFrame) -> pd.DataFrame:
    """Right against left: one row per angle that has two sides, and measure.

    Of range, maximum, minimum and mean: the difference (right minus left, deg), the symmetry
    index and the symmetry angle, %. Both indices are NaN where they mean nothing, and
    ``reason`` says why; the difference always stands. ``kind`` is the weaker side's.

    Args:
        measures: from ``angle_measures``.
    """
    stems = [name.removesuffix("_r") for name in ANGLE_NAMES if name.endswith("_r")]
    rows = [
        _compared(measures.loc[f"{stem}_r"], measures.loc[f"{stem}_l"], measure)
        for stem in stems
        for measure in _COMPARED
    ]
    table = pd.DataFrame(rows)
    table.insert(0, "angle", [stem for stem in stems for _ in _COMPARED])
    table.insert(1, "measure", [m.removesuffix("_deg") for _ in stems for m in _COMPARED])
    return table


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


def _derivative(angles: JointAngles, *, order: int) -> Floats:
    fps = angles.timeline.fps
    frames = max(_ORDER + 1, 2 * round(DERIVATIVE_WINDOW_S * fps / 2) + 1)
    derivative = np.full_like(angles.degrees, np.nan)
    for i in range(len(ANGLE_NAMES)):
        for run in runs(np.isfinite(angles.degrees[:, i])):
            if run.stop - run.start >= frames:
                derivative[run, i] = savgol_filter(
                    angles.degrees[run, i], frames, _ORDER, deriv=order, delta=1 / fps
                )
    return derivative


def _extremes(curve: Floats, time_s: Floats) -> dict[str, float | str]:
    if not np.isfinite(curve).any():
        names = ("range_deg", "maximum_deg", "maximum_at_s", "minimum_deg", "minimum_at_s")
        return dict.fromkeys((*names, "mean_deg"), np.nan)
    high, low = int(np.nanargmax(curve)), int(np.nanargmin(curve))
    return {
        "range_deg": float(curve[high] - curve[low]),
        "maximum_deg": float(curve[high]),
        "maximum_at_s": float(time_s[high]),
        "minimum_deg": float(curve[low]),
        "minimum_at_s": float(time_s[low]),
        "mean_deg": _mean(curve),
    }


def _speed(derivative: Floats, unit: str) -> dict[str, float | str]:
    known = derivative[np.isfinite(derivative)]
    return {
        f"maximum_{unit}": float(known.max()) if len(known) else np.nan,
        f"minimum_{unit}": float(known.min()) if len(known) else np.nan,
    }


def _trust(curve: Floats, sure: Floats, velocity: Floats) -> dict[str, float | str]:
    """How far the figures of one angle can be relied on."""
    known = np.isfinite(curve)
    if not known.any():
        reason = "nothing that was seen carries this angle"
        return {"confidence": 0.0, "kind": "absent", "reason": reason}
    inferred = sure[known] < MEASURED
    at_extremes = bool((sure[[np.nanargmax(curve), np.nanargmin(curve)]] < MEASURED).any())
    kind = "inferred" if at_extremes or inferred.mean() > 0.5 else "measured"
    notes = []
    if kind == "inferred":
        extremes = ", at an extreme too" if at_extremes else ""
        notes.append(f"inferred or poorly seen in {_percent(inferred)} of the time{extremes}")
    if not known.all():
        notes.append(f"not known in {_percent(~known)} of the time: an extreme may be missed")
    if not np.isfinite(velocity).any():
        notes.append(f"never known for {DERIVATIVE_WINDOW_S} s on end: no velocity")
    return {"confidence": _mean(sure[known]), "kind": kind, "reason": "; ".join(notes)}


def _compared(right: pd.Series, left: pd.Series, measure: str) -> dict[str, float | str]:
    values = float(right[measure]), float(left[measure])
    kinds = {right["kind"], left["kind"]}
    index = symmetry_index(*values, least_mean=LEAST_MEAN_DEG)
    angle = symmetry_angle(*values, least=LEAST_MEAN_DEG)
    if "absent" in kinds:
        reason = "the angle is absent on one side or both"
    elif np.isnan(angle):
        reason = f"both sides are within {LEAST_MEAN_DEG:.0f}° of zero: compare the difference"
    elif np.isnan(index):
        reason = "the sides differ in sign or cancel out: the index would be inflated"
    else:
        reason = "inferred on one side or both" if "inferred" in kinds else ""
    return {
        "right_deg": values[0],
        "left_deg": values[1],
        "difference_deg": values[0] - values[1],
        "symmetry_index_percent": index,
        "symmetry_angle_percent": angle,
        "kind": next(k for k in ("absent", "inferred", "measured") if k in kinds),
        "reason": reason,
    }


def _mean(values: Floats) -> float:
    """Of those that are known."""
    known = values[np.isfinite(values)]
    return float(known.mean()) if len(known) else np.nan


def _percent(mask: NDArray[np.bool_]) -> str:
    return f"{100 * mask.mean():.0f} %"
