"""Curves of many frames, drawn with few points: the highest and the lowest of every stretch."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from humanpose.confidence import MEASURED

Singles = NDArray[np.float32]
_DRAWN = {"angles", "confidence", "band", "otherAngles", "otherConfidence", "otherBand"}
"""The arrays that curves and their bands come from."""


def curves_of(arrays: Mapping[str, Singles]) -> dict[str, Singles]:
    """(T, 36) deg by the name of a line that a viewer with these ``arrays`` draws; NaN where
    that line is not.

    A line reaches one frame beyond what it is for, so that a measured and an inferred stretch
    meet.
    """
    angles, other = arrays["angles"], arrays.get("otherAngles")
    measured = arrays["confidence"] >= MEASURED
    curves = {"measured": _where(measured, angles), "inferred": _where(~measured, angles)}
    if other is None:
        return curves
    if "otherConfidence" not in arrays:
        return curves | {"raw": other}
    measured = arrays["otherConfidence"] >= MEASURED
    return curves | {
        "otherMeasured": _where(measured, other),
        "otherInferred": _where(~measured, other),
        "difference": other - angles,
    }


def extents_of(arrays: Mapping[str, Singles]) -> dict[str, list[list[float] | None]]:
    """Smallest and largest of every curve, deg; None of one that is nowhere."""
    return {
        name: [
            [float(low), float(high)] if np.isfinite(low) else None
            for low, high in zip(
                np.fmin.reduce(curve, axis=0), np.fmax.reduce(curve, axis=0), strict=True
            )
        ]
        for name, curve in curves_of(arrays).items()
    }


def thinned(
    arrays: Mapping[str, Singles], *, first: int, last: int, step: int
) -> tuple[dict[str, Any], dict[str, Singles]]:
    """The curves and bands from frame ``first`` to ``last`` with ``step`` frames a stretch.

    Returns:
        Where in ``lineFrames`` and ``lineValues`` each column of each line lies, as start and
        count, and these arrays; of a band the widest of each stretch.
    """
    part = {name: arrays[name][first : last + 1] for name in _DRAWN & arrays.keys()}
    places: dict[str, list[tuple[int, int]]] = {}
    frames: list[NDArray[np.intp]] = []
    values: list[Singles] = []
    start = 0
    for name, curve in curves_of(part).items():
        places[name] = []
        for column in np.ascontiguousarray(curve.T):
            found = telling(column, step=step)
            places[name].append((start, len(found)))
            frames.append(found)
            values.append(column[found])
            start += len(found)
    lines = {
        "lineFrames": (np.concatenate(frames) + first).astype(np.float32),
        "lineValues": np.concatenate(values),
    }
    header = {"from": first, "to": last, "step": step, "lines": places}
    return header, lines | _bands(part, step=step)


def telling(values: NDArray[np.floating[Any]], *, step: int) -> NDArray[np.intp]:
    """The frames that show a curve (T,): of each ``step`` the lowest, the highest and the first
    that is a gap; of a gap that goes on only where it begins. None of a curve that is nowhere.
    """
    if not np.isfinite(values).any():
        return np.empty(0, np.intp)
    count = len(values)
    stretches = np.pad(values, (0, -count % step), mode="edge").reshape(-1, step)
    known = np.isfinite(stretches)
    low = np.where(known, stretches, np.inf).argmin(axis=1)
    high = np.where(known, stretches, -np.inf).argmax(axis=1)
    told = known.any(axis=1)
    candidates = np.stack([low, high, (~known).argmax(axis=1)], axis=1)
    candidates += step * np.arange(len(stretches))[:, None]
    chosen = np.unique(candidates[np.column_stack([told, told, ~known.all(axis=1)])])
    gap = np.isnan(values[chosen])
    goes_on = np.concatenate([[False], gap[1:] & gap[:-1]])
    return np.asarray(chosen[~goes_on])


def _where(kept: NDArray[np.bool_], angles: Singles) -> Singles:
    shown = kept.copy()
    shown[1:] |= kept[:-1]
    return np.where(shown, angles, np.float32(np.nan))


def _bands(arrays: Mapping[str, Singles], *, step: int) -> dict[str, Singles]:
    """Lower and upper edge of each band, the widest of each ``step`` frames."""
    bands: dict[str, Singles] = {}
    for name, angles in (("band", "angles"), ("otherBand", "otherAngles")):
        if name not in arrays:
            continue
        starts = np.arange(0, len(arrays[name]), step)
        lower, upper = arrays[angles] - arrays[name], arrays[angles] + arrays[name]
        bands[f"{name}Low"] = np.fmin.reduceat(lower, starts, axis=0)
        bands[f"{name}High"] = np.fmax.reduceat(upper, starts, axis=0)
    return bands
