"""Repetitions of a movement: from the rest position to the turning point and back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
from scipy.signal import find_peaks

from humanpose.geometry import runs
from humanpose.measures.cycles import Found
from humanpose.sequence import Floats, JointAngles, Timeline
from humanpose.words import joined, to_say

if TYPE_CHECKING:
    import pandas as pd

LEAST_DEG = 15.0
"""A movement smaller than this is no repetition, unless the caller says otherwise."""
LEAST_SHARE = 0.4
"""Nor is one smaller than this share of the clip's whole range."""
LEAST_KNEE_DEG = 30.0
"""Both knees bend by at least this in a squat; in walking one of them is always straighter."""

_NEAR_REST, _AT_REST = 0.1, 0.03
"""A repetition begins and ends at a local extreme within the first share of its range from the
rest position, or within the second share of it."""
_WHOLE = 0.7
"""At an end of the clip a repetition must have come back this share of its way."""
_MOST_GAP_S = 0.2


@dataclass(frozen=True, order=True)
class Repetition:
    """Out and back again, in clip time."""

    start_s: float
    """The movement leaves the rest position."""
    turn_s: float
    """It is farthest from rest."""
    end_s: float
    """It is back at rest."""
    excluded: bool = False
    """Kept, but not counted."""

    def __post_init__(self) -> None:
        if not -np.inf < self.start_s < self.turn_s < self.end_s < np.inf:
            raise ValueError(
                "a repetition must start before it turns and turn before it ends, got"
                f" {self.start_s}, {self.turn_s}, {self.end_s} s"
            )


def find_squats(angles: JointAngles) -> Found[Repetition]:
    """Squats: both knees bend from standing and straighten again."""
    return find_repetitions(_both_knees(angles), angles.timeline, least_deg=LEAST_KNEE_DEG)


def find_sit_to_stands(angles: JointAngles) -> Found[Repetition]:
    """Sit-to-stands: both knees straighten from sitting and bend again; turn: standing."""
    return find_repetitions(
        _both_knees(angles), angles.timeline, rest="high", least_deg=LEAST_KNEE_DEG
    )


def find_repetitions(
    curve: Floats,
    timeline: Timeline,
    *,
    rest: Literal["low", "high"] = "low",
    least_deg: float = LEAST_DEG,
) -> Found[Repetition]:
    """The repetitions in any curve, for example ``angles.curve("elbow_flex_r")``.

    A turning point stands out from the curve on both sides (its topographic prominence) by
    ``least_deg`` and by 0.4 of the curve's range, so jitter, a bounce at the turn and a
    movement that the clip cuts off are not repetitions. From there a repetition reaches out to
    the rest position on either side: to within 3 % of its range, or to a local extreme within
    10 %.

    Args:
        curve: (T,) deg; NaN where it is not known. A gap over 0.2 s spoils the repetition.
        rest: where the movement starts from: at low or at high values of the curve.
    """
    known = np.isfinite(curve)
    if known.sum() < 3:
        return Found((), "the angle is not known in this clip")
    height = curve if rest == "low" else -curve
    height = np.interp(np.arange(len(curve)), np.flatnonzero(known), height[known])
    least = max(least_deg, LEAST_SHARE * float(np.ptp(height)))
    peaks = [int(peak) for peak in find_peaks(height, prominence=least)[0]]
    spans = [_span(height, peak, *around) for peak, around in _neighbours(peaks, len(height))]
    spans = [span for span in spans if not _cut_off(height, span)]
    gaps = [gap for gap in runs(~known) if gap.stop - gap.start > _MOST_GAP_S * timeline.fps]
    whole = [s for s in spans if not any(g.start < s[2] and g.stop > s[0] for g in gaps)]
    items = tuple(Repetition(*timeline.time_s[list(span)].tolist()) for span in whole)
    return Found(items, _reason(height, spans, least, spoiled=len(spans) - len(whole)))


def repetition_table(
    angles: JointAngles, repetitions: Sequence[Repetition], names: Sequence[str]
) -> pd.DataFrame:
    """One row per repetition: its times, and the range and extremes of the angles ``names``.

    ``reason`` says why an angle's figures are NaN; empty where none is.
    """
    import pandas as pd  # only where a table is wanted

    return pd.DataFrame([_times(r) | _extremes(angles, r, names) for r in repetitions])


def _times(repetition: Repetition) -> dict[str, float | str]:
    start, turn, end = repetition.start_s, repetition.turn_s, repetition.end_s
    return {
        "start_s": start,
        "turn_s": turn,
        "end_s": end,
        "excluded": repetition.excluded,
        "duration_s": end - start,
        "out_s": turn - start,
        "back_s": end - turn,
    }


def _both_knees(angles: JointAngles) -> Floats:
    """(T,) the straighter knee; the one that is known where the other is not."""
    return np.fmin(angles.curve("knee_angle_r"), angles.curve("knee_angle_l"))


def _neighbours(peaks: list[int], frames: int) -> list[tuple[int, tuple[int, int]]]:
    """Each peak with the frames of the peak before (or the first) and after (or the last)."""
    ends = [0, *peaks, frames - 1]
    return [(peak, (ends[i], ends[i + 2])) for i, peak in enumerate(peaks)]


def _span(height: Floats, peak: int, before: int, after: int) -> tuple[int, int, int]:
    """First frame, turn and last frame of the repetition that turns at ``peak``."""
    rising = height[before : peak + 1][::-1]
    falling = height[peak : after + 1]
    return peak - _back_at_rest(rising), peak, peak + _back_at_rest(falling)


def _back_at_rest(falling: Floats) -> int:
    """How many frames after the turn (frame 0) a curve has come to rest."""
    above_rest = (falling - falling.min()) / np.ptp(falling)
    turns = np.append(np.diff(falling) >= 0, True)
    back = (above_rest <= _AT_REST) | (turns & (above_rest <= _NEAR_REST))
    return int(np.argmax(back))


def _cut_off(height: Floats, span: tuple[int, int, int]) -> bool:
    """Whether the clip begins or ends well before the movement is back at rest."""
    start, turn, end = span
    before, after = height[turn] - height[start], height[turn] - height[end]
    begins_in = start == 0 and before < _WHOLE * after
    ends_in = end == len(height) - 1 and after < _WHOLE * before
    return bool(begins_in or ends_in)


def _reason(
    height: Floats, spans: list[tuple[int, int, int]], least: float, *, spoiled: int
) -> str:
    notes = []
    if not spans and np.ptp(height) < least:
        notes.append(to_say("nothing moves by {least:.0f}° or more", least=least))
    elif not spans:
        notes.append(to_say("the movement doesn't come back to where it started"))
    else:
        head, tail = height[: spans[0][0] + 1], height[spans[-1][2] :]
        if head[0] - head.min() > least:
            notes.append(to_say("the clip begins within a repetition, which is not counted"))
        if tail[-1] - tail.min() > least:
            notes.append(to_say("the clip ends within a repetition, which is not counted"))
    if spoiled:
        notes.append(
            to_say(
                "in {count} more the person is not seen for over {gap} s",
                count=spoiled,
                gap=_MOST_GAP_S,
            )
        )
    return joined(notes, "; ")


def _extremes(
    angles: JointAngles, repetition: Repetition, names: Sequence[str]
) -> dict[str, float | str]:
    time_s = angles.timeline.time_s
    half_frame = 0.5 / angles.timeline.fps
    inside = (time_s > repetition.start_s - half_frame) & (
        time_s < repetition.end_s + half_frame
    )
    figures: dict[str, float | str] = {}
    missing = []
    for name in names:
        curve = angles.curve(name)[inside]
        whole = len(curve) > 0 and bool(np.isfinite(curve).all())
        low, high = (float(curve.min()), float(curve.max())) if whole else (np.nan, np.nan)
        figures[f"{name}_range_deg"] = high - low
        figures[f"{name}_minimum_deg"] = low
        figures[f"{name}_maximum_deg"] = high
        missing += [] if whole else [name]
    figures["reason"] = f"not known throughout: {', '.join(missing)}" if missing else ""
    return figures
