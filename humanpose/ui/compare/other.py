"""Which analysis is B: of the address, else the same person and movement as A."""

from collections.abc import Sequence
from contextlib import suppress

import streamlit as st

from humanpose.errors import AnalysisError
from humanpose.report.remarks import Remarks, from_json
from humanpose.server.entry import Entry
from humanpose.ui.choice import by_name, own_finished
from humanpose.ui.messages import as_text
from humanpose.words import say


def choose_other(entry: Entry) -> Entry:
    """B, from the address or by a choice; both ways it ends in the address."""
    done = own_finished()
    if entry not in done:
        done.insert(0, entry)
    linked = Entry.find(st.query_params.get("b", ""))
    if linked is not None and linked not in done:
        done.append(linked)
    wanted = linked or proposed(entry, done)
    offered = by_name(done)
    name = st.selectbox(
        say("B, beside {clip} as A", clip=as_text(entry.about.label)),
        list(offered),
        index=done.index(wanted),
        key="b_entry",
        help=say("Proposed is the same person's session before with the same movement."),
    )
    if offered[name] != linked:
        st.query_params["b"] = offered[name].about.link
    return offered[name]


def proposed(entry: Entry, done: Sequence[Entry]) -> Entry:
    """The same person's session before with the same movement, or another one of theirs; else
    the newest with the same movement, or the newest.

    Args:
        done: in order, the newest first.
    """
    others = [other for other in done if other != entry]
    alike = [other for other in others if _movement(other) == _movement(entry)]
    person = entry.about.person
    own = [other for other in alike if person and other.about.person == person]
    before = [other for other in own if other.about.session < entry.about.session]
    if own:
        return max(before or own, key=lambda other: other.about.session)
    return next(iter(alike or others), entry)


def _movement(entry: Entry) -> str:
    with suppress(AnalysisError, OSError):
        return from_json(entry.remarks.read_text("utf-8")).preset
    return Remarks.preset
