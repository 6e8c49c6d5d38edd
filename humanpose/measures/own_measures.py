"""The few measures that a movement has of its own, beside ranges of angles and times."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from humanpose.analysis import Analysis
from humanpose.measures.arms import elevation
from humanpose.measures.events import SIDES, leg_length
from humanpose.measures.jumps import GRAVITY_M_S2, pelvis_rise_m
from humanpose.measures.presets import Preset
from humanpose.measures.repetitions import Repetition
from humanpose.measures.single_leg import standing_side
from humanpose.words import joined, to_say

if TYPE_CHECKING:
    import pandas as pd

FLIGHT_HEIGHT, PELVIS_RISE = "flight_height_cm", "pelvis_rise_cm"
LEAST_FPS = 120.0
"""Below that a height from flight time is not told in centimetres: of a jump of 30 cm a frame
either way is 4 cm at 30 frames/s and 2 cm at 60."""
_FLIGHT_S = 0.05
"""What a flight may be told too long or too short in any clip, SD (``docs/measures.md``)."""
_FRAME_SD = 0.41
"""And by its two ends falling between frames, SD, in frames: √(2 / 12)."""


@dataclass(frozen=True)
class OwnMeasure:
    """One of them."""

    words: str
    unit: str
    own_error: float
    """What a clip may be off as a whole, SD, in the unit (``docs/measures.md``)."""


_DEPTH = {
    "depth_percent": OwnMeasure(to_say("Depth: hips sink, of the leg's length"), " %", 5.0)
}
OWN_MEASURES: dict[str, dict[str, OwnMeasure]] = {
    "squat": _DEPTH,
    "single_leg_squat": {
        f"standing_knee_{side}_deg": OwnMeasure(words, "°", 8.0)
        for side, words in (
            ("r", to_say("Knee flexion, standing on the right")),
            ("l", to_say("Knee flexion, standing on the left")),
        )
    }
    | _DEPTH,
    "sit_to_stand": {"out_s": OwnMeasure(to_say("Time to rise"), " s", 0.2)},
    "arm": {
        f"elevation_{side}_deg": OwnMeasure(words, "°", 16.0)
        for side, words in (
            ("r", to_say("Arm raise, right: range")),
            ("l", to_say("Arm raise, left: range")),
        )
    },
    "jump": {
        FLIGHT_HEIGHT: OwnMeasure(to_say("Height from flight time"), " cm", np.nan),
        PELVIS_RISE: OwnMeasure(to_say("Rise of the pelvis over standing"), " cm", 6.0),
    },
}
"""What a movement repeats → name → measure: of each repetition one value."""


def own_measures(
    analysis: Analysis, preset: Preset, repetitions: Sequence[Repetition]
) -> pd.DataFrame:
    """A row for each repetition, a column for each of ``OWN_MEASURES``; NaN where not known."""
    import pandas as pd  # only where a table is wanted

    names = list(OWN_MEASURES.get(preset.repeats, {}))
    rows = [_MAKERS[preset.repeats](analysis, one) for one in repetitions if names]
    return pd.DataFrame(rows, columns=names, dtype=float)


def error_of(analysis: Analysis, preset: Preset, name: str, value: float) -> float:
    """What a clip may be off as a whole in a measure, SD, in its unit; that of a height from
    flight time grows with it: g t / 4 times the flight's."""
    if name != FLIGHT_HEIGHT:
        return OWN_MEASURES[preset.repeats][name].own_error
    flight_s = np.sqrt(8 * value / 100 / GRAVITY_M_S2)
    return float(100 * GRAVITY_M_S2 * flight_s / 4 * flight_error_s(analysis.timeline.fps))


def flight_error_s(fps: float) -> float:
    """What a flight time may be off, SD, s."""
    return float(np.hypot(_FLIGHT_S, _FRAME_SD / fps))


def not_told(analysis: Analysis, preset: Preset) -> str:
    """Why one of the measures is not known in this clip; empty where nothing keeps it away."""
    if preset.repeats != "jump":
        return ""
    notes = []
    if analysis.timeline.fps < LEAST_FPS:
        notes.append(
            to_say(
                "No height from flight time: at {fps:.4g} frames/s a frame more or less is"
                " centimetres; film with {least:.0f} frames/s or more.",
                fps=analysis.timeline.fps,
                least=LEAST_FPS,
            )
        )
    if analysis.settings.lengths_are_relative:
        notes.append(to_say("The pelvis's rise needs the person's height."))
    return joined(notes)


def _of_squat(analysis: Analysis, squat: Repetition) -> dict[str, float]:
    hips = analysis.markers.joint("Hip")[:, 1]
    start, turn = (analysis.timeline.nearest(at) for at in (squat.start_s, squat.turn_s))
    return {"depth_percent": 100 * (hips[start] - hips[turn]) / leg_length(analysis.markers)}


def _of_single_leg(analysis: Analysis, squat: Repetition) -> dict[str, float]:
    side = standing_side(analysis.markers, squat)
    knee = analysis.joint_angles.curve(f"knee_angle_{side}")[_frames(analysis, squat)]
    return {f"standing_knee_{side}_deg": float(np.ptp(knee)), **_of_squat(analysis, squat)}


def _of_rise(analysis: Analysis, rise: Repetition) -> dict[str, float]:
    return {"out_s": rise.turn_s - rise.start_s}


def _of_arms(analysis: Analysis, lift: Repetition) -> dict[str, float]:
    inside = _frames(analysis, lift)
    return {
        f"elevation_{side}_deg": float(np.ptp(elevation(analysis.joint_angles, side)[inside]))
        for side in SIDES
    }


def _of_jump(analysis: Analysis, jump: Repetition) -> dict[str, float]:
    flight_s = jump.end_s - jump.start_s
    told = analysis.timeline.fps >= LEAST_FPS
    known = not analysis.settings.lengths_are_relative
    return {
        FLIGHT_HEIGHT: 100 * GRAVITY_M_S2 * flight_s**2 / 8 if told else np.nan,
        PELVIS_RISE: 100 * pelvis_rise_m(analysis.markers, jump) if known else np.nan,
    }


def _frames(analysis: Analysis, repetition: Repetition) -> slice:
    first, last = map(analysis.timeline.nearest, (repetition.start_s, repetition.end_s))
    return slice(first, last + 1)


_MAKERS = {
    "squat": _of_squat,
    "single_leg_squat": _of_single_leg,
    "sit_to_stand": _of_rise,
    "arm": _of_arms,
    "jump": _of_jump,
}
