"""Explore's section on what the learned stages changed, and whom MainRefiner believed."""

import numpy as np
import plotly.graph_objects as go
import streamlit as st

from humanpose.analysis import Analysis
from humanpose.labels import group_words
from humanpose.measures.comparison import stages_of
from humanpose.motion import Gates
from humanpose.sequence import Timeline
from humanpose.skeleton import JOINT_GROUPS
from humanpose.ui.tables import change_table, in_own_words
from humanpose.words import say, to_say

_SOURCES = (to_say("Fused pose"), "MediaPipe", "POF", to_say("Joint refiner"))
"""In the order of ``Gates.angles``."""
_MOST_COLUMNS = 600


def what_changed(analysis: Analysis) -> None:
    """Folded away: by how much the stages that were on changed each joint."""
    with st.expander(say("What {stages} changed", stages=stages_of(analysis.settings))):
        table = change_table(analysis)
        st.dataframe(
            in_own_words(table),
            hide_index=True,
            column_config={
                say("Mean change"): st.column_config.ProgressColumn(
                    format="%.1f°", min_value=0, max_value=float(table["Mean change"].max())
                ),
                say("Largest"): st.column_config.NumberColumn(format="%.1f°"),
            },
        )
        st.caption(
            say(
                "How far a joint's angles are from those without learned stages: of its"
                " three the one that differs most, over the whole clip. How much was changed"
                " does not say how much better it became."
            )
        )
        if analysis.gates is not None:
            _whom_it_believed(analysis.gates, analysis.timeline)


def _whom_it_believed(gates: Gates, timeline: Timeline) -> None:
    sources = [say(source) for source in _SOURCES]
    source = st.segmented_control(
        say("Share of each estimate in MainRefiner's angles"),
        sources,
        default=sources[0],
        required=True,
    )
    figure = gate_map(gates, timeline, sources.index(source))
    st.plotly_chart(figure, config={"displayModeBar": False})


def gate_map(gates: Gates, timeline: Timeline, source: int) -> go.Figure:
    """Joints by time, coloured by the share in [0, 1] that one estimate has in their angles."""
    step = -(-timeline.frames // _MOST_COLUMNS)
    shares = gates.angles[::step, :, source].T
    heat = go.Heatmap(
        x=np.round(timeline.time_s[::step], 3),
        y=[say(group_words(group)) for group in JOINT_GROUPS],
        z=np.round(shares, 3),
        zmin=0,
        zmax=1,
        colorscale="Cividis",  # even for colour-blind eyes
        colorbar={"tickformat": ".0%", "thickness": 12},
        hovertemplate="%{y}, %{x:.2f} s: %{z:.0%}<extra></extra>",
    )
    layout = go.Layout(
        height=300,
        margin={"l": 0, "r": 0, "t": 8, "b": 0},
        xaxis={"ticksuffix": " s"},
        yaxis={"autorange": "reversed"},
    )
    return go.Figure(heat, layout)
