"""Explore's section on what the learned stages changed."""

import streamlit as st

from humanpose.analysis import Analysis
from humanpose.comparison import stages_of
from humanpose.ui.tables import change_table


def what_changed(analysis: Analysis) -> None:
    """Folded away: by how much the stages that were on changed each joint."""
    with st.expander(f"What {stages_of(analysis.settings)} changed"):
        table = change_table(analysis)
        st.dataframe(
            table,
            hide_index=True,
            column_config={
                "Mean change": st.column_config.ProgressColumn(
                    format="%.1f°", min_value=0, max_value=float(table["Mean change"].max())
                ),
                "Largest": st.column_config.NumberColumn(format="%.1f°"),
            },
        )
        st.caption(
            "How far a joint's angles are from those without learned stages: of its three the"
            " one that differs most, over the whole clip. How much was changed does not say how"
            " much better it became."
        )
