"""What can be taken away of an analysis: a line on each file and a button."""

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

import streamlit as st

from humanpose.analysis import Analysis
from humanpose.io import extras
from humanpose.io.bundle import SUFFIX
from humanpose.io.folder import AUGMENTED_FILE, zip_files
from humanpose.labels import group_words
from humanpose.report.marks import marks_csv
from humanpose.server.entry import Entry
from humanpose.skeleton import JOINT_GROUPS
from humanpose.ui.messages import as_text
from humanpose.ui.report.remarks_form import remarks_of
from humanpose.words import say, spoken, to_say

_TABLES = {
    "angles.csv": to_say("All 36 joint angles over time, in degrees: one column each."),
    "angles_raw.csv": to_say("The same before any learned correction."),
    "landmarks.csv": to_say(
        "The detector's 33 body points as they came, in pixels and metres."
    ),
}
_LONG = to_say(
    "One row per angle and frame, with its confidence: for R, pandas and pivot tables."
)
_MOTION = {
    "angles.mot": to_say(
        "The joint angles as an OpenSim motion, to play on a LaiUhlrich model."
    ),
    "pose.trc": to_say("The 22 markers over time, in metres: OpenSim's marker format."),
    AUGMENTED_FILE: to_say("The same and the 43 anatomical markers of OpenCap's set."),
    "pose_raw.trc": to_say("The 22 markers before any learned correction."),
}
_C3D = to_say(
    "Markers and angles for the software of motion laboratories: Visual3D, Mokka, MATLAB."
)
_OPENSIM = to_say(
    "A model, its marker set and the setups to scale it and run inverse kinematics."
)
_FIGURES = {
    "png": to_say("All curves on one page, for slides and documents."),
    "svg": to_say("The same to edit, sharp at every size."),
}
_PROGRAMS = {
    "analysis.npz": to_say("Every array, for Python; NumPy reads it without our code."),
    "analysis.json": to_say("Settings, versions, timings, quality figures and warnings."),
}
_KINDS = {
    ".csv": "text/csv", ".zip": "application/zip", ".png": "image/png", ".svg": "image/svg+xml",
    ".json": "application/json", ".mp4": "video/mp4",
}  # fmt: skip
_EVENTS = to_say("The events that were marked in Explore, with all angles there, in degrees.")
_WHOLE = to_say(
    "The whole analysis to save or send; the Analyse page of another installation opens it."
)


def share(entry: Entry) -> None:
    """The file that another installation opens."""
    with st.container(border=True):
        text, action = columns()
        name = f"{entry.result.name}{SUFFIX}"
        text.markdown(f"**{as_text(name)}**  \n:small[{say(_WHOLE)}]")
        text.toggle(say("With the clip and the notes"), value=True, key=_personal(entry))
        with action:
            button(name, partial(extras.bundle, entry.result, **companions(entry)))


def companions(entry: Entry) -> dict[str, Path | None]:
    """What goes with the ``.humanpose`` file, as the switch beside it says."""
    personal = st.session_state.get(_personal(entry), True)
    return {
        "clip": entry.playback if personal else None,
        "remarks": entry.remarks if personal else None,
    }


def _personal(entry: Entry) -> str:
    return f"personal_{entry.token}"


def tables(entry: Entry, analysis: Analysis) -> None:
    """The CSV files, those per joint behind one choice."""
    _saved(entry, _TABLES)
    if marks := remarks_of(entry).marks:
        with row(extras.EVENTS, _EVENTS):
            button(extras.EVENTS, lambda: marks_csv(analysis.joint_angles, marks).encode())
    with row("angles_long.csv", _LONG):
        button("angles_long.csv", partial(extras.long_table, analysis))
    with st.container(border=True):
        choice, action = columns()
        groups = {group: _joint_words(group) for group in JOINT_GROUPS}
        group = choice.selectbox(say("One joint"), list(groups), format_func=groups.__getitem__)
        with action:
            button(f"{group}.csv", (entry.result / f"joint_angles/{group}.csv").read_bytes)


def neutral(entry: Entry, analysis: Analysis) -> None:
    """The angles counted from the neutral frame, where one was chosen."""
    at_s = remarks_of(entry).neutral_at_s
    if at_s is None:
        return
    about = say(
        "Angle tables and figures, the pose at {time:.2f} s subtracted; each file says so.",
        time=at_s,
    )
    with row(say("Minus neutral"), about):
        button(
            f"{extras.NEUTRAL}.zip",
            lambda: zip_files(extras.NEUTRAL, extras.neutral_files(analysis, at_s=at_s)),
        )


def motion(entry: Entry, analysis: Analysis) -> None:
    """Markers and angles for OpenSim and for motion laboratories."""
    _saved(entry, _MOTION)
    with row("markers.c3d", _C3D):
        button("markers.c3d", partial(extras.c3d, analysis))
    with row(say("OpenSim set-up"), _OPENSIM):
        button("opensim.zip", lambda: zip_files("opensim", extras.opensim_setup(analysis)))


def pictures(analysis: Analysis) -> None:
    """The figure."""
    for kind, about in _FIGURES.items():
        with row(f"angles.{kind}", about):
            button(f"angles.{kind}", partial(_figure, analysis, kind))


def programs(entry: Entry) -> None:
    """Arrays and record."""
    _saved(entry, _PROGRAMS)


def _figure(analysis: Analysis, kind: str) -> bytes:
    return extras.figure(analysis, kind)[0]


def _saved(entry: Entry, files: Mapping[str, str]) -> None:
    for name, about in files.items():
        if (entry.result / name).is_file():  # markers.trc is there with augmentation only
            with row(name, about):
                button(name, (entry.result / name).read_bytes)


def row(name: str, about: str) -> st.delta_generator.DeltaGenerator:
    """A row with its text; returns the place for the button."""
    with st.container(border=True):
        text, action = columns()
        text.markdown(f"**{name}**  \n:small[{spoken(about)}]")
    return action


def columns() -> list[st.delta_generator.DeltaGenerator]:
    return st.columns([5, 2], vertical_alignment="center")


def button(
    name: str, data: Callable[[], bytes], *, label: str = "", primary: bool = False
) -> None:
    """A download whose content is made on the click, not before."""
    st.download_button(
        label or say("Download"),
        data,
        file_name=name,
        mime=_KINDS.get(Path(name).suffix, "application/octet-stream"),
        key=f"download_{name}",
        on_click="ignore",
        type="primary" if primary else "secondary",
        width="stretch",
    )


def _joint_words(group: str) -> str:
    words = say(group_words(group))
    return words[0].upper() + words[1:]
