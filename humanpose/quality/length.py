"""Whether a clip is long enough, and the person seen enough, for what is wanted of it."""

from collections.abc import Sequence
from dataclasses import replace

from humanpose.analysis import Analysis
from humanpose.measures.events import Event
from humanpose.measures.gait import counted_cycles, no_cycle
from humanpose.measures.movement import Items, find_items
from humanpose.measures.presets import PRESETS
from humanpose.quality.check import Check
from humanpose.quality.figures import seconds_seen, too_few

ENOUGH = 3
"""Cycles of each leg, or repetitions: the 95 % limits of Student's t come down from 4.3 with
two of each side to 2.8 with three, and hardly further."""

_SHORT_S = 2.0
_TOLD_APART = ("gait", "squat", "sit_to_stand")
"""Presets that are looked for where none was chosen, in this order."""
_NAMES = {"squat": "squat", "sit_to_stand": "rise", "arm": "repetition"}
_WALK_ON = (
    "Film on until each foot has landed at least four times, from where several steps are seen."
)
_REPEAT = "Film at least three repetitions on end, from rest to rest."


def length_check(
    analysis: Analysis, *, preset: str = "overview", items: Items | None = None
) -> Check:
    """How many seconds, gait cycles or repetitions there are for what was chosen, or is found.

    Args:
        preset: one of ``PRESETS``; for *overview*, steps, squats and rises are looked for, and
            that there are too few spoils nothing that was asked for.
        items: the preset's events or repetitions as corrected; None: as they are found.
    """
    if few := too_few(analysis.landmarks):
        finding = f"{few}: too short to say anything about a movement."
        return Check("Length", "bad", finding, f"{_REPEAT} In a walk: {_WALK_ON}")
    if PRESETS[preset].repeats != "nothing":
        found = find_items(analysis, PRESETS[preset])
        own = found.items if items is None else items
        return _of_movement(analysis, preset, own, found.reason)
    for name in _TOLD_APART:
        found = find_items(analysis, PRESETS[name])
        if found.items:
            check = _of_movement(analysis, name, found.items, found.reason)
            return replace(check, state="watch") if check.state == "bad" else check
    seconds = seconds_seen(analysis.landmarks)
    if seconds < _SHORT_S:
        finding = f"The person is seen for {seconds:.1f} s: less than most movements take, so"
        return Check(
            "Length", "watch", f"{finding} extremes may lie outside the clip.", _REPEAT
        )
    finding = f"The person is seen for {seconds:.1f} s, in which no steps, squats or rises are"
    return Check("Length", "good", f"{finding} found: ranges are those of this stretch.")


def _of_movement(analysis: Analysis, preset: str, items: Items, reason: str) -> Check:
    seconds = seconds_seen(analysis.landmarks)
    counted = [item for item in items if not item.excluded]
    if PRESETS[preset].repeats == "gait":
        return _of_gait([item for item in items if isinstance(item, Event)], seconds)
    name = _NAMES[PRESETS[preset].repeats]
    if not counted:
        why = f": {reason}" if reason else ""
        return Check("Length", "bad", f"No {name} is found in {seconds:.1f} s{why}.", _REPEAT)
    finding = f"{_number(len(counted), name)} in {seconds:.1f} s"
    if len(counted) >= ENOUGH:
        return Check("Length", "good", f"{finding}.")
    return Check("Length", "watch", f"{finding}: how much they vary is hardly known.", _REPEAT)


def _of_gait(events: Sequence[Event], seconds: float) -> Check:
    cycles = counted_cycles(events)
    right, left = cycles["r"], cycles["l"]
    if lacking := no_cycle(right, left):
        finding = (
            f"{lacking.capitalize()} in {seconds:.1f} s: cadence, step lengths and differences"
            " between the legs cannot be told."
        )
        return Check("Length", "bad", finding, _WALK_ON)
    finding = (
        f"{_number(right, 'complete gait cycle')} of the right leg and {left} of the left in"
        f" {seconds:.1f} s"
    )
    if min(right, left) >= ENOUGH:
        return Check("Length", "good", f"{finding}.")
    few = "few to average, and only a large difference between the legs shows."
    return Check("Length", "watch", f"{finding}: {few}", _WALK_ON)


def _number(count: int, word: str) -> str:
    return f"{count} {word}{'' if count == 1 else 's'}"
