"""With which earlier analysis a report compares: chosen, or the same person's day before."""

import time

import streamlit as st

from humanpose.errors import HumanPoseError
from humanpose.report.make import earlier_of
from humanpose.report.page import Earlier
from humanpose.report.remarks import Remarks
from humanpose.server.entry import Entry
from humanpose.ui import session
from humanpose.ui.choice import by_name, own_finished
from humanpose.ui.messages import show_error
from humanpose.ui.report.remarks_form import remarks_of
from humanpose.words import say, spoken, to_say

_NONE = to_say("not compared")


def choose_earlier(entry: Entry, remarks: Remarks) -> Earlier | None:
    """The visitor's choice, with its repetitions or steps as they were corrected; None where
    there is no other analysis, or none is chosen."""
    others = [other for other in own_finished() if other != entry]
    if not others:
        return None
    offered = by_name(others)
    names = [_NONE, *offered]
    proposed = _session_before(entry, others)
    name = st.selectbox(
        say("Change since"),
        names,
        format_func=spoken,
        index=1 + others.index(proposed) if proposed else 0,
        key=f"before_{entry.token}",
        help=say(
            "An earlier analysis of this person and movement: the report then says what has"
            " changed by more than the error of both."
        ),
    )
    return _opened(offered[name], remarks) if name in offered else None


def _session_before(entry: Entry, others: list[Entry]) -> Entry | None:
    """The newest of the same person, of an earlier day, that shows the same movement."""
    preset, now = remarks_of(entry).preset, entry.about
    own = [other for other in others if now.person and other.about.person == now.person]
    before = [other for other in own if other.about.session < now.session]
    alike = [other for other in before if remarks_of(other).preset == preset]
    return max(alike, key=lambda other: other.about.session, default=None)


def _opened(other: Entry, remarks: Remarks) -> Earlier | None:
    try:
        analysis = session.load(other)
    except HumanPoseError as error:
        show_error(error)
        return None
    about = other.about
    day = about.session or time.strftime(say("%d %b %Y"), time.localtime(about.created))
    corrected = remarks_of(other).corrected.get(remarks.preset)
    return earlier_of(analysis, remarks, corrected=corrected, when=f"{about.label}, {day}")
