"""The clinic's own target of a measure, of a person or of everybody: stated and kept."""

import streamlit as st

from humanpose.errors import HumanPoseError
from humanpose.server.people import keep
from humanpose.server.person import Person
from humanpose.server.targets import (
    Target,
    common_targets,
    keep_common,
    own_targets,
    targets_of,
    with_target,
)
from humanpose.ui.messages import show_error
from humanpose.words import say

_NONE: tuple[float | None, float | None] = (None, None)


def choose_target(person: Person, preset: str, measure: str, unit: str) -> Target | None:
    """From and to, kept at once where both are given, one after the other; the person's own
    counts more than that of everybody."""
    common = common_targets(person.owner, preset)
    everybody = st.toggle(
        say("Target for everybody"),
        help=say(
            "Sets it for all people; a person's own counts more, and is set without this."
        ),
    )
    known = (common if everybody else own_targets(person, preset)).get(measure)
    others = None if everybody else common.get(measure)
    of = f"{'everybody' if everybody else person.token}_{preset}_{measure}"
    ends: list[float | None] = []
    words = say("Target, from"), say("to")
    for column, word, value, other in zip(
        st.columns(2), words, known or _NONE, others or _NONE, strict=True
    ):
        ends.append(
            column.number_input(
                f"{word} ({unit.strip()})",
                value=value,
                key=f"target_{len(ends)}_{of}",
                placeholder=say("none") if other is None else f"{other:g}",
                help=say(
                    "The clinic's own: a band here, a column in the report. Empty: none, or"
                    " that of everybody, in grey. No published range is drawn; compare with"
                    " earlier sessions."
                ),
            )
        )
    low, high = ends
    target = (low, high) if low is not None and high is not None and low < high else None
    if target != known:
        try:
            if everybody:
                keep_common(person.owner, preset, measure, target)
            else:
                person = keep(with_target(person, preset, measure, target))
        except HumanPoseError as error:
            show_error(error)
    return targets_of(person, preset).get(measure)
