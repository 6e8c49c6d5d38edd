"""Whether a clip is long enough, and the person seen enough, for what is wanted of it."""

from collections.abc import Sequence
from dataclasses import replace

from humanpose.analysis import Analysis
from humanpose.measures.events import Event
from humanpose.measures.gait import counted_cycles, no_cycle
from humanpose.measures.movement import Items, find_items
from humanpose.measures.presets import PRESETS
from humanpose.measures.recognise import NOT_RECOGNISED, recognise
from humanpose.quality.check import Check
from humanpose.quality.figures import seconds_seen, too_few
from humanpose.words import Words, joined, to_say, to_say_number

ENOUGH = 3
"""Cycles of each leg, or repetitions: the 95 % limits of Student's t come down from 4.3 with
two of each side to 2.8 with three, and hardly further."""

_SHORT_S = 2.0
_NAME = to_say("Length")
_NONE = {
    "squat": to_say("No squat is found"),
    "sit_to_stand": to_say("No rise is found"),
    "single_leg_squat": to_say("No squat on one leg is found"),
    "jump": to_say("No jump is found"),
    "arm": to_say("No repetition is found"),
}
_WALK_ON = to_say(
    "Film on until each foot has landed at least four times, from where several steps are seen."
)
_REPEAT = to_say("Film at least three repetitions on end, from rest to rest.")


def length_check(
    analysis: Analysis, *, preset: str = "overview", items: Items | None = None
) -> Check:
    """How many seconds, gait cycles or repetitions there are for what was chosen, or is found.

    Args:
        preset: one of ``PRESETS``; for *overview* what is recognised counts, and that there is
            too little of it spoils nothing that was asked for.
        items: the preset's events or repetitions as corrected; None: as they are found.
    """
    if few := too_few(analysis.landmarks):
        finding = to_say("{few}: too short to say anything about a movement.", few=few)
        walk = to_say("In a walk: {advice}", advice=_WALK_ON)
        return Check(_NAME, "bad", finding, joined((_REPEAT, walk)))
    if PRESETS[preset].repeats != "nothing":
        found = find_items(analysis, PRESETS[preset])
        own = found.items if items is None else items
        return _of_movement(analysis, preset, own, found.reason)
    name = recognise(analysis).preset
    if name != NOT_RECOGNISED:
        found = find_items(analysis, PRESETS[name])
        check = _of_movement(analysis, name, found.items, found.reason)
        return replace(check, state="watch") if check.state == "bad" else check
    seconds = seconds_seen(analysis.landmarks)
    if seconds < _SHORT_S:
        finding = to_say(
            "The person is seen for {seconds:.1f} s: less than most movements take, so extremes"
            " may lie outside the clip.",
            seconds=seconds,
        )
        return Check(_NAME, "watch", finding, _REPEAT)
    finding = to_say(
        "The person is seen for {seconds:.1f} s, in which no movement is recognised: ranges are"
        " those of this stretch.",
        seconds=seconds,
    )
    return Check(_NAME, "good", finding)


def _of_movement(analysis: Analysis, preset: str, items: Items, reason: str) -> Check:
    seconds = seconds_seen(analysis.landmarks)
    counted = [item for item in items if not item.excluded]
    if PRESETS[preset].repeats == "gait":
        return _of_gait([item for item in items if isinstance(item, Event)], seconds)
    repeats = PRESETS[preset].repeats
    if not counted:
        finding = to_say("{none} in {seconds:.1f} s.", none=_NONE[repeats], seconds=seconds)
        if reason:
            finding = to_say(
                "{none} in {seconds:.1f} s: {reason}.",
                none=_NONE[repeats],
                seconds=seconds,
                reason=reason,
            )
        return Check(_NAME, "bad", finding, _REPEAT)
    finding = to_say(
        "{count} in {seconds:.1f} s", count=_counted(repeats, len(counted)), seconds=seconds
    )
    if len(counted) >= ENOUGH:
        return Check(_NAME, "good", to_say("{finding}.", finding=finding))
    hardly = to_say("{finding}: how much they vary is hardly known.", finding=finding)
    return Check(_NAME, "watch", hardly, _REPEAT)


def _counted(repeats: str, count: int) -> Words:
    if repeats == "squat":
        return to_say_number("{n} squat", "{n} squats", count)
    if repeats == "sit_to_stand":
        return to_say_number("{n} rise", "{n} rises", count)
    if repeats == "jump":
        return to_say_number("{n} jump", "{n} jumps", count)
    return to_say_number("{n} repetition", "{n} repetitions", count)


def _of_gait(events: Sequence[Event], seconds: float) -> Check:
    cycles = counted_cycles(events)
    right, left = cycles["r"], cycles["l"]
    if lacking := no_cycle(right, left):
        finding = to_say(
            "{lacking!c} in {seconds:.1f} s: cadence, step lengths and differences between"
            " the legs cannot be told.",
            lacking=lacking,
            seconds=seconds,
        )
        return Check(_NAME, "bad", finding, _WALK_ON)
    finding = to_say_number(
        "{n} complete gait cycle of the right leg and {left} of the left in {seconds:.1f} s",
        "{n} complete gait cycles of the right leg and {left} of the left in {seconds:.1f} s",
        right,
        left=left,
        seconds=seconds,
    )
    if min(right, left) >= ENOUGH:
        return Check(_NAME, "good", to_say("{finding}.", finding=finding))
    few = to_say(
        "{finding}: few to average, and only a large difference between the legs shows.",
        finding=finding,
    )
    return Check(_NAME, "watch", few, _WALK_ON)
