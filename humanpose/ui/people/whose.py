"""Whose movement a clip is, and of which day: a choice on Analyse that nobody must make."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date

import streamlit as st

from humanpose.server.entry import Entry
from humanpose.server.people import keep, move, people
from humanpose.server.person import Person
from humanpose.settings import Settings
from humanpose.ui.analyse.clip_choice import Clip
from humanpose.ui.visitor import lists, visitor
from humanpose.words import say

_KEY = "whose"
_REMEMBERED = ("height_m", "mass_kg")


@dataclass(frozen=True)
class Whose:
    """A person in the visitor's list, or one who is put there with the first analysis."""

    person: Person
    session: str


def choose_whose(clip: Clip | None) -> Whose | None:
    """The person and the day; None without a person."""
    who, when = st.columns(2)
    names = {person.token: person.called for person in people(lists())}
    with who:
        chosen = st.selectbox(
            say("Who is it?"),
            list(names),
            index=None,
            format_func=lambda token: names.get(token, token),
            key=_KEY,
            persist_state="session",
            accept_new_options=True,
            on_change=_propose,
            placeholder=say("Nobody in particular"),
            help=say(
                "Choose somebody, or type a new name or code. The page People then shows all"
                " their sessions, and how they get on."
            ),
        )
    if not chosen:
        return None
    with when:
        day = st.date_input(
            say("Session"),
            _day_of(clip),
            key=f"session_{clip.path.parent.name}" if clip else "session",
            format="YYYY-MM-DD",
            help=say("The day of the movement: as the clip says where it does, else today."),
        )
    return Whose(_person(chosen), day.isoformat()) if isinstance(day, date) else None


def filing(whose: Whose | None, settings: Settings) -> Callable[[Entry], None]:
    """What makes a new analysis the person's, if any's, and remembers their height and mass; it
    raises OutputError where the data folder cannot be written."""

    def file_under(entry: Entry) -> None:
        if whose is not None:
            given = {name: getattr(settings, name) for name in _REMEMBERED}
            known = {name: value for name, value in given.items() if value is not None}
            move(entry, keep(replace(whose.person, **known)), whose.session)

    return file_under


def _propose() -> None:
    """Height and mass of whom was chosen; what stood there of somebody else goes."""
    chosen = st.session_state[_KEY]
    person = _person(chosen) if chosen else None
    for name in _REMEMBERED:
        known, mark = getattr(person, name, None), f"{name}_proposed"
        if known is not None or st.session_state.get(name) == st.session_state.get(mark):
            st.session_state[name] = st.session_state[mark] = known
    if person and person.height_m:
        st.session_state["height_unknown"] = False


def _person(chosen: str) -> Person:
    """By token or, where somebody typed it, by name or code; else somebody new."""
    return person_called(chosen) or Person(visitor(), name=chosen.strip()[:100])


def person_called(words: str) -> Person | None:
    """The one in the visitor's list with this token, name or code."""
    typed = words.strip().casefold()
    for person in people(lists()):
        known = (person.name.casefold(), person.code.casefold())
        if words == person.token or (typed and typed in known):
            return person
    return None


def _day_of(clip: Clip | None) -> date:
    filmed_on = clip.info.filmed_on if clip else ""
    return date.fromisoformat(filmed_on) if filmed_on else date.today()
