"""The list of people: searched, chosen from, and somebody new."""

import streamlit as st

from humanpose.errors import OutputError
from humanpose.server.people import keep, people
from humanpose.server.person import Person
from humanpose.ui.messages import said, show_error
from humanpose.ui.visitor import lists, visitor
from humanpose.words import say

_KEY = "person_shown"
_MOST = 200
_LETTERS = 100


def choose_person() -> Person | None:
    """The person that the visitor looks at; None where there is none."""
    search = st.text_input(
        say("Search"), placeholder=say("name, code or notes"), key="person_search"
    )
    found = people(lists(), search=search)
    offered = {person.token: person for person in found[:_MOST]}
    chosen = None
    if offered:
        chosen = st.selectbox(
            say("Person"),
            list(offered),
            format_func=lambda token: offered[token].called,
            key=_KEY,
            persist_state="session",
        )
    elif search:
        st.caption(say("Nobody is found; search for less."))
    if len(found) > _MOST:
        st.caption(say("And {count} more: search for them.", count=len(found) - _MOST))
    _somebody_new()
    return offered.get(chosen or "")


def show(person: Person | None) -> None:
    """Choose this person, or the first, when the page is drawn next; for callbacks."""
    st.session_state.pop(_KEY, None)
    if person:
        st.session_state[_KEY] = person.token
    st.session_state["person_search"] = ""


def _somebody_new() -> None:
    with st.popover(say("New person"), icon=":material/person_add:"):
        with st.form("new_person", clear_on_submit=True, border=False):
            st.text_input(say("Name"), key="new_name", max_chars=_LETTERS)
            st.text_input(say("Code"), key="new_code", max_chars=_LETTERS)
            st.form_submit_button(say("Add"), type="primary", on_click=_add)
        if "person_refused" in st.session_state:
            show_error(st.session_state.pop("person_refused"))


def _add() -> None:
    name, code = (st.session_state[key].strip() for key in ("new_name", "new_code"))
    if not name and not code:
        st.session_state["person_refused"] = say("A person needs a name or a code.")
        return
    try:
        show(keep(Person(visitor(), name=name, code=code)))
    except OutputError as error:
        st.session_state["person_refused"] = said(error)
