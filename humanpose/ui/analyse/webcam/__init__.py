"""Recording a clip with the camera of the computer or phone that shows the page.

The browser records, and puts the file into the uploader on the page as if somebody had dropped
it there; so it goes the way of every upload, and nowhere else.
"""

from pathlib import Path

import streamlit as st

from humanpose.words import say

_FOLDER = Path(__file__).parent
_MOST_S = 600


def record_clip() -> None:
    """A button that opens the camera, with a countdown for whoever films themselves."""
    words = {
        "open": say("Record with the camera"),
        "record": say("Record"),
        "stop": say("Stop"),
        "close": say("Close the camera"),
        "wait": say("Seconds until it starts"),
        "preview": say("What the camera sees"),
        "insecure": say(
            "A browser gives its camera only to pages over https and to localhost."
        ),
        "refused": say("The camera cannot be used; allow it in the browser, or upload a clip."),
    }
    component = st.components.v2.component(
        "humanpose_webcam",
        html='<div class="hp-webcam"></div>',
        css=(_FOLDER / "webcam.css").read_text(encoding="utf-8"),
        js=(_FOLDER / "webcam.js").read_text(encoding="utf-8"),
    )
    component(key="webcam", data={"words": words, "mostS": _MOST_S}, height="content")
