"""What the pages want to know of the playback clip, worked out once per analysis."""

import streamlit as st

from humanpose.errors import BusyError, ClipError
from humanpose.report.key_frames import KeyFrame, Moment
from humanpose.server.entry import Entry
from humanpose.server.receiver import key_frames
from humanpose.words import say


def pictures_of(entry: Entry, chosen: list[Moment]) -> list[KeyFrame]:
    """The clip at these moments; none where it can no longer be read."""
    if not entry.playback.is_file():
        return []
    try:
        with st.spinner(say("Taking key frames …")):
            changed = entry.playback.stat().st_mtime
            return _pictures(entry.token, changed, tuple(chosen), entry)
    except BusyError:
        return []


@st.cache_data(max_entries=16, show_spinner=False)
def _pictures(
    token: str, changed: float, chosen: tuple[Moment, ...], _entry: Entry
) -> list[KeyFrame]:
    try:
        return key_frames(_entry.playback, _entry.result, chosen)
    except ClipError:
        return []
