"""Whom to follow: the people at the start of the clip, to be chosen by a click or by a key."""

import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import streamlit as st

from humanpose.detection.pointing import Point
from humanpose.errors import HumanPoseError
from humanpose.server.receiver import Found, find_at_start
from humanpose.ui.analyse.clip_choice import Clip, data_url
from humanpose.ui.messages import show_error
from humanpose.words import say, to_say

_AUTOMATIC = 0
_FOUND, _CHOICE, _PICTURE = "whom_found", "whom_choice", "whom_picture"
_FOLDER = Path(__file__).parent
_WHERE = to_say("left"), to_say("middle"), to_say("right")


@dataclass(frozen=True, eq=False)
class _Start:
    """Who was found at the start of a clip."""

    clip: Path
    start_s: float
    found: Found


def choose_person(clip: Clip, *, start_s: float) -> Point | None:
    """The picture; where the person is who was chosen in it, or None: the rule is to choose."""
    start: _Start | None = st.session_state.get(_FOUND)
    if start is None or (start.clip, start.start_s) != (clip.path, start_s):
        st.image(data_url(clip.picture))
        if st.button(say("Several people in view? Choose whom to follow"), type="tertiary"):
            _look(clip, start_s)
        return None
    people = start.found.people
    if not people:
        st.image(data_url(clip.picture))
        st.caption(say("Nobody is seen in the first second; the whole clip will be searched."))
        return None
    if len(people) == 1:
        st.caption(say("One person is seen at the start, and will be followed."))
    chosen = _choose(start)
    return people[chosen - 1].at if chosen != _AUTOMATIC else None


def _look(clip: Clip, start_s: float) -> None:
    try:
        with st.spinner(say("Looking for people …")):
            found = find_at_start(clip.path, start_s=start_s)
    except HumanPoseError as error:
        show_error(str(error).replace(clip.path.name, clip.label))
        return
    st.session_state[_FOUND] = _Start(clip.path, start_s, found)
    st.session_state[_CHOICE] = _AUTOMATIC
    st.rerun()


def _choose(start: _Start) -> int:
    """0, or the number of the person; clicking somebody and choosing by name are one."""
    people = start.found.people
    names = {number: _name(number, start.found) for number in range(len(people) + 1)}
    chosen = st.session_state.get(_CHOICE, _AUTOMATIC)
    _show_picture(start, chosen)
    choice: int = st.radio(
        say("Whom to follow"),
        list(names),
        format_func=names.__getitem__,
        key=_CHOICE,
        horizontal=True,
        persist_state="session",
    )
    return choice


def _name(number: int, found: Found) -> str:
    if number == _AUTOMATIC:
        return say("The largest (automatic)")
    x, _ = found.people[number - 1].at
    return f"{number}, {say(_WHERE[min(2, math.floor(3 * x))])}"


def _show_picture(start: _Start, chosen: int) -> None:
    data: dict[str, Any] = {
        "picture": data_url(start.found.jpeg),
        "about": say("The start of the clip, with a box around everybody who was found"),
        "chosen": chosen,
        "people": [
            {
                "box": [*one.left_top, *one.right_bottom],
                "name": say("Follow person {name}", name=_name(i, start.found)),
            }
            for i, one in enumerate(start.found.people, start=1)
        ],
    }
    component = st.components.v2.component(
        "humanpose_whom",
        html='<div class="hp-whom"></div>',
        css=(_FOLDER / "whom.css").read_text(encoding="utf-8"),
        js=(_FOLDER / "whom.js").read_text(encoding="utf-8"),
    )
    component(key=_PICTURE, data=data, on_person_change=_clicked)


def _clicked() -> None:
    number = st.session_state[_PICTURE].get("person")
    start: _Start = st.session_state[_FOUND]
    if isinstance(number, int) and 0 <= number <= len(start.found.people):
        st.session_state[_CHOICE] = number
