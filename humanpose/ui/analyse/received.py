"""Opening a ``.humanpose`` file: an analysis that was made elsewhere."""

import streamlit as st

from humanpose.errors import HumanPoseError
from humanpose.io.bundle import SUFFIX
from humanpose.server import workspace
from humanpose.server.jobstate import JobState, write_state
from humanpose.ui import session
from humanpose.ui.messages import said, show_error
from humanpose.ui.uploads import content_of
from humanpose.ui.visitor import visitor
from humanpose.words import say

_OPENED, _REFUSED = "files_opened", "file_refused"


def open_file() -> None:
    """A small button with a place to drop a file; what is opened becomes the visitor's."""
    count = st.session_state.get(_OPENED, 0)
    with st.popover(say("Open a file"), icon=":material/folder_open:"):
        st.file_uploader(
            say("An analysis that another installation exported"),
            type=[SUFFIX.removeprefix(".")],
            key=f"open_{count}",  # a new one after each file, else it would be opened for ever
            on_change=_receive,
            args=(f"open_{count}",),
        )
        if _REFUSED in st.session_state:
            show_error(st.session_state.pop(_REFUSED))


def _receive(key: str) -> None:
    upload = st.session_state[key]
    if upload is None:
        return
    try:
        with content_of(upload) as content:
            entry = workspace.adopt(content, owner=visitor())
        write_state(entry, JobState("done"))
        session.open_entry(entry)
        st.session_state[_OPENED] = st.session_state.get(_OPENED, 0) + 1
    except HumanPoseError as error:
        st.session_state[_REFUSED] = said(error)
