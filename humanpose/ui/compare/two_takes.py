"""Compare, two analyses: before and after, a left and a right take; in time or over a cycle."""

from dataclasses import dataclass, replace
from typing import NoReturn

import streamlit as st

from humanpose.analysis import Analysis
from humanpose.errors import HumanPoseError
from humanpose.measures.takes import (
    CycleKind,
    CycleTake,
    Take,
    find_cycles,
    in_place,
    lag_s,
    mirrored,
    on_timeline,
    other_angle,
    over_cycles,
    take_of,
)
from humanpose.quality.angle_trust import range_errors
from humanpose.sequence import Floats
from humanpose.server.entry import Entry
from humanpose.ui import session
from humanpose.ui.compare.moments import moments_of
from humanpose.ui.compare.other import choose_other
from humanpose.ui.compare.pairs import Pair
from humanpose.ui.language import own_words_in_address
from humanpose.ui.messages import as_text, show_error
from humanpose.ui.report.remarks_form import remarks_of
from humanpose.ui.routes import clip_url
from humanpose.ui.viewer.pair import Clip, Shown
from humanpose.words import say, to_say

_IN_TIME = to_say("Time, from the start of each")
_MATCHED = to_say("Time, where they fit best")
_AT_EVENT = to_say("Time, from an event in both")
_CYCLES: dict[str, CycleKind] = {
    to_say("Gait cycle of the right foot"): "gait_r",
    to_say("Gait cycle of the left foot"): "gait_l",
    to_say("Squat"): "squat",
    to_say("Sit-to-stand"): "sit_to_stand",
}


@dataclass(frozen=True, eq=False)
class _Side:
    """A or B: an analysis, and what it is called here."""

    entry: Entry
    analysis: Analysis
    name: str
    take: Take
    mirrored: bool = False

    def clip(self, from_s: float, per_frame_s: float) -> Clip:
        url = clip_url(self.entry)
        return Clip(self.analysis, url, from_s, per_frame_s, mirrored=self.mirrored)


def two_takes(entry: Entry, analysis: Analysis) -> Pair:
    """The pair that the visitor chose; stops the page where there is none."""
    left, middle, right = st.columns([5, 4, 2], vertical_alignment="bottom")
    with left:
        other = choose_other(entry)
    ways = {say(way): way for way in (_IN_TIME, _MATCHED, _AT_EVENT, *_CYCLES)}
    own_words_in_address("over", ways.values())
    over = ways[
        middle.selectbox(say("Compare over"), list(ways), key="over", bind="query-params")
    ]
    flipped = right.toggle(
        say("Mirror B"),
        key="mirror",
        bind="query-params",
        help=say(
            "Shows B's left side as right and the other way round: for a left take against a"
            " right one, or a clip against itself."
        ),
    )
    try:
        loaded = session.load(other)
    except HumanPoseError as error:
        show_error(error)
        st.stop()
    take, error_b = take_of(loaded), range_errors(loaded)
    if flipped:
        take, error_b = mirrored(take), error_b.rename(index=other_angle)
    name = other.about.label + (say(", mirrored") if flipped else "")
    a = _Side(entry, analysis, entry.about.label, take_of(analysis))
    b = _Side(other, loaded, name, take, mirrored=flipped)
    if over in _CYCLES:
        pair = _in_cycles(a, b, _CYCLES[over])
    else:
        pair = _in_time(a, b, later_s=_later_s(a, b, over))
    return replace(pair, range_errors=(range_errors(analysis), error_b))


def _later_s(a: _Side, b: _Side, over: str) -> float:
    """How much later in its clip B does what A does, s, each from its own first frame."""
    if over == _IN_TIME:
        return 0.0
    if over == _MATCHED:
        later_s = lag_s(a.take.angles, b.take.angles)
    else:
        in_a, in_b = _event(a, b)
        later_s = in_b - b.analysis.timeline.start_s - (in_a - a.analysis.timeline.start_s)
    st.caption(
        say("B does the same {time:.2f} s later in its clip than A.", time=later_s)
        if later_s >= 0
        else say("B does the same {time:.2f} s earlier in its clip than A.", time=-later_s)
    )
    return later_s


def _event(a: _Side, b: _Side) -> tuple[float, float]:
    """The clip times, s, of the event that the visitor chose; stops the page without any."""
    notes = remarks_of(a.entry), remarks_of(b.entry)
    in_a, in_b = (
        moments_of(side.analysis, noted, preset=notes[0].preset)
        for side, noted in zip((a, b), notes, strict=True)
    )
    both = [name for name in in_a if name in in_b]
    if not both:
        st.info(
            say(
                "A and B have no event in common: mark one with the same name in both on"
                " Explore, or compare otherwise."
            )
        )
        st.stop()
    name = st.selectbox(say("Event"), both, key="event", bind="query-params")
    return in_a[name], in_b[name]


def _in_time(a: _Side, b: _Side, *, later_s: float) -> Pair:
    timeline = a.analysis.timeline
    takes = a.take, on_timeline(b.take, timeline, later_s=later_s)
    first, second = (
        Shown(side.name, Take(in_place(take.markers), take.angles))
        for side, take in zip((a, b), takes, strict=True)
    )
    per_frame_s = 1 / timeline.fps
    return Pair(first, second, (a.clip(0.0, per_frame_s), b.clip(later_s, per_frame_s)))


def _in_cycles(a: _Side, b: _Side, kind: CycleKind) -> Pair:
    means, clips = [], []
    for side in (a, b):
        cycles, reason = find_cycles(side.take, kind)
        counted = [cycle for cycle in cycles if not cycle.excluded]
        if not counted:
            _no_cycles(side.name, reason)
        means.append(over_cycles(side.take, counted))
        shown = counted[0]
        from_s = shown.start_s - side.analysis.timeline.start_s
        clips.append(side.clip(from_s, (shown.end_s - shown.start_s) / 100))
    first, second = means
    st.caption(f"A: {_averaged(first)}. B: {_averaged(second)}.")
    if not first.cycles == second.cycles == 1:
        st.caption(say("The videos show the first of each."))
    return Pair(
        Shown(a.name, first.take, _band(first)),
        Shown(b.name, second.take, _band(second)),
        (clips[0], clips[1]),
        cycle_s=(first.duration_s + second.duration_s) / 2,
    )


def _averaged(cycle: CycleTake) -> str:
    if cycle.cycles == 1:
        return say("one cycle of {time:.2f} s", time=cycle.duration_s)
    return say(
        "mean of {count} cycles of {time:.2f} s on average",
        count=cycle.cycles,
        time=cycle.duration_s,
    )


def _band(cycle: CycleTake) -> Floats | None:
    return cycle.sd_deg if cycle.cycles > 1 else None


def _no_cycles(name: str, reason: str) -> NoReturn:
    st.info(
        as_text(
            say(
                "{clip} has no such cycle: {reason}. Choose another, or compare in time.",
                clip=name,
                reason=reason,
            )
        )
    )
    st.stop()
