"""How far the visitor's analysis is, with Cancel; then what became of it."""

import streamlit as st

from humanpose.batch.progress import duration
from humanpose.server.entry import Entry
from humanpose.server.jobstate import JobState
from humanpose.ui import nav, session
from humanpose.ui.analyse.glimpse import show_glimpse
from humanpose.ui.messages import as_text, show_error
from humanpose.ui.visitor import may_change
from humanpose.words import say, to_say

_POLL_S = 0.5
_DONE = to_say("{done} of about {total} frames"), to_say("{done} of about {total} clips")
_RATE = to_say("{rate:.0f} frames/s"), to_say("{rate:.0f} clips/s")


def job_panel(entry: Entry) -> None:
    """Progress while the analysis runs, its outcome afterwards."""
    state = session.jobs().state(entry)
    if state.active:
        st.fragment(_follow, run_every=_POLL_S)(entry)
    else:
        _outcome(entry, state)


def _follow(entry: Entry) -> None:
    state = session.jobs().state(entry)
    if not state.active:
        st.rerun()  # once, for the whole page: shows the outcome and ends the polling
    with st.container(border=True):
        st.markdown(say("**Analysing {clip}**", clip=as_text(entry.about.label)))
        if state.finished:
            st.caption(
                "  ·  ".join(f":material/check: {say(stage)}" for stage in state.finished)
            )
        st.progress(state.fraction, text=sentence(state))
        if may_change(entry):
            st.button(say("Cancel"), on_click=session.jobs().cancel, args=(entry,))
        show_glimpse(entry)


def sentence(state: JobState, *, of_clips: bool = False) -> str:
    """Stage, frames or clips, rate and time left of what waits or runs."""
    if state.state == "queued":
        return say("Waiting for the analysis before this one")
    parts = [say(state.stage)]
    if state.total:
        parts.append(say(_DONE[of_clips], done=state.done, total=state.total))
    if state.frames_per_s:
        parts.append(say(_RATE[of_clips], rate=state.frames_per_s))
    if state.eta_s is not None:
        parts.append(say("about {time} left", time=duration(max(1, state.eta_s))))
    return "  ·  ".join(parts)


def _outcome(entry: Entry, state: JobState) -> None:
    name = as_text(entry.about.label)
    if state.state == "done":
        st.success(say("**{clip}** is analysed.", clip=name), icon=":material/check_circle:")
        nav.main_link("explore", say("Explore the movement"), entry)
    elif state.state == "cancelled":
        st.info(
            say("The analysis of {clip} was cancelled.", clip=name), icon=":material/cancel:"
        )
    else:
        show_error(state.message)
