"""Which analysis a visitor looks at: that of the link, their newest, or one they choose."""

import time
from collections.abc import Sequence
from typing import NoReturn

import streamlit as st

from humanpose.analysis import Analysis
from humanpose.errors import HumanPoseError
from humanpose.server.entry import Entry
from humanpose.ui import nav, session
from humanpose.ui.messages import as_text, said
from humanpose.ui.visitor import lists
from humanpose.words import say

_OFFERED = 50


def require_analysis() -> tuple[Entry, Analysis]:
    """The visitor's finished analysis, or a hint what to do first, and a stop."""
    entry = choose_analysis()
    if entry is None:
        _stop_with(
            say("Nothing here yet"),
            say("Analyse a clip first; with the sample it takes a minute."),
        )
    if session.jobs().state(entry).state != "done":
        _stop_with(entry.about.label, say("This analysis is not finished."))
    try:
        return entry, session.load(entry)
    except HumanPoseError as error:
        _stop_with(entry.about.label, said(error))


def finished_analysis() -> Analysis | None:
    """The visitor's analysis, for pages that can do without; None where there is none yet."""
    entry = choose_analysis()
    if entry is None or session.jobs().state(entry).state != "done":
        return None
    try:
        return session.load(entry)
    except HumanPoseError:
        return None


def own_finished() -> list[Entry]:
    """The visitor's newest analyses that can be looked at."""
    own = Entry.newest(limit=_OFFERED, owners=lists())
    return [e for e in own if not e.about.damaged and session.jobs().state(e).state == "done"]


def by_name(entries: Sequence[Entry]) -> dict[str, Entry]:
    """Entries by label and time, numbered where those are the same: Streamlit goes by words."""
    named: dict[str, Entry] = {}
    for entry in entries:
        words = name = _words(entry)
        number = 1
        while name in named:
            number += 1
            name = f"{words} ({number})"
        named[name] = entry
    return named


def choose_analysis() -> Entry | None:
    """The analysis of the link or of this visit, else the visitor's newest, and where there
    are several a choice of another; None where there is none at all."""
    entry, finished = session.current_entry(), own_finished()
    if entry is None and finished:
        if st.query_params.get("a"):
            st.info(
                say("There is no analysis under this link any more; this is your newest one.")
            )
        entry = finished[0]
        session.open_entry(entry)
    if entry is None:
        return None
    offered = by_name(finished if entry in finished else [entry, *finished])
    if len(offered) > 1:
        _offer(offered, entry)
    return entry


def _stop_with(title: str, sentence: str) -> NoReturn:
    st.subheader(as_text(title), anchor=False)
    st.write(as_text(sentence))
    nav.main_link("analyse", say("Go to Analyse"))
    st.stop()


def _offer(offered: dict[str, Entry], entry: Entry) -> None:
    key = f"analysis_{entry.token}"  # another analysis is another choice
    st.selectbox(
        say("Analysis"),
        list(offered),
        index=list(offered.values()).index(entry),
        key=key,
        label_visibility="collapsed",
        on_change=lambda: session.open_entry(offered[st.session_state[key]]),
    )


def _words(entry: Entry) -> str:
    made = time.strftime(say("%d %b %Y, %H:%M"), time.localtime(entry.about.created))
    return f"{entry.about.label} · {made}"
