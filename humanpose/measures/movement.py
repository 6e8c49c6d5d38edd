"""What repeats in a clip: found by a preset, corrected by the user, and what it comes to."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from humanpose.analysis import Analysis
from humanpose.measures.arms import find_arm_repetitions
from humanpose.measures.cycles import CycleCurves, Found, cycle_curves
from humanpose.measures.events import SIDES, Event, Side, find_gait_events
from humanpose.measures.gait import gait_curves
from humanpose.measures.jumps import find_jumps
from humanpose.measures.presets import Preset
from humanpose.measures.repetitions import (
    LEAST_DEG,
    Repetition,
    find_sit_to_stands,
    find_squats,
    repetition_table,
)
from humanpose.measures.single_leg import find_single_leg_squats
from humanpose.sequence import JointAngles

if TYPE_CHECKING:
    import pandas as pd

Items = tuple[Repetition, ...] | tuple[Event, ...]


def find_items(analysis: Analysis, preset: Preset) -> Found[Event] | Found[Repetition]:
    """Gait events or repetitions, whichever the preset looks for; ``reason`` where none."""
    angles = analysis.joint_angles
    if preset.repeats == "gait":
        return find_gait_events(analysis.markers)
    if preset.repeats == "squat":
        return find_squats(angles)
    if preset.repeats == "sit_to_stand":
        return find_sit_to_stands(angles)
    if preset.repeats == "single_leg_squat":
        return find_single_leg_squats(angles, analysis.markers)
    if preset.repeats == "jump":
        return find_jumps(analysis.markers)
    if preset.repeats == "arm":
        return find_arm_repetitions(angles, least_deg=LEAST_DEG)
    return Found(())


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
    import pandas as pd  # only where a table is wanted

    table = repetition_table(angles, repetitions, names)
    if table.empty:
        return pd.DataFrame(columns=["mean", "sd", "count"])
    counted = table[~table["excluded"].astype(bool)]
    figures = counted.drop(columns=["start_s", "turn_s", "end_s", "excluded", "reason"])
    return pd.DataFrame(
        {"mean": figures.mean(), "sd": figures.std(ddof=1), "count": figures.count()}
    )
