"""Cleaning of the detector's landmarks, before anything is computed from them."""

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import PchipInterpolator
from scipy.ndimage import median_filter, minimum_filter1d

from humanpose.confidence import INFERRED_AT_MOST
from humanpose.geometry import runs
from humanpose.sequence import Floats, Landmarks
from humanpose.skeleton import MEDIAPIPE33

_HALVES = (
    ("shoulder", "elbow", "wrist", "pinky", "index", "thumb"),
    ("hip", "knee", "ankle", "heel", "foot_index"),
)
"""The detector confuses left and right for the arms or the legs, or for both at once."""
_SWAPPED_COST_PER_S = 4.0
"""Torso lengths of jumping per joint that a second of mistaken sides must explain."""
_SWITCH_COST = 0.1
"""Torso lengths of jumping per joint that each switch must save."""
_HAMPEL_WINDOW_S = 0.25
_HAMPEL_SIGMAS = 4.0
_HAMPEL_FLOOR = 0.2
"""Deviations below this many torso lengths are never outliers: at the turning point of a fast
arm swing (50 m/s²) the path leaves its own median by that much."""


def hide_unseen(landmarks: Landmarks, *, visibility_min: float) -> Landmarks:
    """Landmarks less visible than ``visibility_min`` become NaN with visibility 0."""
    return _without(landmarks, landmarks.visibility < visibility_min)


def undo_swaps(
    landmarks: Landmarks, *, visibility_min: float = 0.0
) -> tuple[Landmarks, NDArray[np.bool_]]:
    """Exchange left and right where the detector did.

    Over the clip, the cheapest explanation of the arms' and of the legs' image paths is sought
    between "sides right" and "sides exchanged" (Viterbi): jumps cost their length, being
    exchanged costs its time. So a short exchange is undone and a lasting one is believed.
    Landmarks that are NaN, or less visible than ``visibility_min``, are not asked.

    Returns:
        The landmarks, and a (T,) mask of the frames that were changed.
    """
    changed = np.zeros(landmarks.timeline.frames, dtype=bool)
    order = np.tile(np.arange(len(MEDIAPIPE33)), (len(changed), 1))
    path = hide_unseen(landmarks, visibility_min=visibility_min).pixels / _torso_px(landmarks)
    for half in _HALVES:
        left = MEDIAPIPE33.indices(*(f"left_{part}" for part in half))
        right = MEDIAPIPE33.indices(*(f"right_{part}" for part in half))
        cost_per_frame = _SWAPPED_COST_PER_S / landmarks.timeline.fps
        swapped = _exchanged(path[:, [left, right]], cost_per_frame=cost_per_frame)
        rows = np.flatnonzero(swapped)[:, None]
        order[rows, left], order[rows, right] = right, left
        changed |= swapped
    rows = np.arange(len(changed))[:, None]  # gather, frame by frame
    swapped_back = landmarks.replace(
        pixels=landmarks.pixels[rows, order],
        world=landmarks.world[rows, order],
        visibility=landmarks.visibility[rows, order],
    )
    return swapped_back, changed


def remove_outliers(landmarks: Landmarks) -> tuple[Landmarks, int]:
    """Single landmarks that leave their path and come back become NaN (Hampel 1974).

    Returns:
        The landmarks, and how many were removed.
    """
    width = 2 * round(_HAMPEL_WINDOW_S * landmarks.timeline.fps / 2) + 1
    if width < 3 or landmarks.timeline.frames < width:
        return landmarks, 0
    pixels = landmarks.pixels
    seen = np.isfinite(pixels).all(axis=2)
    path = np.where(seen[..., None], pixels, 0.0)
    away = np.abs(path - median_filter(path, size=(width, 1, 1), mode="nearest"))
    typical = 1.4826 * median_filter(away, size=(width, 1, 1), mode="nearest")
    limit = np.maximum(_HAMPEL_SIGMAS * typical, _HAMPEL_FLOOR * _torso_px(landmarks))
    unbroken = minimum_filter1d(seen, width, axis=0, mode="nearest")
    outlier = (away > limit).any(axis=2) & seen & unbroken
    return _without(landmarks, outlier), int(outlier.sum())


def fill_gaps(landmarks: Landmarks, *, max_gap_s: float) -> tuple[Landmarks, NDArray[np.bool_]]:
    """Interpolate gaps, NaN, of at most ``max_gap_s`` in each landmark's path; no overshoot.

    Filled landmarks get a visibility below 0.5. Nothing is extrapolated.

    Returns:
        The landmarks, and a (T, 33) mask of what was filled.
    """
    values = np.concatenate([landmarks.pixels, landmarks.world], axis=2)  # (T, 33, 5)
    visibility = landmarks.visibility.copy()
    seen = np.isfinite(values).all(axis=2)
    filled = np.zeros_like(seen)
    limit = max_gap_s * landmarks.timeline.fps + 1e-6
    for j in range(values.shape[1]):
        gaps = [gap for gap in runs(~seen[:, j]) if _inner(gap, len(seen), limit)]
        if not gaps:
            continue
        at = np.flatnonzero(seen[:, j])
        path = PchipInterpolator(at, values[at, j])
        for gap in gaps:
            values[gap, j] = path(np.arange(gap.start, gap.stop))
            ends = min(visibility[gap.start - 1, j], visibility[gap.stop, j])
            visibility[gap, j] = INFERRED_AT_MOST * ends
            filled[gap, j] = True
    return (
        landmarks.replace(pixels=values[..., :2], world=values[..., 2:], visibility=visibility),
        filled,
    )


def with_guesses(landmarks: Landmarks, guesses: Landmarks, *, below: float) -> Landmarks:
    """Where a landmark is missing, what the detector guessed at a visibility ``below`` that.

    The model places hidden landmarks by the rest of the body. That is worth more than nothing:
    where a missing limb counts as 90° off, limbs are 13.9° off with the guesses and 17.7°
    without (``docs/lab/baseline.md``). Their low visibility marks them as inferred.
    """
    missing = np.isnan(landmarks.pixels[..., 0]) & (guesses.visibility < below)
    return landmarks.replace(
        pixels=np.where(missing[..., None], guesses.pixels, landmarks.pixels),
        world=np.where(missing[..., None], guesses.world, landmarks.world),
        visibility=np.where(missing, guesses.visibility, landmarks.visibility),
    )


def _inner(gap: slice, frames: int, limit: float) -> bool:
    return gap.start > 0 and gap.stop < frames and gap.stop - gap.start <= limit


def _without(landmarks: Landmarks, hidden: NDArray[np.bool_]) -> Landmarks:
    return landmarks.replace(
        pixels=np.where(hidden[..., None], np.nan, landmarks.pixels),
        world=np.where(hidden[..., None], np.nan, landmarks.world),
        visibility=np.where(hidden, 0.0, landmarks.visibility),
    )


def _torso_px(landmarks: Landmarks) -> float:
    """Median distance of mid-shoulder and mid-hip, px; the image's height if never seen."""
    at = {
        part: landmarks.pixels[:, MEDIAPIPE33.indices(f"left_{part}", f"right_{part}")].mean(
            axis=1
        )
        for part in ("shoulder", "hip")
    }
    length = np.linalg.norm(at["shoulder"] - at["hip"], axis=-1)
    length = length[np.isfinite(length)]
    return float(np.median(length)) if len(length) else float(landmarks.image_size[1])


def _exchanged(pair: Floats, *, cost_per_frame: float) -> NDArray[np.bool_]:
    """(T,) whether the sides (T, 2, J, 2) are exchanged, along the cheapest path."""
    valid = np.flatnonzero(np.isfinite(pair).any(axis=(1, 2, 3)))
    exchanged = np.zeros(len(pair), dtype=bool)
    if len(valid) < 3:
        return exchanged
    steps = pair[valid]
    same = _jump(steps[1:], steps[:-1])
    crossed = _jump(steps[1:, ::-1], steps[:-1])
    cost = np.array([0.0, cost_per_frame])
    came_from = np.zeros((len(valid), 2), dtype=int)
    for t in range(1, len(valid)):
        options = cost[:, None] + [
            [same[t - 1], crossed[t - 1] + _SWITCH_COST],
            [crossed[t - 1] + _SWITCH_COST, same[t - 1]],
        ]
        came_from[t] = options.argmin(axis=0)
        cost = options.min(axis=0) + np.array([0.0, cost_per_frame])
    state = int(cost.argmin())
    for t in range(len(valid) - 1, -1, -1):
        exchanged[valid[t]] = bool(state)
        state = int(came_from[t, state])
    return exchanged


def _jump(now: Floats, before: Floats) -> Floats:
    """(T,) mean distance over the joints that are seen in both."""
    distance = np.linalg.norm(now - before, axis=-1)
    seen = np.isfinite(distance)
    total = np.where(seen, distance, 0.0).sum(axis=(1, 2))
    return np.asarray(total / np.maximum(seen.sum(axis=(1, 2)), 1))
