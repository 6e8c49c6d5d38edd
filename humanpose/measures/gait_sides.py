"""Right against left in gait: how far steps and phases differ, and whether beyond the error."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from humanpose.measures import detectable
from humanpose.measures.events import SIDES, Event
from humanpose.measures.gait import counted_cycles, no_cycle
from humanpose.measures.gait_measures import cycle_table, step_table
from humanpose.sequence import Floats, PoseSequence

OWN_ERROR = {
    "step_time_s": 0.03,
    "step_length_m": 0.13,
    "stance_percent": 4.0,
    "swing_percent": 4.0,
}
"""What each side may be off in the same way every time, which no number of steps makes smaller;
cautious, from what ``docs/measures.md`` states. Time: the farthest that a landing was off in
the sample. Stance: the most that seven walks came out too short. Length: those seven were 16 cm
too short to 29 cm too long, of which this is the SD if all between are equally likely."""
LEAST = 2
"""Of one step alone nobody knows how much the next would differ."""


def gait_sides(markers: PoseSequence, events: Sequence[Event]) -> pd.DataFrame:
    """One row per measure that a side has of its own: the means of the steps that count.

    ``right``, ``left``, ``difference`` (right minus left) and ``mdc`` in the measure's unit;
    ``verdict`` names the larger side only beyond the MDC. NaN, and a ``reason`` in a sentence,
    for a leg without a complete cycle; *not judged* with fewer than ``LEAST`` steps or cycles
    of either.
    """
    cycles = counted_cycles(events)
    lacking = no_cycle(*(cycles[side] for side in SIDES))
    step, cycle = step_table(markers, events), cycle_table(markers, events)
    rows = [
        _row(*_values(step if name in step.columns else cycle, name), own, lacking)
        for name, own in OWN_ERROR.items()
    ]
    return pd.DataFrame(rows, index=pd.Index(OWN_ERROR, name="measure"))


def _row(right: Floats, left: Floats, own: float, lacking: str) -> dict[str, float | str]:
    means = [float(v.mean()) if len(v) and not lacking else np.nan for v in (right, left)]
    difference = means[0] - means[1]
    limit = np.nan if lacking else detectable.of_means(right, left, own_error=own)
    few = f"fewer than {LEAST} of a side are known: their scatter is not"
    return {
        "right": means[0],
        "left": means[1],
        "difference": difference,
        "mdc": limit,
        "verdict": detectable.verdict(
            difference, limit, more="right larger", less="left larger"
        ),
        "reason": lacking or (few if min(len(right), len(left)) < LEAST else ""),
    }


def _values(table: pd.DataFrame, name: str) -> tuple[Floats, Floats]:
    """Those of the right and of the left side that count and are known."""
    counted = table[~table["excluded"].astype(bool) & table[name].notna()]
    right, left = (counted.loc[counted["side"] == s, name].to_numpy(float) for s in SIDES)
    return right, left
