"""The sessions of a person: the analyses of each day, and where else they belong."""

from datetime import date
from itertools import groupby

import streamlit as st

from humanpose.errors import AnalysisError, HumanPoseError
from humanpose.lengths import height_words
from humanpose.measures.comparison import describe_stages
from humanpose.measures.presets import PRESETS
from humanpose.server.entry import Entry
from humanpose.server.listing import rewrite
from humanpose.server.people import entries_of, move, people
from humanpose.server.person import Person
from humanpose.ui import nav, session
from humanpose.ui.messages import as_text, said
from humanpose.ui.report.remarks_form import remarks_of
from humanpose.ui.visitor import lists
from humanpose.words import say

_NOBODY = ""
_MOST = 50


def sessions(person: Person) -> None:
    """A heading for each day, the newest first, and a row for each analysis."""
    entries = entries_of(person)
    if not entries:
        st.info(
            say("No analysis yet: choose this person on Analyse, or move an analysis here.")
        )
    for day, of_day in groupby(entries, lambda entry: entry.about.session):
        st.markdown(f"**{day}**")
        for entry in of_day:
            _row(entry)


def of_nobody() -> None:
    """The newest analyses that belong to no person, folded away."""
    newest = Entry.newest(owners=lists())
    entries = [e for e in newest if not (e.about.person or e.about.damaged)]
    if entries:
        with st.expander(say("Analyses without a person ({count})", count=len(entries))):
            for entry in entries[:_MOST]:
                _row(entry)


def _row(entry: Entry) -> None:
    state = session.jobs().state(entry).state
    with st.container(border=True):
        picture, words, open_it, change = st.columns([2, 8, 2, 2], vertical_alignment="center")
        if entry.thumbnail.is_file():
            picture.image(entry.thumbnail.read_bytes(), width=80)
        words.markdown(f"**{as_text(entry.about.label)}**  \n:small[{_about(entry)}]")
        with open_it:
            if state == "done":
                nav.link("explore", say("Open"), entry)
            else:
                st.caption(say(state))
        if change.button(
            say("Move …"), key=f"move_{entry.token}", help=say("Or give it another name")
        ):
            st.dialog(say("Where this analysis belongs"))(_ask_move)(entry)


def _about(entry: Entry) -> str:
    """Movement and settings."""
    try:
        settings = entry.settings()
    except AnalysisError as error:
        return as_text(said(error))
    facts = (
        PRESETS[remarks_of(entry).preset].title,
        height_words(settings),
        describe_stages(settings),
    )
    return " · ".join(map(say, facts))


def _ask_move(entry: Entry) -> None:
    found = {person.token: person for person in people(lists())}
    offered = {_NOBODY: say("Nobody in particular")}
    offered |= {token: person.called for token, person in found.items()}
    st.text_input(say("Name of the clip"), entry.about.label, key="move_name", max_chars=200)
    st.selectbox(
        say("Person"),
        list(offered),
        index=list(offered).index(entry.about.person) if entry.about.person in found else 0,
        format_func=offered.__getitem__,
        key="move_to",
    )
    st.date_input(
        say("Session"),
        date.fromisoformat(entry.about.session) if entry.about.session else date.today(),
        key="move_day",
        format="YYYY-MM-DD",
    )
    if st.button(
        say("Save"), key="move_save", type="primary", on_click=_save, args=(entry, found)
    ):
        st.rerun()


def _save(entry: Entry, found: dict[str, Person]) -> None:
    """A name keeps its ending, which says what kind of clip it was."""
    name, token, day = (st.session_state[f"move_{part}"] for part in ("name", "to", "day"))
    ending = "." + entry.about.label.rpartition(".")[2]
    label = f"{name.strip().removesuffix(ending) or 'clip'}{ending}"
    try:
        rewrite(entry.folder, label=label)
        move(entry, found.get(token), (day or date.today()).isoformat())
    except HumanPoseError as error:
        st.toast(as_text(said(error)))
