"""What is found so far, drawn while the analysis runs."""

import numpy as np
import plotly.graph_objects as go
import streamlit as st

from humanpose.labels import angle_label
from humanpose.server.entry import Entry
from humanpose.server.glimpse import Glimpse, read_glimpse
from humanpose.skeleton import COCO17
from humanpose.words import say, spoken

_HEIGHT_PX = 320


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
    joints = np.array(glimpse.joints, dtype=float)
    apart = np.full((len(COCO17.bones), 1, 3), np.nan)  # so that bones are no one line
    x, y, z = (
        np.concatenate([joints[np.array(COCO17.bone_indices)], apart], axis=1).reshape(-1, 3).T
    )
    figure = go.Figure(go.Scatter3d(x=x, y=-z, z=y, mode="lines", line={"width": 6}))
    hidden = {"visible": False}
    figure.update_layout(
        height=_HEIGHT_PX,
        margin={"l": 0, "r": 0, "t": 0, "b": 0},
        scene={
            "aspectmode": "data",
            "xaxis": hidden,
            "yaxis": hidden,
            "zaxis": hidden,
            "camera": {"eye": {"x": 0.6, "y": -1.8, "z": 0.3}},
        },
        uirevision="glimpse",
    )
    return figure


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
        legend={"orientation": "h"},
        uirevision="glimpse",
    )
    return figure
