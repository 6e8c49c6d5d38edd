"""From the time stamps of frames to the evenly spaced timeline of an analysis."""

import numpy as np
from numpy.typing import ArrayLike
from scipy.optimize import minimize_scalar

from humanpose.sequence import Floats, Timeline
from humanpose.video.header import ClipInfo

_EVEN_WITHIN_S = 0.002
_MAX_RESAMPLED_FPS = 240.0
_ROUNDED = 0.001


def timeline_of(
    times_s: ArrayLike, *, clip: ClipInfo, capture_fps: float | None = None
) -> tuple[Timeline, bool]:
    """The timeline of frames, and whether what was found in them must be resampled to it.

    Time stamps within 2 ms of an even grid are never resampled; uneven ones are, at their
    median rate.

    Args:
        times_s: (T,) finite clip times of the frames that were read, s, ascending.
        capture_fps: true rate of slow motion, frames/s; time is that of ``true_times``.
    """
    times = np.asarray(times_s, np.float64)
    even_fps = _even_fps(times, clip.fps)
    rate = even_fps or _median_fps(times, clip.fps)
    first, last = true_times(times, clip=clip, capture_fps=capture_fps)[[0, -1]].tolist()
    if even_fps:
        return Timeline(times.size, capture_fps or rate, first), False
    fps = min(1.0, _MAX_RESAMPLED_FPS / rate) * (capture_fps or rate)
    return Timeline(int((last - first) * fps + 1e-6) + 1, fps, first), True


def true_times(
    times_s: ArrayLike, *, clip: ClipInfo, capture_fps: float | None = None
) -> Floats:
    """(T,) the times at which frames were taken, s: the clip's median rate was ``capture_fps``.

    All are finite; the time before the first one is scaled as well.
    """
    times = np.asarray(times_s, np.float64)
    if capture_fps is None:
        return times
    rate = _even_fps(times, clip.fps) or _median_fps(times, clip.fps)
    return times * rate / capture_fps


def _even_fps(times: Floats, header_fps: float) -> float | None:
    """The rate of the even grid that the times lie on; the header's own if that fits."""
    if times.size == 1:
        return min(header_fps, _MAX_RESAMPLED_FPS)
    index = np.arange(times.size)

    def spread_s(period_s: float) -> float:
        return float(np.ptp(times - index * period_s))

    mean_s = float(times[-1] - times[0]) / (times.size - 1)
    reach_s = 2 * _EVEN_WITHIN_S / (times.size - 1)  # no grid further from the mean can fit
    best = minimize_scalar(
        spread_s,
        bounds=(mean_s - reach_s, mean_s + reach_s),
        method="bounded",
        options={"xatol": reach_s * 1e-6},
    )
    rates = (header_fps, 1 / mean_s, 1 / float(best.x))
    return next((fps for fps in rates if spread_s(1 / fps) <= 2 * _EVEN_WITHIN_S), None)


def _median_fps(times: Floats, header_fps: float) -> float:
    """The rate of the usual step; the header's where the two are one but for rounding.

    Stamps in whole ms turn steps of 33.3 into 33 and 34, so those near the median count alike.
    """
    steps = np.diff(times)
    usual = 1 / float(steps[np.abs(steps - np.median(steps)) <= _EVEN_WITHIN_S].mean())
    return header_fps if abs(header_fps / usual - 1) < _ROUNDED else usual
