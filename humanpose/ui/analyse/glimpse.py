"""What is found so far, drawn while the analysis runs, as one small picture: what draws in the
browser takes its time from the analysis."""

from pathlib import Path

import numpy as np
import streamlit as st
from reportlab.graphics.shapes import Drawing, PolyLine, Rect
from reportlab.lib.colors import HexColor, white

from humanpose.labels import movement_label
from humanpose.measures.presets import columns_of
from humanpose.report.charts import Curve, as_svg, panel
from humanpose.report.colours import LEFT, MIDLINE, RIGHT
from humanpose.server.entry import Entry
from humanpose.server.glimpse import Glimpse, read_glimpse, when_written
from humanpose.skeleton import COCO17
from humanpose.ui.language import visitors_language
from humanpose.words import say

_SIZE_PT = 160.0, 130.0
_MARGIN_PT = 10.0
_MOVEMENTS = ("knee_angle", "hip_flexion")
_COLOURS = {"left": LEFT, "right": RIGHT, "middle": MIDLINE}


def show_glimpse(entry: Entry) -> None:
    """Skeleton and curves so far; nothing before the first."""
    written = when_written(entry.folder)
    picture = _picture(entry.folder, written, visitors_language()) if written else ""
    if not picture:
        return
    with st.container(key="glimpse"):
        st.image(picture, width="stretch")
    st.caption(
        say(
            "A first look, by MediaPipe's own 3-D and unfiltered; the finished analysis"
            " replaces it."
        )
    )


@st.cache_resource(max_entries=4, show_spinner=False)
def _picture(folder: Path, written: float, language: str) -> str:
    """An SVG, drawn once; empty where the file is damaged."""
    glimpse = read_glimpse(folder)
    if glimpse is None:
        return ""
    drawings = [skeleton(glimpse), *(_curves(glimpse, stem) for stem in _MOVEMENTS)]
    for drawing in drawings:
        drawing.contents.insert(0, Rect(0, 0, *_SIZE_PT, fillColor=white, strokeColor=None))
    return str(as_svg(drawings, alt=""))


def skeleton(glimpse: Glimpse) -> Drawing:
    """The last one, seen from the camera's side."""
    places = np.array(glimpse.joints)[:, :2]  # x right, y up
    low, high = places.min(axis=0), places.max(axis=0)
    scale = float(((np.array(_SIZE_PT) - 2 * _MARGIN_PT) / np.maximum(high - low, 0.1)).min())
    points = (places - (low + high) / 2) * scale + np.array(_SIZE_PT) / 2
    drawing = Drawing(*_SIZE_PT)
    for bone in COCO17.bones:
        if side := _side(*bone):
            ends = points[COCO17.indices(*bone)].round(1).ravel().tolist()
            colour = HexColor(_COLOURS[side])
            drawing.add(PolyLine(ends, strokeWidth=3, strokeColor=colour, strokeLineCap=1))
    return drawing


def _side(start: str, end: str) -> str:
    """Of a bone; empty for those across the body, which nobody has."""
    (left, part), (right, other) = start.split("_"), end.split("_")
    if left != right:
        return "middle" if part == other else ""
    return left


def _curves(glimpse: Glimpse, stem: str) -> Drawing:
    """Of both sides."""
    names, time_s = columns_of(stem), np.array(glimpse.time_s)
    unknown, sure = np.full_like(time_s, np.nan), np.ones(len(time_s), bool)
    curves = [
        Curve(time_s, np.array(glimpse.angles[name], float), unknown, sure, colour)
        for name, colour in zip(names, (RIGHT, LEFT), strict=True)
    ]
    title = say(movement_label(names, clinical=True))
    return panel(title, curves, size_pt=_SIZE_PT, below=say("time, s"))
