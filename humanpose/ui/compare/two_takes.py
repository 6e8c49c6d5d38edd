"""Compare, two analyses: before and after, a left and a right take; in time or over a cycle."""

from dataclasses import replace
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
from humanpose.server import workspace
from humanpose.server.entry import Entry
from humanpose.ui import session
from humanpose.ui.choice import by_name, own_finished
from humanpose.ui.compare.pairs import Pair
from humanpose.ui.messages import as_text, show_error
from humanpose.ui.viewer.pair import Shown

_IN_TIME = "Time, from the start of each"
_MATCHED = "Time, where they fit best"
_CYCLES: dict[str, CycleKind] = {
    "Gait cycle of the right foot": "gait_r",
    "Gait cycle of the left foot": "gait_l",
    "Squat": "squat",
    "Sit-to-stand": "sit_to_stand",
}


def two_takes(entry: Entry, analysis: Analysis) -> Pair:
    """The pair that the visitor chose; stops the page where there is none."""
    left, middle, right = st.columns([5, 4, 2], vertical_alignment="bottom")
    with left:
        other = _other_entry(entry)
    over = middle.selectbox(
        "Compare over", [_IN_TIME, _MATCHED, *_CYCLES], key="over", bind="query-params"
    )
    flipped = right.toggle(
        "Mirror B",
        key="mirror",
        bind="query-params",
        help="Shows B's left side as right and the other way round: for a left take against a"
        " right one, or a clip against itself.",
    )
    try:
        loaded = session.load(other)
    except HumanPoseError as error:
        show_error(error)
        st.stop()
    b, error_b = take_of(loaded), range_errors(loaded)
    if flipped:
        b, error_b = mirrored(b), error_b.rename(index=other_angle)
    names = entry.label, other.label + (", mirrored" if flipped else "")
    if over in _CYCLES:
        pair = _in_cycles(take_of(analysis), b, _CYCLES[over], names)
    else:
        pair = _in_time(take_of(analysis), b, names, matched=over == _MATCHED)
    return replace(pair, range_errors=(range_errors(analysis), error_b))


def _other_entry(entry: Entry) -> Entry:
    """B, from the address or by a choice; both ways it ends in the address."""
    done = own_finished()
    if entry not in done:
        done.insert(0, entry)
    linked = workspace.find(st.query_params.get("b", ""))
    if linked is not None and linked not in done:
        done.append(linked)
    others = [e for e in done if e != entry]
    wanted = linked or (others[0] if others else entry)
    offered = by_name(done)
    name = st.selectbox(
        f"B, beside {as_text(entry.label)} as A",
        list(offered),
        index=done.index(wanted),
        key="b_entry",
    )
    st.query_params["b"] = offered[name].link
    return offered[name]


def _in_time(a: Take, b: Take, names: tuple[str, str], *, matched: bool) -> Pair:
    later_s = lag_s(a.angles, b.angles) if matched else 0.0
    if matched:
        order = "later" if later_s >= 0 else "earlier"
        st.caption(f"B does the same {abs(later_s):.2f} s {order} in its clip than A.")
    b = on_timeline(b, a.angles.timeline, later_s=later_s)
    first, second = (
        Shown(name, Take(in_place(take.markers), take.angles))
        for name, take in zip(names, (a, b), strict=True)
    )
    return Pair(first, second)


def _in_cycles(a: Take, b: Take, kind: CycleKind, names: tuple[str, str]) -> Pair:
    found = []
    for name, take in zip(names, (a, b), strict=True):
        cycles, reason = find_cycles(take, kind)
        if not cycles:
            _no_cycles(name, reason)
        found.append(over_cycles(take, cycles))
    first, second = found
    st.caption(f"A: {_averaged(first)}. B: {_averaged(second)}.")
    return Pair(
        Shown(names[0], first.take, _band(first)),
        Shown(names[1], second.take, _band(second)),
        cycle_s=(first.duration_s + second.duration_s) / 2,
    )


def _averaged(cycle: CycleTake) -> str:
    if cycle.cycles == 1:
        return f"one cycle of {cycle.duration_s:.2f} s"
    return f"mean of {cycle.cycles} cycles of {cycle.duration_s:.2f} s on average"


def _band(cycle: CycleTake) -> Floats | None:
    return cycle.sd_deg if cycle.cycles > 1 else None


def _no_cycles(name: str, reason: str) -> NoReturn:
    st.info(as_text(f"{name} has no such cycle: {reason}. Choose another, or compare in time."))
    st.stop()
