"""Smoothing of positions over time, without lag."""

from collections.abc import Callable

import numpy as np
from scipy.ndimage import gaussian_filter1d, median_filter
from scipy.signal import butter, sosfiltfilt

from humanpose.geometry import runs
from humanpose.sequence import Floats
from humanpose.settings import Filter

_ONE_EURO_BETA = 0.7
"""How much faster movement loosens the one-euro filter, Hz per m/s."""


def smooth_columns(values: Floats, *, kind: Filter, cutoff_hz: float, fps: float) -> Floats:
    """(T, C) values, each unbroken stretch of rows without NaN smoothed; NaN stays NaN.

    ``cutoff_hz`` is the -3 dB point. A clip too slow to carry it (see ``can_smooth``) is
    returned as it is.
    """
    if kind == "none" or not can_smooth(fps=fps, cutoff_hz=cutoff_hz):
        return values
    smoothed = values.copy()
    for run in runs(np.isfinite(values).all(axis=1)):
        smoothed[run] = _FILTERS[kind](values[run], cutoff_hz, fps)
    return smoothed


def can_smooth(*, fps: float, cutoff_hz: float) -> bool:
    """Whether ``cutoff_hz`` is clearly below half the frame rate."""
    return cutoff_hz < 0.45 * fps


def bridge_gaps(paths: Floats) -> Floats:
    """(T, M, 3) paths with straight lines where they are NaN, at the ends the nearest value.

    What is never known stays NaN.
    """
    frames = np.arange(len(paths))
    columns = paths.reshape(len(paths), -1).T.copy()
    for column in columns:
        known = np.isfinite(column)
        if known.any():
            column[~known] = np.interp(frames[~known], frames[known], column[known])
    return np.asarray(columns.T.reshape(paths.shape))


def _butterworth(path: Floats, cutoff_hz: float, fps: float) -> Floats:
    """Fourth order after the forward and the backward pass (Winter 2009)."""
    passes = 2
    corrected = cutoff_hz / (2 ** (1 / passes) - 1) ** 0.25
    sos = butter(2, min(corrected, 0.49 * fps), fs=fps, output="sos")
    pad = min(3 * (2 * len(sos) + 1), len(path) - 1)
    return np.asarray(sosfiltfilt(sos, path, axis=0, padlen=pad))


def _gaussian(path: Floats, cutoff_hz: float, fps: float) -> Floats:
    sigma_s = np.sqrt(np.log(2)) / (2 * np.pi * cutoff_hz)
    return np.asarray(gaussian_filter1d(path, sigma_s * fps, axis=0, mode="nearest"))


def _median(path: Floats, cutoff_hz: float, fps: float) -> Floats:
    """Window as long as the moving average with this cutoff."""
    width = 2 * round(0.443 * fps / cutoff_hz / 2) + 1
    return np.asarray(median_filter(path, size=(width, 1), mode="nearest"))


def _one_euro(path: Floats, cutoff_hz: float, fps: float) -> Floats:
    """One-euro filter (Casiez 2012), the mean of a forward and a backward pass."""
    forward = _one_euro_pass(path, cutoff_hz, fps)
    backward = _one_euro_pass(path[::-1], cutoff_hz, fps)[::-1]
    return (forward + backward) / 2


def _one_euro_pass(path: Floats, cutoff_hz: float, fps: float) -> Floats:
    out = path.copy()
    speed = np.zeros(path.shape[1])
    for t in range(1, len(path)):
        speed += _one_euro_weight(1.0, fps) * ((path[t] - path[t - 1]) * fps - speed)
        weight = _one_euro_weight(cutoff_hz + _ONE_EURO_BETA * np.abs(speed), fps)
        out[t] = out[t - 1] + weight * (path[t] - out[t - 1])
    return out


def _one_euro_weight(cutoff_hz: Floats | float, fps: float) -> Floats:
    step = 2 * np.pi * np.asarray(cutoff_hz) / fps
    return np.asarray(step / (step + 1))


_FILTERS: dict[Filter, Callable[[Floats, float, float], Floats]] = {
    "butterworth": _butterworth,
    "gaussian": _gaussian,
    "median": _median,
    "one_euro": _one_euro,
}
