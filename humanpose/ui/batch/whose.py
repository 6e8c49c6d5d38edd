"""Under which person the clips of a batch are put, once they are analysed."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import streamlit as st

from humanpose.server.batches import Item
from humanpose.server.people import people
from humanpose.ui.people.whose import person_called
from humanpose.ui.visitor import lists
from humanpose.words import say

_NOBODY, _SUBJECT = "", "subject"


def choose_filing() -> tuple[str, str]:
    """Whose all clips are, and the day of them; both empty where nobody said."""
    names = {person.token: person.called for person in people(lists())}
    who, when = st.columns([3, 2])
    told = {_NOBODY: say("Nobody in particular"), _SUBJECT: say("As the subject says")} | names
    whose = who.selectbox(
        say("Who is it?"),
        list(told),
        format_func=told.__getitem__,
        key="batch_whose",
        help=say(
            "One person for all clips, or whoever has a clip's subject as name or code. Clips"
            " that name nobody stay in Batch. People then shows them, and how they get on."
        ),
    )
    day = when.date_input(
        say("Session"),
        None,
        key="batch_session",
        format="YYYY-MM-DD",
        disabled=whose == _NOBODY,
        help=say("The day of all clips; empty: as each clip says, else today."),
    )
    return whose, day.isoformat() if isinstance(day, date) else ""


def filed(items: Sequence[Item], filing: tuple[str, str]) -> list[Item]:
    """The same clips, each with its person and day."""
    whose, session = filing
    found = []
    for item in items:
        person = person_called(item.subject if whose == _SUBJECT else whose)
        token = person.token if person else ""
        found.append(replace(item, person=token, session=session if token else ""))
    return found
