"""The moments that two takes have in common, so that they can be shown from there on."""

from collections.abc import Iterator

from humanpose.analysis import Analysis
from humanpose.measures.events import Event
from humanpose.measures.movement import Items, find_items
from humanpose.measures.presets import PRESETS, Preset
from humanpose.report.remarks import Remarks

_TRIED = ("squat", "gait")
"""Where nobody said what the movement is."""
_EVENTS = {
    ("r", "heel_strike"): "Right heel strike",
    ("l", "heel_strike"): "Left heel strike",
    ("r", "toe_off"): "Right toe off",
    ("l", "toe_off"): "Left toe off",
}


def moments_of(analysis: Analysis, remarks: Remarks, *, preset: str) -> dict[str, float]:
    """By name the clip time, s: what was marked, and what repeats in a movement.

    Args:
        preset: the movement; one in which nothing repeats leaves it to what is found.
    """
    named = {mark.name: mark.time_s for mark in remarks.marks}
    for name in _TRIED if PRESETS[preset].repeats == "nothing" else (preset,):
        kind = PRESETS[name]
        items = remarks.corrected.get(name) or find_items(analysis, kind).items
        named |= dict(_moments(items, kind))
    return named


def _moments(items: Items, preset: Preset) -> Iterator[tuple[str, float]]:
    counts: dict[str, int] = {}

    def numbered(name: str) -> str:
        counts[name] = counts.get(name, 0) + 1
        return f"{name} {counts[name]}"

    for item in items:
        if item.excluded:
            continue
        if isinstance(item, Event):
            yield numbered(_EVENTS[item.side, item.kind]), item.time_s
            continue
        name = numbered(preset.title)
        yield f"{name}: start", item.start_s
        yield f"{name}: {preset.phases.turn.lower()}", item.turn_s
        yield f"{name}: end", item.end_s
