"""What the pages want to know of the playback clip, worked out once per analysis."""

import streamlit as st

from humanpose.analysis import Analysis
from humanpose.errors import ClipError
from humanpose.report.key_frames import KeyFrame, Moment, key_frames
from humanpose.server.entry import Entry


def pictures_of(entry: Entry, analysis: Analysis, chosen: list[Moment]) -> list[KeyFrame]:
    """The clip at these moments; none where it can no longer be read."""
    if not entry.playback.is_file():
        return []
    return _pictures(
        entry.token, entry.playback.stat().st_mtime, tuple(chosen), entry, analysis
    )


@st.cache_data(max_entries=16, show_spinner="Taking key frames …")
def _pictures(
    token: str, changed: float, chosen: tuple[Moment, ...], _entry: Entry, _analysis: Analysis
) -> list[KeyFrame]:
    try:
        return key_frames(_entry.playback, _analysis, chosen)
    except ClipError:
        return []
