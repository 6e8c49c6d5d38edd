"""How to film, in pictures: for somebody who has not analysed anything yet."""

from html import escape
from pathlib import Path

import streamlit as st

import humanpose
from humanpose.server.entry import Entry
from humanpose.ui.visitor import lists
from humanpose.words import say, to_say

_DRAWINGS = Path(humanpose.__file__).parent / "assets" / "filming"
_CSS = (Path(__file__).parent / "guide.css").read_text(encoding="utf-8")
_STEPS = {
    "whole_body": (
        to_say("Whole body"),
        to_say("From head to toes in the picture, from first to last frame."),
    ),
    "distance": (
        to_say("2-5 m away"),
        to_say("Phone on a tripod or a shelf, at hip height, standing still."),
    ),
    "light": (
        to_say("Light from behind you"),
        to_say("Even and bright; no window behind the person."),
    ),
    "view": (
        to_say("From the side"),
        to_say(
            "For knees, hips and ankles that bend; from the front for legs that move sideways."
        ),
    ),
    "clothes": (
        to_say("Close-fitting clothes"),
        to_say("Wide trousers and skirts hide the joints."),
    ),
}
"""Name of the drawing → heading, sentence."""
_DISMISSED = "guide_dismissed"


def filming_guide() -> None:
    """The guide, until it is closed or the visitor has an analysis; then a button for it."""
    newcomer = not Entry.newest(limit=1, owners=lists())
    if st.session_state.get(_DISMISSED, not newcomer):
        st.button(say("How to film"), type="tertiary", on_click=_open)
        return
    with st.container(border=True, key="guide"):
        title, close = st.columns([16, 1], vertical_alignment="center")
        title.subheader(say("How to film"), anchor=False)
        close.button(
            ":material/close:", help=say("Close the guide"), type="tertiary", on_click=_close
        )
        _pictures()
        st.caption(
            say(
                "Film only people who agreed to it. humanpose is not a medical device: read its"
                " numbers as a help, not as a finding."
            )
        )


def steps_html() -> str:
    """The drawings with their sentences; each drawing is described by its heading."""
    return f'<ol class="guide">{"".join(map(_step, _STEPS))}</ol>'


def _step(name: str) -> str:
    heading, sentence = map(say, _STEPS[name])
    drawing = (_DRAWINGS / f"{name}.svg").read_text(encoding="utf-8")
    drawing = drawing.replace("<svg", f'<svg role="img" aria-label="{escape(heading)}"', 1)
    return (
        f"<li>{drawing}<strong>{escape(heading)}</strong><span>{escape(sentence)}</span></li>"
    )


def _pictures() -> None:
    component = st.components.v2.component(  # st.html would take the drawings out
        "humanpose_guide", html=steps_html(), css=_CSS
    )
    component(key="guide_pictures", height="content")


def _open() -> None:
    st.session_state[_DISMISSED] = False


def _close() -> None:
    st.session_state[_DISMISSED] = True
