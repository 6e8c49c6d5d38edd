"""A comma that is typed into a field for a number is its decimal point."""

from pathlib import Path

import streamlit as st

_SCRIPT = Path(__file__).with_suffix(".js")


def hear_commas() -> None:
    """Once a page; takes no room on it."""
    component = st.components.v2.component(
        "humanpose_decimal_comma", js=_SCRIPT.read_text("utf-8")
    )
    with st.container(key="decimal_comma"):  # hidden by page.css
        component(key="commas")
