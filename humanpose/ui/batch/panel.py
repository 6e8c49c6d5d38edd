"""How far a batch is, with Cancel; then its tables, its files, and what failed and why."""

import time
from collections.abc import Callable, Sequence
from pathlib import Path

import pandas as pd
import streamlit as st

from humanpose.errors import AnalysisError, HumanPoseError
from humanpose.server.batches import (
    Batch,
    Item,
    Part,
    create_batch,
)
from humanpose.server.deleted import KEPT_MINUTES
from humanpose.server.jobstate import JobState, read_state
from humanpose.server.listing import delete, undelete
from humanpose.server.single import single
from humanpose.ui import nav, session
from humanpose.ui.analyse.job_panel import sentence
from humanpose.ui.messages import as_text, said, show_error
from humanpose.ui.routes import archive_url
from humanpose.ui.visitor import lists, visitor
from humanpose.ui.waiting import waited
from humanpose.words import say, to_say

_POLL_S = 1.0
_WORDS = {
    "queued": to_say("waiting"), "running": to_say("running"), "done": to_say("done"),
    "failed": to_say("failed"), "cancelled": to_say("waiting"),
}  # fmt: skip
_ABOUT = ("clip", "subject", "state", "height_m", "detected_share", "warnings")


def start_batch(items: Sequence[Item], *, keeps_clips: bool) -> bool:
    """Start a batch; False where that is refused, which is said."""
    try:
        session.batch_jobs().require_room()
        batch = create_batch(items, owner=visitor(), keeps_clips=keeps_clips)
    except HumanPoseError as error:
        show_error(error)
        return False
    session.batch_jobs().submit(batch)
    return True


def choose_batch() -> Batch | None:
    """The visitor's newest batch, or another one of theirs; None where there is none."""
    batches = Batch.newest(owners=lists())
    if len(batches) < 2:
        return batches[0] if batches else None
    return st.selectbox(
        say("Batch"), batches, format_func=_name, key=f"batch_of_{len(batches)}"
    )


def batch_panel(batch: Batch) -> None:
    """Progress while it runs, its outcome afterwards."""
    st.subheader(_name(batch), anchor=False)
    try:
        parts = batch.parts
    except AnalysisError as error:
        show_error(error)
        _delete_button(batch)
        return
    state = session.batch_jobs().state(batch)
    if state.active:
        st.fragment(_follow, run_every=_POLL_S)(batch, parts)
        return
    if state.state == "done":
        _results(batch, parts)
    elif state.state == "failed":
        show_error(state.message)
    else:
        st.info(say("Cancelled. What is done is kept."), icon=":material/cancel:")
    with st.container(horizontal=True):
        if state.state == "done":
            st.link_button(say("Download ZIP"), archive_url(batch), type="primary")
        elif batch.about.keeps_clip and st.button(say("Go on"), type="primary"):
            session.batch_jobs().submit(batch)
            st.rerun()
        _delete_button(batch)


def _follow(batch: Batch, parts: Sequence[Part]) -> None:
    state = session.batch_jobs().state(batch)
    if not state.active:
        st.rerun()  # once, for the whole page: shows the outcome and ends the polling
    st.progress(state.fraction, text=_in_all(state))
    states = [(part, read_state(part.place)) for part in parts]
    for part, its in states:
        if its.state == "running":
            st.progress(its.fraction, text=f"{as_text(part.label)}  ·  {sentence(its)}")
    st.button(say("Cancel"), on_click=session.batch_jobs().cancel, args=(batch,))
    st.dataframe(_states(states), hide_index=True)


def _in_all(state: JobState) -> str:
    if state.state == "queued":
        return say("Waiting for the batch before this one")
    return sentence(state, of_clips=True)


def _states(parts: Sequence[tuple[Part, JobState]]) -> pd.DataFrame:
    rows = [
        (part.label, part.subject, say(_WORDS[its.state]), its.message) for part, its in parts
    ]
    return pd.DataFrame(
        rows, columns=[say("Clip"), say("Subject"), say("State"), say("Reason")]
    )


def _results(batch: Batch, parts: Sequence[Part]) -> None:
    states = [(part, read_state(part.place)) for part in parts]
    done = [part for part, its in states if its.state == "done"]
    st.success(
        say("{done} of {total} clips analysed.", done=len(done), total=len(parts)),
        icon=":material/check_circle:",
    )
    for part, its in states:
        if its.state == "failed":
            show_error(f"{part.label}: {its.message}")
    st.dataframe(_summary(batch), hide_index=True)
    st.caption(
        say(
            "Every angle's range of motion, in degrees. The ZIP has peaks, curves and all else."
        )
    )
    chosen, action = st.columns([3, 1], vertical_alignment="bottom")
    part = chosen.selectbox(say("Look at one"), done, format_func=lambda part: part.label)
    if action.button(say("Explore"), disabled=part is None, width="stretch") and part:
        _explore(part, batch)


def _explore(part: Part, batch: Batch) -> None:
    """Its result, as it is; only the video that a browser plays has to be made."""
    try:
        session.open_entry(single(part, batch, wait=lambda asked: waited([asked])))
    except HumanPoseError as error:
        show_error(error)
        return
    nav.go_to("explore")


def _summary(batch: Batch) -> pd.DataFrame:
    """Of the table of a batch, what fits on a page: every angle's range, deg. Its texts stay
    cells, since a browser saves what is shown as CSV."""
    table = pd.read_csv(batch.summary)
    ranges = [name for name in table.columns if name.endswith("_range_deg")]
    shown = table[[name for name in _ABOUT if name in table.columns] + ranges].round(2)
    return shown.rename(columns={name: name.removesuffix("_range_deg") for name in ranges})


def _name(batch: Batch) -> str:
    made = time.strftime(say("%d %b %Y, %H:%M"), time.localtime(batch.about.created))
    return f"{batch.about.label}, {made}"


def _delete_button(batch: Batch) -> None:
    with st.popover(say("Delete"), icon=":material/delete:", key=f"ask_{batch.token}"):
        st.write(
            say(
                "Delete this batch, its results and its copies of the clips? You can bring"
                " them back for {minutes} minutes.",
                minutes=KEPT_MINUTES,
            )
        )
        st.button(say("Delete"), type="primary", on_click=_try, args=(delete, batch))


def offer_undo() -> None:
    """A line and a button for each batch that was just deleted."""
    for batch in Batch.deleted(owners=lists()):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(say("{batch}: deleted.", batch=_name(batch)))
            key = f"undo_{batch.token}"
            st.button(say("Undo"), key=key, on_click=_try, args=(undelete, batch))


def _try(change: Callable[[Path], None], batch: Batch) -> None:
    try:
        change(batch.folder)
    except HumanPoseError as error:
        st.toast(as_text(said(error)))
