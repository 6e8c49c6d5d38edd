"""Which analysis a visitor looks at, and the caches that all visitors share."""

from collections.abc import Callable
from pathlib import Path

import streamlit as st

from humanpose.analysis import Analysis
from humanpose.errors import HumanPoseError
from humanpose.io.folder import load_analysis
from humanpose.measures.neutral import neutral_time
from humanpose.report.remarks import AS_RECOGNISED, Remarks, to_json
from humanpose.server import workspace
from humanpose.server.entry import Entry
from humanpose.server.jobs import Jobs
from humanpose.server.small_files import write_json
from humanpose.settings import Settings
from humanpose.ui import routes
from humanpose.ui.language import visitors_language
from humanpose.ui.messages import show_error
from humanpose.ui.report.remarks_form import remarks_of
from humanpose.ui.viewer.frames import Payload
from humanpose.ui.viewer.payload import viewer_payload
from humanpose.ui.visitor import may_change, visitor


@st.cache_resource(show_spinner=False)
def jobs() -> Jobs:
    """The server's one job queue."""
    return Jobs()


@st.cache_resource(show_spinner=False)
def batch_jobs() -> Jobs:
    """The server's queue of batches, one at a time beside the one analysis."""
    return Jobs("humanpose.server.batch_worker")


def start(
    clip: Path,
    label: str,
    settings: Settings,
    *,
    preset: str = AS_RECOGNISED,
    keeps_clip: bool = True,
    note: Callable[[Entry], None] = lambda _: None,
) -> bool:
    """Run an analysis and make it the visitor's; False where that is refused, which is said.

    Args:
        preset: what its pages show at first; by itself what is recognised.
        note: what else is to be kept of it; may raise a HumanPoseError.
    """

    def begin(entry: Entry) -> None:
        write_json(entry.remarks, to_json(Remarks(preset=preset)))
        note(entry)
        jobs().submit(entry)

    try:
        jobs().require_room()
        entry = workspace.create(
            clip, label, settings, owner=visitor(), keeps_clip=keeps_clip, then=begin
        )
    except HumanPoseError as error:
        show_error(error)
        return False
    open_entry(entry)
    return True


def open_entry(entry: Entry | None) -> None:
    """Make this the visitor's analysis: in the address, and for the other pages."""
    st.session_state["link"] = entry.about.link if entry else None
    st.query_params.from_dict({"a": entry.about.link} if entry else {})


def current_entry() -> Entry | None:
    """The analysis in the address, else the one of this visit; None when there is none."""
    linked = st.query_params.get("a")
    entry = Entry.find(linked or st.session_state.get("link") or "")
    if entry is not None:
        st.session_state["link"] = entry.about.link
        if not linked:
            st.query_params["a"] = entry.about.link
    return entry


def load(entry: Entry) -> Analysis:
    """A finished analysis.

    Raises:
        HumanPoseError: it cannot be read.
    """
    return _load(entry.result, entry.result.stat().st_mtime)


def payload(entry: Entry, analysis: Analysis, *, clinical: bool) -> Payload:
    """What the viewer is sent of an analysis, its angles as they are or minus a neutral one."""
    remarks, its_own = remarks_of(entry), may_change(entry)
    shown = neutral_time(analysis), clinical, its_own
    noted = Remarks(preset=remarks.preset, marks=remarks.marks)
    of = entry.token, routes.clip_url(entry), visitors_language()
    return _payload(of, entry.result.stat().st_mtime, shown, noted, analysis)


# Keyed by place and time of change, never by arrays: Streamlit hashes only a sample of those.


@st.cache_resource(max_entries=4, show_spinner=False)
def _load(folder: Path, changed: float) -> Analysis:
    return load_analysis(folder)


@st.cache_resource(max_entries=4, show_spinner=False)
def _payload(
    of: tuple[str, str, str],
    changed: float,
    shown: tuple[float | None, bool, bool],
    noted: Remarks,
    _analysis: Analysis,
) -> Payload:
    _, url, _ = of
    _, clinical, its_own = shown
    return viewer_payload(
        _analysis,
        video_url=url,
        plotly_url=routes.PLOTLY_URL,
        clinical=clinical,
        remarks=noted,
        may_change=its_own,
    )
