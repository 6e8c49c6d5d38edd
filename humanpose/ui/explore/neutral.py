"""A frame of the person's own to count angles from: chosen in Explore, used by every page."""

from dataclasses import replace
from typing import Any

import numpy as np
import streamlit as st

from humanpose.analysis import Analysis
from humanpose.measures.neutral import doubt_about_neutral, minus_neutral
from humanpose.server.entry import Entry
from humanpose.ui.report.remarks_form import keep_remarks, remarks_of
from humanpose.words import say, spoken, to_say

_HOW = to_say(
    "Go to a frame in which the person stands still and upright and press “Use as neutral”:"
    " every angle then counts from that pose, which takes constant offsets away."
)


def choose_neutral(entry: Entry, analysis: Analysis) -> Analysis:
    """A switch; the analysis with its angles counted from the neutral frame where it is on."""
    at_s = remarks_of(entry).neutral_at_s
    if at_s is None:
        st.toggle(
            say("Curves minus neutral"),
            key="minus_neutral_missing",
            disabled=True,
            help=say(_HOW),
        )
        return analysis
    with st.container(horizontal=True, vertical_alignment="center"):
        return _switched(entry, analysis, at_s)


def _switched(entry: Entry, analysis: Analysis, at_s: float) -> Analysis:
    on = st.toggle(
        say("Curves minus neutral ({time:.2f} s)", time=at_s),
        value=True,
        key=_key(entry),
        persist_state="session",
        help=say(
            "Every angle counts from the pose at that time. The files of the analysis stay as"
            " they are; Export offers these angles beside them, and the Report counts so, too."
        ),
    )
    st.button(say("Clear neutral pose"), type="tertiary", on_click=_forget, args=(entry,))
    return minus_neutral(analysis, at_s=at_s) if on else analysis


def use_as_neutral(entry: Entry, analysis: Analysis, frame: Any) -> None:
    """Keep the frame that somebody chose, as a browser says it, and count from it."""
    if not (isinstance(frame, int) and 0 <= frame < analysis.timeline.frames):
        return
    if not np.isfinite(analysis.joint_angles.degrees[frame]).any():
        st.toast(say("Nobody is seen in this frame; choose another one as neutral."))
        return
    at_s = round(float(analysis.timeline.time_s[frame]), 6)
    keep_remarks(entry, replace(remarks_of(entry), neutral_at_s=at_s))
    st.session_state[_key(entry)] = True
    if doubt := doubt_about_neutral(analysis, at_s=at_s):
        st.toast(spoken(doubt), icon=":material/info:", duration="long")


def _forget(entry: Entry) -> None:
    keep_remarks(entry, replace(remarks_of(entry), neutral_at_s=None))


def _key(entry: Entry) -> str:
    return f"minus_neutral_{entry.token}"
