"""The files of a saved analysis, with a line on each and a button."""

from pathlib import Path

import streamlit as st

from humanpose.io.folder import zip_analysis
from humanpose.skeleton import JOINT_GROUPS
from humanpose.ui.workspace import Entry

_TABLES = {
    "angles.csv": "All 36 joint angles over time, in degrees.",
    "angles_raw.csv": "The same before any learned correction.",
    "landmarks.csv": "The detector's 33 body points as they came, in pixels and metres.",
}
_OPENSIM = {
    "pose.trc": "The 22 markers over time, in metres: OpenSim's marker format.",
    "pose_raw.trc": "The same before any learned correction.",
    "angles.mot": "The joint angles as an OpenSim motion, to play on a LaiUhlrich model.",
}
_SIDE_WORDS = {"r": "right", "l": "left"}


def everything(entry: Entry) -> None:
    """One ZIP of the whole analysis."""
    with _row("Everything", "All the files below, and the arrays for Python, as one ZIP."):
        st.download_button(
            "Download ZIP",
            lambda: zip_analysis(entry.result),
            file_name=f"{entry.result.name}.zip",
            mime="application/zip",
            on_click="ignore",
            type="primary",
            width="stretch",
        )


def tables(entry: Entry) -> None:
    """The CSV files, those per joint behind one choice."""
    for name, about in _TABLES.items():
        with _row(name, about):
            _button(entry.result / name)
    with st.container(border=True):
        choice, action = _columns()
        group = choice.selectbox("One joint", list(JOINT_GROUPS), format_func=_joint_words)
        with action:
            _button(entry.result / "joint_angles" / f"{group}.csv")


def opensim(entry: Entry) -> None:
    """The TRC and MOT files."""
    for name, about in _OPENSIM.items():
        with _row(name, about):
            _button(entry.result / name)


def _row(name: str, about: str) -> st.delta_generator.DeltaGenerator:
    """A row with its text; returns the place for the button."""
    with st.container(border=True):
        text, action = _columns()
        text.markdown(f"**{name}**  \n:small[{about}]")
    return action


def _columns() -> list[st.delta_generator.DeltaGenerator]:
    return st.columns([5, 2], vertical_alignment="center")


def _button(path: Path) -> None:
    st.download_button(
        "Download",
        path.read_bytes,  # called on the click, not before
        file_name=path.name,
        mime="text/csv" if path.suffix == ".csv" else "text/plain",
        key=f"download_{path.name}",
        on_click="ignore",
        width="stretch",
    )


def _joint_words(group: str) -> str:
    joint, _, side = group.partition("_")
    return " ".join((joint.capitalize(), _SIDE_WORDS.get(side, ""))).strip()
