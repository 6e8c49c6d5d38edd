"""The list of earlier analyses: open or delete."""

import time

import streamlit as st

from humanpose.errors import AnalysisError, OutputError
from humanpose.lengths import height_words
from humanpose.server import recompute
from humanpose.server.deleted import KEPT_MINUTES
from humanpose.server.entry import Entry
from humanpose.server.listing import delete, undelete
from humanpose.ui import nav, session
from humanpose.ui.analyse.received import open_file
from humanpose.ui.messages import as_text, said
from humanpose.ui.visitor import lists
from humanpose.words import say, spoken, to_say

_SHOWN = 10
_STATE_WORDS = {
    "queued": to_say("waiting"),
    "running": to_say("running"),
    "failed": to_say("failed"),
    "cancelled": to_say("cancelled"),
}


def recent_analyses() -> None:
    """Rows of this browser's newest analyses, and a button for one from elsewhere."""
    title, action = st.columns([10, 3], vertical_alignment="bottom")
    there = Entry.newest(limit=_SHOWN, owners=lists())
    deleted = Entry.deleted(owners=lists())
    entries = sorted((*there, *deleted), key=lambda entry: entry.about.created, reverse=True)
    if entries:
        title.subheader(say("Recent analyses"), anchor=False)
    with action:
        open_file()
    for entry in entries[:_SHOWN]:
        _deleted_row(entry) if entry in deleted else _row(entry)
    states = [session.jobs().state(entry) for entry in there]
    if states and not any(state.active for state in states):
        recompute.be_ready()  # for Compare; beside an analysis it would take the time from it


def _row(entry: Entry) -> None:
    state = session.jobs().state(entry).state
    with st.container(border=True):
        name, action, remove = st.columns([10, 2, 1], vertical_alignment="center")
        name.markdown(
            f"**{as_text(entry.about.label)}**  \n:small[{_when(entry)} · {_who(entry)}]"
        )
        with action:
            if state == "done" and not entry.about.damaged:
                nav.link("explore", say("Open"), entry)
            else:
                st.caption(say("damaged") if entry.about.damaged else say(_STATE_WORDS[state]))
        with remove.popover(":material/delete:", help=say("Delete"), type="tertiary"):
            st.write(
                say(
                    "Delete the analysis of {clip} and its copy of the clip? You can bring"
                    " them back for {minutes} minutes.",
                    clip=as_text(entry.about.label),
                    minutes=KEPT_MINUTES,
                )
            )
            st.button(
                say("Delete"),
                key=f"delete_{entry.token}",
                type="primary",
                on_click=_delete,
                args=(entry,),
            )


def _deleted_row(entry: Entry) -> None:
    """In the place of the row, so that no other one moves under the pointer."""
    with st.container(border=True):
        name, action, _ = st.columns([10, 2, 1], vertical_alignment="center")
        name.markdown(
            f"{as_text(entry.about.label)}  \n:small[{_when(entry)} · {say('deleted')}]"
        )
        action.button(say("Undo"), key=f"undo_{entry.token}", on_click=_undo, args=(entry,))


def _undo(entry: Entry) -> None:
    try:
        undelete(entry.folder)
    except OutputError as error:
        st.toast(as_text(said(error)))


def _when(entry: Entry) -> str:
    return time.strftime(say("%d %b %Y, %H:%M"), time.localtime(entry.about.created))


def _who(entry: Entry) -> str:
    try:
        return spoken(height_words(entry.settings()))
    except AnalysisError as error:
        return as_text(said(error))


def _delete(entry: Entry) -> None:
    session.jobs().cancel(entry)
    try:
        delete(entry.folder)
    except OutputError as error:
        st.toast(as_text(said(error)))
        return
    if st.session_state.get("link") == entry.about.link:
        session.open_entry(None)
