"""What is found so far, drawn while the analysis runs."""

import numpy as np
import plotly.graph_objects as go
import streamlit as st

from humanpose.labels import angle_label
from humanpose.report.colours import LEFT, MIDLINE, RIGHT
from humanpose.sequence import Floats
from humanpose.server.entry import Entry
from humanpose.server.glimpse import Glimpse, read_glimpse
from humanpose.skeleton import COCO17
from humanpose.words import say, spoken

_HEIGHT_PX = 320
_COLOURS = {"left": LEFT, "right": RIGHT, "middle": MIDLINE}
_ROOM = 0.55
"""Half of what is drawn, in the skeleton's largest extent."""
_EYE = {"x": 0.4, "y": -1.3, "z": 0.2}


def show_glimpse(entry: Entry) -> None:
    """Skeleton and curves so far; nothing before the first."""
    glimpse = read_glimpse(entry.folder)
    if glimpse is None:
        return
    left, right = st.columns([1, 2])
    left.plotly_chart(_skeleton(glimpse), key="glimpse_skeleton", config=_STILL)
    right.plotly_chart(_curves(glimpse), key="glimpse_curves", config=_STILL)
    st.caption(
        say(
            "A first look, by MediaPipe's own 3-D and unfiltered; the finished analysis"
            " replaces it."
        )
    )


_STILL = {"displayModeBar": False}


def _skeleton(glimpse: Glimpse) -> go.Figure:
    """The last one, seen from the camera's side; Plotly's Z is up."""
    x, y, z = np.array(glimpse.joints, dtype=float).T
    places = np.stack([x, -z, y])
    middle = (places.min(axis=1) + places.max(axis=1)) / 2
    reach = _ROOM * np.ptp(places, axis=1).max()
    figure = go.Figure()
    for side, colour in _COLOURS.items():
        ends = [bone for bone in COCO17.bones if _side(*bone) == side]
        across, deep, up = _lines(places, ends)
        line = {"width": 6, "color": colour}
        figure.add_scatter3d(x=across, y=deep, z=up, mode="lines", line=line, hoverinfo="skip")
    axes = {
        f"{name}axis": {"visible": False, "range": [at - reach, at + reach]}
        for name, at in zip("xyz", middle, strict=True)
    }
    figure.update_layout(
        height=_HEIGHT_PX,
        margin={"l": 0, "r": 0, "t": 0, "b": 0},
        showlegend=False,
        scene={"aspectmode": "cube", "camera": {"eye": _EYE}, **axes},
        uirevision="glimpse",
    )
    return figure


def _side(start: str, end: str) -> str:
    """Of a bone; empty for those across the body, which nobody has."""
    (left, part), (right, other) = start.split("_"), end.split("_")
    if left != right:
        return "middle" if part == other else ""
    return left


def _lines(places: Floats, bones: list[tuple[str, str]]) -> Floats:
    """(3, 3 N) both ends of N bones and a NaN, so that they are no one line."""
    ends = places[:, [COCO17.indices(*bone) for bone in bones]]
    return np.pad(ends, ((0, 0), (0, 0), (0, 1)), constant_values=np.nan).reshape(3, -1)


def _curves(glimpse: Glimpse) -> go.Figure:
    figure = go.Figure(
        [
            go.Scatter(
                x=glimpse.time_s,
                y=values,
                name=spoken(angle_label(name, clinical=True).text),
                mode="lines",
            )
            for name, values in glimpse.angles.items()
        ]
    )
    figure.update_layout(
        height=_HEIGHT_PX,
        margin={"l": 0, "r": 0, "t": 0, "b": 0},
        xaxis_title=say("Time, s"),
        yaxis_title=say("Angle, °"),
        legend={"orientation": "h", "yanchor": "bottom", "y": 1},
        uirevision="glimpse",
    )
    return figure
