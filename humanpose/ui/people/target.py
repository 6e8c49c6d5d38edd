"""The clinic's own target of a measure of a person: stated here, drawn where it is."""

import streamlit as st

from humanpose.errors import HumanPoseError
from humanpose.server.people import keep
from humanpose.server.person import Person
from humanpose.server.targets import Target, targets_of, with_target
from humanpose.ui.messages import show_error
from humanpose.words import say


def choose_target(person: Person, preset: str, measure: str, unit: str) -> Target | None:
    """From and to, kept at once; None unless both are given, one after the other."""
    known = targets_of(person, preset).get(measure)
    of = f"{person.token}_{preset}_{measure}"
    ends: list[float | None] = []
    for column, word, value in zip(
        st.columns(2),
        (say("Own target, from"), say("to")),
        known or (None, None),
        strict=True,
    ):
        ends.append(
            column.number_input(
                f"{word} ({unit.strip()})",
                value=value,
                key=f"target_{len(ends)}_{of}",
                placeholder=say("none"),
                help=say(
                    "The clinic's own for this person: a band here and a column in the report."
                    " Empty: none. No published range is drawn; compare with earlier sessions."
                ),
            )
        )
    low, high = ends
    target = (low, high) if low is not None and high is not None and low < high else None
    if target != known:
        try:
            keep(with_target(person, preset, measure, target))
        except HumanPoseError as error:
            show_error(error)
    return target
