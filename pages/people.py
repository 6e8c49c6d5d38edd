"""People: who was filmed, on which days, and what came of it."""

import streamlit as st

from humanpose.ui.messages import as_text
from humanpose.ui.people.choice import choose_person
from humanpose.ui.people.progress import progress
from humanpose.ui.people.record import record_form, whole_person
from humanpose.ui.people.sessions import of_nobody, sessions
from humanpose.words import say

st.title(say("People"), anchor=False)
st.caption(
    say(
        "Who was filmed, on which days, and how they get on. It all stays on this computer;"
        " without a person everything else works as well."
    )
)

left, right = st.columns([2, 7], gap="large")
with left:
    person = choose_person()
with right:
    if person is None:
        st.info(say("Add a person here, or name one on Analyse."))
    else:
        st.subheader(as_text(person.called), anchor=False)
        whole_person(person)
        record_form(person)
        sessions(person)
        progress(person)
    of_nobody()
