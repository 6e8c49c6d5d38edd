"""What the pages want to know of the playback clip, worked out once per analysis."""

import streamlit as st

from humanpose.analysis import Analysis
from humanpose.errors import ClipError
from humanpose.ui.workspace import Entry
from humanpose.video.steadiness import Steadiness, steadiness


def camera_of(entry: Entry, analysis: Analysis) -> Steadiness | None:
    """Whether the camera stood still; None where the clip can no longer be read."""
    if not entry.playback.is_file():
        return None
    return _steadiness(entry.token, entry.playback.stat().st_mtime, entry, analysis)


@st.cache_data(max_entries=32, show_spinner="Looking at the background …")
def _steadiness(
    token: str, changed: float, _entry: Entry, _analysis: Analysis
) -> Steadiness | None:
    try:
        return steadiness(_entry.playback, _analysis.landmarks)
    except ClipError:
        return None
