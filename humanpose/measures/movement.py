"""What repeats in a clip: found by a preset, corrected by the user, and what it comes to."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from humanpose.analysis import Analysis
from humanpose.confidence import MEASURED
from humanpose.measures.cycles import CycleCurves, Found, cycle_curves
from humanpose.measures.events import SIDES, Event, Side, find_gait_events
from humanpose.measures.gait import gait_curves
from humanpose.measures.presets import Preset
from humanpose.measures.repetitions import (
    Repetition,
    find_repetitions,
    find_sit_to_stands,
    find_squats,
    repetition_table,
)
from humanpose.sequence import JointAngles
from humanpose.skeleton import ANGLE_NAMES

Items = tuple[Repetition, ...] | tuple[Event, ...]

_ARM = ("arm_flex", "arm_add", "elbow_flex")


def find_items(analysis: Analysis, preset: Preset) -> Found[Event] | Found[Repetition]:
    """Gait events or repetitions, whichever the preset looks for; ``reason`` where none."""
    angles = analysis.joint_angles
    if preset.repeats == "gait":
        return find_gait_events(analysis.markers)
    if preset.repeats == "squat":
        return find_squats(angles)
    if preset.repeats == "sit_to_stand":
        return find_sit_to_stands(angles)
    if preset.repeats == "arm":
        busiest = busiest_arm_angle(angles)
        if busiest is None:
            return Found((), "no arm angle is measured in this clip")
        return find_repetitions(angles.curve(busiest), angles.timeline)
    return Found(())


def busiest_arm_angle(angles: JointAngles) -> str | None:
    """The measured arm angle with the largest range, on either side; None without any."""
    ranges = {}
    for name in (f"{stem}_{side}" for stem in _ARM for side in SIDES):
        curve = angles.curve(name)
        sure = angles.confidence[:, ANGLE_NAMES.index(name)] >= MEASURED
        if sure.any():
            ranges[name] = float(np.ptp(curve[sure]))
    return max(ranges, key=ranges.__getitem__, default=None)


def side_curves(angles: JointAngles, items: Items) -> dict[Side, CycleCurves]:
    """All angles over 0-100 % of what counts: of each foot's own gait cycles, or for both
    sides of the same repetitions."""
    events = [item for item in items if isinstance(item, Event)]
    if events:
        return gait_curves(angles, events)
    repetitions = [item for item in items if isinstance(item, Repetition)]
    curves = cycle_curves(angles, repetitions)
    return dict.fromkeys(SIDES, curves)


def repetition_summary(
    angles: JointAngles, repetitions: Sequence[Repetition], names: Sequence[str]
) -> pd.DataFrame:
    """Mean and sample SD over the repetitions that count: rows *duration_s*, *out_s*, *back_s*
    and each angle's range and extremes; columns *mean*, *sd* (NaN for fewer than two), *count*.
    """
    table = repetition_table(angles, repetitions, names)
    if table.empty:
        return pd.DataFrame(columns=["mean", "sd", "count"])
    counted = table[~table["excluded"].astype(bool)]
    figures = counted.drop(columns=["start_s", "turn_s", "end_s", "excluded", "reason"])
    return pd.DataFrame(
        {"mean": figures.mean(), "sd": figures.std(ddof=1), "count": figures.count()}
    )
