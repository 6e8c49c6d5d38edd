"""What is known of a person, to read and to change; and what is done with all of it at once."""

from dataclasses import replace
from datetime import date
from functools import partial

import streamlit as st

from humanpose.errors import HumanPoseError
from humanpose.server.entry import Entry, harmless_stem
from humanpose.server.people import (
    batches_with,
    entries_of,
    forget,
    held_of,
    keep,
    merge,
    packed,
    people,
)
from humanpose.server.person import Person
from humanpose.ui import session
from humanpose.ui.fields import ask
from humanpose.ui.messages import as_text, said, show_error
from humanpose.ui.people.choice import show
from humanpose.ui.visitor import lists
from humanpose.words import say, say_number, to_say

_LETTERS, _MOST_NOTES = 100, 5000
_SIDES = {
    "": to_say("not said"),
    "r": to_say("right"),
    "l": to_say("left"),
    "both": to_say("both"),
}
_FIRST_BIRTH = date(1900, 1, 1)


def record_form(person: Person) -> None:
    """All fields; kept with the button."""
    with (
        st.expander(say("What is known"), icon=":material/badge:"),
        st.form(f"record_{person.token}", border=False, enter_to_submit=False),
    ):
        changed = _fields(person)
        if st.form_submit_button(say("Save"), type="primary"):
            _save(changed)


def _fields(person: Person) -> Person:
    of, sides = person.token, {side: say(words) for side, words in _SIDES.items()}
    left, middle, right = st.columns(3)
    with left:
        name = st.text_input(say("Name"), person.name, key=f"name_{of}", max_chars=_LETTERS)
        code = st.text_input(say("Code"), person.code, key=f"code_{of}", max_chars=_LETTERS)
    with middle:
        born = st.date_input(
            say("Date of birth"),
            date.fromisoformat(person.born) if person.born else None,
            min_value=_FIRST_BIRTH,
            max_value="today",
            key=f"born_{of}",
            format="YYYY-MM-DD",
        )
        affected = st.selectbox(
            say("Affected side"),
            list(sides),
            index=list(sides).index(person.affected),
            format_func=sides.__getitem__,
            key=f"affected_{of}",
        )
    with right:
        height_m = ask("height_m", key=f"height_{of}", value=person.height_m)
        mass_kg = ask("mass_kg", key=f"mass_{of}", value=person.mass_kg)
    notes = st.text_area(say("Notes"), person.notes, key=f"about_{of}", max_chars=_MOST_NOTES)
    return replace(
        person, name=name.strip(), code=code.strip(), affected=affected, notes=notes,
        born=born.isoformat() if isinstance(born, date) else "",
        height_m=height_m, mass_kg=mass_kg,
    )  # fmt: skip


def _save(person: Person) -> None:
    if not person.called:
        show_error(say("A person needs a name or a code."))
        return
    try:
        keep(person)
    except HumanPoseError as error:
        show_error(error)
        return
    st.rerun()


def whole_person(person: Person) -> None:
    """Take along, merge, delete: buttons in a row."""
    entries = entries_of(person)
    with st.container(horizontal=True):
        st.download_button(
            say("Export everything"),
            partial(packed, person),
            file_name=f"{harmless_stem(f'{person.called}.zip')}.zip",
            mime="application/zip",
            on_click="ignore",
            help=say("One ZIP with the record, and of every analysis the clip and all files."),
        )
        others = [other for other in people(lists()) if other != person]
        if others and st.button(say("Merge …"), help=say("With a person who is the same")):
            st.dialog(say("Two records of one person"))(_ask_merge)(person, others)
        if st.button(
            say("Delete …"), icon=":material/delete:", help=say("Everything of this person")
        ):
            st.dialog(say("Delete everything of a person"))(_ask_delete)(person, entries)


def _ask_merge(person: Person, others: list[Person]) -> None:
    names = {other.token: other for other in others}
    into = st.selectbox(
        say("{person} is the same person as", person=as_text(person.called)),
        list(names),
        format_func=lambda token: names[token].called,
    )
    st.caption(
        say(
            "All analyses of both are then that person's. Where both records say something,"
            " that person's counts; this cannot be undone."
        )
    )
    if st.button(say("Merge"), type="primary", on_click=_merge, args=(person, names[into])):
        st.rerun()


def _ask_delete(person: Person, entries: list[Entry]) -> None:
    st.markdown(
        say(
            "**{person}**: this goes for good, and cannot be undone.",
            person=as_text(person.called),
        )
    )
    days = sorted({entry.about.session for entry in entries})
    lines = [say("the record: name, code, date of birth, height, mass, affected side, notes")]
    if entries:
        lines.append(
            say(
                "{analyses} of {days} ({which}) with clip, results, notes and report:"
                " {size:.0f} MB",
                analyses=say_number("{n} analysis", "{n} analyses", len(entries)),
                days=say_number("{n} day", "{n} days", len(days)),
                which=", ".join(days),
                size=held_of(person) / 1e6,
            )
        )
    if batches := batches_with(person):
        lines.append(
            say_number(
                "{n} batch with a clip of theirs, and all in it",
                "{n} batches with a clip of theirs, and all in them",
                len(batches),
            )
        )
    lines.append(say("what was kept to save time: detections of all clips, damaged databases"))
    st.markdown("\n".join(f"- {as_text(line)}" for line in lines))
    st.caption(
        say("What stays: files that were downloaded, and clips in Batch that nobody put here.")
    )
    words = say("Delete everything of {person}", person=as_text(person.called))
    if st.button(words, type="primary", on_click=_delete, args=(person, entries)):
        st.rerun()


def _merge(person: Person, into: Person) -> None:
    try:
        merge(person, into)
        show(into)
    except HumanPoseError as error:
        st.toast(as_text(said(error)))


def _delete(person: Person, entries: list[Entry]) -> None:
    if session.current_entry() in entries:
        session.open_entry(None)
    try:
        for entry in entries:
            session.jobs().cancel(entry)
        for batch in batches_with(person):
            session.batch_jobs().cancel(batch)
        forget(person)
        show(None)
    except HumanPoseError as error:
        st.toast(as_text(said(error)))
